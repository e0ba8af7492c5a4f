"""Commands from their fields as JSON, as decisions of meetings, pages and the API are given them."""

from __future__ import annotations

from domain.aggregate import Command
from domain.refusals import bad_input


def parse_command(kind: type[Command], fields: str | bytes) -> Command:
    """Raises BadInput, which names the field and the limit; an unknown field is refused too."""
    try:
        return kind.model_validate_json(fields)
    except ValueError as error:
        raise bad_input(error) from None
