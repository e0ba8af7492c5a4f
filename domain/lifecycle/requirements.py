"""What a definition requires of a command beside role and place: an expression that has to be true, and what is said where it is not."""

from __future__ import annotations

from pydantic import field_validator

from domain.lifecycle.expressions import Expression, make_expression
from domain.lifecycle.inputs_of_commands import Vocabulary
from domain.lifecycle.part import Part
from domain.limits import check_title
from domain.refusals import locate_errors
from domain.values import LocalText

MOST_REQUIREMENTS = 10  # of one command or step


class Requirement(Part):
    """`that`: in CEL, over the inputs of the command (`inputs.py`); `otherwise`: what the refusal says, where it is false."""

    that: str
    otherwise: LocalText

    @field_validator("otherwise")
    @classmethod
    def _is_a_line(cls, said: LocalText) -> LocalText:
        return check_title(said)


Required = tuple[tuple[Requirement, Expression], ...]


def make_expressions(requirements: tuple[Requirement, ...], of: Vocabulary) -> Required:
    """Each with its expression, made once. Raises PydanticCustomError."""
    return tuple((one, make_expression(one.that, of)) for one in requirements)


def check_requirements(requirements: tuple[Requirement, ...], of: Vocabulary, at: str) -> None:
    """Refuse an expression that cannot be asked of the command or step, by its number. `at`: the entry that requires it."""
    for number, one in enumerate(requirements):
        with locate_errors(f"{at}.requirements[{number}].that"):
            make_expression(one.that, of)
