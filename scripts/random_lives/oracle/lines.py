"""Judges approval lines: what goes by one, whom it names, who signed when, what each signature led to, and what let one lapse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.random_lives.oracle.cases import Fact, Finding, Record, bare, seoul_day
from scripts.random_lives.oracle.conditions import Asked, NotToldError, list_counting, read_asked
from scripts.random_lives.oracle.definitions import Definition
from scripts.random_lives.oracle.life import COUNT, Life
from scripts.random_lives.oracle.open_lines import (
    LAPSED,
    OBJECTED,
    OF_LINES,
    OPENED,
    SIGNED,
    WITHDRAWN,
    OpenLine,
    follow,
)
from scripts.random_lives.oracle.positions import position_at
from scripts.random_lives.oracle.rights import rights_to_sign
from scripts.random_lives.oracle.tasks import STEP, Task

TAKE = "task.take_step"
# by kind of fact, the commands that lead to it; which of two, whoever gave it tells
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "task.approved": ("task.approve",),
    "task.returned": ("task.return",),
    "task.revised": ("task.revise",),
    "task.rejected": ("task.reject",),
    "task.suspended": ("task.suspend",),
    "task.resumed": ("task.resume",),
    "task.replan_requested": ("task.replan",),
    "task.replanned": ("task.replan", "task.approve_replan"),
    "task.replan_refused": ("task.refuse_replan",),
    "task.handed_over": ("task.hand_over",),
    "task.partner_added": ("task.add_partner",),
    "task.partner_released": ("task.release_partner",),
    "task.progress_reported": ("task.report_progress",),
    "task.final_report_submitted": ("task.submit_final_report",),
    "task.rated": ("task.rate",),
    "task.discontinued": ("task.discontinue",),
    STEP: (TAKE,),
}
# what a fact says of what was asked for, and in which of the command's fields that stood
_SAID: Mapping[str, tuple[str, str]] = {
    "task.replan_requested": ("plan", "plan"),
    "task.handed_over": ("lead", "to"),
    "task.partner_added": ("partner", "partner"),
    "task.progress_reported": ("percent", "percent"),
    "task.rated": ("score", "score"),
    STEP: ("step", "step"),
}


def judge_lines(life: Life) -> list[Finding]:
    findings = []
    for facts in life.tasks.values():
        for fact, text in _walk(life, facts):
            findings.append(
                Finding("line", fact.name, seoul_day(fact.known).isoformat(), text, fact.position)
            )
    return findings


def _walk(life: Life, facts: list[Fact]) -> Iterator[tuple[Fact, str]]:
    line: OpenLine | None = None
    signed: tuple[OpenLine, Fact] | None = None  # the line that the fact before completed
    by_version = {one.version: one for one in facts}
    for fact in sorted(facts, key=lambda one: one.version):
        after = by_version.get(fact.version + 1)
        if signed is not None:
            yield from ((fact, text) for text in _judge_carried_out(*signed, fact))
        elif fact.kind in OF_LINES:
            before = by_version.get(fact.version - 1)
            yield from ((fact, text) for text in _judge_of_line(life, line, fact, before))
        elif fact.kind != COUNT:
            yield from ((fact, text) for text in _judge_beside(life, line, fact, after))
        ended = follow(line, fact)
        signed = (line, fact) if line and ended is None and fact.kind == SIGNED else None
        line = ended
    if signed is not None:
        yield signed[1], "All have signed, and nothing was carried out."


def _judge_of_line(life: Life, line: OpenLine | None, fact: Fact, before: Fact | None) -> Iterator[str]:
    if fact.kind == OPENED:
        yield from _judge_opened(life, line, fact)
        return
    if line is None or line.number != fact.data["line"]:
        yield f"{fact.kind} is of line {fact.data['line']}; open was {line and line.number}."
    elif fact.kind in (SIGNED, OBJECTED):
        yield from _judge_signature(life, line, fact)
    elif fact.kind == WITHDRAWN and _who(fact) != _who(line.opened):
        yield f"The line was withdrawn by {_who(fact)}; {_who(line.opened)} asked."
    elif fact.kind == LAPSED and (before is None or not _lets_lapse(life, before)):
        yield "The line lapsed, though nothing changed that was to be signed."


def _who(fact: Fact) -> tuple[Any, ...]:
    return tuple(fact.actor.get(name) for name in ("role", "agency", "subject"))


# What a line says, and whether one was needed


def line_in(definition: Definition | None, command: str, step: str | None) -> list[Record]:
    if definition is None:
        return []
    rule = definition.steps.get(step or "") if command == TAKE else definition.commands.get(command)
    return list(rule.get("line") or ()) if rule else []


def list_turns(line: list[Record], counting: list[Record]) -> list[tuple[list[Record], int]]:
    """The entries asked side by side, and how many suffice: as many as their group's first entry says, all where it says none."""
    turns: list[tuple[list[Record], int]] = []
    for one in counting:
        group = one.get("group")
        if turns and group is not None and turns[-1][0][0].get("group") == group:
            turns[-1][0].append(one)
        else:
            turns.append(([one], 0))
    return [(entries, _count_needed(line, entries)) for entries, _ in turns]


