"""A city's own word for what is due stands in the fact, so that lists, histories, letters and reports say it and need no definition."""

from __future__ import annotations

from datetime import date

import pytest

from domain.lifecycle.content import check_content
from domain.lifecycle.model import Definition
from domain.task.commands import Approve
from domain.task.facts import DeadlinesSet
from domain.task.lining import Sign
from projections.report import tracing
from projections.report.tracing import Traced
from tests.workflows.test_lining import TURN, entry, give, own, rehearsed
from workflows.queries.due import due_of
from workflows.queries.due_words import name_of_due
from workflows.scenarios.rehearsal import Rehearsal

LABEL = {"ko": "기관장 결재", "en": "the head's signature"}


def named(kind: str = "head_signs") -> Definition:
    said = own(entry("one", role="head")).model_dump(mode="json", by_alias=True, exclude_unset=True)
    turn = {**TURN, "kind": kind, **({} if kind == "signature" else {"label": LABEL})}
    return check_content({**said, "deadlines": [*said["deadlines"], turn]})


def asked(by: Definition) -> Rehearsal:
    life = rehearsed(by)
    give(life, Approve(task=life.task), "planner")
    life.follow()
    return life


def test_lists_say_the_citys_word() -> None:
    life = asked(named())
    assert life.row is not None
    (due,) = [one for one in due_of([life.row], date(2024, 1, 1)).dated if one.kind == "head_signs"]
    assert name_of_due(due, "ko").startswith("기관장 결재")
    assert name_of_due(due, "en").startswith("the head's signature")


def test_the_fact_has_the_word_and_so_has_its_reminder() -> None:
    life = asked(named())
    last = [one.fact for one in life.facts if isinstance(one.fact, DeadlinesSet)][-1]
    (due,) = [one for one in last.deadlines if one.kind == "head_signs"]
    assert due.label is not None
    assert due.label.ko == "기관장 결재"
    assert all(one.label is None for one in last.deadlines if one.kind == "decision")


def traced(life: Rehearsal) -> Traced:
    found = Traced(life.task)
    for one in life.facts:
        found.add(one)
    return found


def outcome(life: Rehearsal, kind: str) -> str:
    return next(one.outcome for one in traced(life).obligations if one.kind == kind)


@pytest.mark.parametrize("kind", ["signature", "head_signs"])
def test_a_turn_that_was_signed_is_met_whatever_its_deadline_is_called(kind: str) -> None:
    life = asked(named(kind))
    assert outcome(life, kind) == "open"
    give(life, Sign(task=life.task), "head")
    life.follow()
    assert outcome(life, kind) == "met"


def test_the_control_by_its_kind_alone_it_would_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    life = asked(named())
    give(life, Sign(task=life.task), "head")
    life.follow()
    monkeypatch.setattr(tracing, "LINE_TURN", "nothing")
    assert outcome(life, "head_signs") == "gone"
