"""How far the database was compared with what was sealed, as files of the trail's folder. Nothing here needs ciphers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from domain.seoul import local_day
from trail.files import write_safely
from trail.json_bytes import json_in
from workers.trail_folder import has_trail, trail_folder

_AT = timedelta(hours=3)  # of the night, in Seoul
Stage = Literal["facts", "beside", "entries", "views", "readings", "over"]


class Rolling(msgspec.Struct, frozen=True):
    """`position`: the last one that was compared in this round. `round_over`: when the last round came to its end."""

    origin: str = ""
    position: int = 0
    round_over: datetime | None = None


class Night(msgspec.Struct, frozen=True):
    """One night's comparison of all. `day`: the one it began on; `size`: facts that were sealed then; `stage`: what is
    compared now or next; `position`: the last fact that was; `found`: the parts of which something differed; `views`: how
    many views were compared.

    `ended`: when a comparison of all came to its end last, this night's or one before.
    """

    day: date
    origin: str
    size: int
    began: datetime
    stage: Stage = "facts"
    position: int = 0
    found: tuple[str, ...] = ()
    views: int = 0
    ended: datetime | None = None


def rolling(data: Path) -> Rolling:
    """From the beginning where nothing is remembered."""
    return json_in(_place(data, "rolling"), Rolling) or Rolling()


def night(data: Path) -> Night | None:
    """The last one, over or under way; None where there was none yet."""
    return json_in(_place(data, "night"), Night)


def remember(data: Path, found: Rolling | Night) -> None:
    """Whole or not at all."""
    name = "night" if isinstance(found, Night) else "rolling"
    write_safely(_place(data, name), msgspec.json.encode(found))


def tonight(now: datetime | None = None) -> date:
    """The day on which the night's comparison began or is to begin."""
    return local_day((now or datetime.now(UTC)) - _AT)


def night_due(data: Path, now: datetime | None = None) -> bool:
    """Whether this machine seals, and has not compared all of it since three o'clock."""
    if not has_trail(data):
        return False
    found = night(data)
    return found is None or found.stage != "over" or found.day < tonight(now)


def _place(data: Path, name: str) -> Path:
    return trail_folder(data) / f"compared-{name}"
