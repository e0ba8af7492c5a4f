"""What every history is made of: facts, and how those of a stream are folded. What decides on them is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self, get_args

import msgspec

# a field of a fact, and how its value, or each of its values, names a stream; None where it names none
Names = Mapping[str, Callable[[Any], str | None]]


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What happened, in the past tense. `kind` is stored as the topic and never changes.

    `schema_version` grows by one whenever a field is added or changed; a changed one needs an upcaster.
    What is absent or as by default is not stored, so a default never changes.
    `follows`, `leads_to`: which of its fields name a stream that this came from, or that comes of this: by these a thread goes
    on from one stream to another (`workflows/queries/thread.py`).
    """

    kind: ClassVar[str]
    schema_version: ClassVar[int] = 1
    follows: ClassVar[Names] = {}
    leads_to: ClassVar[Names] = {}


def find_named_streams(fact: Fact, names: Names) -> Iterator[tuple[str, str]]:
    """Each field of the fact that names a stream, with that stream."""
    for name, stream_of in names.items():
        value = getattr(fact, name)
        for one in value if isinstance(value, tuple) else (value,):
            stream = None if one is None else stream_of(one)
            if stream is not None:
                yield name, stream


def members(union: Any) -> tuple[Any, ...]:
    """The classes of a union such as `NoticeCommand`, in their order; of a union of one, that one."""
    return get_args(union) or (union,)


def kinds_of(union: Any) -> frozenset[str]:
    """The kinds of a union of facts."""
    return frozenset(fact.kind for fact in members(union))


@dataclass(frozen=True)
class Fold:
    """How the facts of one kind of stream make its state: who only reads needs no more of it.

    `evolve` takes a fact with the moment at which it was so and its number in the stream. `beside`: of a stream that stands
    beside another of the same identity, and comes of it: the name of that, e.g. task/2024-07 of money/2024-07. A state may say
    its `title` or `name`, and `results` in words.
    """

    name: str
    initial: Any
    facts: tuple[type[Fact], ...]
    evolve: Callable[[Any, Any, datetime, int], Any]
    beside: Callable[[str], str] | None = field(default=None, kw_only=True)

    @classmethod
    def of(
        cls,
        name: str,
        initial: Any,
        facts: Any,
        evolve: Callable[[Any, Any, datetime, int], Any],
        beside: Callable[[str], str] | None = None,
    ) -> Self:
        """`facts`: the union of them."""
        return cls(name, initial, members(facts), evolve, beside=beside)
