"""What happens by rule: the system's commands on the day that was recorded, and why, or why not yet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from domain.aggregate import Command
from domain.calendar.reckoning import Calendars
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Lang
from domain.limits import FIRST_YEAR
from domain.programme.commands import Close, programme_stream
from domain.programme.decider import PROGRAMME
from domain.programme.state import Programme, ProgrammeStage
from domain.seoul import SEOUL, local_day
from domain.task.commands import CarryOver, Evaluate, OpenRating, Start, Withdraw, task_stream
from domain.task.decider import TASK
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from domain.values import Act, Deadline, LocalText
from projections.deadlines import DEADLINES as DEADLINES_VIEW
from projections.deadlines import DeadlinesRow
from projections.fresh import Fresh
from projections.reading import tasks_to_act_on
from projections.sentences import DEADLINES
from store.envelope import Actor, Cause
from store.log import Store
from store.recorded import folded
from workflows.calendars import calendars
from workflows.deadlines import due, pending, years_of
from workflows.definitions.model import Definition, definition
from workflows.order import Order

_SYSTEM = Actor(role="system")
_GRACE = timedelta(minutes=1)
_AT_ONCE = 500
CLOSE_RULE = "programme.close_the_year"


def transitions_due(store: Store) -> list[Order]:
    """The commands that rules give today or should have given before, one a task at most."""
    today = local_day(store.now())
    return [_transition(store, row, today) for row in tasks_to_act_on(store, today)]


def closing_due(store: Store, closed: set[int] | None = None) -> list[Order]:
    """The commands that close the programmes whose next year's February is over, the oldest first.

    `closed`: years known to be closed, which are passed over and added to.
    """
    closed = set() if closed is None else closed
    today = local_day(store.now())
    last = today.year - (1 if today.month >= 3 else 2)
    years = [year for year in range(FIRST_YEAR, last + 1) if year not in closed]
    orders = []
    for stream, facts in (
        store.load([programme_stream(year) for year in years]).streams.items() if years else ()
    ):
        programme: Programme = folded(PROGRAMME, facts)
        year = int(stream.partition("/")[2])
        if programme.stage is ProgrammeStage.CLOSED:
            closed.add(year)
        elif programme.stage is ProgrammeStage.OPEN:
            orders.append(_closing(store, year))
    return orders


def _closing(store: Store, year: int) -> Order:
    about = programme_stream(year)
    return Order(
        command=Close(year=year),
        actor=_SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store.id), f"{CLOSE_RULE} {about}").hex,
        cause=Cause(due=about, rule=CLOSE_RULE, rule_version="1"),
    )


def command_of(store: Store, task: str, rule: str, by: str) -> Command:
    """What the rule of that definition gives to the task."""
    (found,) = (one for one in definition(by).transitions if one.rule == rule)
    match found.command:
        case "task.start":
            return Start(task=task)
        case "task.withdraw":
            return Withdraw(task=task)
        case "task.carry_over":
            return CarryOver(task=task, to_year=int(task[:4]) + 1)
        case "task.open_rating":
            return OpenRating(task=task)
        case "task.evaluate":
            state: Task = folded(TASK, store.read(task_stream(task)))
            assert state.rating is not None, "the rule waits for it"
            return Evaluate(
                task=task, score=state.rating.score, grade=definition(by).grade(state.rating.score)
            )
    raise AssertionError(found.command)


def _transition(store: Store, row: DeadlinesRow, today: date) -> Order:
    act = min((one for one in row.acts if one.on <= today), key=lambda one: one.on)
    about = f"{task_stream(row.task)}#{row.set_by}"
    return Order(
        command=command_of(store, row.task, act.rule, row.definition),
        actor=_SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store.id), f"{act.rule} {about}").hex,
        cause=Cause(due=about, rule=act.rule, rule_version=row.definition),
    )


# what a rule of this kind needs before it can say on which day it acts
_WAITS = {
    "rated": LocalText(ko="시민평가 결과를 기다림", en="waits for the citizens' rating"),
    "deadline": LocalText(ko="기한이 정해지기를 기다림", en="waits for its deadline to be set"),
    "year": LocalText(ko="해가 끝나기를 기다림", en="waits for the year to end"),
    "at": LocalText(ko="다음 훑기를 기다림", en="waits for the next sweep"),
}


class LeftUndone(msgspec.Struct, frozen=True):
    """What a rule should have done with a task on that day, and has not."""

    task: str
    rule: str
    on: date
    basis: LocalText


class Done(msgspec.Struct, frozen=True):
    """A fact that a rule made: which, when, by which version, on which fact it looked."""

    fact: str
    kind: str
    at: datetime
    rule: str
    version: str
    looked_at: str | None


class Idle(msgspec.Struct, frozen=True):
    """A rule that does nothing now: it is for a task in another stage or condition, or `waits_for` something."""

    rule: str
    stage: Stage
    condition: Condition
    waits_for: LocalText | None = None

    def say(self, lang: Lang) -> str:
        if self.waits_for is not None:
            return f"{self.rule}: {self.waits_for.say(lang)}"
        place = f"{self.stage.say(lang)}, {self.condition.say(lang)}"
        return f"{self.rule}: {f'단계 {place}' if lang == 'ko' else f'for a task that is {place}'}"


class Why(msgspec.Struct, frozen=True):
    """`whose`: the agencies that may see it; `next`: what rules will do and when, should nobody be faster."""

    task: str
    whose: tuple[str, ...]
    stage: Stage
    condition: Condition
    definition: str
    done: tuple[Done, ...]
    next: tuple[tuple[Act, LocalText], ...]
    waits: tuple[Deadline, ...]
    idle: tuple[Idle, ...]

    def told(self, lang: Lang, sentences: Mapping[str, str]) -> list[tuple[str, list[str]]]:
        """Headings with their lines. `sentences`: the task's facts in words, by their number, e.g. "#5"."""
        korean = lang == "ko"
        done = [
            f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M} {one.fact} {sentences.get(one.fact, one.kind)}"
            + (f" [{'살펴본 기록' if korean else 'looked at'} {one.looked_at}]" if one.looked_at else "")
            for one in self.done
        ]
        coming = [f"{act.on} {act.rule}: {basis.say(lang)}" for act, basis in self.next]
        waits = [
            f"{one.due} {DEADLINES[one.kind].say(lang) if one.kind in DEADLINES else one.kind}"
            + (f" {one.item}" if one.item else "")
            for one in self.waits
        ]
        idle = [one.say(lang) for one in self.idle]
        titles = (
            ("규칙이 한 일", "다음에 규칙이 할 일", "그 전에 사람이 할 일", "지금 해당하지 않는 규칙")
            if korean
            else (
                "what rules did",
                "what comes next by rule",
                "what people have to do",
                "rules that do not act now",
            )
        )
        return list(zip(titles, (done, coming, waits, idle), strict=True))

    def document(self, lang: Lang) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "task": self.task,
            "stage": self.stage,
            "condition": self.condition,
            "definition": self.definition,
            "done": self.done,
            "next": [{"rule": act.rule, "on": act.on, "basis": basis.say(lang)} for act, basis in self.next],
            "waits_for": self.waits,
            "idle": self.idle,
        }


