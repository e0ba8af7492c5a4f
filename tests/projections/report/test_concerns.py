"""What the report says of policy concerns, and that all else of it stays the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from domain.concern import facts
from domain.fact import Fact
from projections.report.document import Document, figures
from projections.report.drilling import drill, figure_of
from projections.report.formats import FORMATS
from projections.report.gathering import gather
from store.log import Store
from store.recorded import RecordedFact
from tests.domain.examples import REF
from tests.projections.report.test_figures import told, value
from tests.projections.report.two_years import both_years, name, put, recorded, reported

TERMS = facts.Terms(opinion_days=10, review_days=180)


def raised(year: int, called: str, agency: str | None = None) -> facts.Raised:
    return facts.Raised(
        year, name(*called.split("/")), REF, date(2024, 3, 20), "donghaeng-2024/1", TERMS, agency
    )


BUSES, BOOKINGS, WAITING, OTHER = (f"concern/{one}" for one in ("buses", "bookings", "waiting", "other"))
ENTERED: tuple[tuple[str, Fact], ...] = (
    (BUSES, raised(2024, "심야버스/Night buses", "gto")),
    (BUSES, facts.OpinionGiven(2, 1, REF, "gjcf")),
    (BUSES, facts.AlternativeAdded(alternative=1, name=name("노선 연장", "Longer lines"), cost_krw=3_000)),
    (BUSES, facts.AlternativeAdded(alternative=2, name=name("수요응답형", "On demand"))),
    (BUSES, facts.AlternativeDropped(2)),
    (BUSES, facts.Chosen(1, date(2024, 9, 20))),
    (BUSES, facts.Linked("task/2024-01")),
    (BUSES, facts.Reviewed("in_part", REF)),
    (BOOKINGS, raised(2024, "예약 창구/One desk")),
    (BOOKINGS, facts.Deferred(date(2025, 5, 31))),
    (WAITING, raised(2024, "결론 없음/Nothing yet")),
    (OTHER, raised(2023, "지난해/Last year's")),
)


def lived(entered: tuple[tuple[str, Fact], ...] = ENTERED) -> list[RecordedFact[Any]]:
    before = both_years()
    more = recorded([("2025-03-01", stream, fact, {}) for stream, fact in entered])
    last = before[-1].position
    return [*before, *(replace(one, position=last + one.position) for one in more)]


@pytest.fixture(scope="module")
def document() -> Document:
    return reported(lived())


def test_concerns_are_counted_by_how_they_were_resolved(document: Document) -> None:
    counted = {
        one: value(document, f"concerns.{one}")
        for one in ("raised", "opinions", "chosen", "deferred", "dropped", "unresolved")
    }
    assert counted == {
        "raised": 3,
        "opinions": 1,
        "chosen": 1,
        "deferred": 1,
        "dropped": 0,
        "unresolved": 1,
    }
    said, korean = told(document, "concerns"), told(document, "concerns", "ko")
    for words in (
        "Night buses",
        "Longer lines",
        "deferred until 2025-05-31",
        "in part as expected",
        "task/2024-01",
    ):
        assert words in said
    for words in ("심야버스", "광주관광공사", "채택", "제외", "2025-05-31까지 보류", "일부만 예상대로 됨"):
        assert words in korean
    assert "Last year's" not in said


def test_the_alternatives_stand_side_by_side_with_their_costs(document: Document) -> None:
    assert value(document, "concern.buses.cost.1") == 3_000
    assert value(document, "concern.buses.cost.2") is None
    assert value(document, "concern.buses.alternatives") == 2


def test_a_figure_drills_to_the_facts_behind_it(store: Store, document: Document) -> None:
    put(store, lived())
    for identity, figure in figures(document).items():
        if identity.startswith("concern"):
            assert figure.facts or figure.value in (0, None), identity
    found = drill(store, gather(lived(), 2024), figure_of(document, "concern.buses.cost.1"), "en")
    assert [one.kind for one in found] == ["concern.alternative_added"]
    assert "costs KRW 3,000" in found[0].sentence
    unresolved = drill(store, gather(lived(), 2024), figure_of(document, "concerns.unresolved"), "ko")
    assert [one.kind for one in unresolved] == ["concern.raised"]


def test_without_any_the_chapter_says_so_and_all_other_figures_stay_as_they_were(document: Document) -> None:
    without = reported(lived(ENTERED[-1:]))  # of the year before
    assert "No policy concern was raised." in told(without, "concerns")
    assert "제기된 정책 현안이 없음." in told(without, "concerns", "ko")
    before, after = figures(without), figures(document)
    assert {one: after[one] for one in before} == before
    assert [one for one in after.keys() - before.keys() if not one.startswith("concern")] == []


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_facts_make_the_same_bytes(form: str) -> None:
    first, second = (FORMATS[form].render(reported(lived()), "ko") for _ in range(2))
    assert first == second
