"""The facts for analysis: one flat line each, of the present version, without persons' ids in the envelope."""

from __future__ import annotations

import typing
from datetime import datetime
from typing import Any

import msgspec

from projections.exports.tables import Table, type_of
from store.log import Store
from store.recorded import RecordedFact

_encode = msgspec.json.Encoder().encode


class FactLine(msgspec.Struct, frozen=True):
    """See store.envelope. `effective_at`: when it was so, also where no time is stated; `late`: one is.

    `schema`: of `fact`, whose fields are as `docs/facts.md` tells them; `reason`: whether one lies beside the log.
    """

    position: int
    stream: str
    version: int
    kind: str
    recorded_at: datetime
    known_at: datetime
    effective_at: datetime
    late: bool
    actor_role: str
    actor_agency: str | None
    behalf_role: str | None
    behalf_agency: str | None
    via: str
    authn: str
    command: str
    rule: str | None
    rule_version: str | None
    cause: int | None
    due: str | None
    ref: str | None
    reason: bool
    schema: int
    fact: Any


FACT_TABLE = Table(
    "facts",
    {name: type_of(kind) for name, kind in typing.get_type_hints(FactLine).items()},
)


def fact_line(store: Store, row: Any) -> bytes:
    """A row of `Store.rows_after` as such a line, without the newline. Raises UnreadableFact, NewerFact."""
    one: RecordedFact[Any] = store.decode(row)
    envelope = one.envelope
    behalf, cause = envelope.on_behalf_of, envelope.cause
    return _encode(
        FactLine(
            position=one.position,
            stream=one.stream,
            version=one.version,
            kind=one.kind,
            recorded_at=one.recorded_at,
            known_at=one.known_at,
            effective_at=one.effective_at,
            late=envelope.effective_at is not None,
            actor_role=envelope.actor.role,
            actor_agency=envelope.actor.agency,
            behalf_role=None if behalf is None else behalf.role,
            behalf_agency=None if behalf is None else behalf.agency,
            via=envelope.via,
            authn=envelope.authn,
            command=envelope.command,
            rule=None if cause is None else cause.rule,
            rule_version=None if cause is None else cause.rule_version,
            cause=None if cause is None else cause.fact,
            due=None if cause is None else cause.due,
            ref=envelope.ref,
            reason=envelope.reason is not None,
            schema=type(one.fact).schema_version,
            fact=one.fact,
        )
    )
