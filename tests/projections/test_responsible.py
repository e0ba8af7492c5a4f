"""Who answered for a task on a day: before, within and after each thing that changes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.agency import facts as a
from domain.fact import Fact
from domain.seoul import SEOUL
from domain.task import facts as t
from domain.values import LocalText
from projections.responsible import Responsible, responsible
from store.recorded import RecordedFact
from tests.projections.appended_facts import PROPOSED, envelope

HEAD, DEPUTY = "2" * 32, "1" * 32


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SEOUL)


def told(stream: str, *facts: tuple[date, Fact], late: int = 0) -> list[RecordedFact[Any]]:
    """Facts at noon of their days; `late`: so many days before they became known."""
    return [
        RecordedFact(
            place,
            stream,
            place,
            fact.kind,
            noon(day) + timedelta(late),
            noon(day) + timedelta(late),
            envelope(effective_at=noon(day) if late else None),
            fact,
        )
        for place, (day, fact) in enumerate(facts, start=1)
    ]


MAY, JUNE, JULY = date(2024, 5, 1), date(2024, 6, 10), date(2024, 7, 1)
NAMES = {name: a.Registered(name=LocalText(ko=name)) for name in ("gto", "gjcf", "gtc", PROPOSED.lead)}
JANUARY = date(2024, 1, 2)
FIRST = PROPOSED.lead


def on(
    day: date,
    *life: tuple[date, Fact],
    agencies: dict[str, list[tuple[date, Fact]]] | None = None,
    late: int = 0,
) -> Responsible | None:
    task = told("task/2024-01", (MAY, PROPOSED), *life, late=late)
    given = agencies or {}
    return responsible(
        "2024-01",
        task,
        lambda name: told(f"agency/{name}", (JANUARY, NAMES[name]), *given.get(name, ()), late=late),
        day,
    )


def before_on_after(day: date, *life: tuple[date, Fact], **more: Any) -> list[Responsible]:
    found = [on(day + timedelta(days), *life, **more) for days in (-1, 0, 1)]
    assert all(one is not None for one in found)
    return [one for one in found if one is not None]


def test_nobody_answers_for_what_was_not_proposed() -> None:
    assert on(MAY - timedelta(1)) is None
    assert on(MAY) is not None


@pytest.mark.parametrize("late", [0, 90])
def test_a_hand_over_counts_from_its_day_however_late_it_was_entered(late: int) -> None:
    found = before_on_after(JUNE, (JUNE, t.HandedOver(lead="gtc")), late=late)
    assert [one.agency for one in found] == [FIRST, "gtc", "gtc"]
    assert [step.by for step in found[-1].line] == ["task.proposed", "task.handed_over"]


@pytest.mark.parametrize("late", [0, 90])
def test_a_merger_passes_the_task_on_and_a_second_one_too(late: int) -> None:
    agencies = {FIRST: [(JUNE, a.Merged(into="gto"))], "gto": [(JULY, a.Merged(into="gtc"))]}
    assert [one.agency for one in before_on_after(JUNE, agencies=agencies, late=late)] == [
        FIRST,
        "gto",
        "gto",
    ]
    assert [one.agency for one in before_on_after(JULY, agencies=agencies, late=late)] == [
        "gto",
        "gtc",
        "gtc",
    ]


def test_agencies_merged_in_a_circle_by_somebody_elses_hand_end_the_search() -> None:
    agencies = {FIRST: [(JUNE, a.Merged(into="gto"))], "gto": [(JULY, a.Merged(into=FIRST))]}
    found = on(JULY, agencies=agencies)
    assert found is not None
    assert found.agency == "gto"


def test_an_agency_is_called_as_it_was_then() -> None:
    agencies = {FIRST: [(JUNE, a.Renamed(name=LocalText(ko="새 이름")))]}
    names = [one.line[0].name for one in before_on_after(JUNE, agencies=agencies)]
    assert [name and name.ko for name in names] == [FIRST, "새 이름", "새 이름"]


def test_a_closed_agency_is_told_as_gone() -> None:
    assert [one.gone for one in before_on_after(JUNE, agencies={FIRST: [(JUNE, a.Closed())]})] == [
        False,
        True,
        True,
    ]


STAFF: list[tuple[date, Fact]] = [
    (JANUARY, a.Appointed(subject=HEAD, post="head")),
    (JANUARY, a.Appointed(subject=DEPUTY, post="officer")),
]
AWAY = a.SubstituteAppointed(number=4, absent=HEAD, substitute=DEPUTY, starts=JUNE, ends=JUNE + timedelta(1))
LET = a.DecisionDelegated(
    number=5,
    form="proxy",
    decision="task.submit_final_report",
    holder=HEAD,
    delegate=DEPUTY,
    starts=JUNE,
    ends=JUNE + timedelta(1),
)


def stands_in(found: Responsible | None) -> str | None:
    assert found is not None
    (head,) = [post for post in found.posts if post.post == "head"]
    return head.stands_in


def test_a_substitute_stands_in_on_the_days_of_the_span_and_on_no_others() -> None:
    agencies = {FIRST: [*STAFF, (MAY, AWAY), (JUNE + timedelta(2), a.SubstitutionEnded(number=4))]}
    days = [JUNE + timedelta(days) for days in (-1, 0, 1, 2)]
    found = [on(day, agencies=agencies) for day in days]
    assert list(map(stands_in, found)) == [None, DEPUTY, DEPUTY, None]


def test_a_substitution_ended_early_is_over_from_that_day() -> None:
    agencies = {FIRST: [*STAFF, (MAY, AWAY), (JUNE + timedelta(1), a.SubstitutionEnded(number=4))]}
    assert stands_in(on(JUNE, agencies=agencies)) == DEPUTY
    assert stands_in(on(JUNE + timedelta(1), agencies=agencies)) is None


def test_a_decision_is_delegated_on_the_days_of_its_span() -> None:
    agencies = {FIRST: [*STAFF, (MAY, LET)]}
    found = [on(JUNE + timedelta(days), agencies=agencies) for days in (-1, 0, 1, 2)]
    assert [len(one.delegations) for one in found if one is not None] == [0, 1, 1, 0]


def test_people_answer_from_their_appointment_to_their_release() -> None:
    released = (JULY, a.Released(subject=HEAD, post="head"))
    agencies = {FIRST: [(JUNE, a.Appointed(subject=HEAD, post="head")), released]}
    assert [len(one.posts) for one in before_on_after(JUNE, agencies=agencies)] == [0, 1, 1]
    assert [len(one.posts) for one in before_on_after(JULY, agencies=agencies)] == [1, 0, 0]
