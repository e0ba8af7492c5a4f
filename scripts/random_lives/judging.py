"""Makes the oracle's case of a life, and hears its judgement. A life that broke is judged already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

import workflows.definitions
from projections.reading import tasks_due
from scripts.random_lives.life import Life
from scripts.random_lives.machine import Lived, in_words, live
from scripts.random_lives.observing import observe_now, observe_then
from scripts.random_lives.place import Ground, Place, TimedSink
from store.log import Store
from workflows.undone import left_undone

DEFINITIONS = Path(workflows.definitions.__file__).parent
_CHUNK = 5000
_ORACLE = "scripts.random_lives.oracle"


class Case(msgspec.Struct, frozen=True):
    """What the oracle is told. Moments are ISO; `facts` in the order of the log, as the exported history has them."""

    facts: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    people: dict[str, str | None]
    people_changes: list[tuple[str, str, str | None]]
    away: list[tuple[str, str]]
    until: str
    observed: list[dict[str, Any]]
    doctor: dict[str, Any]
    definitions: str


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


Judge = Callable[[Case], Sequence[Any]]


def oracle() -> Judge | None:
    """The oracle, where it is; None where this tree has none. It has its own form of a case, and shares no code."""
    if find_spec(_ORACLE) is None:
        return None
    room: Any = import_module(_ORACLE)

    def judge(case: Case) -> Sequence[Any]:
        told: Sequence[Any] = room.judge(
            room.Case(
                facts=case.facts,
                definitions=sorted(Path(case.definitions).glob("*.toml")),
                until=case.until,
                mails=case.mails,
                people=case.people,
                address_changes=case.people_changes,
                away=case.away,
                observed=case.observed,
                doctor=case.doctor,
            )
        )
        return told

    return judge


def tried(
    life: Life, on: Ground, sink: TimedSink, judge: Judge | None
) -> tuple[Lived, Case | None, list[Found]]:
    """A life lived and judged."""
    lived, case = live(life, on, sink, _case)
    if lived.broken is not None:
        return lived, None, [Found(f"broken: {lived.broken.splitlines()[-1][:80]}", lived.broken)]
    assert case is not None
    try:
        findings = [] if judge is None else [_found(one) for one in judge(case)]
    except Exception as error:
        said = in_words(error)
        findings = [Found(f"oracle broke: {said.splitlines()[-1][:80]}", said)]
    return lived, case, sorted(set(findings))


def _case(here: Place, lived: Lived) -> Case:
    store = here.engine.store
    until = lived.life.until
    observed = [*observe_then(store, lived.month_ends), *lived.observed, observe_now(store, until.date())]
    return Case(
        facts=[fact_of(store, row) for row in _rows(store)],
        mails=[
            {"at": _iso(at), "to": to[0], "message": message}
            for (to, message), at in zip(here.sink.mails, here.sink.times, strict=True)
        ],
        people=dict(lived.people),
        people_changes=[(_iso(at), subject, mail) for at, subject, mail in lived.people_changes],
        away=[(_iso(began), _iso(ended)) for began, ended in lived.away],
        until=_iso(until),
        observed=[msgspec.to_builtins(one) for one in observed],
        doctor=_doctor(here),
        definitions=str(DEFINITIONS),
    )


def _doctor(here: Place) -> dict[str, Any]:
    """What the product itself says is not as it should be: what rules left undone, and what waits for which calendar."""
    store = here.engine.store
    waits = {(row.task, one.year) for row in tasks_due(store) for one in row.waiting}
    return {
        "transitions_left": [[one.stream, one.rule] for one in left_undone(store, here.engine.door)],
        "waits": [list(one) for one in sorted(waits)],
    }


def _rows(store: Store) -> list[Any]:
    rows: list[Any] = []
    while some := store.rows_after(rows[-1][0] if rows else 0, _CHUNK):
        rows += some
    return rows


def fact_of(store: Store, row: Any) -> dict[str, Any]:
    """A fact as the export tells it, with what the oracle asks for under its names."""
    one = store.decoded(row)
    envelope = one.envelope
    actor: dict[str, Any] = {"role": envelope.actor.role}
    if envelope.actor.agency is not None:
        actor["agency"] = envelope.actor.agency
    cause = None
    if envelope.cause is not None:
        cause = {
            name: value
            for name in ("due", "rule", "rule_version")
            if (value := getattr(envelope.cause, name)) is not None
        }
    return {
        "position": one.position,
        "stream": one.stream,
        "version": one.version,
        "kind": one.kind,
        "recorded_at": _iso(one.recorded_at),
        "known_at": _iso(one.known_at),
        "effective_at": _iso(one.effective_at),
        "stated": envelope.effective_at is not None,
        "actor": actor,
        "cause": cause,
        "fact": msgspec.to_builtins(one.fact),
    }


def _found(finding: Any) -> Found:
    kind = getattr(finding, "kind", None) or type(finding).__name__
    told = [str(value) for name in ("about", "day", "says") if (value := getattr(finding, name, None))]
    at = getattr(finding, "position", None)
    return Found(str(kind), " ".join(told) + (f" (#{at})" if at else "") if told else str(finding))


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()
