"""What a year-end report is, in no format yet: sections of texts, figures, tables and charts, in both languages.

Every renderer takes this and adds nothing to it. Nothing here reads the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from domain.errors import Bilingual, Lang

FORMAT = 1  # of the document itself; rises when a field changes its meaning

LANGS: tuple[Lang, ...] = ("ko", "en")
Kind = Literal["text", "int", "krw", "percent", "decimal", "days", "date"]


# `percent` and `decimal` are decimal strings with a point ("82.8") or integers, never floats; `krw`, `int` and
# `days` are integers; None is what the log does not hold, shown as a dash.
Value = int | str | date | Bilingual | None


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value of a table. `facts`: positions of the facts behind it, rising; `figure`: its stable id, if it has one."""

    value: Value
    facts: tuple[int, ...] = ()
    figure: str | None = None


class Column(msgspec.Struct, frozen=True):
    """`kind`: how the values under this head are shown. `weight`: how much of the width it wants beside the others."""

    id: str
    label: Bilingual
    kind: Kind
    weight: int = 1


class Text(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """A paragraph. `role`: what it is: told, an item of a list with those beside it, a remark under what is above, or the
    word that something is not there.
    """

    words: Bilingual
    facts: tuple[int, ...] = ()
    role: Literal["told", "item", "remark", "absent"] = "told"


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number that stands by itself. `id`: stable over versions, e.g. "summary.tasks"."""

    id: str
    label: Bilingual
    value: Value
    kind: Kind
    facts: tuple[int, ...] = ()


class Figures(msgspec.Struct, frozen=True, tag="figures"):
    """Numbers that stand side by side, in order."""

    figures: tuple[Figure, ...]


class Table(msgspec.Struct, frozen=True, tag="table", omit_defaults=True):
    """`rows`: as many cells each as there are columns; the first cell is the row's head. `totals`: rows under a line."""

    id: str
    caption: Bilingual
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()


class Chart(msgspec.Struct, frozen=True, tag="chart", omit_defaults=True):
    """`spec`: plain Vega-Lite by language, data included; `alt`: what it shows; `table`: the same data to be read.

    `rest`: where there are more rows than one drawing holds at its size, the drawings that follow the first. Drawn by
    `projections.report.drawing.drawings(chart, lang)`.
    """

    id: str
    title: Bilingual
    alt: Bilingual
    spec: Mapping[str, Mapping[str, Any]]
    table: Table
    rest: tuple[Mapping[str, Mapping[str, Any]], ...] = ()


Block = Text | Figures | Table | Chart


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """Blocks in order, then parts in order. `own_page`: begins on a new page. `together`: stands on one page where it fits
    on half of one, as short tasks of the annex do. `front`: stands on the first page, under the report's title.
    """

    id: str
    title: Bilingual
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()
    own_page: bool = False
    together: bool = False
    front: bool = False


class Provenance(msgspec.Struct, frozen=True, omit_defaults=True):
    """What makes the same report again.

    `position`: the last fact looked at; `as_of`: known until the end of this day in Seoul; `given`: whether that day was
    asked for, or is the day of the last fact. `sealed`, `root`: how many facts the last seal among them covers, and the
    tree's root in base64; None where nothing was sealed. `definitions`: lifecycle definitions that the year's tasks
    lived by; `calendars`: "2024/2", the year and its calendar's version; `lock`: SHA-256 of the lock file, in hex.
    `log`: the first fact's leaf hash in the trail, in hex. It tells one store's facts from another's, also where they were
    brought into a new store; reports made before it was recorded have none. `meeting`: of minutes, of which meeting.
    """

    year: int
    position: int
    as_of: date
    given: bool
    sealed: int | None
    root: str | None
    definitions: tuple[str, ...]
    calendars: tuple[str, ...]
    code: str
    lock: str
    simulated: bool
    running: bool
    log: str = ""
    meeting: str = ""


class Document(msgspec.Struct, frozen=True):
    """The whole report. `banners`: what every page says, e.g. that the year still runs or is simulated.

    `made`: the day it stands for, in place of a clock: the as-of day. Use it wherever a format wants a date.
    """

    format: int
    year: int
    title: Bilingual
    city: Bilingual
    banners: tuple[Bilingual, ...]
    provenance: Provenance
    sections: tuple[Section, ...]

    @property
    def made(self) -> date:
        return self.provenance.as_of


def sections(document: Document) -> Iterator[tuple[int, Section]]:
    """Every section with its depth (1 at the top), in the order of reading."""

    def walk(depth: int, section: Section) -> Iterator[tuple[int, Section]]:
        yield depth, section
        for part in section.parts:
            yield from walk(depth + 1, part)

    for section in document.sections:
        yield from walk(1, section)


def without_facts(document: Document) -> Document:
    """The same to be read alone: a year has hundreds of thousands of facts, and whoever draws pages needs none of them."""
    return msgspec.structs.replace(document, sections=_strip(document.sections))


def _strip(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_strip, value))
    if not isinstance(value, Section | Figures | Table | Chart | Text | Figure | Cell):
        return value
    given = {name: getattr(value, name) for name in value.__struct_fields__}
    changed = {
        name: () if name == "facts" else _strip(one) for name, one in given.items() if isinstance(one, tuple)
    }
    if isinstance(value, Chart):
        changed["table"] = _strip(value.table)
    return msgspec.structs.replace(value, **changed)


def group_items(blocks: tuple[Block, ...]) -> Iterator[Block | tuple[Text, ...]]:
    """The blocks in their order, items of one list put together."""
    items: list[Text] = []
    for block in blocks:
        if isinstance(block, Text) and block.role == "item":
            items.append(block)
            continue
        if items:
            yield tuple(items)
            items = []
        yield block
    if items:
        yield tuple(items)


def figures(document: Document) -> dict[str, Figure]:
    """Every figure by its id, in the order of reading: those that stand alone and those in tables, also of charts."""
    found: dict[str, Figure] = {}
    for _, section in sections(document):
        for block in section.blocks:
            for figure in _figures_of(block):
                found.setdefault(figure.id, figure)
    return found


def _figures_of(block: Block) -> Iterator[Figure]:
    match block:
        case Figures():
            yield from block.figures
        case Table():
            yield from _in_table(block)
        case Chart():
            yield from _in_table(block.table)


def _in_table(table: Table) -> Iterator[Figure]:
    for row in (*table.rows, *table.totals):
        for column, cell in zip(table.columns, row, strict=True):
            if cell.figure is not None:
                ko, en = (
                    f"{format_value(row[0].value, 'text', lang)}: {column.label.say(lang)}" for lang in LANGS
                )
                label = Bilingual(ko, en)
                yield Figure(cell.figure, label, cell.value, column.kind, cell.facts)


def format_value(value: Value, kind: Kind, lang: Lang) -> str:
    """A value as people read it, without its unit where the column's head says it (KRW, days)."""
    if value is None:
        return "–"
    if isinstance(value, Bilingual):
        return value.say(lang)
    if kind in ("int", "krw", "days") and isinstance(value, int):
        return f"{value:,}"
    if kind == "percent":
        return f"{value}%"
    return str(value)
