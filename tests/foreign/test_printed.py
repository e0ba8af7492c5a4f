"""The report's page as a browser prints it: nothing is lost, and what it rests on stands on no page of its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from projections.report import phrases
from projections.report.html import html
from tests.foreign.tools import browser
from tests.projections.report.pdf_structure import read
from tests.projections.report.test_pdf import ending
from tests.projections.report.two_years import both_years, reported

NARROW, BROAD = 700, 1200


def printed(page: str, folder: Path, width: int) -> list[str]:
    """The text of each page as it is printed from a window of this width, in pixels."""
    file, paper = folder / "page.html", folder / "page.pdf"
    file.write_text(page, encoding="utf-8")
    subprocess.run(
        [browser(), "--no-sandbox", "--disable-gpu", f"--window-size={width},900", "--no-pdf-header-footer",
         f"--print-to-pdf={paper}", file.as_uri()],
        capture_output=True, check=True,
    )  # fmt: skip
    return [one.extract_text() for one in read(paper.read_bytes()).pages]


@pytest.fixture(scope="module")
def page() -> str:
    return html(reported(both_years()), "ko").decode()


def test_from_a_narrow_window_all_of_it_is_printed(page: str, tmp_path: Path) -> None:
    assert phrases.BASIS.ko in printed(page, tmp_path, NARROW)[-1]
    assert printed(page, tmp_path, NARROW) == printed(page, tmp_path, BROAD)


def test_with_two_sources_of_one_picture_the_end_is_lost(page: str, tmp_path: Path) -> None:  # the control
    two = re.sub(
        r'<img class="broad"([^>]*)><img class="narrow" src="([^"]*)" alt="[^"]*"([^>]*)>',
        r'<picture><source media="screen and (max-width: 50rem)" srcset="\2"\3><img\1></picture>',
        page,
    )
    assert printed(two, tmp_path, NARROW) != printed(two, tmp_path, BROAD)


@pytest.fixture(scope="module", params=[18, 28], ids=["fits on a page with it", "does not"])
def last_section(request: pytest.FixtureRequest) -> str:
    return html(ending(request.param), "ko").decode()


def alone(last: str) -> bool:
    return "t1." not in last and "비고" not in last


def test_what_it_rests_on_stands_on_no_page_of_its_own(last_section: str, tmp_path: Path) -> None:
    last = printed(last_section, tmp_path, BROAD)[-1]
    assert phrases.BASIS.ko in last
    assert not alone(last)


def test_without_care_it_would(last_section: str, tmp_path: Path) -> None:  # the control
    careless = last_section.replace("footer { break-before: avoid;", "footer {")
    last = printed(careless.replace('<div class="together">', "<div>"), tmp_path, BROAD)[-1]
    assert alone(last)
