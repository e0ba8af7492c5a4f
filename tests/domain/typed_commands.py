"""Commands as the program makes them of what was typed: without conversions, and refused in words."""

from __future__ import annotations

from pydantic import ValidationError

from domain.aggregate import Command
from domain.catalogue import COMMANDS
from domain.refusals import bad_input


def read_command(name: str, body: str | bytes) -> Command:
    """From JSON; 1.0 is no whole number. Raises BadInput."""
    try:
        return COMMANDS[name].model_validate_json(body, strict=True)
    except ValidationError as error:
        raise bad_input(error) from None