def _count_needed(line: list[Record], entries: list[Record]) -> int:
    group = entries[0].get("group")
    said = [
        int(one["needed"])
        for one in line
        if group is not None and one.get("group") == group and "needed" in one
    ]
    return min([*said, len(entries)])


def _judge_opened(life: Life, open_before: OpenLine | None, fact: Fact) -> Iterator[str]:
    data, definition = fact.data, life.definition_of(fact.name, fact.position)
    if open_before is not None:
        yield f"A line was opened while #{open_before.number} was."
    if fact.stated:
        yield f"What was asked for is dated back to {fact.so.isoformat()}."
    if fact.role == "system":
        yield "A rule asked for something by a line."
    if definition is None or data["definition"] != definition.name:
        yield f"The line is of {data['definition']}; the task lives by {definition and definition.name}."
        return
    own = line_in(definition, data["command"], data.get("step"))
    try:
        counting = list_counting(own, life.task_before(fact.name, fact.position), read_asked(data))
    except NotToldError:
        yield "A line was opened though it cannot be told who has to sign."
        return
    yield from _judge_signatories(own, counting, data)
    for one in counting:
        if "position" in one and not position_at(life, one["position"], fact).holders:
            yield f"A line was opened though nobody holds {one['position']}."


def _judge_signatories(own: list[Record], counting: list[Record], data: Record) -> Iterator[str]:
    turns = list_turns(own, counting)
    turn_of = {one["entry"]: number for number, (entries, _) in enumerate(turns, start=1) for one in entries}
    right = [
        (
            one["entry"],
            turn_of[one["entry"]],
            one["kind"],
            one.get("role"),
            one.get("position"),
            turn_of.get(one.get("returns_to", "")),
        )
        for one in counting
    ]
    told = [
        (one["entry"], one["turn"], one["kind"], one.get("role"), one.get("position"), one.get("returns_to"))
        for one in data["signatories"]
    ]
    if told != right:
        yield f"The line names {told}; by its definition {right}."
    needed = [count for _, count in turns]
    if list(data["needed"]) != needed:
        yield f"The line needs {data['needed']} signatures by turn; by its definition {needed}."


# Signatures


def _judge_signature(life: Life, line: OpenLine, fact: Fact) -> Iterator[str]:
    data = fact.data
    entry = next((one for one in line.asked if one["entry"] == data["entry"]), None)
    if data["sha256"] != line.opened.data["sha256"]:
        yield "The signature names another hash than the line has."
    if fact.stated:
        yield f"The signature is dated back to {fact.so.isoformat()}."
    if entry is None:
        yield f"{data['entry']} signed; asked were {[one['entry'] for one in line.asked]}."
        return
    said = (data.get("holder"), data.get("mandate"))
    right = rights_to_sign(life, entry, fact)
    if said not in right:
        yield f"{_who(fact)} signed as {data['entry']} for {said}; allowed by {right or 'nothing'}."
    if fact.kind == OBJECTED and data.get("returns_to") != entry.get("returns_to"):
        yield f"The objection leads back to {data.get('returns_to')}; by the line to {entry.get('returns_to')}."


