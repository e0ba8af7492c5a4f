"""The first page: what waits for whoever looks, a card a task with the one next thing, and what is due."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Request, Response, get

from domain.errors import Lang
from projections.behind import note_views_read
from projections.labels import WAITS
from web.answers import page
from web.dates import date_bar
from web.threads import in_thread
from web.visits import Visitor
from workflows.permissions import READINGS
from workflows.queries.agencies import agency_inboxes
from workflows.queries.due_words import describe_stage, name_of_due
from workflows.queries.inquiry import Inquiry
from workflows.queries.programmes import planner_inbox
from workflows.queries.tasks import TaskRow, list_tasks
from workflows.waiting import InboxWaiting

_MOST = 200


class Card(NamedTuple):
    """A task with its one sentence. `todo`: what waits for the reader; `days`: until it is due, negative once it is overdue."""

    task: str
    title: str
    stage: str
    todo: str | None
    due: str | None
    days: int | None


@get("/")
@in_thread
def show_morning(request: Request[Any, Any, Any], visitor: Visitor) -> Response[str]:
    if visitor.session is None:
        return page(visitor, "welcome.html", status=401)
    bar = date_bar(request)
    with note_views_read() as read:
        inquiry = visitor.inquiry(bar.asked)
        rows = list_tasks(inquiry, lead=inquiry.own_agency, most=_MOST)
        waiting = {one.task: one for one in _waiting(inquiry)}
    cards = [_card(row, waiting.get(row.task), inquiry, visitor.lang) for row in rows.tasks]
    return page(
        visitor,
        "morning.html",
        bar=bar.shown(inquiry, visitor.lang),
        mine=sorted((one for one in cards if one.todo), key=_soonest),
        others=[one for one in cards if not one.todo],
        more=rows.more,
        behind=[one for one in read.values() if one is not None],
    )


def _waiting(inquiry: Inquiry) -> list[InboxWaiting]:
    """The reader's own inbox; nothing for who has none."""
    role = inquiry.reader.actor and inquiry.reader.actor.role
    if inquiry.own_agency is not None:
        return [row for box in agency_inboxes(inquiry).inboxes for row in box.waiting]
    return planner_inbox(inquiry).waiting if role in READINGS["programme.inbox"].permitted else []


def _card(row: TaskRow, waits: InboxWaiting | None, inquiry: Inquiry, lang: Lang) -> Card:
    todo = None
    if waits is not None and waits.waits is not None:
        todo = " / ".join(one.label.say(lang) for one in waits.ways) or WAITS[waits.waits].say(lang)
    due = row.next
    return Card(
        row.task,
        row.title(lang),
        describe_stage(row.stage, row.condition, lang, amended=row.amended, name=row.condition_name),
        todo,
        None if due is None else f"{name_of_due(due, lang)} {due.due}",
        None if due is None else (due.due - inquiry.today).days,
    )


def _soonest(card: Card) -> tuple[bool, int, str]:
    return card.days is None, card.days or 0, card.task


ROUTES = [show_morning]
