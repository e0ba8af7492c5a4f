"""Who read what: a table of its own, kept for two years. Texts in it are what people said they read for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from store.envelope import Actor, Via, actor_of
from store.log import Store

_RECORD = (
    "SELECT donghaeng.record_access(%s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text[], "
    "%s::text[], %s::text[], %s::text, %s::text, %s::text, %s::text, %s::text, %s)"
)
_FOUND = """
    SELECT id, at, known_at, role, agency, subject, authn, token, reading, tasks, agencies, subjects, purpose, via,
        host, os_user, client, exported
    FROM donghaeng.accesses
    WHERE (%(unnamed)s IS FALSE OR role IS NULL)
        AND (%(role)s::text IS NULL OR role = %(role)s)
        AND (%(agency)s::text IS NULL OR agency = %(agency)s)
        AND (%(subject)s::text IS NULL OR subject = %(subject)s)
        AND (%(about)s::text IS NULL OR %(about)s = ANY(tasks || agencies || subjects))
        AND (%(since)s::timestamptz IS NULL OR known_at >= %(since)s)
        AND (%(until)s::timestamptz IS NULL OR known_at < %(until)s)
        AND (%(after)s::bigint IS NULL OR id IN
            (SELECT w.row_id FROM donghaeng.watched w WHERE w.what = 'reading' AND w.position > %(after)s))
    ORDER BY known_at DESC, id DESC LIMIT %(most)s"""


class Access(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One reading. `actor`: None where nobody was named; `authn`: "none" then.

    `tasks`, `agencies`, `subjects`: whose data, by their ids; empty where it was all there is of the kind.
    `host`, `os_user`, `client`: what the machine says of who ran the command, and from which address.
    """

    actor: Actor | None
    authn: str
    token: str | None = None
    reading: str
    tasks: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    purpose: str | None = None
    via: Via
    host: str | None = None
    os_user: str | None = None
    client: str | None = None
    exported: bool = False


class AccessRow(Access, frozen=True, kw_only=True, omit_defaults=True):
    """The same as it was recorded. `at`: the database's clock; `known_at`: the store's. Both aware."""

    id: int
    at: datetime
    known_at: datetime


def record_access(store: Store, access: Access) -> None:
    """Put it down, in one round trip; it is on the disk when this returns. Raises StoreFault, StoreUnreachable."""
    actor = access.actor
    with store.connection() as connection:
        connection.execute(
            _RECORD,
            (
                actor and actor.role,
                actor and actor.agency,
                actor and actor.subject,
                access.authn,
                access.token,
                access.reading,
                list(access.tasks),
                list(access.agencies),
                list(access.subjects),
                access.purpose,
                access.via,
                access.host,
                access.os_user,
                access.client,
                access.exported,
            ),
        )


def accesses(
    store: Store,
    *,
    actor: Actor | None = None,
    unnamed: bool = False,
    about: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: int | None = None,
    most: int | None = None,
) -> list[AccessRow]:
    """The newest first. `actor`: what it does not name may be anything; `unnamed`: only where nobody was named.

    `about`: the id of a task, an agency or a person; `since` <= known_at < `until`, aware; `after`: only what
    stands behind that position in the log of readings and refusals; `most`: None for all.
    """
    wanted = {
        "role": actor and actor.role,
        "agency": actor and actor.agency,
        "subject": actor and actor.subject,
        "unnamed": unnamed,
        "about": about,
        "since": since,
        "until": until,
        "after": after,
        "most": most,
    }
    with store.connection() as connection:
        rows: Any = connection.execute(_FOUND, wanted).fetchall()
    return [_row(row) for row in rows]


def accesses_before(store: Store, day: date) -> int:
    """How many readings were recorded before that day in Seoul."""
    with store.connection() as connection:
        row: Any = connection.execute(
            "SELECT count(*) FROM donghaeng.accesses WHERE known_at < %s::date::timestamp AT TIME ZONE 'Asia/Seoul'",
            (day,),
        ).fetchone()
    return int(row[0])


def _row(row: Sequence[Any]) -> AccessRow:
    return AccessRow(
        id=row[0],
        at=row[1],
        known_at=row[2],
        actor=actor_of(*row[3:6]),
        authn=row[6],
        token=row[7],
        reading=row[8],
        tasks=tuple(row[9]),
        agencies=tuple(row[10]),
        subjects=tuple(row[11]),
        purpose=row[12],
        via=row[13],
        host=row[14],
        os_user=row[15],
        client=row[16],
        exported=row[17],
    )
