"""Reading the rows of views."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from domain.task.stages import Stage
from domain.values import LocalText
from projections.agency_register import AGENCY_REGISTER, AgencyRow
from projections.as_of import rows_of
from projections.deadlines import DEADLINES, DeadlinesRow
from projections.inbox import AGENCY_INBOX, CITY_INBOX, InboxRow
from projections.notices import MESSAGES, NOTICES, MessageRow, NoticeRow
from projections.programme_summary import PROGRAMME_SUMMARY, ProgrammeSummaryRow
from projections.slices import Cut
from projections.sources import found
from projections.successions import Successions, successions
from projections.task_board import TASK_BOARD, TaskBoardRow
from projections.view import View
from store.log import Store

R = TypeVar("R", bound=msgspec.Struct)
_BOARD = (
    f"SELECT row::text FROM {TASK_BOARD.table} AS task "
    "WHERE (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(area)s::text IS NULL OR area = %(area)s) "
    "AND (%(lead)s::text[] IS NULL OR lead = ANY(%(lead)s)) ORDER BY key"
).encode()
_SUMMARY = (
    f"SELECT year, area, stage, tasks, budget_krw, progress_sum, progress_count "
    f"FROM {PROGRAMME_SUMMARY.table} AS sums WHERE year = %(year)s ORDER BY area, stage"
).encode()


def board(
    store: Store,
    *,
    stage: Stage | None = None,
    area: str | None = None,
    lead: str | None = None,
    at: Cut | None = None,
) -> list[TaskBoardRow]:
    """The task board's rows by task number, all or those that match. `at`: of a slice of the log, here and below."""
    known = successions(store, at)
    given = {"stage": stage, "area": area, "lead": known.answered_by(lead)}
    rows = _rows(store, TaskBoardRow, _BOARD, given, at)
    return [replace(row, lead=known.answering(row.lead)) for row in rows]


_AGENCY_INBOX = (
    f"SELECT row::text FROM {AGENCY_INBOX.table} AS task WHERE agency IS NOT NULL "
    "AND (%(agency)s::text[] IS NULL OR agency = ANY(%(agency)s)) ORDER BY agency, key"
).encode()
_CITY_INBOX = (
    f"SELECT row::text FROM {CITY_INBOX.table} AS task WHERE waits IS NOT NULL ORDER BY key".encode()
)
_ENDING = f"SELECT row::text FROM {AGENCY_REGISTER.table} WHERE next_end < %s ORDER BY key".encode()
_REGISTER = f"SELECT row::text FROM {AGENCY_REGISTER.table} ORDER BY key".encode()
_NEXT_END = f"SELECT min(next_end) FROM {AGENCY_REGISTER.table} WHERE next_end >= %s".encode()


def agency_inbox(store: Store, agency: str | None = None, at: Cut | None = None) -> dict[str, list[InboxRow]]:
    """What waits for each agency, or for one, by task."""
    inboxes: dict[str, list[InboxRow]] = {}
    known = successions(store, at)
    for row in _rows(store, InboxRow, _AGENCY_INBOX, {"agency": known.answered_by(agency)}, at):
        lead = known.answering(row.lead)
        inboxes.setdefault(lead, []).append(replace(row, lead=lead, agency=lead))
    return {lead: sorted(inboxes[lead], key=lambda row: row.task) for lead in sorted(inboxes)}


def city_inbox(store: Store, at: Cut | None = None) -> list[InboxRow]:
    """What waits for the planner, by task."""
    known = successions(store, at)
    return [
        replace(row, lead=known.answering(row.lead)) for row in _rows(store, InboxRow, _CITY_INBOX, at=at)
    ]


def agencies_ending(store: Store, before: date) -> list[AgencyRow]:
    """Agencies with a span whose last day is before this one."""
    return _rows(store, AgencyRow, _ENDING, (before,))


def agencies_listed(store: Store) -> dict[str, LocalText]:
    """Every agency's present name, by id, as far as the register has come."""
    rows = _rows(store, AgencyRow, _REGISTER)
    return {row.agency: LocalText(ko=row.name_ko, en=row.name_en) for row in rows}


def next_end(store: Store, since: date) -> date | None:
    """The last day of the span that ends first, from that day on."""
    day: date | None = _one(store, _NEXT_END, (since,))
    return day


