"""The form of a programme file, made from the model that reads it: its JSON Schema, and a template to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from workflows.programme_file import ProgrammeFile


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ProgrammeFile.model_json_schema(),
        "title": "Donghaeng programme file",
    }


def template() -> dict[str, Any]:
    """A small file with one of everything that is usually filled in; it can be loaded as it is."""
    return _example(ProgrammeFile)


def parts(model: type[BaseModel] = ProgrammeFile) -> Iterator[type[BaseModel]]:
    """The model and those in it, each once, from the outside in."""
    yield model
    for field in model.model_fields.values():
        inside = _model_in(field.annotation)
        if inside is not None:
            yield from parts(inside)


def _example(model: type[BaseModel]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inside = _model_in(field.annotation)
        if field.examples:
            filled[name] = field.examples[0]
        elif inside is not None and field.is_required():
            filled[name] = [_example(inside)] if get_args(field.annotation) else _example(inside)
    return filled


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, alone or several times."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None
