"""Changing a calendar, and which open deadlines that moves."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.calendar.reckoning import Skipped
from domain.values import LocalText
from store.log import Store
from workflows.automation.rescheduling import Moved, change_calendar, deadlines_moved_by
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.queries.inquiry import Inquiry


class DeadlineMoved(msgspec.Struct, frozen=True):
    """`why`: the days that come to be passed over on the way, or to be counted, the changed day among them."""

    task: str
    title: LocalText
    kind: str
    item: str | None
    item_name: LocalText | None
    kind_name: LocalText | None
    before: date = msgspec.field(name="from")
    after: date = msgspec.field(name="to")
    why: tuple[Skipped, ...]


class CalendarChanged(msgspec.Struct, frozen=True):
    """The open deadlines that a change of the calendar moves; `preview`: nothing was changed."""

    preview: bool
    moved: list[DeadlineMoved]


def changing_calendar(
    store: Store, handler: CommandHandler, envelope: CommandEnvelope, command: Proclaim | WithdrawDay
) -> CalendarChanged:
    """Change the calendar and move every open deadline that it touches, all in one append. `envelope`: holds `command`."""
    return CalendarChanged(
        False, [_deadline_moved(one) for one in change_calendar(store, handler, envelope, command)]
    )


def preview_calendar(
    inquiry: Inquiry, handler: CommandHandler, envelope: CommandEnvelope, command: Proclaim | WithdrawDay
) -> CalendarChanged:
    """Which deadlines the same would move. It is refused in the words in which the command itself would be."""
    inquiry.authorise("deadlines")
    try:
        handler.handle_all([envelope], dry_run=True)
    except SomeRefused as refused:
        ((_, refusal),) = refused.faults
        raise refusal from None
    _, moved = deadlines_moved_by(inquiry.store, command)
    return CalendarChanged(True, [_deadline_moved(one) for one in moved])


def _deadline_moved(one: Moved) -> DeadlineMoved:
    deadline = one.deadline
    return DeadlineMoved(
        one.task,
        one.title,
        deadline.kind,
        deadline.item,
        one.item_name,
        deadline.label,
        deadline.due,
        one.to,
        one.why,
    )