_DUE = (
    f"SELECT row::text FROM {DEADLINES.table} AS task WHERE (next_due IS NOT NULL OR waits) "
    "AND (%(lead)s::text[] IS NULL OR lead = ANY(%(lead)s)) AND (%(task)s::text IS NULL OR key = %(task)s) "
    "AND (%(until)s::date IS NULL OR next_due <= %(until)s) ORDER BY next_due, key"
).encode()
_OPEN = f"SELECT key FROM {DEADLINES.table} WHERE last_year IS NOT NULL ORDER BY key".encode()
_YEARS = f"SELECT min(first_year), max(last_year) FROM {DEADLINES.table}".encode()
_STALE = f"SELECT row::text FROM {DEADLINES.table} WHERE stale ORDER BY key".encode()


_ACTING = (
    f"SELECT row::text FROM {DEADLINES.table} WHERE next_act <= %s AND NOT stale ORDER BY next_act, key"
).encode()
_NEXT_ACT = f"SELECT min(next_act) FROM {DEADLINES.table} WHERE NOT stale AND next_act > %s".encode()


_REMINDING = (
    f"SELECT row::text FROM {DEADLINES.table} WHERE next_rung <= %s AND NOT stale AND key > %s ORDER BY key LIMIT %s"
).encode()
_NEXT_RUNG = f"SELECT min(next_rung) FROM {DEADLINES.table} WHERE NOT stale AND next_rung > %s".encode()
_RECIPIENTS = f"SELECT DISTINCT recipient FROM {NOTICES.table} WHERE stage = 'due' ORDER BY 1".encode()
_PENDING = (
    f"SELECT row::text FROM {NOTICES.table} WHERE stage = 'due' AND recipient = ANY(%s) "
    "ORDER BY recipient, row->>'channel', key"
).encode()
_MESSAGES_DUE = (
    f"SELECT key FROM {MESSAGES.table} LEFT JOIN donghaeng.leases ON name = key "
    "WHERE next_try <= %s AND (until IS NULL OR until < clock_timestamp()) AND row->>'channel' = ANY(%s) "
    "ORDER BY next_try, key LIMIT %s"
).encode()
_MESSAGES_OPEN = (
    f"SELECT count(*) FROM {MESSAGES.table} WHERE next_try <= %s AND row->>'channel' = ANY(%s)"
).encode()
_NEXT_TRY = f"SELECT min(next_try) FROM {MESSAGES.table} WHERE next_try > %s".encode()
_TODAY = (
    f"SELECT recipient || ' ' || (row->>'channel'), count(*) FROM {MESSAGES.table} "
    "WHERE recipient = ANY(%s) AND (row->>'on')::date = %s GROUP BY 1"
).encode()
# what came of a notice: of its message where it is in one
_STATE = "CASE WHEN notice.stage = 'composed' THEN message.stage ELSE notice.stage END"
_NOTICES = (
    f"SELECT notice.row::text, message.row::text FROM {NOTICES.table} AS notice "
    f"LEFT JOIN {MESSAGES.table} AS message ON message.key = notice.message "
    "WHERE (%(task)s::text IS NULL OR task = %(task)s) AND (%(agency)s::text[] IS NULL OR agency = ANY(%(agency)s)) "
    f"AND (%(state)s::text IS NULL OR {_STATE} = %(state)s) "
    "AND (%(notice)s::text IS NULL OR notice.key = %(notice)s) "
    "ORDER BY notice.row->>'on', task, notice.key LIMIT %(most)s"
).encode()
_STATES = (
    f"SELECT {_STATE} AS state, count(*) "
    f"FROM {NOTICES.table} AS notice LEFT JOIN {MESSAGES.table} AS message ON message.key = notice.message GROUP BY 1"
).encode()


def tasks_to_remind(store: Store, today: date, after: str, most: int) -> list[DeadlinesRow]:
    """Tasks of which somebody is to be reminded by this day, by number, those that come after one."""
    return _rows(store, DeadlinesRow, _REMINDING, (today, after, most))


def next_rung(store: Store, after: date) -> date | None:
    """The first day after that one on which somebody is to be reminded of something."""
    day: date | None = _one(store, _NEXT_RUNG, (after,))
    return day


def recipients_pending(store: Store) -> list[str]:
    """Those with notices that are in no message yet."""
    with store.connection() as connection:
        return [row[0] for row in connection.execute(_RECIPIENTS).fetchall()]


def notices_pending(store: Store, recipients: Sequence[str]) -> list[NoticeRow]:
    """Their notices that are in no message yet, by recipient and channel."""
    return _rows(store, NoticeRow, _PENDING, (list(recipients),))


def messages_due(store: Store, now: datetime, channels: Sequence[str], most: int) -> list[str]:
    """The messages of these channels that may be tried now and that nobody is busy with."""
    with store.connection() as connection:
        return [row[0] for row in connection.execute(_MESSAGES_DUE, (now, list(channels), most)).fetchall()]


