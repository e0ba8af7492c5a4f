"""A message: composed once, tried under rising tokens, settled by whoever tried it last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any, Literal

import pytest
from msgspec.structs import asdict, replace
from pydantic import ValidationError

from domain.errors import Refusal
from domain.fact import Fact
from domain.message import commands as m
from domain.message import decider
from domain.message import facts as f
from domain.message import refusals as r
from domain.message.state import MESSAGE, MOST_ATTEMPTS, MOST_UNKNOWN, Message, MessageStage, evolve, pause
from tests.domain.examples import COMMANDS, MESSAGE_ID, NOON, NOTICE_ID, fold, refused, when

(COMPOSED,) = when(COMMANDS["message.compose"])
assert isinstance(COMPOSED, f.Composed)
TWO = replace(COMPOSED, notices=(NOTICE_ID, "7" * 32))
NOWHERE, WAITING, SENDING, SENT, FAILED, UNKNOWN, CANCELLED = MessageStage


def begun(number: int = 1, token: int = 1) -> f.Attempted:
    return f.Attempted(number=number, token=token)


def deferred(attempt: int = 1) -> f.Deferred:
    return f.Deferred(attempt=attempt, problem="not_now", code=451)


def unknown(attempt: int = 1, problem: f.Problem = "no_answer") -> f.OutcomeUnknown:
    return f.OutcomeUnknown(attempt=attempt, problem=problem)


STATES: dict[str, tuple[Fact, ...]] = {
    "nowhere": (),
    "composed": (COMPOSED,),
    "deferred": (COMPOSED, begun(), deferred()),
    "sending": (COMPOSED, begun()),
    "sent": (COMPOSED, begun(), f.Sent(attempt=1, code=250)),
    "failed": (COMPOSED, begun(), f.Failed(attempt=1, problem="refused", code=550)),
    "unknown once": (COMPOSED, begun(), unknown()),
    "unknown twice": (COMPOSED, begun(), unknown(), begun(2, 2), unknown(2)),
    "unknown, restored": (COMPOSED, unknown(0, "restored")),
    "retried": (COMPOSED, begun(), f.Failed(attempt=1, problem="refused"), f.Retried()),
    "cancelled": (COMPOSED, f.Cancelled()),
}
# which commands each state takes
ALLOWED = {
    "nowhere": {"compose"},
    "composed": {"attempt", "cancel", "restored"},
    "deferred": {"attempt", "cancel", "restored"},
    "sending": {"settle", "restored"},
    "sent": set(),
    "failed": {"cancel", "retry"},
    "unknown once": {"attempt", "cancel", "restored"},
    "unknown twice": {"cancel", "retry"},
    "unknown, restored": {"cancel", "retry"},
    "retried": {"attempt", "cancel", "restored"},
    "cancelled": set(),
}
GIVEN = {
    "compose": COMMANDS["message.compose"],
    "attempt": m.Attempt(message=MESSAGE_ID, token=7),
    "settle": m.Settle(message=MESSAGE_ID, number=1, token=1, outcome="sent", code=250),
    "restored": m.Settle(message=MESSAGE_ID, number=0, token=7, outcome="unknown", problem="restored"),
    "cancel": m.Cancel(message=MESSAGE_ID),
    "retry": m.Retry(message=MESSAGE_ID),
}


@pytest.mark.parametrize(("name", "state"), list(product(GIVEN, STATES)))
def test_every_command_in_every_state(name: str, state: str) -> None:
    command, given = GIVEN[name], STATES[state]
    if name in ALLOWED[state]:
        (fact,) = when(command, given)
        assert fact.kind.startswith("message.")
        fold(MESSAGE, [*given, fact])
        return
    expected: type[Refusal] = r.MessageNotNow
    if name == "compose":
        expected = r.ComposedAlready
    elif state == "nowhere":
        expected = r.NoSuchMessage
    elif name == "settle":
        expected = r.LeaseLost
    assert MESSAGE_ID in refused(expected, command, given).say("ko")


def test_every_stage_is_reached_by_one_of_them_and_open_ones_are_to_be_tried() -> None:
    states = {name: fold(MESSAGE, given) for name, given in STATES.items()}
    assert {one.stage for one in states.values()} == set(MessageStage)
    assert {name for name, one in states.items() if one.open} == {
        *("composed", "deferred", "sending", "unknown once", "retried"),
    }


@pytest.mark.parametrize(
    ("outcome", "fact"),
    [
        ("sent", f.Sent(attempt=1, code=250)),
        ("deferred", f.Deferred(attempt=1, problem="not_now", code=250)),
        ("failed", f.Failed(attempt=1, problem="not_now", code=250)),
        ("unknown", f.OutcomeUnknown(attempt=1, problem="not_now")),
    ],
)
def test_each_outcome_is_a_fact_of_its_own(
    outcome: Literal["sent", "deferred", "failed", "unknown"], fact: Fact
) -> None:
    command = m.Settle(message=MESSAGE_ID, number=1, token=1, outcome=outcome, problem="not_now", code=250)
    assert when(command, STATES["sending"]) == (fact,)


def test_a_lease_that_is_not_newer_begins_nothing() -> None:
    for token in (0, 1, 6, 7):
        given = (COMPOSED, begun(token=7), deferred())
        refused(r.LeaseLost, m.Attempt(message=MESSAGE_ID, token=token), given)
    (fact,) = when(m.Attempt(message=MESSAGE_ID, token=8), (COMPOSED, begun(token=7), deferred()))
    assert fact == f.Attempted(number=2, token=8)


def test_if_the_message_forgot_the_token_an_old_lease_would_do() -> None:
    """The control."""
    forgetful = Message(stage=WAITING, composed=COMPOSED, number=1, attempts=1, token=0, next_try=NOON)
    command = m.Attempt(message=MESSAGE_ID, token=6)
    assert decider._attempt(command, forgetful) == f.Attempted(number=2, token=6)
    remembering = fold(MESSAGE, (COMPOSED, begun(token=7), deferred()))
    with pytest.raises(r.LeaseLost):
        decider._attempt(command, remembering)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_who_settles_another_attempt_than_the_last_one_marks_nothing(number: int) -> None:
    given = (COMPOSED, begun(1, 1), unknown(), begun(2, 2))
    refused(r.LeaseLost, m.Settle(message=MESSAGE_ID, number=number, token=9, outcome="sent"), given)
    late = m.Settle(message=MESSAGE_ID, number=2, token=2, outcome="sent", code=250)
    assert when(late, given) == (f.Sent(attempt=2, code=250),)
    refused(r.LeaseLost, late, (*given, f.Sent(attempt=2, code=250)))


BY_AN_OLDER_LEASE = (
    m.Settle(message=MESSAGE_ID, number=1, token=6, outcome="unknown", problem="worker_lost"),
    m.Settle(message=MESSAGE_ID, number=1, token=6, outcome="sent", code=250),
    m.Settle(message=MESSAGE_ID, number=1, token=6, outcome="unknown", problem="restored"),
)


@pytest.mark.parametrize("command", BY_AN_OLDER_LEASE)
def test_who_had_the_message_before_another_says_nothing_of_the_others_attempt(
    command: m.Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: by the attempt's number alone it would be believed."""
    given = (COMPOSED, begun(1, token=7))
    refused(r.LeaseLost, command, given)
    for token in (7, 8):  # its own, and of who took it over
        assert when(command.model_copy(update={"token": token}), given)
    monkeypatch.setattr(decider, "_check_fence", lambda *_: None)
    assert when(command, given)


