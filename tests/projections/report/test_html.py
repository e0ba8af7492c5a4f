"""The report as one HTML file: whole in itself, to be read by everybody, each figure with its facts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from domain.errors import Lang
from projections.report.document import LANGS, Chart, Document, figures, format_value, sections
from projections.report.formats import file_name, recipe_of
from projections.report.html import html, ranges
from tests.projections.report.awkward_documents import awkward
from tests.projections.report.two_years import both_years, reported

_VOID = {"meta", "br", "img", "source", "link", "input", "hr", "rect", "line", "path"}


class Page(HTMLParser):
    """`tags`: every start tag with its attributes; `open`: what was never closed; `figures`: facts by figure id."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.figures: dict[str, tuple[str, str]] = {}
        self._figure: tuple[str, str] | None = None
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in _VOID:
            self.open.append(tag)
        if "data-figure" in given:
            self._figure = (str(given["data-figure"]), given.get("data-facts") or "")

    def handle_data(self, data: str) -> None:
        if self._figure is not None:
            identity, facts = self._figure
            self.figures.setdefault(identity, (facts, data))
            self._figure = None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(both_years())


@pytest.fixture(scope="module", params=LANGS)
def page(request: pytest.FixtureRequest, document: Document) -> Page:
    return Page(html(document, request.param))


def test_everything_that_opens_closes_and_the_page_says_its_language(page: Page) -> None:
    assert page.open == []
    assert page.all("html")[0]["lang"] in LANGS


def test_headings_begin_with_one_title_and_leave_out_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_head_its_scope(page: Page) -> None:
    listed = [one for one in page.all("table") if "id" in one]
    assert len(page.all("caption")) == len(listed)
    assert all(one.get("scope") in ("col", "row") for one in page.all("th"))


def test_every_chart_is_one_picture_with_an_alternative_and_followed_by_its_data(
    page: Page, document: Document
) -> None:
    charts = [
        block for _, section in sections(document) for block in section.blocks if isinstance(block, Chart)
    ]
    pictures = page.all("img")
    assert all(one["alt"] and str(one["src"]).startswith("data:image/svg+xml;base64,") for one in pictures)
    broad, narrow = ([one for one in pictures if one["class"] == name] for name in ("broad", "narrow"))
    assert len(charts) == len(broad) == len(narrow) == 4
    assert all(float(str(one["width"])) <= 358 for one in narrow)
    ids = {one.get("id") for one in page.all("table")}
    assert all(f"table-{chart.table.id.replace('.', '-')}" in ids for chart in charts)


def test_ids_are_never_given_twice_and_links_lead_somewhere(page: Page) -> None:
    ids = [str(one["id"]) for _, one in page.tags if "id" in one]
    assert len(ids) == len(set(ids))
    assert {str(one["href"])[1:] for one in page.all("a")} <= set(ids)


@pytest.mark.parametrize("lang", LANGS)
def test_the_file_asks_nothing_of_another_place_and_runs_nothing(document: Document, lang: Lang) -> None:
    said = html(document, lang).decode()
    outside = re.sub(r'xmlns(:xlink)?="[^"]*"', "", said)
    assert "http" not in outside
    assert not re.search(r"<script|<link|@import|\bon[a-z]+=", outside)
    assert "url(data:font/otf;base64," in said


def test_every_figure_stands_there_with_its_value_and_its_facts(page: Page, document: Document) -> None:
    for identity, figure in figures(document).items():
        facts, text = page.figures[identity]
        assert facts == ranges(figure.facts), identity
        if isinstance(figure.value, int) and figure.kind == "int":
            assert text == format_value(figure.value, figure.kind, "en")


def test_a_title_is_never_markup(document: Document) -> None:
    said = html(document, "ko").decode()
    assert "&lt;관광&gt; &amp; 순환버스" in said
    assert "<관광>" not in said
    Page(html(awkward(tasks=6), "ko"))


def test_positions_in_a_row_are_written_as_a_span() -> None:
    assert ranges((3, 7, 8, 9, 11)) == "3 7-9 11"
    assert ranges(()) == ""


def test_the_file_says_what_it_was_made_from(document: Document, tmp_path: Path) -> None:
    file = tmp_path / file_name(2024, "html", "ko")
    form, recipe = recipe_of(file, html(document, "ko"))
    assert (form, recipe.year, recipe.position, recipe.lang) == ("html", 2024, len(both_years()), "ko")
