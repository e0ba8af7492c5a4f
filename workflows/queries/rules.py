"""What people read of rules: why a task is where it is, and what rules left undone or did late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Lang
from domain.roles import Role
from domain.streams import identity_of, kind_of, task_stream
from domain.task.open_line import OpenLine
from domain.task.stages import Condition, Stage
from domain.values import Awaited, Deadline, LocalText
from projections.labels import item_names_in
from store.recorded import RecordedFact, days_late
from workflows.command_handler import CommandHandler
from workflows.explaining_adoptions import AdoptedBy
from workflows.explaining_requirements import Required
from workflows.explaining_tasks import Coming, Done, Idle, Why, why
from workflows.lookups import agency_names
from workflows.overdue import OverdueTransition, list_late, list_overdue
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import NoSuchTask, whose_task
from workflows.telling import lines_of


class DoneByRule(Done, frozen=True, kw_only=True):
    """`sentence`: what the rule did, as the task's history tells it."""

    sentence: str


class ComingByRule(msgspec.Struct, frozen=True):
    """What a rule will do and on which day. `overdue`: the day has come; `refused`: what refuses it now."""

    rule: str
    on: date
    basis: str
    overdue: bool
    refused: str | None


class RuleAtRest(msgspec.Struct, frozen=True):
    """A rule that does nothing now: it is for a task in another stage or condition, or `waits_for` something."""

    rule: str
    stage: Stage
    condition: Condition
    basis: str
    waits_for: str | None


class RequirementExplained(msgspec.Struct, frozen=True):
    """What the definition requires of a command that is possible now. `otherwise`: what is said where it is false.

    `role`: for whom it was asked, None where that is all one; `inputs`: what it looks at, by name, null where there is no value; `asks`: the fields
    of the command on which it hangs. `value`: null where it cannot be told, by `problem` or by what is still to be given.
    """

    command: str
    that: str
    otherwise: str
    role: Role | None
    inputs: dict[str, Any]
    asks: tuple[str, ...]
    value: bool | None
    problem: str | None


class DecidedAtMeeting(msgspec.Struct, frozen=True):
    """What was carried out by a meeting's decision, by this one's number in the meeting. `sentence`: as the history tells it."""

    fact: str
    at: datetime
    meeting: str
    decision: int
    sentence: str


class TaskExplained(msgspec.Struct, frozen=True):
    """`next`: what rules will do, should nobody be faster; `waits_for`: what people have to do, by day, late before `today`.

    `uncounted`: what is due, but waits for a calendar to be counted; `item_names`: of milestones, by the ids that deadlines have.
    `place_names`, `step_names`: what the definition calls what is its own. `adopted`: by which fact it is in force, null
    where it came along with the program and the log does not have it. `line`: the approval line that is open, with whose
    turn it is since when.
    """

    task: str
    stage: Stage
    condition: Condition
    definition: str
    uncounted: tuple[Awaited, ...]
    done: list[DoneByRule]
    next: list[ComingByRule]
    waits_for: tuple[Deadline, ...]
    idle: list[RuleAtRest]
    today: date
    requirements: list[RequirementExplained]
    item_names: Mapping[str, LocalText] = {}
    decided: list[DecidedAtMeeting] = []
    place_names: Mapping[str, LocalText] = {}
    step_names: Mapping[str, LocalText] = {}
    adopted: AdoptedBy | None = None
    line: OpenLine | None = None


class Undone(msgspec.Struct, frozen=True):
    """What a rule should have done since that day. `task`: None where it is of a year; `hindrance`: what refuses it now."""

    task: str | None
    stream: str
    rule: str
    since: date
    basis: str
    hindrance: str | None


class Late(msgspec.Struct, frozen=True):
    """What a rule did so many days after the one from which it holds."""

    position: int
    stream: str
    version: int
    kind: str
    effective_at: datetime
    known_at: datetime
    days: int | None


class Transitions(msgspec.Struct, frozen=True):
    """Both empty while all has been well."""

    undone: list[Undone]
    late: list[Late]


