"""A new definition's file, from a template: its text with the template's comments, under another name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from domain.lifecycle.content import NAMED_BY
from workflows.definitions.templates import SCENARIOS_NAMED_BY, file_of_template, scenarios_beside


def write_from(template: str, name: str, version: int = 1) -> str:
    """TOML that says the same as the template, of that name. Raises UnknownDefinition."""
    said = _whole(template, NAMED_BY, lambda path: path)
    said["name"], said["version"] = name, version
    return tomlkit.dumps(said)


def write_scenarios_from(template: str) -> str:
    """The template's scenarios, whole. Raises UnknownDefinition."""
    return tomlkit.dumps(_whole(template, SCENARIOS_NAMED_BY, scenarios_beside))


def _whole(identity: str, named_by: Mapping[str, str], find: Callable[[Path], Path]) -> tomlkit.TOMLDocument:
    """The file that is found by the template's; one that extends another is put over it, entry by entry."""
    own = tomlkit.parse(find(file_of_template(identity)).read_text(encoding="utf-8"))
    if "extends" not in own:
        return own
    base = _whole(str(own["extends"]), named_by, find)
    for field, key in named_by.items():
        for entry in own.get(field, ()):
            _put(base, field, key, entry)
    return base


def _put(base: tomlkit.TOMLDocument, field: str, key: str, entry: Any) -> None:
    if field not in base:
        base.append(field, tomlkit.aot())
    known = next((one for one in base[field] if one[key] == entry[key]), None)
    if known is None:
        base[field].append(entry)
        return
    for name, value in entry.items():
        known[name] = value
