"""Makes the oracle's case of a life, and hears its judgement. A life that broke is judged already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

import workflows.definitions
from projections.deadlines import tasks_due
from scripts.random_lives.life import Life
from scripts.random_lives.lived import Lived, Told, in_words
from scripts.random_lives.machine import live
from scripts.random_lives.observing import observe_now, observe_then
from scripts.random_lives.oracle import Case, Finding, judge
from scripts.random_lives.oracle.exports import read_line
from scripts.random_lives.place import Ground, Place, TimedSink
from workflows.overdue import list_overdue

DEFINITIONS = Path(workflows.definitions.__file__).parent


class Found(msgspec.Struct, frozen=True, order=True):
    """`kind`: by which findings are alike, e.g. for shrinking; `said`: the finding in full."""

    kind: str
    said: str


class Verdict(msgspec.Struct, frozen=True):
    """`given`: what each step came to; `seconds`: how long it was lived and judged."""

    life: Life
    findings: tuple[Found, ...]
    facts: int
    mails: int
    steps: int
    refused: dict[str, int]
    script: tuple[str, ...]
    seconds: float = 0.0


Judge = Callable[[Case], Sequence[Finding]]


def try_life(
    life: Life, on: Ground, sink: TimedSink, judge: Judge = judge
) -> tuple[Lived, Case | None, list[Found]]:
    """A life lived and judged."""
    lived, case = live(life, on, sink, _case)
    if lived.broken is not None:
        return lived, None, [Found(f"broken: {lived.broken.splitlines()[-1][:80]}", lived.broken)]
    assert case is not None
    try:
        findings = [_describe_finding(one) for one in judge(case)]
    except Exception as error:
        said = in_words(error)
        findings = [Found(f"oracle broke: {said.splitlines()[-1][:80]}", said)]
    return lived, case, sorted(set(findings))


def _case(here: Place, lived: Lived) -> Case:
    store = here.engine.store
    until = lived.life.until
    observed = [*observe_then(store, lived.month_ends), *lived.observed, observe_now(store, until.date())]
    return Case(
        facts=[read_line(line.decode()) for line in store.export_facts()],
        definitions=sorted(one for one in DEFINITIONS.glob("*.toml") if ".scenarios" not in one.name),
        until=_iso(until),
        mails=[
            {"at": _iso(at), "to": to[0], "message": message}
            for (to, message), at in zip(here.sink.mails, here.sink.times, strict=True)
        ],
        people=dict(lived.people),
        address_changes=[(_iso(at), subject, mail) for at, subject, mail in lived.people_changes],
        away=[(_iso(began), _iso(ended)) for began, ended in lived.away],
        lost=[(_iso(began), _iso(ended)) for began, ended in lived.lost],
        refused=[
            _describe_refused(one) for one in lived.told if one.refused and not lived.was_lost(one.step.at)
        ],
        observed=[msgspec.to_builtins(one) for one in observed],
        doctor=_doctor(here),
    )


def _describe_refused(told: Told) -> dict[str, Any]:
    return {
        "at": _iso(told.step.at),
        "do": told.step.do,
        "name": told.refused,
        "details": told.details,
        "position": told.position,
        "actor": {} if told.envelope is None else msgspec.to_builtins(told.envelope.actor),
        "command": "" if told.envelope is None else told.envelope.command.name,
        "effective_at": "" if told.envelope is None else _iso(told.envelope.effective_at),
        "given": {} if told.envelope is None else told.envelope.command.model_dump(mode="json"),
    }


def _doctor(here: Place) -> dict[str, Any]:
    """What the product itself says is not as it should be: what rules left undone, and what waits for which calendar."""
    store = here.engine.store
    waits = {(row.task, one.year) for row in tasks_due(store) for one in row.waiting}
    return {
        "transitions_left": [[one.stream, one.rule] for one in list_overdue(store, here.engine.handler)],
        "waits": [list(one) for one in sorted(waits)],
    }


def _describe_finding(finding: Finding) -> Found:
    at = "" if finding.position is None else f" (#{finding.position})"
    return Found(finding.kind, f"{finding.about} {finding.day} {finding.says}{at}")


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()
