"""Running tasks to another version of their definition: shown task by task, then recorded in one append."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.calendar.reckoning import Calendars
from domain.errors import Bilingual, Refusal
from domain.lifecycle.model import Definition
from domain.streams import task_stream
from domain.task.basis import basis_of
from domain.task.state import TASK, Task
from domain.values import Deadline, LocalText
from projections.board_page import board
from projections.labels import find_item_name
from store.log import Store
from store.recorded import fold_state
from workflows.automation.deadlines import basis_at, calendars_for, open_deadlines, setting
from workflows.command_envelope import CommandEnvelope, Giver
from workflows.definitions.adopted import definitions_of

_AT_ONCE = 500


class Change(msgspec.Struct, frozen=True):
    """A deadline under the other version. `before`, `after`: None where there is none."""

    kind: str
    item: str | None
    item_name: LocalText | None
    kind_name: LocalText | None
    before: date | None
    after: date | None


class Moving(msgspec.Struct, frozen=True):
    """What becomes of a running task: it stays, since it is there already; it moves; or it is blocked, and why."""

    task: str
    title: LocalText
    frm: str
    outcome: Literal["stays", "moves", "blocked"]
    reason: Bilingual | None = None
    changes: tuple[Change, ...] = ()


class OtherName(Refusal):
    """Versions of one definition may follow each other; another definition is another thing."""

    ko = "{task} 과제의 정의는 {frm}이므로 {to}(으)로 옮길 수 없습니다."
    en = "Task {task} lives by {frm} and cannot be moved to {to}."


class PlaceMissing(Refusal):
    """A task is where the other version knows no place: it would stay there for ever."""

    ko = "{task} 과제가 있는 단계와 상태({place})가 {to}에는 없습니다. 먼저 과제를 다른 상태로 옮기십시오."
    en = "Task {task} is where {to} knows no place ({place}). Bring it to another stage or condition first."


def migration(
    store: Store, to: Definition, giver: Giver, reason: str | None
) -> Iterator[tuple[Moving, CommandEnvelope | None]]:
    """Every running task with what becomes of it, and the command that records it where it moves."""
    tasks = [
        (row.task, LocalText(ko=row.title_ko, en=row.title_en)) for row in board(store) if row.stage.is_open
    ]
    definitions = definitions_of(store)
    for first in range(0, len(tasks), _AT_ONCE):
        some = tasks[first : first + _AT_ONCE]
        streams = store.load([task_stream(task) for task, _ in some]).streams
        known = calendars_for(store, map(basis_at, streams.values()))
        for task, title in some:
            facts = streams[task_stream(task)]
            state: Task = fold_state(TASK, facts)
            moving = _moving(task, title, state, to, known)
            envelope = None
            if moving.outcome == "moves":
                made = setting(task_stream(task), facts, known, definitions, store.id, by=to)
                assert made is not None, "another definition is always another fact"
                envelope = replace(
                    made,
                    on_behalf_of=giver.actor,
                    via=giver.via,
                    authn=giver.authn,
                    token=giver.token,
                    reason=reason,
                )
            yield moving, envelope


def _moving(task: str, title: LocalText, state: Task, to: Definition, known: Calendars) -> Moving:
    moving = Moving(task, title, state.definition, "moves")
    if state.definition == to.identity:
        return replace(moving, outcome="stays")
    try:
        if state.definition.partition("/")[0] != to.name:
            raise OtherName(task=task, frm=state.definition, to=to.identity)
        if state.place not in to.standing:
            raise PlaceMissing(task=task, to=to.identity, place=state.place)
        after = open_deadlines(basis_of(state), to, known).deadlines
    except Refusal as refusal:
        return replace(moving, outcome="blocked", reason=Bilingual(refusal.say("ko"), refusal.say("en")))
    before = state.deadlines.deadlines if state.deadlines else ()
    return replace(moving, changes=tuple(_changes(state, before, after)))


def _changes(task: Task, before: Sequence[Deadline], after: Sequence[Deadline]) -> Iterator[Change]:
    was = {(one.kind, one.item): one.due for one in before}
    will = {(one.kind, one.item): one.due for one in after}
    called = {one.kind: one.label for one in (*before, *after)}
    for kind, item in dict.fromkeys([*was, *will]):
        if was.get((kind, item)) != will.get((kind, item)):
            name = find_item_name(task, item)
            yield Change(kind, item, name, called[kind], was.get((kind, item)), will.get((kind, item)))
