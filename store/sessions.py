"""Sessions of the console and the links by which they begin, by the database's own clock. Secrets come as SHA-256 alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from domain.roles import Role
from store.envelope import Actor, Authn
from store.log import Store

IDLE = timedelta(minutes=30)  # unused for so long, a session is over
LONGEST = timedelta(hours=12)

_ALIVE = "seen_at > clock_timestamp() - %(idle)s AND began_at > clock_timestamp() - %(longest)s"
_COLUMNS = "id, subject, role, authn, client, began_at, seen_at, acts_in_role, acts_in_agency"
_LASTS: dict[str, Any] = {"idle": IDLE, "longest": LONGEST}


class Link(msgspec.Struct, frozen=True):
    """Whom a link signs in. `role`: of the city's, in which it lets the person act; None: only as the log says."""

    subject: str
    role: Role | None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """`role`: as of the link; `acts`: in which the person chose to act, None until then. Times are aware."""

    id: str
    subject: str
    role: Role | None
    authn: Authn
    client: str | None
    began_at: datetime
    seen_at: datetime
    acts: Actor | None


def keep_link(store: Store, secret: bytes, link: Link, lasts: timedelta) -> datetime:
    """Let a link open a session once, until the moment that this returns."""
    with store.connection() as connection:
        row: Any = connection.execute(
            "INSERT INTO donghaeng.sign_in_links VALUES (%s, %s, %s, clock_timestamp() + %s) RETURNING until",
            (secret, link.subject, link.role, lasts),
        ).fetchone()
    until: datetime = row[0]
    return until


def use_link(store: Store, secret: bytes) -> Link | None:
    """Take the link away; None where there is none, or its time is over. Of two at once one gets it."""
    with store.connection() as connection:
        row: Any = connection.execute(
            "DELETE FROM donghaeng.sign_in_links WHERE secret = %s RETURNING subject, role, until > clock_timestamp()",
            (secret,),
        ).fetchone()
    return Link(row[0], row[1]) if row is not None and row[2] else None


def begin_session(store: Store, secret: bytes, link: Link, authn: Authn, client: str | None) -> Session:
    with store.connection() as connection:
        row: Any = connection.execute(
            f"INSERT INTO donghaeng.sessions (secret, subject, role, authn, client) "  # noqa: S608 - our own columns
            f"VALUES (%s, %s, %s, %s, %s) RETURNING {_COLUMNS}",
            (secret, link.subject, link.role, authn, client),
        ).fetchone()
    return _session(row)


def find_session(store: Store, secret: bytes) -> Session | None:
    """The session, which is used by that; None where it is over."""
    with store.connection() as connection:
        row: Any = connection.execute(
            f"UPDATE donghaeng.sessions SET seen_at = clock_timestamp() WHERE secret = %(secret)s AND {_ALIVE} "  # noqa: S608
            f"RETURNING {_COLUMNS}",
            {"secret": secret, **_LASTS},
        ).fetchone()
    return None if row is None else _session(row)


def choose_office(store: Store, session: str, acts: Actor) -> None:
    with store.connection() as connection:
        connection.execute(
            "UPDATE donghaeng.sessions SET acts_in_role = %s, acts_in_agency = %s WHERE id = %s::uuid",
            (acts.role, acts.agency, session),
        )


def load_sessions(store: Store, subject: str | None = None) -> list[Session]:
    """Those that are not over, the newest first; of one person, or of all."""
    with store.connection() as connection:
        rows: Any = connection.execute(
            f"SELECT {_COLUMNS} FROM donghaeng.sessions WHERE (%(subject)s::text IS NULL OR subject = %(subject)s) "  # noqa: S608
            f"AND {_ALIVE} ORDER BY began_at DESC, id",
            {"subject": subject, **_LASTS},
        ).fetchall()
    return [_session(row) for row in rows]


def end_session(store: Store, session: str, subject: str | None = None) -> bool:
    """Whether there was one to end. `subject`: only of this person. Those that are over go with it."""
    with store.connection() as connection:
        connection.execute(f"DELETE FROM donghaeng.sessions WHERE NOT ({_ALIVE})", _LASTS)  # noqa: S608
        connection.execute("DELETE FROM donghaeng.sign_in_links WHERE until < clock_timestamp()")
        return (
            connection.execute(
                "DELETE FROM donghaeng.sessions WHERE replace(id::text, '-', '') = %(id)s AND (%(subject)s::text IS NULL OR subject = %(subject)s)",
                {"id": session, "subject": subject},
            ).rowcount
            == 1
        )


def _session(row: Sequence[Any]) -> Session:
    acts = None if row[7] is None else Actor(role=row[7], agency=row[8], subject=row[1])
    return Session(
        id=row[0].hex,
        subject=row[1],
        role=row[2],
        authn=row[3],
        client=row[4],
        began_at=row[5],
        seen_at=row[6],
        acts=acts,
    )
