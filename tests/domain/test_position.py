"""A position of the city's own, and who is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import Refusal
from domain.fact import Fact
from domain.position import commands as c
from domain.position import facts as f
from domain.position import refusals as r
from domain.position.facts import POSITION, Position
from domain.subject import facts as p
from tests.domain.examples import HEAD, NOON, OFFICER, fold, ko, refused, when

MAYOR = "vice-mayor"
DECLARED = f.Declared(name=ko("부시장"))
HELD = (DECLARED, f.Appointed(subject=HEAD))
PROXY: dict[str, Any] = {
    "mandate": "proxy",
    "holder": HEAD,
    "delegate": OFFICER,
    "starts": date(2024, 5, 1),
    "ends": date(2024, 5, 10),
}
GIVEN = f.Delegated(number=3, **PROXY)


def appoint(subject: str = OFFICER) -> c.Appoint:
    return c.Appoint(position=MAYOR, subject=subject)


def test_a_position_is_declared_held_and_left() -> None:
    assert when(c.Declare(position=MAYOR, title=ko("부시장"))) == (DECLARED,)
    assert when(appoint(HEAD), (DECLARED,)) == (f.Appointed(subject=HEAD),)
    assert when(c.Release(position=MAYOR, subject=HEAD), HELD) == (f.Released(subject=HEAD),)
    held: Position = fold(POSITION, HELD)
    assert held.holders == {HEAD: NOON + timedelta(minutes=1)}
    assert fold(POSITION, (*HELD, f.Released(subject=HEAD))).holders == {}


def test_a_release_that_is_told_late_does_not_undo_a_later_appointment() -> None:
    """In office on a day in both senses: what was so last counts, not what was recorded last."""
    state = POSITION.initial
    for hours, version, fact in (
        (0, 1, DECLARED),
        (1, 2, HELD[1]),
        (5, 4, HELD[1]),
        (2, 3, f.Released(subject=HEAD)),
    ):
        state = POSITION.evolve(state, fact, NOON + timedelta(hours=hours), version)
    assert list(state.holders) == [HEAD]


def test_who_holds_a_position_lets_another_sign_on_the_days_given() -> None:
    assert when(c.Delegate(position=MAYOR, **PROXY), HELD) == (GIVEN,)
    state: Position = fold(POSITION, (*HELD, GIVEN))
    assert state.mandate_of(OFFICER, date(2024, 5, 1)) == GIVEN
    assert state.mandate_of(OFFICER, date(2024, 5, 10)) == GIVEN
    for day in (date(2024, 4, 30), date(2024, 5, 11)):
        assert state.mandate_of(OFFICER, day) is None
    assert state.mandate_of(HEAD, date(2024, 5, 1)) is None
    for ended in (f.Released(subject=HEAD), f.DelegationEnded(number=3)):
        assert fold(POSITION, (*HELD, GIVEN, ended)).mandate_of(OFFICER, date(2024, 5, 1)) is None


@pytest.mark.parametrize(
    ("refusal", "command", "given"),
    [
        (r.PositionNotDeclared, appoint(), ()),
        (r.PositionNameUnchanged, c.Declare(position=MAYOR, title=ko("부시장")), (DECLARED,)),
        (r.HoldsAlready, appoint(HEAD), HELD),
        (r.HoldsNot, c.Release(position=MAYOR, subject=OFFICER), HELD),
        (r.PersonUnknown, appoint("f" * 32), (DECLARED,)),
        (r.HoldsNot, c.Delegate(position=MAYOR, **PROXY | {"holder": OFFICER, "delegate": HEAD}), HELD),
        (r.DelegatesToSelf, c.Delegate(position=MAYOR, **PROXY | {"delegate": HEAD}), HELD),
        (r.DelegationUnending, c.Delegate(position=MAYOR, **PROXY | {"ends": None}), HELD),
        (r.DelegationTurnedRound, c.Delegate(position=MAYOR, **PROXY | {"starts": date(2024, 6, 1)}), HELD),
        (r.NoSuchDelegation, c.EndDelegation(position=MAYOR, number=3), HELD),
        (r.NoSuchDelegation, c.EndDelegation(position=MAYOR, number=3), (*HELD, GIVEN, f.DelegationEnded(3))),
    ],
)
def test_what_cannot_be_is_refused(
    refusal: type[Refusal], command: c.OnPosition, given: Sequence[Fact]
) -> None:
    refused(refusal, command, given)


def test_who_was_erased_comes_into_no_position() -> None:
    world: Mapping[str, Sequence[Fact]] = {f"subject/{OFFICER}": (p.Registered(), p.Erased())}
    refused(r.PersonGone, appoint(), (DECLARED,), world=world)
    assert when(appoint(), (DECLARED,), world={f"subject/{OFFICER}": (p.Registered(),)})
