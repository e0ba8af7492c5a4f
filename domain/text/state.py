"""What stands of a free text: whether it was taken away."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.fact import Fold
from domain.text.facts import TextFact


class FreeText(msgspec.Struct, frozen=True, gc=False):
    redacted: bool = False


def evolve(text: FreeText, fact: TextFact, at: datetime, version: int) -> FreeText:
    return FreeText(redacted=True)


TEXT = Fold.of("text", FreeText(), TextFact, evolve)
