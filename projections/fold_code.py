"""Which code folds a view: one hash over the pieces of code that its fold stands on, wherever they are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache, partial
from types import FunctionType
from typing import Any

from domain.register import FACTS
from projections.code_pieces import Piece, bytes_of, find_all_used
from projections.view import View


def code_of(view: View) -> str:
    """SHA-256 in hex over the functions and types of a view's fold, those of the facts that it takes, and what they use.

    Words are no part of it (see projections.code_pieces), nor is how its rows are asked for.
    """
    return _hash_pieces(parts_of(view), view.kinds)


def parts_of(view: View) -> tuple[Any, ...]:
    """The functions and types that a view gives to its fold."""
    return (view.evolve, view.keys, view.row, type(view), *(one.contribution for one in view.tallies))


@lru_cache(maxsize=100)  # asked with each batch
def _hash_pieces(parts: tuple[Any, ...], kinds: frozenset[str]) -> str:
    total = hashlib.sha256()
    for one in sorted(find_all_used(begin(parts, kinds))):
        total.update(f"{one.module} {one.name} {hashlib.sha256(bytes_of(one)).hexdigest()}\n".encode())
    return total.hexdigest()


def begin(parts: tuple[Any, ...], kinds: frozenset[str]) -> list[Piece]:
    """What a fold begins with: its own parts, and the types of the facts that it takes."""
    facts = [FACTS[kind] for kind in sorted(kinds) if kind in FACTS]
    return [one for part in (*parts, *facts) for one in _pieces(part)]


def _pieces(part: Any) -> Iterator[Piece]:
    """Where a function or type is written; of a partial one its arguments too."""
    if isinstance(part, partial):
        for one in (part.func, *part.args, *part.keywords.values()):
            yield from _pieces(one)
    elif isinstance(part, FunctionType):
        yield Piece(part.__module__, part.__qualname__, part.__code__.co_firstlineno)
    elif isinstance(part, type):
        yield Piece(part.__module__, part.__qualname__)
