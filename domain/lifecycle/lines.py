"""What a definition says of approval lines (결재선): who signs for a command or step before it is carried out, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from domain.lifecycle.expressions import Expression, make_expression
from domain.lifecycle.inputs_of_commands import Vocabulary
from domain.lifecycle.naming import OwnName
from domain.lifecycle.part import Part
from domain.limited import PositionName
from domain.limits import check_once
from domain.refusals import locate_errors, validation_error
from domain.roles import ROLES, Role
from domain.task.line_words import LineKind
from domain.task.lining import Sign

MOST_ENTRIES = 20  # of one line


class LineEntry(Part):
    """Who signs: a role, or a position of the city's. Entries are asked one after the other, those of one `group` side by side.

    `needed`: with the first of a group, how many of it suffice; all where it is absent. `when`: an expression in CEL over the
    inputs of the command: the entry counts where it is true. `returns_to`: an earlier entry, from which it is signed anew after
    an objection; absent: it goes back to who asked.
    """

    entry: OwnName
    kind: LineKind
    role: Role | None = None
    position: PositionName | None = None
    group: OwnName | None = None
    needed: Annotated[int | None, Field(ge=1, le=MOST_ENTRIES)] = None
    when: str | None = None
    returns_to: OwnName | None = None

    @model_validator(mode="after")
    def _can_sign(self) -> LineEntry:
        if (self.role is None) is (self.position is None):
            raise validation_error("role_or_position", "role")
        if self.role is not None and self.role not in Sign.by:
            raise validation_error("role_may_not", "role", role=ROLES[self.role].title, command=Sign.name)
        return self

    @property
    def signer(self) -> tuple[str, str]:
        """Who signs, the same for entries that are the same."""
        return ("position", self.position) if self.position is not None else ("role", str(self.role))


ApprovalLine = Annotated[tuple[LineEntry, ...], Field(max_length=MOST_ENTRIES)]
Conditions = tuple[tuple[LineEntry, Expression | None], ...]


class Turn(NamedTuple):
    """Entries that are asked side by side. `needed`: how many signatures suffice."""

    entries: tuple[LineEntry, ...]
    needed: int


def turns_of(line: Sequence[LineEntry], counted: Sequence[LineEntry]) -> list[Turn]:
    """Of those of the line's entries that count, in their order."""
    found: list[list[LineEntry]] = []
    for one in counted:
        if found and one.group is not None and one.group == found[-1][0].group:
            found[-1].append(one)
        else:
            found.append([one])
    return [Turn(tuple(one), min(_count_needed(line, one), len(one))) for one in found]


def _count_needed(line: Sequence[LineEntry], turn: Sequence[LineEntry]) -> int:
    """The first of a group says it, also where that does not count itself."""
    said = [one.needed for one in line if one.group is not None and one.group == turn[0].group]
    return next((one for one in said if one is not None), len(turn))


def check_line(line: Sequence[LineEntry], of: Vocabulary, at: str) -> None:
    """Refuse a line that nobody could complete, or whose conditions cannot be asked. `at`: the entry that has it."""
    check_once([one.entry for one in line], f"{at}.line[{{}}].entry")
    _check_groups(line, at)
    for number, one in enumerate(line):
        before = {each.entry for each in line[:number]}
        if one.returns_to is not None and one.returns_to not in before:
            raise validation_error("returns_nowhere", f"{at}.line[{number}].returns_to", entry=one.returns_to)
        if one.when is not None:
            with locate_errors(f"{at}.line[{number}].when"):
                make_expression(one.when, of)


def _check_groups(line: Sequence[LineEntry], at: str) -> None:
    begins = [number for number, one in enumerate(line) if _begins(line, number)]
    check_once([str(line[one].group) for one in begins if line[one].group], f"{at}.line[{{}}].group")
    for begin, end in pairwise([*begins, len(line)]):
        for number in range(begin, end):
            needed = line[number].needed
            if needed is not None and (number != begin or needed > end - begin or line[begin].group is None):
                raise validation_error(
                    "needed_of", f"{at}.line[{number}].needed", needed=needed, count=end - begin
                )


def _begins(line: Sequence[LineEntry], number: int) -> bool:
    one = line[number]
    return number == 0 or one.group is None or one.group != line[number - 1].group


def make_conditions(line: Sequence[LineEntry], of: Vocabulary) -> Conditions:
    """Each entry with its expression, where it has one, made once."""
    return tuple((one, None if one.when is None else make_expression(one.when, of)) for one in line)


def positions_in(lines: Iterable[Sequence[LineEntry]]) -> frozenset[str]:
    """The positions of the city's that these lines name."""
    return frozenset(one.position for line in lines for one in line if one.position is not None)
