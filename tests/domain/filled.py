"""Values for the fields of facts and commands by their types alone: what a later one is tried with where nobody says more."""

from __future__ import annotations

import types
import typing
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Literal, Union

import msgspec
from pydantic import ValidationError

from domain import limited
from domain.aggregate import Command
from domain.fact import Fact
from domain.values import LocalText, TextRef

_TODO = "write an example of it in tests/domain/examples.py"
_BY_TYPE: tuple[tuple[Any, Any], ...] = (
    (limited.TaskNumber, "2024-07"),
    (limited.AgencyName, "gjcf"),
    (limited.Month, "2024-03"),
    (limited.AreaName, "culture"),
    (limited.FactName, "task/2024-07#4"),
    (limited.Subject, "1" * 32),
    (limited.Hex, "5" * 32),
    (limited.Seat, "agency/gjcf"),
    (limited.TimeOfDay, "14:00"),
    (limited.Sha256, "a" * 64),
    (limited.MailAddress, "office@gjcf.example"),
    (limited.StreamName, "task/2024-07"),
    (limited.Year, 2025),
    (limited.Quarter, "2024-Q1"),
    (limited.Score, "87.5"),
    (limited.FreeText, TextRef(id="0" * 32, commitment="a" * 64)),
    (TextRef, TextRef(id="0" * 32, commitment="a" * 64)),
    (LocalText, LocalText(ko="제목", en="Title")),
    (date, date(2024, 12, 31)),
    (datetime, datetime(2024, 12, 31, 3, tzinfo=UTC)),
    (bool, True),
    (int, 7),
    (str, "one"),
)


def filled_command(command: type[Command]) -> Command:
    """The command with a value in every field that it cannot do without. Raises LookupError."""
    kinds = typing.get_type_hints(command, include_extras=True)
    needed = {name: one.alias or name for name, one in command.model_fields.items() if one.is_required()}
    try:
        return command(**{typed: value_of(kinds[name]) for name, typed in needed.items()})
    except ValidationError as error:
        raise LookupError(f"{command.name} takes other values: {_TODO}") from error


def filled_fact(fact: type[Fact]) -> Fact:
    """The fact with a value in every field. Raises LookupError."""
    return _struct(fact)


def value_of(kind: Any) -> Any:
    """A value of this type. Raises LookupError where nothing is known of it."""
    for known, value in _BY_TYPE:
        if known == kind:
            return value
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return value_of(arguments[0])
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return value_of(next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        return (value_of(arguments[0]),)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    raise LookupError(f"no value is known of {kind}: {_TODO}")


def _struct(of: type[Any]) -> Any:
    kinds = typing.get_type_hints(of, include_extras=True)
    return of(**{name: value_of(kinds[name]) for name in of.__struct_fields__})
