"""A definition's content as it is stored: canonical JSON, its hash, and the definition that it says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from domain.errors import BadInput
from domain.lifecycle.model import Definition
from domain.refusals import bad_input

# by what an entry of each list is told from the others
NAMED_BY: Mapping[str, str] = {
    "stages": "stage",
    "commands": "command",
    "deadlines": "kind",
    "ladders": "name",
    "transitions": "rule",
    "grades": "grade",
    "criteria": "name",
    "places": "place",
    "steps": "step",
    "letters": "letter",
    "quiet_days": "name",
}
LONGEST_NAME = 60


def canonical(content: Mapping[str, Any]) -> str:
    """The same text for the same content: keys in order, no spaces, nothing escaped that need not be."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_of(definition: Definition) -> str:
    """What was said of it, without what is by default."""
    return canonical(definition.model_dump(mode="json", by_alias=True, exclude_unset=True))


def check_content(content: Mapping[str, Any]) -> Definition:
    """The definition that the entries say. Raises BadInput naming the entry and what is wrong with it."""
    try:
        return Definition.model_validate(content)
    except ValidationError as error:
        refusal = bad_input(error)
        refusal.details["field"] = name_entry(str(refusal.details["field"]), content)
        raise BadInput(**refusal.details) from None


@lru_cache(maxsize=128)
def parse_content(content: str) -> Definition:
    """The definition of a stored content; the same object for the same text. Raises BadInput."""
    return check_content(json.loads(content))


def name_entry(field: str, content: Mapping[str, Any], named_by: Mapping[str, str] = NAMED_BY) -> str:
    """The same place with what the entry is about in place of its number, where that is one: commands[task.start].to."""
    found = re.match(r"(\w+)\[(\d+)\]", field)
    if found is None:
        return field
    entry = content[found[1]][int(found[2])] if isinstance(content.get(found[1]), list) else None
    key = named_by.get(found[1], "")
    name = entry.get(key) if isinstance(entry, dict) else None
    fit = isinstance(name, str) and name.isprintable() and len(name) <= LONGEST_NAME
    if fit and sum(isinstance(one, dict) and one.get(key) == name for one in content[found[1]]) > 1:
        return field  # by its name it would be told from no other
    return f"{found[1]}[{name}]{field[found.end() :]}" if fit else field
