"""A command from what came in, by its name and as JSON: for pages and the API alike. Unknown fields are refused by the command."""

from __future__ import annotations

import json
from typing import Any

from domain.aggregate import Command
from domain.catalogue import COMMANDS
from domain.errors import Refusal
from domain.refusals import bad_input


class NoSuchCommand(Refusal):
    """Nobody declared it, or only rules give it."""

    ko = "‘{given}’이라는 명령은 없습니다. 있는 명령은 docs/permissions.md에 있습니다."
    en = "There is no command “{given}”. Those that there are stand in docs/permissions.md."


def find_command(name: str) -> type[Command]:
    """Raises NoSuchCommand."""
    found = COMMANDS.get(name)
    if found is None or set(found.by) <= {"system"}:
        raise NoSuchCommand(given=name[:80])
    return found


def make_command(kind: type[Command], said: dict[str, Any] | bytes) -> Command:
    """`said`: its fields, or them as JSON. Raises BadInput, which names the field and the limit."""
    try:
        return kind.model_validate_json(said if isinstance(said, bytes) else json.dumps(said))
    except ValueError as error:
        raise bad_input(error) from None
