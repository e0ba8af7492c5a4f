"""As they became known and as they were so: two orders of the same facts, which come to the same state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import domain.stamps
from domain.agency import facts as a
from domain.agency.state import AGENCY
from domain.aggregate import Aggregate
from domain.fact import Fact
from domain.programme import facts as p
from domain.programme.state import PROGRAMME
from domain.task import facts as f
from domain.task.state import TASK, Task
from domain.values import Figure
from tests.domain.examples import (
    APPROVED,
    DEADLINES_SET,
    NOON,
    OPENED,
    PLAN,
    PROPOSED,
    REGISTERED,
    STARTED,
    ko,
)

Told = tuple[datetime, int, Fact]

agencies = st.sampled_from(["gto", "gjcf", "gtc", "bus"])
plans = st.builds(lambda budget: replace(PLAN, budget_krw=budget), st.integers(1, 5))
names = st.sampled_from([ko("가"), ko("나"), ko("다")])
figures = st.lists(
    st.builds(Figure, indicator=st.sampled_from(["visitors", "shops"]), value=st.sampled_from("123")),
    max_size=2,
    unique_by=lambda one: one.indicator,
).map(tuple)
percents = st.integers(0, 100)
of_tasks = st.one_of(
    st.builds(
        f.ProgressReported,
        percent=percents,
        figures=figures,
        milestones=st.sampled_from([(), ("m1",), ("m2",), ("m2", "m1")]),
    ),
    st.builds(f.MilestonesReached, milestones=st.sampled_from([("m1",), ("m2", "m3")])),
    st.builds(
        f.Revised,
        title=st.none() | names,
        department=st.none() | names,
        partners=st.none() | st.lists(agencies, max_size=3).map(tuple),
        plan=st.none() | plans,
    ),
    st.builds(f.Replanned, plan=plans),
    st.builds(f.ReplanRequested, plan=plans),
    st.builds(f.HandedOver, lead=agencies),
    st.builds(f.PartnerAdded, partner=agencies),
    st.builds(f.PartnerReleased, partner=agencies),
    st.builds(f.HoldPlaced, basis=st.sampled_from(["법", "령"])),
    st.sampled_from([f.ReplanRefused(), f.HoldLifted(), DEADLINES_SET]),
    st.builds(
        lambda target, percent, figures: (target, percent, figures),
        st.integers(0, 9),
        st.none() | percents,
        figures,
    ),
)
of_agencies = st.one_of(
    st.builds(a.Renamed, name=names),
    st.builds(
        a.ContactSet,
        channel=st.sampled_from(["mail", "webhook"]),
        address=st.none() | st.sampled_from(["x", "y"]),
    ),
    st.builds(a.Appointed, subject=agencies, post=st.sampled_from(["officer", "head"])),
    st.builds(a.Released, subject=agencies, post=st.sampled_from(["officer", "head"])),
)
of_programmes = st.builds(
    p.ContactSet,
    office=st.sampled_from(["planner", "department"]),
    address=st.none() | st.sampled_from(["x", "y"]),
)


def log_of(first: Sequence[Fact], chosen: Sequence[tuple[int, Any]]) -> list[Told]:
    """Facts with their moments and numbers; a number in place of a fact corrects a report, or cancels that."""
    log: list[Told] = [(NOON, number, fact) for number, fact in enumerate(first, start=1)]
    for minute, drawn in chosen:
        fact = drawn
        at, version = NOON + timedelta(minutes=minute), len(log) + 1
        if isinstance(drawn, tuple):
            which, percent, changed = drawn
            able = [one for one in log if isinstance(one[2], f.ProgressReported | f.Corrected)]
            if not able:
                continue
            at, number, target = able[which % len(able)]
            fact = (
                f.CorrectionCancelled(correction=number, percent=percent, figures=changed)
                if isinstance(target, f.Corrected)
                else f.Corrected(fact=number, percent=percent, figures=changed)
            )
        log.append((at, version, fact))
    return log


def folded(aggregate: Aggregate, log: Sequence[Told]) -> Any:
    state = aggregate.initial
    for at, version, fact in log:
        state = aggregate.evolve(state, fact, at, version)
    return state


def so(log: Sequence[Told]) -> list[Told]:
    return sorted(log, key=lambda one: one[:2])


def chosen(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[int, Any]]]:
    """Few moments, so that many facts share one."""
    return st.lists(st.tuples(st.integers(1, 4), of), max_size=12)


@given(chosen(of_tasks))
def test_a_task_is_the_same_in_both_orders(facts: list[tuple[int, Any]]) -> None:
    log = log_of((PROPOSED, APPROVED, STARTED), facts)
    task = folded(TASK, log)
    assert task == folded(TASK, so(log))
    assert msgspec.json.decode(msgspec.json.encode(task), type=Task) == task, "and can stand in a view's row"


@given(chosen(of_agencies))
def test_an_agency_is_the_same_in_both_orders(facts: list[tuple[int, Any]]) -> None:
    log = log_of((REGISTERED,), facts)
    agency, again = folded(AGENCY, log), folded(AGENCY, so(log))
    assert agency == again
    assert [agency.holders(post) for post in ("officer", "head")] == [
        again.holders(post) for post in ("officer", "head")
    ]


@given(chosen(of_programmes))
def test_a_programme_is_the_same_in_both_orders(facts: list[tuple[int, Any]]) -> None:
    log = log_of((OPENED,), facts)
    assert folded(PROGRAMME, log) == folded(PROGRAMME, so(log))


def test_where_the_last_one_recorded_counts_the_orders_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    log = log_of((PROPOSED,), [(4, f.HandedOver(lead="gtc")), (2, f.HandedOver(lead="bus"))])
    assert folded(TASK, log).lead == folded(TASK, so(log)).lead == "gtc"
    monkeypatch.setattr(domain.stamps, "is_outdone", lambda stamps, name, stamp: False)
    assert (folded(TASK, log).lead, folded(TASK, so(log)).lead) == ("bus", "gtc")


def test_an_ending_dated_before_what_it_ends_ends_it_all_the_same() -> None:
    """Old stores may hold such."""
    begun = a.SubstituteAppointed(number=2, absent="1", substitute="2", starts=PLAN.start, ends=PLAN.end)
    log = log_of((REGISTERED,), [(3, begun), (1, a.SubstitutionEnded(number=2))])
    assert folded(AGENCY, log).substitutions == folded(AGENCY, so(log)).substitutions == {}
