"""A form from a command's declaration: its fields, how each is typed, and the command that they come to.

What a form sends becomes JSON and is read as the API reads it, so that limits are said once, by the command.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from domain.aggregate import Command
from domain.errors import Lang
from domain.values import LocalText, TextRef
from projections.inspection.words import field_name
from projections.labels import label_for

Kind = Literal["line", "text", "number", "day", "choice", "lines", "pairs"]
Typed = Mapping[str, Sequence[str]]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: how it is typed; `choices`: value and label, of a choice; `value`: what was typed before."""

    name: str
    label: str
    kind: Kind
    required: bool
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def fields_of(command: type[Command], known: Sequence[str], typed: Typed, lang: Lang) -> list[Field] | None:
    """Those to be typed; None where a form cannot ask for one that is needed. `known`: what the page says already."""
    found = []
    for name, declared in command.model_fields.items():
        kind = None if name in known else _kind_of(declared.annotation)
        if kind is not None:
            found.append(
                Field(
                    name=name,
                    label=field_name(name, lang),
                    kind=kind,
                    required=declared.is_required(),
                    value=next(iter(typed.get(name, ())), ""),
                    choices=tuple(
                        (str(one), label_for(name, str(one), lang)) for one in _choices(declared.annotation)
                    ),
                )
            )
        elif declared.is_required() and name not in known:
            return None
    return found


def read_fields(command: type[Command], known: Mapping[str, str], typed: Typed) -> dict[str, Any]:
    """What was typed, as JSON has it; what was left empty is left out, and what the command does not have stays, to be refused."""
    kinds = {name: _kind_of(one.annotation) for name, one in command.model_fields.items()}
    said: dict[str, Any] = dict(known)
    for name, values in typed.items():
        text = values[0].strip() if len(values) == 1 else values
        if text:
            said[name] = _value(kinds.get(name), text, command, name) if isinstance(text, str) else text
    return said


def _value(kind: Kind | None, text: str, command: type[Command], name: str) -> Any:
    match kind:
        case "number" if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20:
            return int(text)
        case "lines":
            return _lines(text)
        case "pairs":
            parts = msgspec.structs.fields(_struct_in(command.model_fields[name].annotation))
            names = [one.encode_name for one in parts]
            return [
                dict(zip(names, (part.strip() for part in line.split("=", len(names) - 1)), strict=False))
                for line in _lines(text)
            ]
        case "line" if LocalText in _alternatives(command.model_fields[name].annotation):
            return {"ko": text}
    return text


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _kind_of(annotation: Any) -> Kind | None:
    """How a value of this type is typed; None where a form has no field for it yet."""
    found = _alternatives(annotation)
    if TextRef in found:
        return "text"
    if len(found) != 1:
        return None
    (one,) = found
    simple: dict[Any, Kind] = {str: "line", LocalText: "line", int: "number", date: "day"}
    if one in simple:
        return simple[one]
    if get_origin(one) is Literal:
        return "choice"
    if get_origin(one) is tuple:
        if TextRef in (of := _alternatives(get_args(one)[0])) or of == [str]:
            return "lines"
        return "pairs" if _struct_in(annotation) is not None else None
    return None


def _struct_in(annotation: Any) -> Any:
    """Of a list of structs that hold nothing but text, the struct."""
    (one,) = _alternatives(annotation)
    of = get_args(one)[0]
    is_struct = isinstance(of, type) and issubclass(of, msgspec.Struct)
    return of if is_struct and all(each.type is str for each in msgspec.structs.fields(of)) else None


def _alternatives(annotation: Any) -> list[Any]:
    """What it may be beside nothing, without what pydantic is told of it."""
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [each for one in get_args(annotation) for each in _alternatives(one)]
    return [] if annotation is type(None) else [annotation]


def _choices(annotation: Any) -> tuple[Any, ...]:
    return tuple(
        each for one in _alternatives(annotation) if get_origin(one) is Literal for each in get_args(one)
    )
