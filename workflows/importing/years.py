"""A year's workbook into the store: its programme, areas, agencies, people and tasks, all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from domain.agency.commands import Appoint, Register
from domain.agency.commands import SetContact as SetAgencyContact
from domain.errors import Bilingual
from domain.programme.commands import AddTask, Open, SetContact
from domain.streams import subject_stream
from domain.subject.commands import Register as RegisterPerson
from domain.subject.state import SUBJECT
from store.log import Store
from store.recorded import fold_state
from trail.files import NotReadable, problem_of
from workflows.command_envelope import Giver
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.importing.sheets import Fault, Remark, Sheet, read_book
from workflows.importing.task_rows import fault_of as fault_of_task
from workflows.importing.tasks import Imported, ImportRefused, load_names, years_of
from workflows.importing.year_forms import FORMS, PEOPLE, TASKS
from workflows.importing.year_rows import Planned, fault_of, read_year
from workflows.loading import identify

if TYPE_CHECKING:  # ciphers take a tenth of a second to load
    from store.vault import Vault

    OpenVault = Callable[[], AbstractContextManager[Vault]]

# what the rows may ask for: whoever imports a year may give all of it
GIVES = (Open, SetContact, Register, SetAgencyContact, RegisterPerson, Appoint, AddTask)


def is_year(path: Path) -> bool:
    """Whether a workbook has any of a year's tables besides its tasks. Raises as `read_book`."""
    if path.suffix.lower() != ".xlsx":
        return False
    return any(title != TASKS.title and sheet.rows for title, sheet in _read(path).items())


def import_year(
    store: Store,
    handler: CommandHandler,
    open_vault: OpenVault,
    path: Path,
    giver: Giver,
    reason: str | None,
    *,
    dry_run: bool,
) -> Imported:
    """Open the year, register its agencies and people, list its tasks: in one append, or nothing.

    The same workbook again changes nothing. Details of people go into the vault after the append; where that did not
    come about, the same workbook again puts them there. Raises as `import_tasks`.
    """
    sheets = _read(path)
    years = years_of(sheets[TASKS.title]) if TASKS.title in sheets else set()
    read = read_year(sheets, load_names(store, years), store.id)
    planned, faults = read.planned, list(read.faults)
    people = [one for one in planned if one.details is not None]
    if people:
        with open_vault() as vault:
            faults += _others_in(vault, people)
    envelopes = [identify(one.command, store.id, giver, reason) for one in planned]
    new = 0
    try:
        outcomes = handler.handle_all(envelopes, dry_run=dry_run or bool(faults))
        new = sum(not outcome.repeated for outcome in outcomes)
    except SomeRefused as refused:
        faults += [_fault_of(planned[place], refusal) for place, refusal in refused.faults]
    titles = [one.title for one in FORMS]
    faults.sort(key=lambda fault: (titles.index(fault.sheet), fault.row))
    if faults and not dry_run:
        raise ImportRefused(path, faults)
    if people and not dry_run:
        with open_vault() as vault:
            _put(store, vault, people)
    rows = sum(len(sheet.rows) for sheet in sheets.values())
    return Imported(rows, new, tuple(faults), tuple(_remarks(sheets)), None)


def _read(path: Path) -> dict[str, Sheet]:
    try:
        return read_book(path, {one.title: (one.headings, one.needed) for one in FORMS})
    except OSError as error:
        raise NotReadable(path=path, problem=problem_of(error)) from None


def _fault_of(planned: Planned, refusal: Exception) -> Fault:
    if planned.form is TASKS:
        fault = fault_of_task(planned.row, refusal)  # type: ignore[arg-type]
        return Fault(fault.row, fault.column, fault.problem, TASKS.title)
    return fault_of(planned, refusal)  # type: ignore[arg-type]


def _others_in(vault: Vault, people: Sequence[Planned]) -> list[Fault]:
    """A row that holds somebody else than when the workbook was imported first."""
    known = vault.read_all([_subject(one) for one in people])
    return [
        Fault(one.row, "성명", _SOMEBODY_ELSE, PEOPLE.title)
        for one in people
        if one.details is not None
        and (name := known[_subject(one)].details.get("name") if _subject(one) in known else None)
        and name != one.details.get("name")
    ]


_SOMEBODY_ELSE = Bilingual(
    "이 자리에는 이미 다른 사람이 등록되어 있습니다. `donghaeng subject register`와 `donghaeng agency appoint`로 따로 지정하십시오.",
    "somebody else was registered in this place before. Use `donghaeng subject register` and `donghaeng agency appoint`.",
)


def _put(store: Store, vault: Vault, people: Sequence[Planned]) -> None:
    """The details of those who have none yet; who was erased stays so."""
    for one in people:
        subject, details = _subject(one), one.details or {}
        person = fold_state(SUBJECT, store.read(subject_stream(subject)))
        if not person.erased and not vault.read(subject).there:
            vault.put(subject, details)


def _subject(one: Planned) -> str:
    return str(one.command.subject)  # type: ignore[attr-defined]


def _remarks(sheets: dict[str, Sheet]) -> list[Remark]:
    return [
        Remark(one.row, one.column, one.words, title)
        for title, sheet in sheets.items()
        for one in sorted(sheet.remarks, key=lambda remark: remark.row)
    ]
