"""Nothing waits longer than it may, and all is done again in time after the last fault, without a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scripts.random_storms.checker.evidence import Entry, Evidence, Finding, Made

# Seconds, as docs/operations.md states them. The slack is a busy machine's.
LIMITS: Mapping[str, float] = {"intent": 15.0, "reading begun": 10.0, "clock begun": 10.0}
SLACK = 4.0
REST_SECONDS = 45.0


def check_waits(evidence: Evidence) -> Iterator[Finding]:
    open_ones: dict[int, Entry] = {}
    for entry in evidence.ledger:
        before = open_ones.pop(entry.pid, None)
        if before is not None and before.t >= evidence.began and before.what in LIMITS:
            took = entry.t - before.t - _time_stopped(evidence.faults, entry.pid, before.t, entry.t)
            if took > LIMITS[before.what] + SLACK:
                yield Finding(
                    "waited", f"{before.what} {before.id} took {took:.1f} s, {entry.what} came of it"
                )
        if entry.what in LIMITS:
            open_ones[entry.pid] = entry
    if evidence.rested is None:
        behind = {name: at for name, (at, _) in evidence.positions.items() if at != evidence.head}
        yield Finding(
            "not at rest", f"not within {REST_SECONDS:.0f} s: head {evidence.head}, behind {behind}"
        )


def _time_stopped(faults: Sequence[Made], pid: int, since: float, until: float) -> float:
    """For how long of that time the process itself was stopped."""
    return sum(max(0.0, min(one.ended, until) - max(one.began, since)) for one in faults if pid in one.pids)
