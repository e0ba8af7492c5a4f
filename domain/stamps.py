"""Since when values are so: of two facts that give one, the one that was so last counts, whichever was recorded last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

# when a fact was so, and its number in its stream, which decides between two of the same moment
Stamp = tuple[datetime, int]
Stamps = Mapping[str, Stamp]
EVER = datetime.min.replace(tzinfo=UTC)  # for what counts by its number alone


class Stamped(Protocol):
    @property
    def stamps(self) -> Stamps: ...


S = TypeVar("S", bound=Stamped)


def is_outdone(stamps: Stamps, name: str, stamp: Stamp) -> bool:
    """Whether a later fact has given the value."""
    known = stamps.get(name)
    return known is not None and stamp < known


def with_values(
    state: S,
    stamp: Stamp,
    _more: Mapping[str, Any] | None = None,
    _items: tuple[str, Iterable[tuple[str, Any]]] | None = None,
    /,
    **values: Any,
) -> S:
    """The state with those of the values, by its fields, that no later fact has given.

    `_items`: a mapping among its fields, and values in it, each for itself; `_more`: what needs no stamp.
    """
    stamps, late = dict(state.stamps), list[str]()
    for name in values:
        if is_outdone(stamps, name, stamp):
            late.append(name)
        else:
            stamps[name] = stamp
    for name in late:
        del values[name]
    if _items is not None:
        field, given = _items
        held = dict(getattr(state, field))
        for key, value in given:
            name = f"{field} {key}"
            if not is_outdone(stamps, name, stamp):
                stamps[name], held[key] = stamp, value
        values[field] = held
    if _more:
        values.update(_more)
    values["stamps"] = stamps
    changed: S = replace(state, **values)  # type: ignore[type-var]
    return changed


def with_item(state: S, stamp: Stamp, field: str, key: str | int, value: Any) -> S:
    """The same for one item of a mapping; it goes where the value is None."""
    name = f"{field} {key}"
    if is_outdone(state.stamps, name, stamp):
        return state
    items = {known: item for known, item in getattr(state, field).items() if known != key}
    if value is not None:
        items[key] = value
    changed: S = replace(state, stamps={**state.stamps, name: stamp}, **{field: items})  # type: ignore[type-var]
    return changed
