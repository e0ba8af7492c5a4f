"""Judges what was asked for before the proposal: of whom, when and with which words; and that none is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.cases import Fact, Finding, Record, bare, seoul_day
from scripts.random_lives.oracle.life import Life

SAID = ("title", "area", "lead")
ASKED, LAPSED, FREED = "task.proposal_requested", "task.request_lapsed", "task.number_freed"


def read_list(facts: Iterable[Fact]) -> dict[str, Record]:
    """What the years' lists say of their tasks by these facts: as listed, or as changed by the one that was so last."""
    listed: dict[str, Record] = {}
    told = [f for f in facts if f.kind in {"programme.task_added", "programme.task_changed"}]
    for fact in sorted(told, key=lambda f: (f.kind != "programme.task_added", f.so, f.version)):
        entry = listed.setdefault(bare(fact.data["task"]), dict(fact.data))
        entry.update({name: fact.data[name] for name in SAID if fact.data.get(name) is not None})
    return listed


def judge_requests(life: Life) -> list[Finding]:
    findings = []
    for fact in life.facts:
        if fact.kind in {ASKED, LAPSED}:
            texts = _judge_asked(life, fact) if fact.kind == ASKED else _judge_lapsed(life, fact)
            day = seoul_day(fact.known).isoformat()
            findings += [Finding("request", fact.name, day, text, fact.position) for text in texts]
    for at in life.rests():
        for name, text in _list_left(life, life.position_at(at)):
            findings.append(Finding("request_left", name, seoul_day(at).isoformat(), text))
    return findings


def causes_of(life: Life, name: str, position: int) -> list[Fact]:
    """The facts before that position after which the task was to be asked for, of a year that says by which definition."""
    entry = life.listed.get(name)
    definition = life.definitions.get(entry.data.get("definition") or "") if entry else None
    if definition is None or not definition.rules_for("listed", "normal"):
        return []
    return [
        f
        for f in life.facts
        if f.position < position
        and (
            (f.kind == FREED and f.name == name)
            or (f.kind == "programme.task_added" and bare(f.data["task"]) == name)
            or (
                f.kind == "programme.task_changed"
                and bare(f.data["task"]) == name
                and any(f.data.get(one) is not None for one in SAID)
            )
        )
    ]


def _closing(life: Life, name: str, position: int) -> Fact | None:
    year = f"programme/{name[:4]}"
    closings = [f for f in life.facts if f.stream == year and f.kind == "programme.closed"]
    return closings[0] if closings and closings[0].position < position else None


def _judge_asked(life: Life, fact: Fact) -> Iterator[str]:
    name, position = fact.name, fact.position
    causes = {f"{one.stream}#{one.version}": one for one in causes_of(life, name, position)}
    cause = causes.get(fact.cause.get("due") or "")
    task = life.task_before(name, position)
    if fact.role != "system" or cause is None:
        yield f"It is asked for by {fact.role} because of {fact.cause.get('due')}, which asks for nothing."
        return
    earlier = [f for f in life.tasks[name] if f.kind == ASKED and f.position < position]
    if fact.cause.get("due") in {f.cause.get("due") for f in earlier}:
        yield f"It is asked for twice because of {fact.cause.get('due')}."
    if task.stage:
        yield "It is asked for though it was proposed."
    if _closing(life, name, position):
        yield "It is asked for though its year was closed."
    yield from _judge_said(life, fact)
    if fact.data["definition"] != life.listed[name].data["definition"]:
        yield f"It is asked for by {fact.data['definition']}; the list has another definition."
    moments = [cause.so, *(f.so for f in life.tasks[name] if f.kind == FREED and f.position < position)]
    if task.waits_since is not None:
        moments.append(task.waits_since)
    yield from _judge_time(fact, max(moments))


def _judge_said(life: Life, fact: Fact) -> Iterator[str]:
    says = read_list(f for f in life.facts if f.position < fact.position)[fact.name]
    for field in SAID:
        if shapes.text(fact.data[field]) != shapes.text(says[field]):
            yield f"It is asked for with the {field} {fact.data[field]}; the list says {says[field]}."


def _judge_lapsed(life: Life, fact: Fact) -> Iterator[str]:
    closing = _closing(life, fact.name, fact.position)
    if closing is None:
        yield "The request lapsed while its year was open."
    elif not life.task_before(fact.name, fact.position).waits:
        yield "A request lapsed that there was not."
    else:
        yield from _judge_time(fact, closing.so)


def _judge_time(fact: Fact, at: datetime) -> Iterator[str]:
    late = seoul_day(fact.known) > seoul_day(at)
    if late and fact.so != at:
        yield f"{fact.kind} was so at {fact.so.isoformat()}; by rule it took effect at {at.isoformat()}."
    if not late and fact.so != fact.known:
        yield f"{fact.kind} states {fact.so.isoformat()}, though it was carried out on the day of the rule."


def _list_left(life: Life, position: int) -> Iterator[tuple[str, str]]:
    """What should have been asked for, or let go, before that position."""
    for name in life.listed:
        task = life.task_before(name, position)
        if _closing(life, name, position):
            if task.waits:
                yield name, "Its year was closed, and its proposal is waited for."
            continue
        causes = causes_of(life, name, position)
        if task.stage or not causes:
            continue
        asked: list[Any] = [f.position for f in life.tasks.get(name, []) if f.kind == ASKED]
        if not any(causes[-1].position < one < position for one in asked):
            yield name, f"It should have been asked for after {causes[-1].stream}#{causes[-1].version}."
