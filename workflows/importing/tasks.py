"""A sheet of tasks into the store: every fault by row and column, and all rows or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from domain.errors import Lang, Refusal
from domain.programme.commands import programme_stream
from domain.programme.decider import PROGRAMME
from domain.programme.state import Programme
from domain.values import LocalText
from store.envelope import Actor, Authn
from store.log import Store
from store.recorded import folded
from workflows.door import Door, SomeRefused
from workflows.importing.folding import Directory
from workflows.importing.sheets import Fault, Remark, Sheet, read_sheet
from workflows.importing.task_rows import HEADINGS, NEEDED, Names, fault_of, read_rows, task_of
from workflows.loading import told_apart
from workflows.order import Order
from workflows.programme_file import NotReadable
from workflows.reading import agencies_known

_SHOWN = 30


class Imported(msgspec.Struct, frozen=True):
    """`new`: facts written; rows that had been imported before are not counted. `encoding`: of a CSV.

    `remarks`: what was read otherwise than it stands, or not read.
    """

    rows: int
    new: int
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]
    encoding: str | None


class ImportRefused(Refusal):
    """Something is wrong with the sheet, so none of it was imported. `faults`: all that is wrong."""

    ko = "{path}: 잘못된 곳이 {count}군데라 아무것도 가져오지 않았습니다.\n{listed}"
    en = "{path}: {count} faults, so nothing was imported.\n{listed}"

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(path=path, count=len(self.faults), listed=_Listed(self.faults))


class _Listed:
    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = faults

    def say(self, lang: Lang) -> str:
        lines = [in_words(fault, lang) for fault in self._faults[:_SHOWN]]
        return "\n".join(lines) + ("\n…" if len(self._faults) > _SHOWN else "")


def in_words(told: Fault | Remark, lang: Lang) -> str:
    """A fault or a remark with its place."""
    words = told.words if isinstance(told, Remark) else told.problem
    place = f"{told.row}행 {told.column}" if lang == "ko" else f"row {told.row} {told.column}"
    return f"{place.strip()}: {words.say(lang)}" if told.row else words.say(lang)


def import_tasks(
    store: Store,
    door: Door,
    path: Path,
    who: tuple[Actor, Authn, str | None],
    reason: str | None,
    *,
    dry_run: bool,
) -> Imported:
    """Put the rows on the year's list where the planner imports, propose them where an agency does.

    All rows in one append, or none. The same row again is the same command and changes nothing. With `dry_run` the
    faults come back, else they are raised as ImportRefused. Raises NotReadable, NotATable, TooManyRows, WrongHeadings.
    """
    try:
        sheet = read_sheet(path, HEADINGS, NEEDED)
    except OSError as error:
        raise NotReadable(path=path, problem=error.strerror) from None
    actor, authn, token = who
    read = read_rows(sheet, _names(store, sheet), proposing=actor.agency is not None)
    given, faults = read.given, [*sheet.faults, *read.faults]
    orders = [
        told_apart(Order(command=one.command, actor=actor, reason=reason), store.id, authn, token)
        for one in given
    ]
    new = 0
    try:
        # what is right is tried too where something is wrong, so that all faults come at once
        outcomes = door.handle_all(orders, dry_run=dry_run or bool(faults))
        new = sum(not outcome.repeated for outcome in outcomes)
    except SomeRefused as refused:
        faults += [fault_of(given[place].row, refusal) for place, refusal in refused.faults]
    faults.sort(key=lambda fault: fault.row)
    if faults and not dry_run:
        raise ImportRefused(path, faults)
    remarks = sorted([*sheet.remarks, *read.remarks], key=lambda remark: remark.row)
    return Imported(len(sheet.rows), new, tuple(faults), tuple(remarks), sheet.encoding)


def _names(store: Store, sheet: Sheet) -> Names:
    """Names and ids of the agencies that are known, and of the areas of the years that the rows speak of."""
    agencies = [
        (name, identity)
        for identity, agency in agencies_known(store).items()
        for name in _called(identity, agency.name)
    ]
    years = {year for row in sheet.rows if (year := task_of(sheet, row)[:4]).isdecimal()}
    streams = store.load([programme_stream(int(year)) for year in sorted(years)] or ["programme/0"]).streams
    areas: list[tuple[str, str]] = []
    for facts in streams.values():
        programme: Programme = folded(PROGRAMME, facts)
        areas += [
            (called, identity)
            for identity, name in programme.areas.items()
            for called in _called(identity, name)
        ]
    return Names(areas=Directory(areas), agencies=Directory(agencies))


def _called(identity: str, name: LocalText | None) -> Iterator[str]:
    yield identity
    if name is not None:
        yield name.ko
        if name.en:
            yield name.en
