"""A person is told of each fault that a person should know of, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scripts.random_storms.checker.evidence import Evidence, Finding, Made
from scripts.random_storms.checker.going_back import LOSING

BROKE = "broke"  # as a check: doctor itself ended with an error
_LONG = 4.0  # a fault of the servers that is shorter than this may be over before anybody looks
_QUIET_AFTER = 30.0  # what a fault stirs up may be seen for so long after it
# By which checks `doctor` tells it while it lasts.
_TELLING: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("stop", "redis"): ("redis",),
    ("stop", "postgres"): ("database", "servers", "store"),
    ("redis", "full"): ("redis",),
    ("redis", "only read"): ("redis",),
    ("sessions", "used up"): ("database", "servers", "store"),
    **{(kind, ""): ("epoch",) for kind in LOSING},
    ("disk", "fails"): ("database", "servers", "store"),
    ("memory", "postgres"): ("database", "servers", "store"),
    **{("clock", f"postgres {shift}"): ("clocks",) for shift in ("+1 h", "-1 h", "+1 day", "-1 day")},
    **{
        ("clock", f"ticker {shift}"): ("part ticker",) for shift in ("-1 h", "-1 day")
    },  # as if it were silent
}
# By which line of `up` it is told that something was started again.
_LINES: Mapping[str, Mapping[str, str]] = {
    **{
        part: {"event": "part_restarted", "part": part}
        for part in ("ticker", "worker projections", "worker post", "worker automation")
    },
    **{f"keeper {kind}": {"event": "keeper_restarted", "server": kind} for kind in ("postgres", "redis")},
}


def list_left_to_a_person(faults: Iterable[str]) -> frozenset[str]:
    """How the checks begin that stay after faults of these kinds: seals of facts or of readings that are lost, and
    reminders that may have gone.
    """
    return frozenset({"trail", "compared", "post"} if {*LOSING} & {*faults} else ())


def check_alarms(evidence: Evidence) -> Iterator[Finding]:
    yield from _stay(evidence)
    yield from _of_nothing(evidence)
    for fault in evidence.faults:
        yield from _check_told(evidence, fault)


def _stay(evidence: Evidence) -> Iterator[Finding]:
    """At rest doctor says what it said before, and of reminders of which nobody knows."""
    if evidence.rested is None:
        return
    after = {check: state for check, state in evidence.after.items() if evidence.well.get(check) != state}
    last: dict[str, str] = {}
    for fact in evidence.facts:
        if fact.stream.startswith("message/"):
            last[fact.stream] = fact.kind
    lost = sorted(stream for stream, kind in last.items() if kind in ("message.unknown", "message.failed"))
    if lost and after.pop("post", None) is None and "post" not in evidence.well:
        yield Finding("not told", f"doctor says nothing of {lost[:3]}")
    for check, state in after.items():
        if check.startswith(tuple(list_left_to_a_person(one.kind for one in evidence.faults))):
            continue
        yield Finding("alarm stays", f"{check} is {state} though all is done")


def _of_nothing(evidence: Evidence) -> Iterator[Finding]:
    """What doctor says beside what it said before comes while a fault lasts or shortly after one."""
    left = tuple(list_left_to_a_person(one.kind for one in evidence.faults))
    for look in evidence.looks:
        if BROKE in look.found:
            yield Finding("broken", f"doctor: {look.found[BROKE]}")
        new = {check for check in look.found if check not in evidence.well and not check.startswith(left)}
        new -= {"post", BROKE}
        if new and not any(
            one.began <= look.ended and look.began <= one.ended + _QUIET_AFTER for one in evidence.faults
        ):
            yield Finding("alarm of nothing", f"{sorted(new)} at {look.began - evidence.began:.1f} s")


def _check_told(evidence: Evidence, fault: Made) -> Iterator[Finding]:
    if fault.missed:
        return
    checks = _TELLING.get((fault.kind, fault.target))
    if (
        checks is not None
        and fault.more.get("lasted", 0.0) >= _LONG
        and not _is_seen(evidence, fault, checks)
    ):
        yield Finding("not told", f"doctor said nothing of {fault.kind} {fault.target}")
    told_by_up = fault.kind == "kill" and not _up_died(evidence) and not _is_others(evidence, fault)
    line = _LINES.get(fault.target) if told_by_up else None
    if line is not None and not any(one.items() >= line.items() for one in evidence.logged):
        yield Finding("not told", f"no line says that {fault.target} was started again")
    if fault.kind == "second up" and fault.more.get("code") in (None, 0) and not _up_died(evidence):
        yield Finding("two ups", f"a second `up` ended with {fault.more.get('code')}")


def _is_seen(evidence: Evidence, fault: Made, checks: tuple[str, ...]) -> bool:
    return any(
        any(check.startswith(checks) for check in look.found)
        for look in evidence.looks
        if look.began <= fault.ended and fault.began <= look.ended
    )


def _is_others(evidence: Evidence, fault: Made) -> bool:
    """Whether this keeper is none of `up`'s: where there is a standby it is given PostgreSQL's addresses, and keeps only Redis."""
    return fault.target == "keeper postgres" and any(
        one.kind in ("lose", "lose tail") for one in evidence.faults
    )


def _up_died(evidence: Evidence) -> bool:
    return any(one.kind == "kill" and one.target == "up" for one in evidence.faults)