def test_the_pauses_grow_from_a_minute_to_half_a_day() -> None:
    pauses = [pause(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[-1] == pause(99) == timedelta(hours=12)
    assert all(shorter < longer for shorter, longer in pairwise(pauses))


def in_vain(attempts: int) -> list[Fact]:
    """So many attempts that were put off, as the decider has them."""
    given: list[Fact] = [COMPOSED]
    for number in range(1, attempts + 1):
        given += when(m.Attempt(message=MESSAGE_ID, token=number), given)
        settle = m.Settle(
            message=MESSAGE_ID, number=number, token=number, outcome="deferred", problem="not_now", code=451
        )
        given += when(settle, given)
    return given


def test_after_eight_attempts_it_has_failed() -> None:
    before = fold(MESSAGE, in_vain(MOST_ATTEMPTS - 1))
    assert (before.stage, before.attempts, before.open) == (WAITING, 7, True)
    given = in_vain(MOST_ATTEMPTS)
    assert given[-1] == f.Failed(attempt=8, problem="not_now", code=451)
    assert not fold(MESSAGE, given).open


def test_a_person_gives_it_eight_more_and_two_more_unknowns() -> None:
    given = [*in_vain(MOST_ATTEMPTS), *when(GIVEN["retry"], in_vain(MOST_ATTEMPTS))]
    state = fold(MESSAGE, given)
    assert (state.stage, state.attempts, state.unknowns, state.number) == (WAITING, 0, 0, 8)
    (fact,) = when(m.Attempt(message=MESSAGE_ID, token=99), given)
    assert fact == f.Attempted(number=9, token=99)
    again = [*STATES["unknown twice"], f.Retried(), begun(3, 3), unknown(3)]
    assert fold(MESSAGE, again).open
    assert not fold(MESSAGE, [*again, begun(4, 4), unknown(4)]).open


def test_what_nobody_knows_is_tried_at_once_the_first_time_and_not_a_second() -> None:
    assert MOST_UNKNOWN == 2
    once, twice = fold(MESSAGE, STATES["unknown once"]), fold(MESSAGE, STATES["unknown twice"])
    assert once.next_try == NOON + timedelta(minutes=2), "when it was said"
    assert (twice.next_try, twice.unknowns) == (None, 2)


def test_what_may_have_gone_before_the_restoring_is_not_tried_at_all() -> None:
    state = fold(MESSAGE, STATES["unknown, restored"])
    assert (state.stage, state.problem, state.open) == (UNKNOWN, "restored", False)
    lost = fold(MESSAGE, [*STATES["sending"], unknown(1, "restored")])
    assert not lost.open


def test_a_deferred_one_waits_from_when_that_was_said() -> None:
    state = Message()
    for number, fact in enumerate(STATES["deferred"]):
        state = evolve(state, fact, NOON + timedelta(hours=number), number)  # type: ignore[arg-type]
    assert state.next_try == NOON + timedelta(hours=2, minutes=1)
    assert (state.problem, state.code) == ("not_now", 451)


def test_what_is_left_out_is_so_for_good() -> None:
    first = m.Attempt(message=MESSAGE_ID, token=1, left_out=(NOTICE_ID,))
    given: Sequence[Fact] = [TWO, *when(first, [TWO]), deferred()]
    assert fold(MESSAGE, given).notices == ("7" * 32,)
    (second,) = when(m.Attempt(message=MESSAGE_ID, token=2), given)
    assert second == f.Attempted(number=2, token=2, left_out=(NOTICE_ID,))
    assert fold(MESSAGE, [*given, second]).notices == ("7" * 32,)


@pytest.mark.parametrize(
    ("channel", "came", "stays"),
    [
        ("mail", (deferred(),), False),
        ("mail", (f.Failed(attempt=1, problem="refused", code=550), f.Retried()), False),
        ("mail", (unknown(),), True),
        ("mail", (unknown(), begun(2, 1), unknown(2), f.Retried()), True),
        ("webhook", (deferred(),), True),
    ],
)
def test_what_somebody_may_have_been_told_stays_whole_and_only_that(
    channel: Literal["mail", "webhook"], came: Sequence[Fact], stays: bool
) -> None:
    given: Sequence[Fact] = [replace(TWO, channel=channel), begun(), *came]
    (next_one,) = when(m.Attempt(message=MESSAGE_ID, token=9, left_out=(NOTICE_ID,)), given)
    assert isinstance(next_one, f.Attempted)
    assert next_one.left_out == (() if stays else (NOTICE_ID,))
    assert fold(MESSAGE, [*given, next_one]).notices == (TWO.notices if stays else ("7" * 32,))


def test_a_message_says_of_itself_what_the_command_says() -> None:
    given = dict(COMMANDS["message.compose"])
    assert given.pop("message") == MESSAGE_ID
    assert asdict(COMPOSED) == given


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("compose", {"notices": ()}),
        ("compose", {"notices": ("x",)}),
        ("compose", {"notices": ("5" * 32,) * 201}),
        ("compose", {"hour": 24}),
        ("compose", {"hour": -1}),
        ("compose", {"recipient": "office@gto.example"}),
        ("compose", {"channel": "pigeon"}),
        ("compose", {"on": date(1, 1, 1)}),
        ("attempt", {"token": -1}),
        ("settle", {"code": 1000}),
        ("settle", {"outcome": "perhaps"}),
        ("settle", {"problem": "bored"}),
        ("cancel", {"message": "6" * 33}),
    ],
)
def test_values_that_cannot_be_are_no_command(kind: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        type(GIVEN[kind]).model_validate({**dict(GIVEN[kind]), **change})
