"""The page and the schema of what people read: every reading with the document that it gives, from the code."""

from __future__ import annotations

import inspect
import json
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import msgspec.inspect

from scripts.cli.document_list import DOCUMENTS
from workers.reading_list import Reading, readings

_ADDED = (
    "Made by `python -m scripts.pages`. With `--json` a command prints the document of its reading. Where views lag "
    "behind the log or have stopped it has `behind` too, and of a slice (`--as-of`, `--effective`) `slice`. A refusal is "
    "`error` with `name`, `message` and the exit code, wrong usage too. Times are RFC 3339, days ISO 8601, ids text; a field with “?” may be "
    "absent. The same as a JSON Schema: [documents.schema.json](documents.schema.json)."
)


def readings_page() -> str:
    """Every reading and, after them, every part of their documents."""
    parts, module = ["# Readings", _ADDED], None
    known = list(readings())
    ways, documents = _schemas(known)
    others = ways[len(known) :]
    for one, way in zip(known, ways, strict=False):
        if one.module is not module:
            module = one.module
            parts += [f"## {module.__name__}", (inspect.getdoc(module) or "").partition("\n")[0]]
        parts.append(f"### {one.name}({one.asked}) → {_type(way)}")
        parts += [one.meaning] if one.meaning else []
    parts.append("## What else is printed with --json")
    parts.append("\n".join(f"- {name}: {_type(way)}" for name, way in zip(DOCUMENTS, others, strict=True)))
    parts.append("## Documents")
    for name, part in sorted(documents.items()):
        parts.append(f"### {name}")
        parts += [" ".join(part["description"].split())] if part.get("description") else []
        parts.append(
            "\n".join(_field(field, name, part) for name, field in part.get("properties", {}).items())
        )
    return "\n\n".join(part for part in parts if part) + "\n"


def schema_page() -> str:
    """The same as one JSON Schema (2020-12): `readings` names each one's document, `$defs` has all parts."""
    known = list(readings())
    ways, parts = _schemas(known)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What donghaeng prints with --json",
        "anyOf": [{"$ref": ref} for ref in sorted({way["$ref"] for way in ways})],
        "readings": {one.name: way["$ref"] for one, way in zip(known, ways, strict=False)},
        "commands": {name: way["$ref"] for name, way in zip(DOCUMENTS, ways[len(known) :], strict=True)},
        "$defs": dict(sorted(parts.items())),
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _schemas(known: list[Reading]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """Where each document is, the readings' first, and all parts; of a part's fields, those are required that are always printed."""
    documents = [*(one.document for one in known), *DOCUMENTS.values()]
    found = list(_structs_in(msgspec.inspect.multi_type_info(documents), set()))
    ways, parts = msgspec.json.schema_components(
        [*documents, *(one.cls for one in found)],
        ref_template="#/$defs/{name}",
        schema_hook=lambda kind: {"type": "string"},
    )
    for one, way in zip(found, ways[len(documents) :], strict=True):
        fields = parts[way["$ref"].rpartition("/")[2]]["properties"] if one.fields else {}
        for field in one.fields:
            _mark_times(field.type, fields[field.encode_name])
        kind = typing.get_origin(one.cls) or one.cls  # of a generic one the class
        if not kind.__struct_config__.omit_defaults:
            part = parts[way["$ref"].rpartition("/")[2]]
            printed = [field for field in one.fields if field.default is not msgspec.UNSET]
            part["required"] = [*_tag(one), *(field.encode_name for field in printed)]
    return ways[: len(documents)], parts


def _mark_times(kind: Any, part: dict[str, Any]) -> None:
    """Times are RFC 3339 with an offset, which msgspec leaves out of a schema."""
    match kind:
        case msgspec.inspect.DateTimeType():
            part["format"] = "date-time"
        case msgspec.inspect.UnionType(types=types):
            for one in types:
                if isinstance(one, msgspec.inspect.DateTimeType):
                    text = next(
                        each
                        for each in part["anyOf"]
                        if each.get("type") == "string" and "format" not in each
                    )
                    text["format"] = "date-time"
        case msgspec.inspect.CollectionType(item_type=item) if "items" in part:
            _mark_times(item, part["items"])
        case msgspec.inspect.DictType(value_type=value):
            _mark_times(value, part.get("additionalProperties", {}))


def _tag(kind: msgspec.inspect.StructType) -> tuple[str, ...]:
    return () if kind.tag_field is None else (kind.tag_field,)


def _structs_in(held: Any, seen: set[Any]) -> Iterator[msgspec.inspect.StructType]:
    """These types' structs and those that their fields hold, each once."""
    if isinstance(held, msgspec.inspect.StructType):
        if held.cls in seen:
            return
        seen.add(held.cls)
        yield held
    if isinstance(held, tuple | list):
        for one in held:
            yield from _structs_in(one, seen)
    elif isinstance(held, msgspec.inspect.Type | msgspec.inspect.Field):
        yield from _structs_in([getattr(held, name) for name in held.__struct_fields__], seen)


def _field(field: dict[str, Any], name: str, part: dict[str, Any]) -> str:
    return f"- `{name}{'' if name in part.get('required', ()) else '?'}`: {_type(field)}"


def _type(field: dict[str, Any]) -> str:
    """A JSON Schema in a few words, e.g. "array of [Line](#line)"."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower().replace('.', '')})"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one) for one in field["anyOf"]))
    if "enum" in field:
        return " or ".join(f"`{one}`" for one in field["enum"])
    match field.get("type"):
        case "array":
            return f"array of {_type(field['items'])}" if field.get("items") else "array"
        case "object":
            values = field.get("additionalProperties")
            return f"object of {_type(values)}" if isinstance(values, dict) else "object"
        case str(kind):
            return f"{kind} ({field['format']})" if "format" in field else kind
    return "anything"
