"""A sheet of tasks into the store: every fault by row and column, and all rows or none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from domain.errors import Lang, Refusal
from domain.programme.facts import Opened
from domain.programme.state import PROGRAMME, Programme
from domain.streams import identity_of, programme_stream
from domain.values import LocalText
from store.log import Store
from store.recorded import fold_state
from trail.files import NotReadable, problem_of
from workflows.command_envelope import Giver
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.importing.folding import Directory
from workflows.importing.sheets import Fault, Remark, Sheet, read_sheet
from workflows.importing.task_rows import HEADINGS, NEEDED, Names, fault_of, read_rows, task_of
from workflows.loading import identify
from workflows.lookups import load_agencies

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

    ko = "{path}: 오류가 {count}건 있어 아무것도 가져오지 않았습니다.\n{listed}"
    en = "{path}: {count} fault(s), so nothing was imported.\n{listed}"

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
    where = f"{told.sheet} {place}".strip() if told.row else told.sheet
    return f"{where.strip()}: {words.say(lang)}" if where else words.say(lang)


def import_tasks(
    store: Store,
    handler: CommandHandler,
    path: Path,
    giver: Giver,
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
        raise NotReadable(path=path, problem=problem_of(error)) from None
    read = read_rows(sheet, load_names(store, years_of(sheet)), proposing=giver.actor.agency is not None)
    given, faults = read.given, [*sheet.faults, *read.faults]
    envelopes = [identify(one.command, store.id, giver, reason) for one in given]
    new = 0
    try:
        # what is right is tried too where something is wrong, so that all faults come at once
        outcomes = handler.handle_all(envelopes, dry_run=dry_run or bool(faults))
        new = sum(not outcome.repeated for outcome in outcomes)
    except SomeRefused as refused:
        faults += [fault_of(given[place].row, refusal) for place, refusal in refused.faults]
    faults.sort(key=lambda fault: fault.row)
    if faults and not dry_run:
        raise ImportRefused(path, faults)
    remarks = sorted([*sheet.remarks, *read.remarks], key=lambda remark: remark.row)
    return Imported(len(sheet.rows), new, tuple(faults), tuple(remarks), sheet.encoding)


def years_of(sheet: Sheet) -> set[int]:
    """The years that the rows' tasks are of."""
    return {int(year) for row in sheet.rows if (year := task_of(sheet, row)[:4]).isdecimal()}


def years_open(store: Store) -> set[int]:
    """The years whose programme was opened."""
    return {int(identity_of(stream)) for stream in store.streams_with(Opened.kind)}


def load_names(store: Store, years: Collection[int]) -> Names:
    """Names and ids of the agencies that are known, and of the areas of these years."""
    agencies = [
        (name, identity)
        for identity, agency in load_agencies(store).items()
        for name in _names_of(identity, agency.name)
    ]
    streams = store.load([programme_stream(year) for year in sorted(years)] or ["programme/0"]).streams
    areas: list[tuple[str, str]] = []
    for facts in streams.values():
        programme: Programme = fold_state(PROGRAMME, facts)
        areas += [
            (called, identity)
            for identity, name in programme.areas.items()
            for called in _names_of(identity, name)
        ]
    return Names(areas=Directory(areas), agencies=Directory(agencies))


def _names_of(identity: str, name: LocalText | None) -> Iterator[str]:
    yield identity
    if name is not None:
        yield name.ko
        if name.en:
            yield name.en
