"""What waits for whom, and since when; the register of agencies with its spans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.agency import facts as a
from domain.fact import Fact
from domain.programme.facts import TaskAdded, TaskChanged
from domain.roles import Role
from domain.task import facts as t
from domain.task.stages import Stage
from domain.values import LocalText, Signatory, TextRef
from projections.agency_register import AGENCY_REGISTER
from projections.fresh import fold
from projections.inbox import AGENCY_INBOX, CITY_INBOX, InboxRow, for_agency, for_city
from projections.task_board import TASK_BOARD
from store.envelope import Actor
from store.recorded import RecordedFact
from tests.projections.appended_facts import PLAN, PROPOSED, TITLE, envelope

AT = datetime(2024, 3, 7, tzinfo=UTC)
REF = TextRef(id="0" * 32, commitment="0" * 64)
LISTED = TaskAdded(task="2024-01", area=PROPOSED.area, lead=PROPOSED.lead, title=TITLE)
ASKED = t.ReplanRequested(plan=PLAN)
RUNNING = (LISTED, PROPOSED, t.Approved(), t.Started(on=date(2024, 3, 8)))
REPORT = t.ProgressReported(percent=40)
FINAL = t.FinalReportSubmitted(text=REF)


def recorded(*given: Fact, stream: str = "task/2024-01") -> list[RecordedFact[Any]]:
    """A day apart each, the first at AT."""
    return [
        RecordedFact(
            place,
            "programme/2024" if fact.kind.startswith("programme.") else stream,
            place,
            fact.kind,
            AT + timedelta(place - 1),
            AT + timedelta(place - 1),
            envelope(),
            fact,
        )
        for place, fact in enumerate(given, start=1)
    ]


def waits(*given: Fact) -> tuple[Any, ...]:
    """(what the agency is to do, since which fact; what the city is to do, since which fact)."""
    found: list[Any] = []
    for view in (AGENCY_INBOX, CITY_INBOX):
        row = fold(view, recorded(*given))["2024-01"]
        found += [row.waits, None if row.waits_since is None else (row.waits_since - AT).days + 1]
    return tuple(found)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((LISTED,), ("propose", 1, "urge", 1)),
        ((PROPOSED, LISTED), (None, None, "decide", 1)),
        ((LISTED, PROPOSED), (None, None, "decide", 2)),
        ((LISTED, PROPOSED, t.Returned()), ("revise", 3, None, None)),
        ((LISTED, PROPOSED, t.Returned(), t.Revised()), (None, None, "decide", 4)),
        ((LISTED, PROPOSED, t.Approved()), ("start", 3, None, None)),
        (RUNNING, ("report", 4, None, None)),
        ((*RUNNING, REPORT), ("report", 5, None, None)),
        ((*RUNNING, REPORT, t.HoldPlaced(basis="법")), ("report", 5, None, None)),
        ((*RUNNING, ASKED), ("report", 4, "replan", 5)),
        ((*RUNNING, ASKED, REPORT), ("report", 6, "replan", 5)),
        ((*RUNNING, ASKED, t.Replanned(plan=PLAN)), ("report", 4, None, None)),
        ((*RUNNING, ASKED, t.ReplanRefused()), ("report", 4, None, None)),
        ((*RUNNING, t.Suspended()), (None, None, "resume", 5)),
        ((*RUNNING, FINAL), (None, None, "evaluate", 5)),
        ((*RUNNING, ASKED, FINAL), (None, None, "evaluate", 6)),
        ((*RUNNING, FINAL, t.Evaluated(score="1", grade="D")), (None, None, None, None)),
        ((*RUNNING, ASKED, t.Discontinued()), (None, None, None, None)),
        ((PROPOSED, t.Rejected()), (None, None, None, None)),
    ],
)
def test_it_is_said_whose_turn_it_is_and_since_when(
    given: tuple[Fact, ...], expected: tuple[Any, ...]
) -> None:
    assert waits(*given) == expected


def test_after_a_hand_over_it_waits_for_the_other_agency() -> None:
    rows = fold(AGENCY_INBOX, recorded(*RUNNING, t.HandedOver(lead="gtc")))
    assert [(row.agency, row.lead) for row in rows.values()] == [("gtc", "gtc")]
    assert fold(CITY_INBOX, recorded(LISTED, PROPOSED))["2024-01"].agency is None


def test_the_register_knows_which_span_ends_next() -> None:
    day = date(2024, 5, 1)
    facts: list[Fact] = [
        a.Registered(name=LocalText(ko="가")),
        a.SubstituteAppointed(number=2, absent="a", substitute="b", starts=day, ends=day + timedelta(9)),
        a.DecisionDelegated(
            number=3, form="proxy", decision="task.start", holder="a", delegate="b", starts=day, ends=day
        ),
        a.DecisionDelegated(
            number=4, form="standing", decision="task.start", holder="a", delegate="b", starts=day
        ),
        a.DelegationEnded(number=3),
        a.SubstitutionEnded(number=2),
    ]
    ends = [
        fold(AGENCY_REGISTER, recorded(*facts[:count], stream="agency/gto"))["gto"].next_end
        for count in range(1, len(facts) + 1)
    ]
    assert ends == [None, day + timedelta(9), day, day, day + timedelta(9), None]
    gone = fold(AGENCY_REGISTER, recorded(*facts[:3], a.Closed(), stream="agency/gto"))["gto"]
    assert (gone.active, gone.next_end) == (False, None)


def test_both_inboxes_side_by_side_are_what_each_is_alone_and_no_step_is_taken_for_anothers() -> None:
    """They share the step of a task's state where all that it is made of is the same; the control is another task's."""
    given = recorded(*RUNNING, REPORT, FINAL)
    other = recorded(*RUNNING[:-1], stream="task/2024-02")
    alone = {view.name: fold(view, given) for view in (AGENCY_INBOX, CITY_INBOX)}
    rows: dict[str, dict[str, Any]] = {name: {} for name in alone}
    for place, one in enumerate(given):
        for view in (AGENCY_INBOX, CITY_INBOX):
            view.fold(rows[view.name], one)
            if place < len(other):
                view.fold(rows[view.name], other[place])
    for name, expected in alone.items():
        assert rows[name]["2024-01"] == expected["2024-01"]
    states = [rows[name]["2024-01"].state for name in alone]
    fresh = AGENCY_INBOX.evolve(None, given[1])
    assert AGENCY_INBOX.evolve(fresh, given[2]).state != AGENCY_INBOX.evolve(fresh, given[3]).state
    assert states[0] == states[1] != rows[AGENCY_INBOX.name]["2024-02"].state


@pytest.mark.parametrize("whose", [for_agency, for_city])
def test_a_row_on_which_nothing_waits_any_more_says_so_and_is_not_made_again(
    whose: Callable[[InboxRow], InboxRow],
) -> None:
    (row,) = fold(AGENCY_INBOX, recorded(*RUNNING)).values()
    assert (row.waits, row.agency) == ("report", PROPOSED.lead), "the control: it waits"
    over = whose(replace(row, stage=Stage.EVALUATED))
    assert (over.waits, over.waits_since, over.agency) == (None, None, None)
    assert whose(over) is over


def test_a_new_plan_waits_for_the_planner_in_a_place_of_ones_own_only_before_the_work() -> None:
    def sent(stage: str) -> t.StepTaken:
        return t.StepTaken(
            definition="own/1",
            step="send",
            label=TITLE,
            from_place=stage,
            to_place=f"{stage}/contract",
            next_by=("planner",),
        )

    assert waits(LISTED, PROPOSED, t.Approved(), sent("approved"), ASKED)[2:] == ("replan", 5)
    assert waits(*RUNNING, ASKED)[2:] == ("replan", 5), "the control"
    assert waits(*RUNNING, ASKED, sent("in_progress"))[2:] == ("step", 6)


FREED = (
    LISTED,
    TaskChanged(task="2024-01", title=LocalText(ko="목록의 과제명")),
    PROPOSED,
    t.Revised(title=LocalText(ko="제안의 과제명")),
    t.HandedOver(lead="gtc"),
    t.Rejected(),
)


@pytest.mark.parametrize("view", [TASK_BOARD, AGENCY_INBOX, CITY_INBOX])
def test_a_number_that_is_freed_is_as_the_list_says_again(view: Any) -> None:
    """Whatever its proposal said of title and lead; and what the list says later counts."""
    before, after, changed = (
        fold(view, recorded(*FREED, *more))["2024-01"]
        for more in ((), (t.NumberFreed(),), (t.NumberFreed(), TaskChanged(task="2024-01", lead="gjcf")))
    )
    assert (before.title_ko, before.lead) == ("제안의 과제명", "gtc"), "until then it is as it was proposed"
    assert (after.title_ko, after.lead) == ("목록의 과제명", PROPOSED.lead)
    assert (changed.title_ko, changed.lead) == ("목록의 과제명", "gjcf")


def opened(*roles: str, by: Role = "planner") -> RecordedFact[Any]:
    """A line that somebody of that role asked for, to be signed by these one after the other."""
    label = LocalText(ko="승인", en="approve")
    asked = [
        Signatory(entry=f"e{turn}", turn=turn, kind="decision", label=label, role=role)
        for turn, role in enumerate(roles, start=1)
    ]
    fact = t.LineOpened(
        definition="own/1",
        command="task.approve",
        label=label,
        signatories=tuple(asked),
        needed=tuple(1 for _ in roles),
        asked="{}",
    )
    agency = PROPOSED.lead if by == "officer" else None
    actor = Actor(role=by, agency=agency)
    (found,) = recorded(fact)
    return replace(found, envelope=replace(found.envelope, actor=actor))


def waiting(before: tuple[Fact, ...], line: RecordedFact[Any], *after: Fact) -> tuple[str | None, str | None]:
    """What waits for the agency, and for the city, with that line in between."""
    life = recorded(*before, t.HoldLifted(), *after)
    at = len(before)
    life[at] = replace(line, position=at + 1, version=at + 1)
    found = [fold(view, life)["2024-01"].waits for view in (AGENCY_INBOX, CITY_INBOX)]
    return found[0], found[1]


DECIDED = (LISTED, PROPOSED)
SIGNED = t.LineSigned(line=3, entry="e1", label=TITLE, sha256="")


@pytest.mark.parametrize(
    ("before", "line", "after", "expected"),
    [
        (DECIDED, opened("head"), (), ("sign", None)),
        (DECIDED, opened("head", "planner"), (SIGNED,), (None, "sign")),
        (DECIDED, opened("head"), (SIGNED,), (None, "decide")),
        (DECIDED, opened("head"), (t.LineWithdrawn(line=3),), (None, "decide")),
        (DECIDED, opened("head", by="officer"), (), ("sign", "decide")),
        ((*DECIDED, t.Approved()), opened("planner", by="officer"), (), (None, "sign")),
        (RUNNING, opened("planner", by="officer"), (), ("report", "sign")),
        ((*RUNNING, ASKED), opened("head"), (), ("sign", None)),
    ],
)
def test_who_has_asked_by_a_line_waits_for_who_signs_and_decides_nothing(
    before: tuple[Fact, ...],
    line: RecordedFact[Any],
    after: tuple[Fact, ...],
    expected: tuple[str | None, str | None],
) -> None:
    assert waiting(before, line, *after) == expected
