"""What a fact changed: the state before and after it, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.register import fold_of
from domain.task.state import Task
from domain.values import LocalText, TextRef
from store.recorded import RecordedFact, fold_state

Path = tuple[str, ...]
_WHOLE = (TextRef, LocalText)
_BESIDE = frozenset(
    {"stamps", "stamp", "stays", "corrections", "names", "name_stamp"}
)  # how a value came to be, no value itself
_NAMES = ("id", "kind", "number", "day")  # what tells one item of a list from the other


class Change(msgspec.Struct, frozen=True):
    """`path`: the field, and the field in it; `before`, `after`: single values, None where there was or is none."""

    path: Path
    before: Any
    after: Any


def changes(stream: Sequence[RecordedFact[Any]], version: int) -> list[Change]:
    """What the stream's fact of this version changed. `stream`: its facts from the first on, up to that one or more."""
    return differing(*around(stream, version))


def around(stream: Sequence[RecordedFact[Any]], version: int) -> tuple[Any, Any]:
    """The state before and after the stream's fact of this version, in the order in which the facts are given."""
    fold = fold_of(stream[0].stream)
    place = next(place for place, one in enumerate(stream) if one.version == version)
    before = fold_state(fold, stream[:place])
    one = stream[place]
    return before, fold.evolve(before, one.fact, one.effective_at, one.version)


def differing(before: Any, after: Any) -> list[Change]:
    """What differs between two states or rows; None where there is none."""
    old, new = dict(leaves(before)), dict(leaves(after))
    return [
        Change(path, old.get(path), new.get(path))
        for path in dict.fromkeys((*new, *old))
        if old.get(path) != new.get(path)
    ]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The single values in a state or fact, each with where it stands. Empty lists and mappings hold none."""
    if path and isinstance(value, Task):
        return  # a row's values are made of it and stand beside it
    if isinstance(value, msgspec.Struct) and not isinstance(value, _WHOLE):
        names = [name for name in value.__struct_fields__ if name not in _BESIDE]
        yield from _leaves_of([(name, getattr(value, name)) for name in names], path)
    elif isinstance(value, Mapping):
        yield from _leaves_of(value.items(), path)
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value, start=1):
            yield from _leaves_of_item(item, number, path)
    elif isinstance(value, frozenset):
        yield path, tuple(sorted(value)) or None
    else:
        yield path, value


def _leaves_of(items: Iterable[tuple[object, Any]], path: Path) -> Iterator[tuple[Path, Any]]:
    for name, item in items:
        yield from leaves(item, (*path, str(name)))


def _leaves_of_item(item: Any, number: int, path: Path) -> Iterator[tuple[Path, Any]]:
    """`number`: the item's in its list, from 1."""
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], str):
        yield (*path, item[1]), item[0]  # what is called by its name beside it, as a milestone's date
    else:
        yield from leaves(item, (*path, _name(item) or str(number)))


def _name(item: Any) -> str | None:
    """How an item of a list is called, wherever it stands in it."""
    if isinstance(item, str | date):
        return str(item)
    if isinstance(item, _WHOLE):
        return None
    found = [getattr(item, name, None) for name in (*_NAMES, "item", "year")]
    return " ".join(str(one) for one in found if one is not None) or None