def messages_open(store: Store, now: datetime, channels: Sequence[str]) -> int:
    """How many messages of these channels may be tried now, or are being tried."""
    with store.connection() as connection:
        row: Any = connection.execute(_MESSAGES_OPEN, (now, list(channels))).fetchone()
    return int(row[0])


def next_try(store: Store, after: datetime) -> datetime | None:
    """When the first message after that moment may be tried."""
    moment: datetime | None = _one(store, _NEXT_TRY, (after,))
    return moment


def messages_on(store: Store, recipients: Sequence[str], day: date) -> dict[str, int]:
    """How many messages there are on that day, by recipient and channel, e.g. "agency/gto mail"."""
    with store.connection() as connection:
        return dict(connection.execute(_TODAY, (list(recipients), day)).fetchall())


def notices(
    store: Store,
    *,
    task: str | None = None,
    agency: str | None = None,
    state: str | None = None,
    notice: str | None = None,
    most: int = 1000,
    at: Cut | None = None,
) -> list[tuple[NoticeRow, MessageRow | None]]:
    """Notices with their messages, by day. `state`: of the message where there is one, else of the notice."""
    known = successions(store, at)
    whose = known.answered_by(agency)
    given = {"task": task, "agency": whose, "state": state, "notice": notice, "most": most}
    rows = found(store, _NOTICES, given, at)
    return [
        (
            _answered(msgspec.json.decode(one, type=NoticeRow), known),
            None if message is None else msgspec.json.decode(message, type=MessageRow),
        )
        for one, message in rows
    ]


def _answered(row: NoticeRow, known: Successions) -> NoticeRow:
    return replace(row, agency=known.answering(row.agency))


def notice_states(store: Store, at: Cut | None = None) -> dict[str, int]:
    """How many notices are in which state: of their message where they are in one, else their own."""
    return dict(found(store, _STATES, {}, at))


def _one(store: Store, query: bytes, given: Any = None) -> Any:
    with store.connection() as connection:
        row: Any = connection.execute(query, given).fetchone()
    return row[0]


def tasks_to_act_on(store: Store, today: date) -> list[DeadlinesRow]:
    """Tasks with which a rule does something by this day."""
    return _rows(store, DeadlinesRow, _ACTING, (today,))


def next_act(store: Store, after: date) -> date | None:
    """The first day after that one on which a rule does something with a task."""
    day: date | None = _one(store, _NEXT_ACT, (after,))
    return day


def tasks_due(
    store: Store,
    *,
    lead: str | None = None,
    task: str | None = None,
    until: date | None = None,
    at: Cut | None = None,
) -> list[DeadlinesRow]:
    """Tasks of which something is due or waits to be counted, the first of it by a day; the soonest first."""
    known = successions(store, at)
    given = {"lead": known.answered_by(lead), "task": task, "until": until}
    rows = _rows(store, DeadlinesRow, _DUE, given, at)
    return [replace(row, lead=known.answering(row.lead)) for row in rows]


def tasks_open(store: Store) -> list[str]:
    """The tasks of which something may be due, by number."""
    with store.connection() as connection:
        return [row[0] for row in connection.execute(_OPEN).fetchall()]


def years_needed(store: Store) -> range:
    """The years whose calendars the deadlines of open tasks may need."""
    with store.connection() as connection:
        row: Any = connection.execute(_YEARS).fetchone()
    return range(0) if row[0] is None else range(row[0], row[1] + 1)


def tasks_to_count(store: Store) -> list[DeadlinesRow]:
    """Tasks whose deadlines have to be counted again."""
    return _rows(store, DeadlinesRow, _STALE)


def rows(store: Store, view: View, at: Cut | None = None) -> dict[str, Any]:
    """All rows of a view, by key."""
    if at is not None:
        return rows_of(store, view, at)
    decode = msgspec.json.Decoder(view.row).decode
    query = f"SELECT key, row::text FROM {view.table}".encode()
    return {key: decode(row) for key, row in found(store, query, {})}


def _rows(store: Store, kind: type[R], query: bytes, given: Any = None, at: Cut | None = None) -> list[R]:
    decode = msgspec.json.Decoder(kind).decode
    return [decode(row[0]) for row in found(store, query, given, at)]


def summary(store: Store, year: int, at: Cut | None = None) -> list[ProgrammeSummaryRow]:
    """A year's sums and counts by area and stage."""
    rows = found(store, _SUMMARY, {"year": year}, at)
    return [
        ProgrammeSummaryRow(year, area, Stage(stage), *map(int, amounts))
        for year, area, stage, *amounts in rows
    ]
