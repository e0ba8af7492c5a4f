"""The trail's own facts: keys that are added and retired, seals that only grow."""

from __future__ import annotations

from domain.aggregate import Command
from domain.trail.commands import AddKey, RecordSeal, RetireKey
from domain.trail.facts import KeyAdded, KeyRetired, Sealed
from domain.trail.refusals import KeyKnown, KeyNotInUse, LastKey, NotLarger
from domain.trail.state import TRAIL
from tests.domain.examples import NOON, VKEY, fold, refused, when

OTHER = VKEY.replace("c74f20a3", "aaaaaaaa")
ADDED, SECOND = KeyAdded(vkey=VKEY, note="n\n"), KeyAdded(vkey=OTHER, note="n\n")


def seal(size: int, *witnesses: str) -> Command:
    return RecordSeal(
        day=NOON.date(), size=size, note="n\n", root=f"{'A' * 43}=", witnesses=witnesses, quorum=True
    )


def test_a_key_is_added_and_retired_once_another_is_there() -> None:
    assert when(AddKey(vkey=VKEY, note="n\n")) == (ADDED,)
    retired = when(RetireKey(vkey=VKEY, note="n\n"), [ADDED, SECOND])
    assert retired == (KeyRetired(vkey=VKEY, note="n\n"),)
    assert fold(TRAIL, [ADDED, SECOND, *retired]).keys == (OTHER,)


def test_the_last_key_stays_and_none_comes_back() -> None:
    refused(LastKey, RetireKey(vkey=VKEY, note="n\n"), [ADDED])
    refused(KeyKnown, AddKey(vkey=VKEY, note="n\n"), [ADDED])
    refused(KeyKnown, AddKey(vkey=VKEY, note="n\n"), [ADDED, SECOND, KeyRetired(vkey=VKEY, note="n\n")])
    refused(KeyNotInUse, RetireKey(vkey=OTHER, note="n\n"), [ADDED])


def test_a_seal_is_only_ever_larger() -> None:
    (first,) = when(seal(7))
    assert isinstance(first, Sealed)
    assert when(seal(8), [first])
    refused(NotLarger, seal(7), [first])
    refused(NotLarger, seal(6), [first])


def test_a_seal_is_recorded_again_when_a_witness_came_late_and_only_then() -> None:
    (first,) = when(seal(7, "audit"))
    (late,) = when(seal(7, "audit", "council"), [first])
    assert isinstance(late, Sealed)
    assert late.witnesses == ("audit", "council")
    for again in (seal(7, "audit"), seal(7, "council"), seal(7)):
        refused(NotLarger, again, [first, late])
    refused(NotLarger, seal(6, "citizens"), [first, late])
