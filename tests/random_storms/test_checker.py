"""What the checker of storms sees: nothing in a storm that went well, and each thing that is spoiled in it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from scripts.random_storms.checker import Evidence, judge
from scripts.random_storms.checker.evidence import Checkpoint, Entry, Look, Made, Mail
from scripts.random_storms.checker.seals import root
from tests.random_storms.storms_by_hand import PID, well

Spoil = Callable[[Evidence], Any]
_SENT = 7  # the position of the fact that the mail was sent


def _row(view: str, **changed: Any) -> Spoil:
    def spoil(evidence: Evidence) -> None:
        key = next(iter(evidence.rows[view]))
        evidence.rows[view][key].update(changed)  # type: ignore[attr-defined]

    return spoil


def _fact(position: int, **changed: Any) -> Spoil:
    def spoil(evidence: Evidence) -> None:
        facts = list(evidence.facts)
        facts[position - 1] = facts[position - 1]._replace(**changed)
        evidence.facts = facts

    return spoil


def _set(**changed: Any) -> Spoil:
    def spoil(evidence: Evidence) -> None:
        for name, value in changed.items():
            setattr(evidence, name, value)

    return spoil


def _asked(*entries: tuple[float, str, str, dict[str, Any]]) -> Spoil:
    def spoil(evidence: Evidence) -> None:
        more = [Entry(at, PID, what, name, about) for at, what, name, about in entries]
        evidence.ledger = sorted([*evidence.ledger, *more])

    return spoil


def _fault(kind: str, target: str, **more: Any) -> Spoil:
    return _set(faults=[Made(kind, target, 10.0, 16.0, {"pids": [5], "lasted": 6.0, **more})], logged=[])


def _lost(evidence: Evidence, promoted: float, code: int = 0, *, acknowledged: bool = True) -> None:
    """All but the first fact was lost then, and the others are new. `code`: of the person's command."""
    kept = 1 if acknowledged else len(evidence.facts)
    more = {"kept": kept, "promoted": promoted, "accepted": 30.0, "lasted": 6.0, "code": code}
    evidence.faults = [Made("lose tail", "", 10.0, 31.0, more)]
    if acknowledged:
        lost = Entry(10.1, PID, "done", "c8", {"first": 2, "last": 2})
        evidence.ledger = sorted([*evidence.ledger, lost])


