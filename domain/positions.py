"""How people are told of a fact: “#5” is the fifth of its stream's history, and nothing else; its place in the whole log has
words, “123번” or “no. 123”.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import Bilingual


def position_label(position: int) -> Bilingual:
    """A place in a log, by its number from 1."""
    return Bilingual(f"{position:,}번", f"no. {position:,}")


def positions_label(positions: Iterable[int]) -> Bilingual:
    """Several of them."""
    known = [f"{one:,}" for one in positions]
    return Bilingual(", ".join(f"{one}번" for one in known), f"no. {', '.join(known)}" if known else "")
