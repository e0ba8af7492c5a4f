"""What every history is made of: facts, and how those of a stream are folded. What decides on them is elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self, get_args

import msgspec


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What happened, in the past tense. `kind` is stored as the topic and never changes.

    `schema_version` grows by one whenever a field is added or changed; a changed one needs an upcaster.
    What is absent or as by default is not stored, so a default never changes.
    """

    kind: ClassVar[str]
    schema_version: ClassVar[int] = 1


def members(union: Any) -> tuple[Any, ...]:
    """The classes of a union such as `NoticeCommand`, in their order; of a union of one, that one."""
    return get_args(union) or (union,)


def kinds_of(union: Any) -> frozenset[str]:
    """The kinds of a union of facts."""
    return frozenset(fact.kind for fact in members(union))


@dataclass(frozen=True)
class Fold:
    """How the facts of one kind of stream make its state: who only reads needs no more of it.

    `evolve` takes a fact with the moment at which it was so and its number in the stream.
    """

    name: str
    initial: Any
    facts: tuple[type[Fact], ...]
    evolve: Callable[[Any, Any, datetime, int], Any]

    @classmethod
    def of(
        cls, name: str, initial: Any, facts: Any, evolve: Callable[[Any, Any, datetime, int], Any]
    ) -> Self:
        """`facts`: the union of them."""
        return cls(name, initial, members(facts), evolve)
