"""The first entry of the trail that is not what the facts make of it, and the first of those that is news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from domain.errors import Bilingual
from projections.inspection.entries import TRAIL_ENTRIES
from projections.inspection.refolding import NAMES, Row
from store.beside_found import Known

_KEY = re.compile(r"[a-z0-9][a-zA-Z0-9_./-]{0,99}").fullmatch


class Fault(StrEnum):
    MISSING = "missing"
    ADDED = "added"
    CHANGED = "changed"


class EntryDifference(msgspec.Struct, frozen=True):
    """The first row that is not what the facts make of it. `position`: of its fact; None: a stream's own row.

    `field`: the first value that differs, with what the row has (`live`) and what the fact makes of it (`fresh`).
    """

    fault: Fault
    key: str
    position: int | None = None
    field: str = ""
    live: str = ""
    fresh: str = ""

    @property
    def row(self) -> str:
        """The key, or where somebody put in one that is no key, a digest of it."""
        return self.key if _KEY(self.key) else sha256(self.key.encode()).hexdigest()

    @property
    def words(self) -> Bilingual:
        table = TRAIL_ENTRIES.name
        of = Bilingual(f"{self.position}번 기록", f"event {self.position}")
        if self.position is None:
            of = Bilingual(f"{self.key} 묶음", f"the stream {self.key}")
        match self.fault:
            case Fault.MISSING:
                return Bilingual(
                    f"조회 화면 {table}에 {of.ko}의 행이 없습니다",
                    f"the view {table} has no row of {of.en}",
                )
            case Fault.ADDED:
                return Bilingual(
                    f"조회 화면 {table}의 행 ‘{self.key}’({of.ko})은(는) 어느 기록에서도 나오지 않습니다",
                    f"the view {table} has a row “{self.key}” ({of.en}) that no fact makes",
                )
        return Bilingual(
            f"조회 화면 {table}에서 {of.ko}의 행이 기록과 다릅니다: {self.field}이(가) 행에는 ‘{self.live}’, 기록대로면 ‘{self.fresh}’입니다",
            f"the view {table} has another row of {of.en} than its fact makes: {self.field} is “{self.live}”, and “{self.fresh}” by the fact",
        )


class Seeking:
    """The first difference, and the first that is news."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.first: EntryDifference | None = None
        self.news: EntryDifference | None = None

    def finds(self, found: Sequence[Any], fresh: Sequence[Row], place: int = 2) -> bool:
        """Whether there is news among these rows. `place`: as of `first_unlike`."""
        while (difference := first_unlike(found, fresh, place)) is not None:
            self.first = self.first or difference
            if (difference.fault, difference.position, difference.row) not in self._known:
                self.news = difference
                return True
            at = difference.key, difference.position
            found, fresh = ([row for row in rows if (row[1], row[2]) != at] for rows in (found, fresh))
        return False


def first_unlike(found: Sequence[Any], fresh: Sequence[Row], place: int = 2) -> EntryDifference | None:
    """The first in order of which one side has no equal. `place`: of what both are in order by: position, or key."""
    if found == fresh:
        return None
    for live, made in zip(found, fresh, strict=False):
        if live == made:
            continue
        if live[1] == made[1] and live[place] == made[place]:
            return _describe_change(live, made)
        return _alone(live, Fault.ADDED) if _before(live, made, place) else _alone(made, Fault.MISSING)
    both = min(len(found), len(fresh))
    if len(found) > both:
        return _alone(found[both], Fault.ADDED)
    return _alone(fresh[both], Fault.MISSING) if len(fresh) > both else None


def _before(live: Row, made: Row, place: int) -> bool:
    return bool((live[place], live[1]) < (made[place], made[1]))


def _alone(row: Row, fault: Fault) -> EntryDifference:
    return EntryDifference(fault, row[1], row[2])


def _describe_change(live: Row, made: Row) -> EntryDifference:
    # the row as JSON holds all, and says least
    names = [*range(2, len(NAMES)), 0]
    at = next(one for one in names if live[one] != made[one])
    return EntryDifference(
        Fault.CHANGED, made[1], made[2], NAMES[at], _spell_value(live[at]), _spell_value(made[at])
    )


def _spell_value(value: Any) -> str:
    return "–" if value is None else ", ".join(value) if isinstance(value, list) else str(value)
