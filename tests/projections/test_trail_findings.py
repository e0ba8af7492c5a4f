"""What each rule of the findings points out, and what it leaves alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.calendar.state import Calendar
from domain.fact import Fact
from domain.notice.facts import Cancelled
from domain.task import facts
from domain.values import LocalText, Plan
from projections.inspection.findings import LABELS, REFUSED, RULES, Seen, refusal_of_attempt
from store.envelope import Actor
from store.recorded import RecordedFact
from store.refused import RefusedRow
from tests.projections.appended_facts import envelope

THURSDAY = datetime.fromisoformat("2024-03-07T10:00:00+09:00")
CALENDARS = {
    2024: Calendar(year=2024, version=1, holidays={datetime(2024, 3, 1).date(): LocalText(ko="삼일절")})
}


def finds(rule: str, fact: Fact = facts.Suspended(), at: datetime = THURSDAY, **said: Any) -> bool:  # noqa: B008
    one = RecordedFact(1, "task/2024-07", 1, fact.kind, at, at, replace(envelope(), **said), fact)
    why = RULES[rule].finds(one, Seen(CALENDARS))
    return why is not None and bool(why.say("ko") and why.say("en"))


@pytest.mark.parametrize(
    ("days", "late"), [(7, False), (7.001, True), (400, True)], ids=["week", "more", "year"]
)
def test_an_entry_is_late_after_more_than_a_week(days: float, late: bool) -> None:
    assert finds("late_entry", effective_at=THURSDAY - timedelta(days=days)) is late


def test_a_correction_is_no_late_entry_but_a_finding_of_its_own() -> None:
    corrected = facts.Corrected(fact=3, percent=40)
    assert not finds("late_entry", corrected, effective_at=THURSDAY - timedelta(days=90))
    assert finds("correction", corrected)
    assert finds("correction", facts.CorrectionCancelled(correction=4))
    assert not finds("correction")


def test_who_acts_for_another_is_found() -> None:
    assert finds("on_behalf", on_behalf_of=Actor(role="head", agency="gto"))
    assert not finds("on_behalf")


def test_an_office_that_acts_without_a_person_is_found_and_a_machine_with_a_token_is_not() -> None:
    assert finds("no_person", actor=Actor(role="officer", agency="gto"))
    assert finds("no_person", actor=Actor(role="planner"))
    assert not finds("no_person", actor=Actor(role="planner", subject="1" * 32))
    assert not finds("no_person", actor=Actor(role="planner"), authn="token", token="2" * 32)
    assert not finds("no_person", actor=Actor(role="system"))


@pytest.mark.parametrize(
    ("at", "out"),
    [
        ("2024-03-07T09:00:00+09:00", False),
        ("2024-03-07T17:59:59+09:00", False),
        ("2024-03-07T18:00:00+09:00", True),
        ("2024-03-07T08:59:59+09:00", True),
        ("2024-03-07T00:00:00+00:00", False),
        ("2024-03-09T10:00:00+09:00", True),
        ("2024-03-01T10:00:00+09:00", True),
        ("2023-03-01T10:00:00+09:00", False),
        ("2023-03-04T10:00:00+09:00", True),
    ],
    ids=[
        "nine",
        "before six",
        "six",
        "before nine",
        "UTC",
        "weekend",
        "holiday",
        "unknown year",
        "its weekend",
    ],
)
def test_office_hours_are_nine_to_six_on_business_days_in_seoul(at: str, out: bool) -> None:
    moment = datetime.fromisoformat(at)
    assert finds("out_of_hours", at=moment) is out
    assert not finds("out_of_hours", at=moment, actor=Actor(role="system")), "rules know no hours"


def test_what_a_person_does_in_place_of_a_rule_is_found() -> None:
    evaluated = facts.Evaluated(score="80", grade="A")
    assert finds("overridden_rule", evaluated)
    assert not finds("overridden_rule", evaluated, actor=Actor(role="system"))
    assert finds("overridden_rule", Cancelled(why="person"))
    assert not finds("overridden_rule", Cancelled(why="moved"))
    assert not finds("overridden_rule")


KIM, LEE = "1" * 32, "2" * 32
PROPOSED = facts.Proposed(
    title=LocalText(ko="가"),
    area="culture",
    lead="gto",
    plan=Plan(start=date(2024, 3, 4), end=date(2024, 12, 31), budget_krw=1),
    definition="donghaeng-2024/1",
)
DUTIES: dict[str, Any] = {
    "propose": PROPOSED,
    "revise": facts.Revised(title=LocalText(ko="나")),
    "approve": facts.Approved(),
    "evaluate": facts.Evaluated(score="80", grade="A"),
    "suspend": facts.Suspended(),
}


def office(role: Any, subject: str | None = None) -> Actor:
    return Actor(role=role, agency="gto" if role == "officer" else None, subject=subject)


@pytest.mark.parametrize(
    ("first", "by", "then", "again", "found"),
    [
        ("propose", office("officer", KIM), "approve", office("planner", KIM), True),
        ("propose", office("officer", KIM), "approve", office("planner", LEE), False),
        ("revise", office("officer", KIM), "approve", office("planner", KIM), True),
        ("approve", office("planner", KIM), "evaluate", office("planner", KIM), True),
        ("approve", office("planner", KIM), "evaluate", office("planner", LEE), False),
        ("propose", office("officer", KIM), "evaluate", office("planner", KIM), True),
        ("approve", office("planner"), "evaluate", office("planner"), True),
        ("approve", office("planner", KIM), "evaluate", office("planner"), True),
        ("propose", office("officer"), "approve", office("planner"), False),
        ("approve", office("planner"), "evaluate", office("system"), False),
        ("propose", office("officer", KIM), "revise", office("officer", KIM), False),
        ("suspend", office("planner", KIM), "evaluate", office("planner", KIM), False),
    ],
)
def test_who_proposes_is_not_to_approve_and_neither_is_to_evaluate(
    first: str, by: Actor, then: str, again: Actor, found: bool
) -> None:
    assert separated(act(1, first, by), act(2, then, again)) is not found


def act(version: int, what: str, by: Actor, behalf: Actor | None = None) -> RecordedFact[Any]:
    said = replace(envelope(), actor=by, on_behalf_of=behalf)
    fact = DUTIES[what]
    return RecordedFact(version, "task/2024-07", version, fact.kind, THURSDAY, THURSDAY, said, fact)


def separated(*acts: RecordedFact[Any]) -> bool:
    why = RULES["duties_not_separated"].finds(acts[-1], Seen(CALENDARS, acts[:-1]))
    return why is None or not (why.say("ko") and why.say("en"))


def test_who_acts_for_another_counts_as_both() -> None:
    proposed = act(1, "propose", office("officer", KIM))
    assert not separated(proposed, act(2, "approve", office("planner", LEE), office("planner", KIM)))
    assert not separated(proposed, act(2, "approve", office("planner", KIM), office("planner", LEE)))
    assert separated(proposed, act(2, "approve", office("planner", LEE), office("planner", "3" * 32)))


def test_what_people_were_refused_is_found_and_a_rules_refusals_are_not() -> None:
    row = RefusedRow(
        id=1,
        at=THURSDAY,
        known_at=THURSDAY,
        what="command",
        actor=Actor(role="officer", agency="gto"),
        on_behalf_of=None,
        via="cli",
        authn="asserted",
        token=None,
        command="task.approve",
        stream="task/2024-07",
        command_id=None,
        refusal="NotPermitted",
    )
    assert refusal_of_attempt(row)
    assert refusal_of_attempt(replace(row, actor=None)), "a token that opens nothing"
    assert refusal_of_attempt(replace(row, actor=Actor(role="system"))) is None


def test_every_rule_has_a_name_that_people_read() -> None:
    assert list(LABELS) == [*RULES, REFUSED]
