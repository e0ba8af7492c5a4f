"""What was refused, in a table of its own: attempts are no facts. Of persons their ids and what the machine calls its user."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from store.envelope import Actor, Authn, Via, actor_of, spell_actor
from store.log import Store

What = Literal["command", "reading", "token"]

_RECORD = (
    "SELECT donghaeng.record_refused(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], "
    "%s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[])"
)
_LISTED = """
    SELECT id, at, known_at, what, role, agency, subject, on_behalf_of, via, authn, token, command, stream, command_id,
        refusal, machine
    FROM donghaeng.refused
    WHERE (%(command)s::text IS NULL OR command = %(command)s)
        AND (%(unnamed)s IS FALSE OR role IS NULL)
        AND (%(role)s::text IS NULL OR role = %(role)s)
        AND (%(agency)s::text IS NULL OR agency = %(agency)s)
        AND (%(subject)s::text IS NULL OR subject = %(subject)s)
        AND (%(since)s::timestamptz IS NULL OR known_at >= %(since)s)
        AND (%(until)s::timestamptz IS NULL OR known_at < %(until)s)
    ORDER BY known_at DESC, id DESC LIMIT %(most)s"""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt. `what`: a command, a reading, or a token that opens nothing, whose bearer nobody knows.

    `command`: the command's or reading's name; `stream`: what it was about; `refusal`: the refusal's name. `machine`: by
    which user of which machine it was tried, as the machine says; None where a rule did, and in rows of before.
    """

    what: What = "command"
    actor: Actor | None
    on_behalf_of: Actor | None = None
    via: Via
    authn: Authn | Literal["none"]
    token: str | None = None
    command: str
    stream: str = ""
    command_id: str | None = None
    refusal: str
    machine: str | None = None


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """The same as it was recorded. `at`: the database's clock; `known_at`: the store's. Both aware."""

    id: int
    at: datetime
    known_at: datetime
    what: What
    actor: Actor | None
    on_behalf_of: str | None
    via: Via
    authn: str
    token: str | None
    command: str
    stream: str
    command_id: str | None
    refusal: str
    machine: str | None = None


def record_refused(store: Store, refused: Sequence[Refused]) -> None:
    """Put them down in one round trip; what a rule is refused again under the same id is put down once."""
    columns = zip(
        *(
            (
                one.what,
                one.actor and one.actor.role,
                one.actor and one.actor.agency,
                one.actor and one.actor.subject,
                one.on_behalf_of and spell_actor(one.on_behalf_of),
                one.via,
                one.authn,
                one.token,
                one.command,
                one.stream,
                one.command_id and uuid.UUID(one.command_id),
                one.refusal,
                one.machine,
            )
            for one in refused
        ),
        strict=True,
    )
    with store.connection() as connection:
        connection.execute(_RECORD, [list(column) for column in columns])


def load_refused(
    store: Store,
    *,
    actor: Actor | None = None,
    unnamed: bool = False,
    command: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = 500,
) -> list[RefusedRow]:
    """The newest first. `actor`: what it does not name may be anything; `unnamed`: only where nobody is known;
    `since` <= known_at < `until`, aware."""
    wanted = {
        "unnamed": unnamed,
        "command": command,
        "role": actor and actor.role,
        "agency": actor and actor.agency,
        "subject": actor and actor.subject,
        "since": since,
        "until": until,
        "most": most,
    }
    with store.connection() as connection:
        rows: Any = connection.execute(_LISTED, wanted).fetchall()
    return [
        RefusedRow(
            id=row[0],
            at=row[1],
            known_at=row[2],
            what=row[3],
            actor=actor_of(*row[4:7]),
            on_behalf_of=row[7],
            via=row[8],
            authn=row[9],
            token=row[10],
            command=row[11],
            stream=row[12],
            command_id=None if row[13] is None else row[13].hex,
            refusal=row[14],
            machine=row[15],
        )
        for row in rows
    ]
