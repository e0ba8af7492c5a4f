"""Addressing again: a notice that waited, or that reaches nobody, goes to whoever its rung is for now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from domain.aggregate import Command
from domain.notice.commands import Arm, Cancel, notice_stream
from domain.notice.decider import NOTICE
from domain.notice.facts import Cancelled, Due
from domain.notice.state import Notice, NoticeStage
from domain.seoul import local_day
from domain.task.commands import task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from projections.responsible import Responsible
from store.log import Store
from store.recorded import Recorded, folded
from workflows.definitions.model import definition
from workflows.recipients import Directory, Reaches, Recipient
from workflows.reminders import notice_about, notice_id


def readdressed(
    store: Store, notices: Collection[str], reaches: Reaches, *, only_unreached: bool = False
) -> Mapping[str, list[Command]]:
    """By notice that is for somebody else now: the commands that cancel it and arm it for whoever that is.

    Looked at are those that were armed before today, and those whose recipient cannot be reached; the latter alone with
    `only_unreached`. A person who was told of the same is not told again.
    """
    today = local_day(store.now())
    streams = store.load([notice_stream(one) for one in notices]).streams
    directory = Directory(store, today)
    found: dict[str, list[Command]] = {}
    armed: set[str] = set()
    for stream, facts in streams.items():
        notice: Notice = folded(NOTICE, facts)
        due = notice.due
        if due is None or notice.stage is NoticeStage.CANCELLED:
            continue
        waited = not only_unreached and local_day(facts[0].known_at) < today
        if not waited and reaches(due.recipient, due.channel):
            continue
        life = store.read(task_stream(due.task))
        responsible = directory.responsible(due.task, life)
        if responsible is None:
            continue
        task: Task = folded(TASK, life)
        to = _wanted(due, task, directory, responsible, reaches)
        if (due.recipient, due.channel) in {(one.recipient, one.channel) for one in to}:
            continue
        commands: list[Command] = [Cancel(notice=stream.removeprefix("notice/"), why="readdressed")]
        for one in to:
            name = _free_name(store, due, one)
            if name is not None and name not in armed:
                armed.add(name)
                commands.append(_arm(name, due, one, responsible.agency, late=due.on < today))
        found[stream.removeprefix("notice/")] = commands
    return found


def _wanted(
    due: Due, task: Task, directory: Directory, responsible: Responsible, reaches: Reaches
) -> list[Recipient]:
    rungs = definition(task.deadlines.definition).rungs(due.deadline) if task.deadlines else ()
    steps = next((one.to for one in rungs if one.days == due.days), ("planner",))
    return directory.recipients(steps, responsible, reaches)


def _free_name(store: Store, due: Due, to: Recipient) -> str | None:
    """The id under which it is armed for them; None where they have it already, or a person did not want it.

    Who had it once and gave it to another, before it went, gets it back under another id.
    """
    about = notice_about(due.task, due.deadline, due.item, due.due, due.days, to)
    for time in range(100):
        name = notice_id(store, f"{about} again {time}" if time else about)
        facts = store.read(notice_stream(name))
        if not facts:
            return name
        if not _was_given_away(facts):
            return None
    return None


def _was_given_away(facts: Collection[Recorded[Any]]) -> bool:
    return any(isinstance(one.fact, Cancelled) and one.fact.why == "readdressed" for one in facts)


def _arm(name: str, due: Due, to: Recipient, agency: str, *, late: bool) -> Arm:
    told = msgspec.structs.asdict(due) | msgspec.structs.asdict(to)
    return Arm(**told | {"notice": name, "agency": agency, "late": late, "held": False})
