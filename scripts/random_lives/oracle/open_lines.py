"""The approval line of a task that is open: whose turn it is and since when, and who has signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scripts.random_lives.oracle.cases import Fact, Record

OPENED, SIGNED, OBJECTED = "task.line_opened", "task.line_signed", "task.line_objected"
WITHDRAWN, LAPSED = "task.line_withdrawn", "task.line_lapsed"
OF_LINES = frozenset({OPENED, SIGNED, OBJECTED, WITHDRAWN, LAPSED})
AGENCY = frozenset({"officer", "head"})


@dataclass(frozen=True)
class OpenLine:
    """`since`: when the turn came; `signed`: the entries whose signatures count."""

    opened: Fact
    since: datetime
    turn: int = 1
    signed: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        return self.opened.version

    @property
    def side(self) -> str:
        """Whose who asked by it is, and is asked for nothing else meanwhile."""
        return "agency" if self.opened.role in AGENCY else "city"

    @property
    def turns(self) -> int:
        return len(self.opened.data["needed"])

    def entries_of(self, turn: int) -> list[Record]:
        return [one for one in self.opened.data["signatories"] if one["turn"] == turn]

    @property
    def asked(self) -> list[Record]:
        """Those of the turn who have not signed."""
        return [one for one in self.entries_of(self.turn) if one["entry"] not in self.signed]

    def is_last(self, entry: str) -> bool:
        """Whether all have signed with that one."""
        return self.turn == self.turns and self._is_complete(self.signed | {entry})

    def _is_complete(self, signed: frozenset[str]) -> bool:
        there = [one for one in self.entries_of(self.turn) if one["entry"] in signed]
        return len(there) >= int(self.opened.data["needed"][self.turn - 1])

    def sign(self, entry: str, at: datetime) -> OpenLine | None:
        signed = self.signed | {entry}
        if not self._is_complete(signed):
            return replace(self, signed=signed)
        return None if self.turn == self.turns else replace(self, signed=signed, turn=self.turn + 1, since=at)

    def send_back(self, turn: int | None, at: datetime) -> OpenLine | None:
        """To that turn, from which all sign anew; without one to who asked."""
        if turn is None:
            return None
        before = {one["entry"] for one in self.opened.data["signatories"] if one["turn"] < turn}
        return replace(self, turn=turn, since=at, signed=self.signed & before)


def fold_line(facts: Iterable[Fact]) -> OpenLine | None:
    """The one that is open behind these facts: what happened to a line happened when it was recorded."""
    line: OpenLine | None = None
    for fact in sorted((one for one in facts if one.kind in OF_LINES), key=lambda one: one.version):
        line = follow(line, fact)
    return line


def follow(line: OpenLine | None, fact: Fact) -> OpenLine | None:
    match fact.kind:
        case "task.line_opened":
            return OpenLine(fact, fact.so)
        case "task.line_signed":
            return line and line.sign(fact.data["entry"], fact.so)
        case "task.line_objected":
            return line and line.send_back(fact.data.get("returns_to"), fact.so)
        case "task.line_withdrawn" | "task.line_lapsed":
            return None
    return line


def sides_of(entries: Iterable[Record]) -> set[str]:
    """Whose people they are: the agency's, or the city's, to which all its positions belong."""
    return {"agency" if one.get("role") in AGENCY else "city" for one in entries}
