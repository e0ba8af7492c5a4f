"""What it takes to make a report again, as it stands in the report's own files."""

from __future__ import annotations

from datetime import date
from typing import Self

import msgspec

from domain.errors import Lang
from projections.report.document import Provenance


class Recipe(msgspec.Struct, frozen=True, omit_defaults=True):
    """`position`: the last fact; `as_of`: the day that was asked for, if any; `lang`: None where a file holds both. `log`, `meeting`: see Provenance."""

    year: int
    position: int
    code: str
    lock: str
    as_of: date | None = None
    lang: Lang | None = None
    log: str = ""
    meeting: str = ""

    @classmethod
    def of(cls, made: Provenance, lang: Lang | None) -> Self:
        as_of = made.as_of if made.given else None
        return cls(made.year, made.position, made.code, made.lock, as_of, lang, made.log, made.meeting)


def encode_recipe(recipe: Recipe) -> str:
    return msgspec.json.encode(recipe).decode()


def decode_recipe(text: str | bytes) -> Recipe:
    """Raises msgspec.DecodeError, msgspec.ValidationError."""
    return msgspec.json.decode(text, type=Recipe)
