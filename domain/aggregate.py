"""What decides: commands, and pure functions that make facts of them. What facts make is in `domain.fact`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict

from domain.errors import Bilingual, Lang
from domain.fact import Fact, Fold, members
from domain.roles import Permission, Role
from domain.seoul import local_day

F = TypeVar("F", bound=Fact)


class Command(BaseModel):
    """What somebody wants done, in the imperative. Limits on values sit here."""

    # each is built when it is first made: a start makes one of a hundred
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)
    name: ClassVar[str]
    label: ClassVar[Bilingual]  # as the screens call it
    by: ClassVar[Permission]  # the roles that may give it, and how far
    typed: ClassVar[str | None] = None  # on the command line, where it is not as its name
    needs_reason: ClassVar[bool] = False  # whether it is refused without one
    # what will happen, where nothing takes it back: {…} are its fields. A person says why, and yes where they can be asked
    irrevocable: ClassVar[Bilingual | None] = None

    @property
    def stream(self) -> str:
        """The stream the command is about, e.g. "task/2024-07"."""
        raise NotImplementedError

    @classmethod
    def as_typed(cls) -> str:
        """As the command line has it, e.g. "task hand-over"."""
        return cls.typed or cls.name.replace(".", " ").replace("_", "-")

    @classmethod
    def asks_why(cls, role: Role) -> bool:
        """Whether it is refused without a reason. What a rule does has its basis in the rule."""
        return cls.needs_reason or (cls.irrevocable is not None and role != "system")

    def foretell(self) -> Bilingual | None:
        """What will happen that nothing takes back."""
        if self.irrevocable is None:
            return None
        fields = self.model_dump(mode="json")
        return Bilingual(self.irrevocable.ko.format(**fields), self.irrevocable.en.format(**fields))

    def make_fact(self, kind: type[F], **more: Any) -> F:
        """The fact with all that both name alike. `more`: what the command does not say, or says otherwise, as a free text,
        of which the fact holds the reference."""
        fields = type(self).model_fields
        said = {name: getattr(self, name) for name in kind.__struct_fields__ if name in fields}
        return kind(**(said | more))

    @property
    def takes_time_of(self) -> int | None:
        """The fact of the stream, by its version, at whose effective time this command takes effect: a correction."""
        return None


class Offer(msgspec.Struct, frozen=True):
    """A command that whoever was refused could give instead. `ends`: whether nothing is to be done any more after it.

    `step`: which step of the task's definition, as it is typed, and `step_label`: what that calls it.
    """

    command: type[Command]
    ends: bool = False
    step: str | None = None
    step_label: Bilingual | None = None

    def say(self, lang: Lang) -> str:
        label, typed = (self.step_label or self.command.label).say(lang), self.command.as_typed()
        if self.step is not None:
            typed = f"{typed} … {self.step}"
        return f"{label}(`{typed}`)" if lang == "ko" else f"{label} (`{typed}`)"


def offers_nothing(stream: str, state: Any) -> tuple[Offer, ...]:
    return ()


def defines_nothing(identity: str) -> Any:
    raise LookupError(identity)


@dataclass(frozen=True)
class DecisionContext:
    """What `decide` may look at beside the state.

    `effective_at`: when the thing takes effect; `then`: the state as it was so at that moment, where it is a late entry; `others`: other streams' states; `history`: the stream's own facts,
    oldest first, so that version n stands at n - 1; `now`: the store's clock, where it differs from `effective_at`.
    `offers(stream, state)`: what whoever gives the command could do there instead, should it be refused.
    `step`: the fact that a step of the task's definition comes to, as that says, or a signature in an approval line, or the
    commands that a meeting's decision gives; None where none of these is given;
    `definition_of`: a lifecycle definition by its identity, which never changes. `definition`: by which the task lives that the
    command is about.
    """

    effective_at: datetime
    others: Mapping[str, Any] = field(default_factory=dict)
    history: Sequence[Any] = ()
    now: datetime | None = None
    then: Any = None
    offers: Callable[[str, Any], tuple[Offer, ...]] = offers_nothing
    step: Any = None
    definition_of: Callable[[str], Any] = defines_nothing
    definition: Any = None

    @property
    def today(self) -> date:
        """The day in Seoul on which the command is given."""
        return local_day(self.now or self.effective_at)


def reads_nothing(command: Command, state: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Aggregate(Fold):
    """A kind of stream with what decides on it. `reads` names the other streams that `decide` needs, all unchanged until the append."""

    commands: tuple[type[Command], ...]
    decide: Callable[[Any, Any, DecisionContext], tuple[Fact, ...]]
    reads: Callable[[Any, Any], tuple[str, ...]] = reads_nothing

    @classmethod
    def on(
        cls,
        fold: Fold,
        commands: Any,
        decide: Callable[[Any, Any, DecisionContext], tuple[Fact, ...]],
        reads: Callable[[Any, Any], tuple[str, ...]] = reads_nothing,
    ) -> Aggregate:
        """`commands`: the union of them."""
        own = (fold.name, fold.initial, fold.facts, fold.evolve)
        return cls(*own, members(commands), decide, reads, beside=fold.beside)