def explain_task(inquiry: Inquiry, handler: CommandHandler, task: str) -> TaskExplained:
    """What rules did with a task and will do. `handler`: asked what would refuse it, without anything being done.

    Raises NoSuchTask.
    """
    store = inquiry.store
    facts = store.read(task_stream(task))
    inquiry.authorise("deadlines", whose_task(store, task, facts), tasks=(task,))
    if not facts:
        raise NoSuchTask(task=task)
    found = why(store, handler, task, facts)
    lines = lines_of(store, facts, inquiry.lang, agency_names(store))
    told = in_language(found, inquiry.lang, {f"#{line.version}": line.sentence for line in lines})
    decided = [
        one
        for recorded, line in zip(facts, lines, strict=True)
        if (one := _find_decision(recorded, line.sentence)) is not None
    ]
    return replace(told, item_names=item_names_in(one.fact for one in facts), decided=decided)


def _find_decision(recorded: RecordedFact[Any], sentence: str) -> DecidedAtMeeting | None:
    """Of which meeting, where a decision gave the command."""
    cause = recorded.envelope.cause
    stream, _, number = ("" if cause is None or cause.due is None else cause.due).partition("#")
    if kind_of(stream) != "meeting":
        return None
    return DecidedAtMeeting(
        f"#{recorded.version}", recorded.known_at, identity_of(stream), int(number), sentence
    )


def in_language(found: Why, lang: Lang, sentences: dict[str, str]) -> TaskExplained:
    """`sentences`: the task's facts in words, by their number, e.g. "#5"."""
    return TaskExplained(
        task=found.task,
        stage=found.stage,
        condition=found.condition,
        definition=found.definition,
        uncounted=found.uncounted,
        done=[_describe_done(one, sentences.get(one.fact, one.kind)) for one in found.done],
        next=[_describe_coming(one, lang) for one in found.next],
        waits_for=found.waits,
        idle=[_describe_idle(one, lang) for one in found.idle],
        today=found.today,
        requirements=[_describe_required(one, lang) for one in found.requirements],
        place_names=found.place_names,
        step_names=found.step_names,
        adopted=found.adopted,
        line=found.line,
    )


def list_transitions(inquiry: Inquiry, handler: CommandHandler) -> Transitions:
    """What should have happened by rule and did not, and what did late; of now. `handler`: as above."""
    inquiry.authorise("audit")
    undone, late = list_overdue(inquiry.store, handler), list_late(inquiry.store)
    return Transitions(
        [_describe_undone(one, inquiry.lang) for one in undone], [_describe_late(one) for one in late]
    )


def _describe_done(one: Done, sentence: str) -> DoneByRule:
    return DoneByRule(**msgspec.structs.asdict(one), sentence=sentence)


def _describe_coming(one: Coming, lang: Lang) -> ComingByRule:
    refused = None if one.hindrance is None else one.hindrance.say(lang)
    return ComingByRule(one.rule, one.on, one.basis.say(lang), one.overdue, refused)


def _describe_idle(one: Idle, lang: Lang) -> RuleAtRest:
    waits_for = None if one.waits_for is None else one.waits_for.say(lang)
    return RuleAtRest(one.rule, one.stage, one.condition, one.basis.say(lang), waits_for)


def _describe_required(one: Required, lang: Lang) -> RequirementExplained:
    return RequirementExplained(
        one.command,
        one.that,
        one.otherwise.say(lang),
        one.role,
        dict(one.inputs),
        one.asks,
        one.value,
        None if one.problem is None else one.problem.say(lang),
    )


def _describe_undone(one: OverdueTransition, lang: Lang) -> Undone:
    return Undone(
        task=identity_of(one.stream) if kind_of(one.stream) == "task" else None,
        stream=one.stream,
        rule=one.rule,
        since=one.on,
        basis=one.basis.say(lang),
        hindrance=None if one.hindrance is None else one.hindrance.say(lang),
    )


def _describe_late(one: RecordedFact[Any]) -> Late:
    return Late(
        one.position, one.stream, one.version, one.kind, one.effective_at, one.known_at, days_late(one)
    )