# What it comes to


def _judge_carried_out(line: OpenLine, last: Fact, fact: Fact) -> Iterator[str]:
    """`last`: the signature that completed the line; `fact`: the one behind it."""
    asked = line.opened.data
    if fact.known != last.known or asked["command"] not in COMMANDS.get(fact.kind, ()):
        yield f"All have signed for {asked['command']}; {fact.kind} followed."
        return
    if _who(fact) != _who(last):
        yield f"{fact.kind} is said to be by {_who(fact)}; the last signature was by {_who(last)}."
    named = (fact.cause.get("fact"), fact.cause.get("due"))
    if line.opened.position not in named and f"{fact.stream}#{line.number}" not in named:
        yield f"{fact.kind} names {named} for its cause; it was asked for by #{line.opened.position}."
    yield from _judge_said(read_asked(asked), fact)


def _judge_said(asked: Asked, fact: Fact) -> Iterator[str]:
    if fact.kind in _SAID:
        said, field = _SAID[fact.kind]
        told, right = fact.data.get(said), asked[field]
        if bare(str(told)) != bare(str(right)) and not _is_same(told, right):
            yield f"{fact.kind} says {told} of {said}; asked for was {right}."
    if fact.kind == STEP:
        form = {one["field"]: one["value"] for one in fact.data.get("form") or ()}
        if form != asked["form"]:
            yield f"The step's form says {form}; asked for was {asked['form']}."


def _is_same(told: Any, right: Any) -> bool:
    """Of a plan, all that was asked for stands in it."""
    if isinstance(right, dict):
        return isinstance(told, dict) and all(_is_same(told.get(one), value) for one, value in right.items())
    if isinstance(right, list):
        return len(told or ()) == len(right) and all(map(_is_same, told or (), right))
    return (told or None) == (right or None)


def _judge_beside(life: Life, line: OpenLine | None, fact: Fact, after: Fact | None) -> Iterator[str]:
    """What happened without a line, or while one was open."""
    yield from _judge_without(life, fact)
    if line is None:
        return
    lapses = after is not None and after.kind == LAPSED and after.data["line"] == line.number
    if _lets_lapse(life, fact) and not (lapses and after is not None and after.known == fact.known):
        yield f"{fact.kind} changed what was to be signed, and line {line.number} did not lapse."


def _judge_without(life: Life, fact: Fact) -> Iterator[str]:
    """Carried out at once: nobody had to sign for it."""
    commands = COMMANDS.get(fact.kind, ())
    if fact.role == "system" or not commands:
        return
    command = commands[-1] if fact.role in ("planner", "department") else commands[0]
    own = line_in(life.definition_of(fact.name, fact.position), command, fact.data.get("step"))
    if own and (waited := _list_waited(life, own, fact)):
        yield f"{command} was carried out without {', '.join(waited)}, who had to sign."


def _list_waited(life: Life, own: list[Record], fact: Fact) -> list[str]:
    form = {one["field"]: one["value"] for one in fact.data.get("form") or ()}
    try:
        counting = list_counting(own, life.task_before(fact.name, fact.position), {**fact.data, "form": form})
    except NotToldError:
        return ["somebody"]
    return [str(one["entry"]) for one in counting]


def _lets_lapse(life: Life, fact: Fact) -> bool:
    """Whether the fact changed what was to be signed: place, title, lead, partners, plan, the one asked for, or steps."""
    if fact.kind in OF_LINES or fact.kind == COUNT:
        return False
    before, after = (life.task_before(fact.name, fact.position + more) for more in (0, 1))
    return _what_is_signed(before) != _what_is_signed(after)


def _what_is_signed(task: Task) -> tuple[Any, ...]:
    steps = [(name, one.so, one.place, one.form) for name, one in task.steps.items()]
    return (*task.place, task.title, task.lead, task.partners, task.plan, task.asked_plan, steps)
