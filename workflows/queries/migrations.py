"""Running tasks moved to another version of their definition, as people read it."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.errors import Lang
from domain.lifecycle.model import Definition
from domain.seoul import local_day
from domain.values import LocalText
from workflows.command_envelope import Giver
from workflows.command_handler import CommandHandler
from workflows.definitions.adopted import definitions_of
from workflows.migrating import Change, Moving, migration
from workflows.queries.inquiry import Inquiry


class TaskMoving(msgspec.Struct, frozen=True):
    """What becomes of a running task: it stays, since it is there already; it moves; or it is blocked, for the reason.

    `frm`: the definition by which it lives; `changes`: the deadlines that are otherwise under the other version.
    """

    task: str
    title: LocalText
    frm: str = msgspec.field(name="from")
    outcome: Literal["stays", "moves", "blocked"]
    reason: str | None
    changes: tuple[Change, ...]


class TasksMoving(msgspec.Struct, frozen=True):
    """`applied`: it is recorded, and not only shown."""

    applied: bool
    tasks: list[TaskMoving]


def migrate_tasks(
    inquiry: Inquiry, handler: CommandHandler, to: Definition, giver: Giver, *, apply: bool
) -> TasksMoving:
    """Every running task with what becomes of it; `apply`: record it, all in one append. `giver`: by whose own right.

    Raises WithdrawnAlready, NotInForceYet, SomeRefused, and what the command handler raises.
    """
    inquiry.may_act("definition.migrate")
    versions = definitions_of(inquiry.store).versions(to.name)
    versions.check_may_be_taken(to.identity, local_day(inquiry.store.now()))
    found = list(migration(inquiry.store, to, giver, inquiry.purpose))
    if apply:
        handler.handle_all([envelope for _, envelope in found if envelope is not None])
    return TasksMoving(apply, [_task_moving(moving, inquiry.lang) for moving, _ in found])


def _task_moving(one: Moving, lang: Lang) -> TaskMoving:
    reason = None if one.reason is None else one.reason.say(lang)
    return TaskMoving(one.task, one.title, one.frm, one.outcome, reason, one.changes)
