"""Where in a sheet the table is: its headings, what stands above it, and the rows in it that are no entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from domain.errors import Bilingual, Refusal
from workflows.importing.folding import fold

Held = Mapping[int, Any]  # a row's cells by column, from 1
_LOOKED_AT = 30  # rows among which the headings are looked for
_NUMBERING = frozenset(map(fold, ("연번", "순번", "번호", "일련번호", "NO", "No.", "#", "№")))
_FORMERLY = {fold("협력기관"): "협업기관"}  # headings as older forms have them
_SUM = re.compile(r"(?:총?합계|총계|소계|누계|계|subtotal|(?:grand)?total)(?:[(:].*)?")
_REMARK = re.compile(r"※|\*|주\)|주:|[-~]*이하(?:여백|빈칸)|끝\.?$")
_UNIT = re.compile(r"단위:?(천원|백만원|천만원|만원|억원|원)")


class WrongHeadings(Refusal):
    """No row says what the columns are."""

    ko = "열 이름이 맞지 않습니다({row}행): {problem} `donghaeng import --template FILE`로 서식을 받을 수 있습니다."
    en = "The headings (row {row}) do not fit: {problem} Get a form with `donghaeng import --template FILE`."


class Table(msgspec.Struct, frozen=True):
    """`row`: of the headings; `headings`: by column, as the form writes them; `ignored`: columns that only number rows.

    `remarks`: what stands above and was not read, by row. `unit`: of money, as it says.
    """

    row: int
    headings: Mapping[int, str]
    ignored: frozenset[int]
    first: str  # the heading of the entries' own number
    remarks: tuple[tuple[int, Bilingual], ...] = ()
    unit: str | None = None

    def skips(self, held: Held) -> Bilingual | None:
        """Why a row is no entry: a sum, a remark, the headings once more. None where it is one, or might be."""
        texts = {column: fold(cell) for column, cell in held.items() if isinstance(cell, str)}
        if len(held) == 1 and len(texts) == 1 and _REMARK.match(next(iter(texts.values()))):
            return Bilingual("덧붙인 말이라 읽지 않았습니다.", "it is a remark, and was not read.")
        named = {fold(heading): column for column, heading in self.headings.items()}
        if len(texts) > 1 and all(
            named.get(text) == column for column, text in texts.items() if column not in self.ignored
        ):
            return Bilingual(
                "열 이름이 되풀이되어 읽지 않았습니다.", "it is the headings again, and was not read."
            )
        own = {column for column, heading in self.headings.items() if heading == self.first}
        first = min(texts, default=0)  # a sum is named where its row begins
        if (
            first
            and _SUM.fullmatch(texts[first])
            and not any(column in own for column in texts if column != first)
        ):
            return Bilingual("합계 행이라 읽지 않았습니다.", "it is a sum, and was not read.")
        return None


def is_heading(known: Sequence[str]) -> Callable[[str], bool]:
    folded = frozenset(map(fold, known))
    return lambda text: fold(text) in folded


def find_headings(rows: Mapping[int, Held], known: Sequence[str], needed: Sequence[str]) -> int | None:
    """The first row, near the top, that names all needed columns."""
    wanted = set(map(fold, needed))
    return next((number for number in sorted(rows)[:_LOOKED_AT] if wanted <= _names(rows[number])), None)


def _likeliest(rows: Mapping[int, Held], known: Sequence[str]) -> int:
    """Of rows of which none names all that is needed, the one that is meant to."""
    alike = set(map(fold, known))
    likely = [one for one in sorted(rows)[:_LOOKED_AT] if len(alike & _names(rows[one])) > 1]
    return (likely or sorted(rows))[0]


def _names(held: Held) -> set[str]:
    return {fold(cell) for cell in held.values() if isinstance(cell, str)}


def headings_in(rows: Mapping[int, Held], known: Sequence[str], needed: Sequence[str]) -> Table:
    """The table. Raises WrongHeadings, naming what the likeliest row says wrong."""
    number = find_headings(rows, known, needed)
    if number is None:
        number = _likeliest(rows, known)
    written = {old: new for old, new in _FORMERLY.items() if new in known}
    written |= {fold(heading): heading for heading in known}
    headings: dict[int, str] = {}
    ignored: set[int] = set()
    for column, cell in sorted(rows[number].items()):
        text = str(cell) if isinstance(cell, str | int | float) else "?"
        if fold(text) in _NUMBERING:
            ignored.add(column)
        else:
            headings[column] = written.get(fold(text), text.strip())
    _check(number, list(headings.values()), known, needed)
    above = [one for one in sorted(rows) if one < number]
    said = "".join(fold(cell) for one in above for cell in rows[one].values() if isinstance(cell, str))
    unit = _UNIT.search(said)
    remark = Bilingual("표 위의 글이라 읽지 않았습니다.", "it stands above the table, and was not read.")
    return Table(
        row=number,
        headings=headings,
        ignored=frozenset(ignored),
        first=needed[0],
        remarks=tuple((one, remark) for one in above),
        unit=unit[1] if unit else None,
    )


def _check(row: int, named: Sequence[str], known: Sequence[str], needed: Sequence[str]) -> None:
    for ko, en, wrong in (
        ("알 수 없는 열", "unknown columns", [one for one in named if one not in known]),
        ("중복된 열", "columns that occur twice", [one for one in known if named.count(one) > 1]),
        ("빠진 열", "missing columns", [one for one in needed if one not in named]),
    ):
        if wrong:
            listed = ", ".join(one[:40] for one in dict.fromkeys(wrong))
            raise WrongHeadings(row=row, problem=Bilingual(f"{ko}: {listed}.", f"{en}: {listed}."))
