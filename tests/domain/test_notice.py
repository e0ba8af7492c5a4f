"""A notice: armed once, put into one message, cancelled while it is here, acknowledged once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from msgspec.structs import asdict, replace
from pydantic import ValidationError

from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.fact import Fact
from domain.message import facts as mf
from domain.message.state import MessageStage
from domain.notice import commands as n
from domain.notice import facts as f
from domain.notice import refusals as r
from domain.notice.decider import AGGREGATE as NOTICE
from domain.notice.state import NoticeStage
from tests.domain.examples import COMMANDS, MESSAGE_ID, NOON, NOTICE_ID, WORLD, decided, fold, refused, when

(DUE,) = when(COMMANDS["notice.arm"])
assert isinstance(DUE, f.Due)
HELD = replace(DUE, held=True)
IN, RELEASED, SEEN = f.Composed(message=MESSAGE_ID), f.Released(), f.Acknowledged()
CANCELLED = f.Cancelled(why="moved")
STAGES: dict[NoticeStage, tuple[Fact, ...]] = {
    NoticeStage.UNKNOWN: (),
    NoticeStage.HELD: (HELD,),
    NoticeStage.DUE: (DUE,),
    NoticeStage.COMPOSED: (DUE, IN),
    NoticeStage.CANCELLED: (DUE, IN, CANCELLED),
}
# what each command makes of a notice in each stage; everything else is refused
ALLOWED: dict[tuple[str, NoticeStage], Fact] = {
    ("notice.arm", NoticeStage.UNKNOWN): DUE,
    ("notice.put_in", NoticeStage.DUE): IN,
    ("notice.release", NoticeStage.HELD): RELEASED,
    ("notice.cancel", NoticeStage.HELD): f.Cancelled(why="person"),
    ("notice.cancel", NoticeStage.DUE): f.Cancelled(why="person"),
    ("notice.cancel", NoticeStage.COMPOSED): f.Cancelled(why="person"),
    ("notice.acknowledge", NoticeStage.HELD): SEEN,
    ("notice.acknowledge", NoticeStage.DUE): SEEN,
    ("notice.acknowledge", NoticeStage.COMPOSED): SEEN,
}
NAMES = [one.name for one in NOTICE.commands]
COMPOSED = mf.Composed(recipient="agency/gjcf", channel="mail", on=DUE.on, hour=9, notices=(NOTICE_ID,))
BEGUN = (COMPOSED, mf.Attempted(number=1, token=1))
MESSAGES: dict[MessageStage, tuple[Fact, ...]] = {
    MessageStage.WAITING: (COMPOSED,),
    MessageStage.SENDING: BEGUN,
    MessageStage.SENT: (*BEGUN, mf.Sent(attempt=1, code=250)),
    MessageStage.FAILED: (*BEGUN, mf.Failed(attempt=1, problem="refused")),
    MessageStage.UNKNOWN: (*BEGUN, mf.OutcomeUnknown(attempt=1, problem="no_answer")),
    MessageStage.CANCELLED: (COMPOSED, mf.Cancelled()),
}


@pytest.mark.parametrize(("name", "stage"), list(product(NAMES, NoticeStage)))
def test_every_command_in_every_stage(name: str, stage: NoticeStage) -> None:
    given = STAGES[stage]
    assert fold(NOTICE, given).stage is stage
    if (fact := ALLOWED.get((name, stage))) is not None:
        assert when(COMMANDS[name], given) == (fact,)
        return
    if name == "notice.arm":
        expected: type[Refusal] = r.NoticeArmedAlready
    else:
        expected = r.NoSuchNotice if stage is NoticeStage.UNKNOWN else r.NotNow
    assert NOTICE_ID in refused(expected, COMMANDS[name], given).say("en")


def test_all_stages_and_commands_are_in_the_table() -> None:
    assert set(STAGES) == set(NoticeStage)
    assert {name for name, _ in ALLOWED} == set(NAMES)


def test_the_second_writer_loses_whatever_it_brings() -> None:
    arm = COMMANDS["notice.arm"]
    for stage, given in STAGES.items():
        if stage is not NoticeStage.UNKNOWN:
            refused(r.NoticeArmedAlready, arm, given)


def test_one_that_was_held_is_let_go_and_then_is_like_any_other() -> None:
    assert fold(NOTICE, [HELD, RELEASED]).stage is NoticeStage.DUE
    refused(r.NotNow, COMMANDS["notice.put_in"], [HELD])
    assert when(COMMANDS["notice.put_in"], [HELD, RELEASED]) == (IN,)
    refused(r.NotNow, COMMANDS["notice.release"], [HELD, RELEASED])


def test_it_goes_into_one_message_and_no_other() -> None:
    state = fold(NOTICE, [DUE, IN])
    assert (state.stage, state.message) == (NoticeStage.COMPOSED, MESSAGE_ID)
    refused(r.NotNow, n.PutIn(notice=NOTICE_ID, message="7" * 32), [DUE, IN])


@pytest.mark.parametrize("stage", MESSAGES)
def test_what_has_gone_out_or_is_going_cannot_be_taken_back(stage: MessageStage) -> None:
    world = {**WORLD, f"message/{MESSAGE_ID}": MESSAGES[stage]}
    assert fold(aggregate_of(f"message/{MESSAGE_ID}"), MESSAGES[stage]).stage is stage
    cancel = n.Cancel(notice=NOTICE_ID, why="moved")
    if stage in (MessageStage.SENDING, MessageStage.SENT):
        refused(r.HandedOver, cancel, [DUE, IN], world=world)
    else:
        assert when(cancel, [DUE, IN], world=world) == (CANCELLED,)


def test_the_message_is_looked_at_only_where_there_is_one() -> None:
    cancel = n.Cancel(notice=NOTICE_ID, why="moved")
    assert NOTICE.reads(cancel, fold(NOTICE, [DUE])) == ()
    assert NOTICE.reads(cancel, fold(NOTICE, [DUE, IN])) == (f"message/{MESSAGE_ID}",)
    assert NOTICE.reads(COMMANDS["notice.acknowledge"], fold(NOTICE, [DUE, IN])) == ()


@pytest.mark.parametrize("given", [(DUE,), (DUE, IN), (HELD,)])
def test_it_is_acknowledged_once_and_goes_all_the_same(given: Sequence[Fact]) -> None:
    seen = (*given, SEEN)
    refused(r.AcknowledgedAlready, COMMANDS["notice.acknowledge"], seen)
    before, after = fold(NOTICE, given), fold(NOTICE, seen)
    assert after.acknowledged
    assert (after.stage, after.message) == (before.stage, before.message)


def test_of_whom_it_is_says_the_agency_that_answers() -> None:
    assert fold(NOTICE, []).agency is None
    assert fold(NOTICE, [DUE]).agency == DUE.agency


def test_the_due_fact_says_all_that_the_command_says() -> None:
    arm = COMMANDS["notice.arm"]
    given = dict(arm)
    given.pop("notice")
    assert asdict(DUE) == given
    more = {"stands_in_for": "2" * 32, "late": True, "held": True, "item": "m1", "channel": "webhook"}
    (fact,) = decided(arm.model_copy(update=more), NOTICE.initial, NOON)
    assert asdict(fact) == given | more


@pytest.mark.parametrize(
    "change",
    [
        {"notice": "x"},
        {"notice": "5" * 31},
        {"task": "2024"},
        {"recipient": "subject/kim"},
        {"recipient": "agency/gto\r\nBcc: all"},
        {"recipient": "programme/2024/mayor"},
        {"channel": "fax"},
        {"days": 1001},
        {"days": -1001},
        {"since": 0},
        {"on": "yesterday"},
        {"deadline": "a\nb"},
        {"deadline": ""},
        {"stands_in_for": "kim"},
    ],
)
def test_values_that_cannot_be_are_no_command(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        n.Arm.model_validate({**dict(COMMANDS["notice.arm"]), **change})