def why(store: Store, task: str) -> Why | None:
    """What rules did with the task and will do, counted anew from its facts; None where there is no such task."""
    facts = store.read(task_stream(task))
    if not facts:
        return None
    state: Task = folded(TASK, facts)
    by = definition(state.definition)
    deadlines, acts = _expected(state, task, by, calendars(store, years_of(state)))
    basis = {rule.rule: rule.basis for rule in by.transitions}
    place = (state.stage, state.condition)
    return Why(
        task=task,
        whose=(state.lead, *state.partners),
        stage=state.stage,
        condition=state.condition,
        definition=by.identity,
        done=tuple(
            Done(
                fact=f"#{one.version}",
                kind=one.kind,
                at=one.known_at,
                rule=cause.rule,
                version=cause.rule_version or "",
                looked_at=cause.due,
            )
            for one in facts
            if (cause := one.envelope.cause) is not None and cause.rule is not None
        ),
        next=tuple((act, basis[act.rule]) for act in acts),
        waits=tuple(deadlines),
        idle=tuple(
            Idle(
                rule.rule,
                rule.stage,
                rule.condition,
                _WAITS[rule.when.partition("_")[0]] if (rule.stage, rule.condition) == place else None,
            )
            for rule in by.transitions
            if rule.rule not in {act.rule for act in acts}
        ),
    )


def left_undone(store: Store) -> list[LeftUndone]:
    """What rules should have done a minute ago or earlier, by the log itself: views may lag when nobody works."""
    moment = store.now() - _GRACE
    today = local_day(moment)
    fresh = Fresh(store, DEADLINES_VIEW)
    fresh.fold_up_to(store.head().position)
    undone = []
    tasks = sorted(fresh.rows)
    for first in range(0, len(tasks), _AT_ONCE):
        streams = store.load([task_stream(one) for one in tasks[first : first + _AT_ONCE]]).streams
        states = {name[5:]: folded(TASK, facts) for name, facts in streams.items()}
        known = calendars(store, {year for state in states.values() for year in years_of(state)})
        for task, state in states.items():
            by = definition(state.definition)
            basis = {rule.rule: rule.basis for rule in by.transitions}
            _, acts = _expected(state, task, by, known)
            undone += [LeftUndone(task, act.rule, act.on, basis[act.rule]) for act in acts if act.on <= today]
    return sorted(undone, key=lambda one: (one.on, one.task))


def _expected(state: Task, task: str, by: Definition, known: Calendars) -> tuple[list[Deadline], list[Act]]:
    """The open deadlines and what rules will do; nothing where a calendar is missing."""
    try:
        deadlines = [one.deadline for one in due(state, by, known)]
    except CalendarNotOpen:
        return [], []
    return deadlines, list(pending(state, task, by, deadlines))
