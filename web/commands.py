"""Which commands people may ask for by name, on pages and over the API alike."""

from __future__ import annotations

from domain.aggregate import Command
from domain.catalogue import COMMANDS
from domain.errors import Refusal


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
