"""What a reader learns of the steps that a task can take now, and whether there may be any."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Protocol

import msgspec

from domain.definition.state import DEFINITION, Versions
from domain.errors import Bilingual
from domain.roles import Role
from domain.streams import definition_stream, version_of
from domain.values import LocalText
from store.log import Store
from store.recorded import fold_state


class FieldAsked(msgspec.Struct, frozen=True):
    """A field of a form. `wanted`: what is to be written."""

    field: str
    label: LocalText
    type: str
    required: bool
    wanted: Bilingual


class StepPossible(msgspec.Struct, frozen=True):
    """A step that can be taken now. `to`: where it leads, None where the task stays; `by`: the roles that may."""

    step: str
    label: LocalText
    to: str | None
    by: tuple[Role, ...]
    needs_reason: bool
    form: tuple[FieldAsked, ...]


class _Asked(Protocol):
    @property
    def field(self) -> str: ...
    @property
    def required(self) -> bool: ...


def describe_typed(task: str, step: str, form: Iterable[_Asked]) -> str:
    """The step as the command line has it, with the form's fields."""
    fields = "".join(
        f" --set {each.field}=…" if each.required else f" [--set {each.field}=…]" for each in form
    )
    return f"donghaeng task step {task} {step}{fields}"


def has_steps(store: Store, definition: str) -> bool:
    """Whether the definition has steps of its own, by its text in the log: most have none, and whoever reads of a task then
    need not load what checks definitions. Those that come along with the program have none.
    """
    stream = definition_stream(definition.partition("/")[0])
    versions: Versions = fold_state(DEFINITION, store.read(stream))
    adopted = versions.adopted.get(version_of(definition))
    return adopted is not None and bool(json.loads(adopted.content).get("steps"))
