"""Judges each count of deadlines, and that nothing is due that no count says."""

from __future__ import annotations

from typing import Any

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.cases import Fact, Finding, Record, day_of, seoul_day
from scripts.random_lives.oracle.due import Reckoning, quarters_due
from scripts.random_lives.oracle.life import COUNT, Life
from scripts.random_lives.oracle.starts import steps_follow

Lines = dict[tuple[str, str, str], Any]


def judge_counts(life: Life) -> list[Finding]:
    findings = []
    for facts in life.tasks.values():
        for fact in facts:
            if fact.kind == COUNT:
                findings += _judge_count(life, fact)
    return findings


def judge_rests(life: Life) -> list[Finding]:
    """Where the clockwork ran and was at rest, the last count says what is due."""
    findings = []
    for at in life.rests():
        position = life.position_at(at)
        for name in life.tasks:
            count = life.last_count(name, position)
            said = count_lines(count.data if count else {})
            due = reckoning_lines(life.reckoning_before(name, position))
            day = seoul_day(at).isoformat()
            where = count.position if count else None
            findings += [
                Finding("not_counted", name, day, f"At rest {text}.", where) for text in compare(said, due)
            ]
    return findings


def _judge_count(life: Life, fact: Fact) -> list[Finding]:
    definition = life.definitions.get(fact.data.get("definition", ""))
    due = reckoning_lines(life.reckoning_before(fact.name, fact.position, definition))
    day = seoul_day(fact.known).isoformat()
    texts = compare(count_lines(fact.data), due)
    texts += _judge_time(life, fact)
    return [
        Finding("count", fact.name, day, f"The count of deadlines: {text}.", fact.position) for text in texts
    ]


def _judge_time(life: Life, fact: Fact) -> list[str]:
    """A count made late is dated with the last thing of the task that was so by rule; others state no time.

    A later count behind the same thing may be dated either way: the law leaves it open.
    """
    before = [f for f in life.tasks[fact.name] if f.version < fact.version and not _asks_again(life, f)]
    last = max((f for f in before if f.kind != COUNT), key=lambda f: (f.so, f.version), default=None)
    by_rule = last is not None and last.role == "system" and seoul_day(fact.known) > seoul_day(last.so)
    right = last.so if last is not None and by_rule else fact.known
    again = last is not None and any(f.kind == COUNT and f.version > last.version for f in before)
    if fact.so == right or (again and fact.so == fact.known):
        return []
    return [f"it is dated {fact.so.isoformat()}, and should be {right.isoformat()}"]


def _asks_again(life: Life, fact: Fact) -> bool:
    """Whether a proposal is asked for that is waited for already."""
    return fact.kind == "task.proposal_requested" and life.task_before(fact.name, fact.position).waits


def count_lines(count: Record) -> Lines:
    """What a count says, by what it says it of."""
    lines: Lines = {}
    for one in count.get("deadlines") or ():
        rungs = {days: day for days, day in shapes.rungs(one).items() if day}
        lines["deadline", one["kind"], one.get("item") or ""] = (
            one["who"],
            day_of(one["start"]),
            one.get("days") or 0,
            day_of(one["due"]),
            rungs,
        )
    for one in shapes.waiting(count):
        key = ("waiting", one["kind"], one.get("item") or "")
        lines[key] = (one["who"], day_of(one["start"]), one.get("days") or 0, one["year"])
    for one in count.get("acts") or ():
        lines["act", one["rule"], ""] = day_of(one["on"])
    return lines


def reckoning_lines(reckoning: Reckoning) -> Lines:
    lines: Lines = {}
    for due in reckoning.deadlines:
        rungs = {days: day for days, day in due.rungs if day}
        lines["deadline", due.kind, due.item] = (due.who, due.start, due.days, due.due, rungs)
    for wait in reckoning.waiting:
        lines["waiting", wait.kind, wait.item] = (wait.who, wait.start, wait.days, wait.year)
    for act in reckoning.acts:
        lines["act", act.rule, ""] = act.on
    return lines


def compare(said: Lines, due: Lines) -> list[str]:
    return [
        f"{' '.join(key).strip()} should be {_write(due.get(key))}, the program says {_write(said.get(key))}"
        for key in sorted(said.keys() | due.keys())
        if said.get(key) != due.get(key)
    ]


def _write(value: Any) -> str:
    if value is None:
        return "absent"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_write, value)) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_write(each)}" for key, each in sorted(value.items())) + "}"
    return str(value)


def begins(life: Life, count: Fact) -> str:
    """The day on which what is new in this count began, ISO."""
    facts = life.tasks[count.name]
    earlier = [f.position for f in facts if f.kind == COUNT and f.position < count.position]
    since = max(earlier, default=-1)
    counted_on = follows_from(life, count.name, since + 1)
    began: Fact | None = None
    for fact in facts:
        if since < fact.position < count.position:
            other = follows_from(life, count.name, fact.position + 1) != counted_on
            began = (began or fact) if other else None
    return seoul_day((began or count).known).isoformat()


def follows_from(life: Life, name: str, position: int) -> object:
    """All that the deadlines of the task follow from, behind its facts before that position."""
    task = life.task_before(name, position)
    line = task.line and (task.line.number, task.line.turn, seoul_day(task.line.since))
    days = [at and seoul_day(at) for at in (task.since, task.final_report, task.rated and task.rated.so)]
    if not task.plan:
        return (*task.place, task.waits and task.waits_since and seoul_day(task.waits_since), days, line)
    left = {item: day for item, day in shapes.milestones(task.plan).items() if item not in task.reached}
    plan = (shapes.plan_days(task.plan), task.plan.get("not_before"), left)
    return (task.stage, task.condition, days, plan, quarters_due(task), steps_follow(task), line)
