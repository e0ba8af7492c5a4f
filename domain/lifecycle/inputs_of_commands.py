"""What a requirement of one command may ask about beside: its own fields, by their types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from domain.errors import Bilingual
from domain.lifecycle.inputs import OF_TASK, Asked, Input, InputType, maybe_absent, of_plan
from domain.limited import Score
from domain.task import rules
from domain.task.commands import Replan
from domain.task.moving import Revise
from domain.task.on_task import OnTask
from domain.values import LocalText, Plan


def _bare(hint: Any) -> tuple[Any, bool]:
    """A field's type without its limits, and whether it may be absent."""
    kinds = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is not Annotated and len(kinds) == 1 and type(None) in get_args(hint):
        return _bare(kinds[0])[0], True
    if get_origin(hint) is tuple:
        return (tuple[str, ...] if _bare(kinds[0])[0] is str else hint), False
    return (kinds[0] if get_origin(hint) is Annotated and hint != Score else hint), False


_TYPES: tuple[tuple[Any, InputType, Callable[[Any], Any]], ...] = (
    (int, "int", lambda value: value),
    (Score, "double", float),
    (str, "string", lambda value: value),
    (date, "day", lambda value: value),
    (LocalText, "string", lambda value: value.ko),
    (tuple[str, ...], "list(string)", list),
)


def _read_field(name: str, turn: Callable[[Any], Any]) -> Callable[[Asked], Any]:
    def read(asked: Asked) -> Any:
        value = getattr(asked.command, name, None)
        return None if value is None else turn(value)

    return read


def _plan_of(asked: Asked) -> Plan | None:
    """The plan that the command asks for, whole, also where it says what is to be other of the one that there is."""
    command = asked.command
    if isinstance(command, Revise | Replan):
        return rules.new_plan(command, asked.task)
    return getattr(command, "plan", None)


def _of_command(kind: type[OnTask]) -> Iterator[Input]:
    """The fields that are typed, but for free texts, which lie beside the log."""
    hints = get_type_hints(kind, include_extras=True)
    for name in kind.model_fields:
        bare, absent = _bare(hints[name])
        at, label = f"command.{name}", Bilingual(f"명령의 {name}", f"the command's {name}")
        if bare is Plan:
            yield from of_plan(at, Bilingual("명령의 계획", "the command's plan"), _plan_of)
            continue
        if get_origin(bare) is Literal:
            bare = str
        for known, typed, turn in _TYPES:
            if bare == known and name != "task":
                read = _read_field(name, turn)
                yield from (
                    maybe_absent(at, typed, label, read) if absent else (Input(at, typed, label, read),)
                )


@cache
def inputs_of(kind: type[OnTask]) -> dict[str, Input]:
    """By name, all that a requirement of the command may ask about."""
    return {one.name: one for one in (*OF_TASK, *_of_command(kind))}


class Vocabulary:
    """All names that an expression may ask about. Two of them are never the same: what is made with one is kept for it."""

    def __init__(self, inputs: Iterable[Input]) -> None:
        self.known: Mapping[str, Input] = {one.name: one for one in inputs}


@cache
def vocabulary_of(kind: type[OnTask]) -> Vocabulary:
    """Of a command, where the definition has no steps."""
    return Vocabulary(inputs_of(kind).values())
