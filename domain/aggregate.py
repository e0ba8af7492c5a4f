"""What every aggregate is made of: facts, commands, and three pure functions over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict

from domain.errors import Worded
from domain.seoul import local_day


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What happened, in the past tense. `kind` is stored as the topic and never changes.

    `schema_version` grows by one whenever a field is added or changed; a changed one needs an upcaster.
    What is absent or as by default is not stored, so a default never changes.
    """

    kind: ClassVar[str]
    schema_version: ClassVar[int] = 1


class Command(BaseModel):
    """What somebody wants done, in the imperative. Limits on values sit here."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: ClassVar[str]
    label: ClassVar[Worded]  # as the screens call it
    needs_reason: ClassVar[bool] = False  # whether it is refused without one

    @property
    def stream(self) -> str:
        """The stream the command is about, e.g. "task/2024-07"."""
        raise NotImplementedError

    @property
    def takes_time_of(self) -> int | None:
        """The fact of the stream, by its version, at whose effective time this command takes effect: a correction."""
        return None


@dataclass(frozen=True)
class Given:
    """What `decide` may look at beside the state.

    `effective_at`: when the thing takes effect; `then`: the state as it was so at that moment, where it is a late entry; `others`: other streams' states; `history`: the stream's own facts,
    oldest first, so that version n stands at n - 1; `now`: the store's clock, where it differs from `effective_at`.
    """

    effective_at: datetime
    others: Mapping[str, Any] = field(default_factory=dict)
    history: Sequence[Any] = ()
    now: datetime | None = None
    then: Any = None

    @property
    def today(self) -> date:
        """The day in Seoul on which the command is given."""
        return local_day(self.now or self.effective_at)


def reads_nothing(command: Command, state: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Aggregate:
    """One kind of stream. `evolve` takes a fact with the moment at which it was so and its number in the stream. `reads` names the other streams that `decide` needs, all unchanged until the append."""

    name: str
    initial: Any
    facts: tuple[type[Fact], ...]
    commands: tuple[type[Command], ...]
    decide: Callable[[Any, Any, Given], tuple[Fact, ...]]
    evolve: Callable[[Any, Any, datetime, int], Any]
    reads: Callable[[Any, Any], tuple[str, ...]] = reads_nothing
