"""A finance department's sheet into the store: what of it is not in the log yet, all of it or nothing; and in what the two differ."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual
from domain.money import commands as c
from domain.money.facts import POSTINGS, Funding, Posting
from domain.money.state import MONEY, Money, Month
from domain.streams import money_stream
from store.log import Store
from store.recorded import fold_state
from trail.files import NotReadable, problem_of
from workflows.command_envelope import CommandEnvelope, Giver
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.importing.money_rows import COMMITTED, SPENT, MoneyRow, read_money_rows
from workflows.importing.money_rows import MONEY as FORM
from workflows.importing.sheets import Fault, Remark, Sheet, read_sheet
from workflows.importing.task_rows import fault_of
from workflows.importing.tasks import ImportRefused, load_names
from workflows.spending import agency_of_entry

_COLUMNS: Mapping[Posting, str] = {"committed": COMMITTED, "spent": SPENT}


class ToEnter(msgspec.Struct, frozen=True):
    """What of a row is not in the log yet. `what`: budget, committed or spent; `log_krw`: what the log has."""

    row: int
    task: str
    funding: Funding
    month: str
    what: str
    sheet_krw: int
    log_krw: int


class MoneyImported(msgspec.Struct, frozen=True):
    """`entered`: what was entered, or would be with a dry run; else as of a sheet of tasks."""

    rows: int
    new: int
    entered: tuple[ToEnter, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]
    encoding: str | None


class _Given(msgspec.Struct, frozen=True):
    told: ToEnter
    envelope: CommandEnvelope


def read_money_sheet(
    store: Store, path: Path, year: int
) -> tuple[Sheet, list[MoneyRow], list[Fault], list[Remark]]:
    """The sheet with what it says of the year, and all that is wrong. Raises NotReadable, NotATable, TooManyRows, WrongHeadings."""
    try:
        sheet = read_sheet(path, FORM.headings, FORM.needed)
    except OSError as error:
        raise NotReadable(path=path, problem=problem_of(error)) from None
    read = read_money_rows(sheet, load_names(store, {year}), year)
    faults = sorted([*sheet.faults, *read.faults], key=lambda fault: fault.row)
    remarks = sorted([*sheet.remarks, *read.remarks], key=lambda remark: remark.row)
    return sheet, read.rows, faults, remarks


def import_money(
    store: Store,
    handler: CommandHandler,
    path: Path,
    year: int,
    giver: Giver,
    reason: str | None,
    *,
    dry_run: bool,
) -> MoneyImported:
    """Enter by what each month's total in the sheet goes beyond the log's: the same sheet again changes nothing.

    All in one append, or none. With `dry_run` the faults come back, else they are raised as ImportRefused.
    """
    sheet, rows, faults, remarks = read_money_sheet(store, path, year)
    given, more = _compare_rows(store, giver, reason, rows, year)
    faults += more
    given.sort(key=lambda one: one.told.what != "budget")  # what is spent needs one
    new = 0
    try:
        # what is right is tried too where something is wrong, so that all faults come at once
        outcomes = handler.handle_all([one.envelope for one in given], dry_run=dry_run or bool(faults))
        new = sum(not outcome.repeated for outcome in outcomes)
    except SomeRefused as refused:
        faults += [fault_of(given[place].told.row, refusal) for place, refusal in refused.faults]
    faults.sort(key=lambda fault: fault.row)
    if faults and not dry_run:
        raise ImportRefused(path, faults)
    entered = tuple(one.told for one in given)
    return MoneyImported(len(sheet.rows), new, entered, tuple(faults), tuple(remarks), sheet.encoding)


def _compare_rows(
    store: Store, giver: Giver, reason: str | None, rows: Sequence[MoneyRow], year: int
) -> tuple[list[_Given], list[Fault]]:
    """What is to be entered of the rows, and of which months the log has more than they say."""
    given, faults = list[_Given](), list[Fault]()
    budgets: set[tuple[str, str]] = set()  # that several rows say
    streams = store.load(sorted({money_stream(one.task) for one in rows})).streams
    for row in rows:
        facts = streams.get(money_stream(row.task), [])
        for told in _not_entered(row, fold_state(MONEY, facts), year):
            if told.what == "budget" and (row.task, row.funding) in budgets:
                continue
            if told.what == "budget":
                budgets.add((row.task, row.funding))
            elif told.sheet_krw < told.log_krw:
                faults.append(_more_in_the_log(told))
                continue
            command = _command(store, giver, row, told, year)
            given.append(_Given(told, _identify(command, store.id, giver, reason, len(facts))))
    return given, faults


def _not_entered(row: MoneyRow, money: Money, year: int) -> Iterator[ToEnter]:
    """In what the row and the log differ."""
    where = (row.row, row.task, row.funding, row.month)
    budget = money.budgets.get(f"{row.funding} {year}", 0)
    if row.budget_krw is not None and row.budget_krw != budget:
        yield ToEnter(*where, "budget", row.budget_krw, budget)
    month = money.months.get(f"{row.funding} {row.month}", Month())
    for posting in _COLUMNS:
        said, known = getattr(row, f"{posting}_krw"), getattr(month, posting)
        if said is not None and said != known:
            yield ToEnter(*where, posting, said, known)


def _more_in_the_log(told: ToEnter) -> Fault:
    what = POSTINGS[told.what]  # type: ignore[index]
    return Fault(
        told.row,
        _COLUMNS[told.what],  # type: ignore[index]
        Bilingual(
            f"기록의 {what.ko}액 {told.log_krw:,}원이 표의 {told.sheet_krw:,}원보다 많습니다. "
            f"표를 고치거나 `donghaeng money correct {told.task}`로 기록을 정정하십시오.",
            f"the log has a {what.en} of KRW {told.log_krw:,}, which is more than the sheet's {told.sheet_krw:,}. Mend the "
            f"sheet, or correct the log with `donghaeng money correct {told.task}`.",
        ),
    )


def _command(store: Store, giver: Giver, row: MoneyRow, told: ToEnter, year: int) -> c.MoneyCommand:
    if told.what == "budget":
        return c.SetBudget(task=row.task, funding=row.funding, year=year, amount_krw=told.sheet_krw)
    agency = row.agency or agency_of_entry(store, giver.actor, row.task)
    kind = c.Commit if told.what == "committed" else c.Spend
    more = told.sheet_krw - told.log_krw
    return kind(task=row.task, agency=agency, funding=row.funding, month=row.month, amount_krw=more)


def _identify(
    command: c.MoneyCommand, store_id: str, giver: Giver, reason: str | None, facts: int
) -> CommandEnvelope:
    """Under an id made from its content and from how much was known of the task's money: two that import the same sheet at once
    give the same commands, while the same amount may come again in a later sheet.
    """
    envelope = CommandEnvelope(command=command, reason=reason, **giver._asdict())
    name = f"{envelope.digest().hex()} {facts}"
    return replace(envelope, command_id=uuid.uuid5(uuid.UUID(store_id), name).hex)
