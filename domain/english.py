"""English counts: one fact, two facts."""

from __future__ import annotations


def many(count: int, one: str, several: str | None = None) -> str:
    """“1 fact”, “1,200 facts”. `several`: what follows any other number, by default `one` with an s."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
