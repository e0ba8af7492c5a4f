"""The first page: drawn by rules, each line with its facts, on one page whatever the year."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from domain.errors import Lang
from projections.report.brief_lines import _cut
from projections.report.document import LANGS, Document, Section, Table, Text, sections
from projections.report.money import money
from projections.report.pdf import pdf
from tests.projections.report.pdf_structure import read
from tests.projections.report.two_years import MADE, both_years, recorded, reported, until


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(both_years())


def lines(document: Document, part: str, lang: Lang = "ko") -> list[str]:
    found = next(one for _, one in sections(document) if one.id == f"brief.{part}")
    return [one.words.say(lang) for one in found.blocks if isinstance(one, Text) and one.role != "remark"]


def test_what_went_well_what_did_not_and_what_is_next_are_told_from_the_facts(document: Document) -> None:
    good, bad = lines(document, "achievements"), lines(document, "problems")
    assert good[0] == "과제 2건 중 1건의 평가를 완료하였으며, 이 가운데 0건이 S·A등급임."
    assert "예산은 제안 당시보다 100원 감소함(1,500원 → 1,400원)." in good
    assert bad[0].startswith("기한 7건 중 2건이 지연됨(합계 7영업일).")
    assert "추진일정 1건 중 1건을 기한 내 보고하지 못함(미보고 0건, 기한 내 보고율 0.0%)." in bad
    assert "평가 전에 끝난 과제: 중단 1건(2024-02)." in bad
    assert lines(document, "next") == ["해당 사항 없음."]


def test_a_year_under_way_names_the_next_deadlines_and_what_is_still_to_be_done() -> None:
    running = reported(until("2024-06-20"), made=replace(MADE, as_of=None))
    assert lines(running, "next", "en")[0] == (
        "2 deadlines are still open: 2024-06-28 2024-01 milestone Midway, 2025-01-15 2024-01 final report."
    )
    assert "2 tasks are under way or yet to be evaluated." in lines(running, "next", "en")


def test_every_line_names_facts_and_korean_ones_end_as_officials_write(document: Document) -> None:
    for facts in (both_years(), until("2024-06-20"), until("2024-02-13")):
        found = [one for _, one in sections(reported(facts)) if one.id.startswith("brief.")]
        for line in (block for one in found for block in one.blocks if isinstance(block, Text)):
            assert line.facts or line.role != "item"
            if line.role == "item":
                assert re.search(r"(음|함|임|됨|봄)(\([^()]*\))?\.$|: ", line.words.ko), line.words.ko


def test_all_texts_of_the_report_are_short_statements_and_not_sentences_that_end_in_da() -> None:
    """개조식: a statement ends in a noun form. What officers wrote themselves is theirs."""
    for facts in (both_years(), until("2024-06-20"), until("2024-02-05"), until("2024-02-03")):
        for _, one in sections(reported(facts)):
            for block in one.blocks:
                if isinstance(block, Text):
                    assert not re.search(r"다\.|니다", block.words.ko), block.words.ko


def test_the_year_stands_beside_the_one_before(document: Document) -> None:
    table = next(one for one in _brief(document).blocks if isinstance(one, Table))
    told = {row[0].value.ko: [cell.value for cell in row[1:]] for row in table.rows}  # type: ignore[union-attr]
    assert told["과제(건)"] == [1, 2, 1]
    assert told["평균 점수(점)"] == ["70.0", "80.5", "10.5"]


def _brief(document: Document) -> Section:
    return document.sections[0]


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_the_first_page_and_no_hash_stands_on_it(document: Document, lang: Lang) -> None:
    pages = [page.extract_text() for page in read(pdf(document, lang)).pages]
    first, second, *_, last = (re.sub(r"\s+", "", one) for one in pages)
    for _, one in sections(document):
        if one.id.startswith("brief."):
            assert "".join(one.title.say(lang).split()) in first
            assert all("".join(b.words.say(lang).split()) in first for b in one.blocks if isinstance(b, Text))
    assert ("차례" if lang == "ko" else "Contents") in second
    assert "ab" * 16 not in first
    assert "ab" * 16 in last


@pytest.mark.parametrize(
    ("krw", "ko", "en"),
    [
        (20_110_700_000, "201.1억원", "KRW 20,111 million"),
        (1_234_500_000_000, "12,345.0억원", "KRW 1,234,500 million"),
        (99_999_999, "100백만원", "KRW 100 million"),
        (1_500_000, "2백만원", "KRW 2 million"),
        (900, "900원", "KRW 900"),
        (0, "0원", "KRW 0"),
    ],
)
def test_money_is_said_in_the_units_of_officials(krw: int, ko: str, en: str) -> None:
    assert (money(krw).ko, money(krw).en) == (ko, en)


def test_a_year_without_tasks_has_a_first_page_too() -> None:
    listed = reported(recorded([one for one in _told_until_february() if not one[1].startswith("task/2024")]))
    assert lines(listed, "achievements") == ["해당 사항 없음."]


def _told_until_february() -> list[tuple[str, str, object, dict[str, object]]]:
    return [(f"{one.recorded_at:%Y-%m-%d}", one.stream, one.fact, {}) for one in until("2024-02-03")]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Reassurance service that follows integrated care", "Reassurance service that…"),
        ("Content against distortions of May 18", "Content against…"),
        ("Carbon diet with citizens", "Carbon diet with citizens"),
        ("Carbon diet with citizens, stage 3", "Carbon diet with citizens…"),
        (
            "어린이보호구역교통안전시설개선과통학로주변환경정비협업사업",
            "어린이보호구역교통안전시설개선과통학로주변환경정비협…",
        ),
    ],
)
def test_a_long_title_is_cut_between_words_where_it_has_them(title: str, said: str) -> None:
    assert _cut(title) == said