SPOILED: dict[str, tuple[str, Spoil]] = {
    "an acknowledged command that is not stored": (
        "lost",
        _asked((12.0, "intent", "c8", {}), (12.1, "done", "c8", {"first": 8, "last": 8})),
    ),
    "an acknowledged command that is stored elsewhere": (
        "lost",
        _asked((12.0, "intent", "c1", {}), (12.1, "done", "c1", {"first": 3, "last": 3})),
    ),
    "a refused command that is stored": (
        "refused and done",
        _asked((12.0, "intent", "c3", {}), (12.1, "refused", "c3", {"error": "StoreBusy"})),
    ),
    "a view that cannot be read": ("view unreadable", _set(unreadable={"task_board": "invalid page"})),
    "an error without a name": (
        "broken",
        _asked((12.0, "intent", "c7", {}), (12.1, "broken", "c7", {"error": "KeyError: 1"})),
    ),
    "a command whose facts stand at two places": (
        "twice",
        lambda one: _fact(_SENT, state=one.facts[_SENT - 1].state.replace(b'"c6"', b'"c1"'))(one),
    ),
    "a command that the store does not know": (
        "command unknown",
        lambda one: _set(commands={name: at for name, at in one.commands.items() if name != "c2"})(one),
    ),
    "a hole in the positions": ("hole", lambda one: _set(facts=[*one.facts[:3], *one.facts[4:]])(one)),
    "a hole in the versions": ("hole", _fact(2, version=3)),
    "a head that is behind": ("hole", _set(head=6)),
    "times that go back": (
        "time went back",
        lambda one: _fact(_SENT, recorded_at=one.facts[0].recorded_at)(one),
    ),
    "a task at another stage": ("view differs", _row("task_board", stage="proposed")),
    "a notice at another stage": ("view differs", _row("notices", stage="due")),
    "an attempt counted twice": ("view differs", _row("messages", state={"attempts": 2, "number": 1})),
    "an agency under another name": ("view differs", _row("agency_register", name_ko="공사")),
    "an entry of another fact": ("view differs", _row("trail_entries", kind="task.rejected")),
    "a summary that counts otherwise": (
        "view differs",
        _set(tallies={"programme_summary": {("approved",): 2}}),
    ),
    "a view of which the product's own fold says it": ("view differs", _set(differing={"deadlines": "x"})),
    "a view that has stopped": (
        "view stopped",
        lambda one: _set(positions={**one.positions, "deadlines": (3, "stopped")})(one),
    ),
    "a mail that came twice": ("mail twice", _set(mails=[Mail(11.0, "m1"), Mail(12.0, "m1")])),
    "a mail that never came": ("mail lost", _set(mails=[])),
    "a mail of no message": ("mail of nobody", _set(mails=[Mail(11.0, "m1"), Mail(12.0, "m2")])),
    "a rung armed twice": (
        "reminded twice",
        lambda one: _set(
            facts=[*one.facts, one.facts[2]._replace(position=9, stream="notice/n2", version=1)]
        )(one),
    ),
    "a notice in two messages": (
        "reminded twice",
        lambda one: _set(
            facts=[*one.facts, one.facts[3]._replace(position=9, stream="message/m2", version=1)]
        )(one),
    ),
    "a seal of other facts": ("seal broken", _set(checkpoints=[Checkpoint(5, "A" * 43 + "=")])),
    "a seal of more facts than there are": ("seal broken", _set(checkpoints=[Checkpoint(9, "")])),
    "a smaller seal after a larger one": (
        "seal broken",
        lambda one: _set(
            checkpoints=[*one.checkpoints, Checkpoint(0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
        )(one),
    ),
    "a command that waited": (
        "waited",
        _asked((20.0, "intent", "c9", {}), (40.0, "refused", "c9", {"error": "StoreBusy"})),
    ),
    "a reading that waited": (
        "waited",
        _asked((20.0, "reading begun", "board", {}), (35.0, "reading ended", "board", {})),
    ),
    "a move of the clock that waited": (
        "waited",
        _asked((20.0, "clock begun", "clock", {}), (35.0, "clock ended", "clock", {})),
    ),
    "work that is not done in time": ("not at rest", _set(rested=None)),
    "an alarm that stays": ("alarm stays", _set(after={"trail": "warn", "jobs": "warn"})),
    "an alarm of nothing": ("alarm of nothing", _set(looks=[Look(60.0, 60.2, {"jobs": "warn"})])),
    "a doctor that broke off": ("broken", _set(looks=[Look(11.0, 11.2, {"broke": "ValueError: x"})])),
    "a part of which nothing was said": ("not told", _fault("kill", "ticker")),
    "a keeper of which nothing was said": ("not told", _fault("kill", "keeper redis")),
    "a stopped server of which nothing was said": ("not told", _fault("stop", "postgres")),
    "a full Redis of which nothing was said": ("not told", _fault("redis", "full")),
    "a Redis that is only read of which nothing was said": ("not told", _fault("redis", "only read")),
    "connections that are used up of which nothing was said": ("not told", _fault("sessions", "used up")),
    "a clock that is off of which nothing was said": ("not told", _fault("clock", "postgres +1 h")),
    "a part's clock that is behind of which nothing was said": ("not told", _fault("clock", "ticker -1 day")),
    "a disk that fails of which nothing was said": ("not told", _fault("disk", "fails")),
    "a second up that runs": ("two ups", _fault("second up", "", code=0)),
    "a command that was acknowledged on top of a loss": ("built on a loss", lambda one: _lost(one, 10.2)),
    "a fact on top of a loss": ("built on a loss", lambda one: _lost(one, 20.0)),
    "a loss that a person could not accept": ("not accepted", lambda one: _lost(one, 20.0, 1)),
    "a person's command that broke off": (
        "not accepted",
        lambda one: _lost(one, 20.0, 3, acknowledged=False),
    ),
    "a loss of which nothing was said": ("not told", lambda one: _lost(one, 20.0)),
    "an unknown mail of which nothing was said": ("not told", _fact(_SENT, kind="message.unknown")),
}


def test_of_a_storm_that_went_well_nothing_is_found() -> None:
    assert judge(well()) == []


@pytest.mark.parametrize("what", SPOILED)
def test_it_finds(what: str) -> None:
    kind, spoil = SPOILED[what]
    evidence = well()
    spoil(evidence)
    assert kind in {one.kind for one in judge(evidence)}


@pytest.mark.parametrize(("code", "acknowledged"), [(0, True), (0, False), (1, False)])
def test_a_loss_that_was_accepted_or_that_nobody_misses_is_no_finding(code: int, acknowledged: bool) -> None:
    evidence = well()
    _lost(evidence, 20.0, code, acknowledged=acknowledged)
    assert "not accepted" not in {one.kind for one in judge(evidence)}


def test_who_is_stopped_does_not_wait() -> None:
    evidence = well()
    _asked((20.0, "intent", "c9", {}), (40.0, "refused", "c9", {"error": "StoreBusy"}))(evidence)
    evidence.faults = [*evidence.faults, Made("stop", "client 0", 21.0, 39.0, {"pids": [PID]})]
    assert judge(evidence) == []


def test_what_is_told_of_a_fault_while_it_lasts_is_no_alarm_of_nothing() -> None:
    evidence = well()
    _fault("stop", "redis")(evidence)
    evidence.looks = [Look(12.0, 14.0, {"redis": "wrong"})]
    assert judge(evidence) == []


def test_the_root_is_that_of_rfc_6962() -> None:
    """The roots of the test vectors in certificate-transparency's own tests, of its first three inputs."""
    leaves = [sha256(b"\0" + one).digest() for one in (b"", b"\0", b"\x10")]
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root(leaves).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
