"""That a store went back, kept in the store itself, so that no machine appends to it until a person decides."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.errors import Bilingual
from domain.streams import EPOCHS
from store.connecting import Connection
from store.errors import StoreWentBack

_HALT = (
    "SELECT donghaeng.halt(%s, (SELECT count(*) FROM donghaeng.facts WHERE stream = %s AND position <= %s))"
)


class Halt(msgspec.Struct, frozen=True):
    """What was noticed: the store ends at `position`, and up to `acted_on` was acted on or sealed, in `epoch`."""

    position: int
    acted_on: int
    epoch: int


def halt(connection: Connection, found: Halt) -> None:
    """Nothing is appended from now on, unless a person has decided since the log ended at `found.position`."""
    said = msgspec.json.encode(found).decode()
    connection.execute(_HALT, (said, EPOCHS, found.position))


def load_halt(connection: Connection) -> Halt | None:
    """What was noticed, if anything was and nobody has decided."""
    row: Any = connection.execute("SELECT halted FROM donghaeng.head").fetchone()
    return None if row is None or row[0] is None else _read(row[0])


def went_back(said: str) -> StoreWentBack:
    """The refusal, by what was noticed."""
    found = _read(said)
    before = Bilingual("", "")
    if found.acted_on > found.position:
        before = Bilingual(
            f", {found.acted_on}번까지는 이미 처리되었거나 봉인되었습니다",
            f", and was acted on or sealed up to fact {found.acted_on} before",
        )
    return StoreWentBack(position=found.position, before=before)


def _read(said: str) -> Halt:
    return msgspec.json.decode(said, type=Halt)
