"""From the rows of a year's workbook to commands, in the order in which they are given."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import msgspec
from pydantic import ValidationError

from domain.agency.commands import Appoint, Register
from domain.agency.commands import SetContact as SetAgencyContact
from domain.agency.facts import Post
from domain.aggregate import Command
from domain.channels import Channel
from domain.errors import BadInput, Bilingual, Refusal
from domain.limits import free_text, mail_address
from domain.programme.commands import Open, SetContact
from domain.programme.facts import Area, Office
from domain.refusals import bad_inputs
from domain.subject.commands import Register as RegisterPerson
from domain.values import LocalText
from workflows.importing import year_forms as form
from workflows.importing.folding import fold
from workflows.importing.sheets import Fault, Sheet
from workflows.importing.task_rows import Names, RowCells, read_rows

_POSTS: Mapping[str, Post] = {
    fold("담당자"): "officer",
    fold("officer"): "officer",
    fold("기관장"): "head",
    fold("head"): "head",
}
# the field of a command that a refusal names, and the column it came from
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "programme.open": {"year": form.YEAR, "name": form.NAME, "title": form.NAME, "city": form.CITY},
    "programme.set_contact": {"address": form.PLANNER_MAIL, "year": form.YEAR},
    "agency.register": {"agency": form.AGENCY_ID, "name": form.AGENCY_NAME, "formerly": form.FORMERLY},
    "agency.set_contact": {"address": form.AGENCY_MAIL},
    "agency.appoint": {"agency": form.OF_AGENCY},
}


class Planned(msgspec.Struct, frozen=True):
    """A command, with the sheet and row that it is from; of a person, their details too."""

    form: form.Form
    row: int
    command: Command
    details: Mapping[str, str] | None = None


class YearRead(msgspec.Struct, frozen=True):
    """All that the workbook asks for, and all that is wrong with it."""

    planned: list[Planned]
    faults: list[Fault]


Sheets = Mapping[str, Sheet]  # by the form's title; a form that the workbook has not is not there


def read_year(sheets: Sheets, names: Names, store: str) -> YearRead:
    """`names`: of what the store knows already; what the workbook itself names is known beside it. `store`: its id."""
    reader = _Reader(sheets, _find_names(sheets, names), store)
    for read in (reader.programme, reader.agencies, reader.people, reader.tasks):
        read()
    return reader.read


def fault_of(planned: Planned, refusal: Refusal) -> Fault:
    """A command's refusal as a fault of its sheet and row."""
    columns = _COLUMNS.get(planned.command.name, {})
    return _fault(planned.form, planned.row, refusal, columns)


def _fault(of: form.Form, row: int, refusal: Refusal, columns: Mapping[str, str]) -> Fault:
    problem = Bilingual(refusal.say("ko"), refusal.say("en"))
    column = ""
    if isinstance(refusal, BadInput):
        column = columns.get(str(refusal.details["field"]).partition(".")[0].partition("[")[0], "")
        said = refusal.details["problem"]
        problem = said if column and isinstance(said, Bilingual) else problem
    return Fault(row, column, problem, of.title)


def _find_names(sheets: Sheets, names: Names) -> Names:
    """What may be named in the workbook: by the store's names, and by its own ids and names."""

    def own(of: form.Form, identity: str, *called: str) -> Iterator[tuple[str, str]]:
        for row in sheets[of.title].rows if of.title in sheets else ():
            words = [str(row.values[one]) for one in (identity, *called) if one in row.values]
            if identity in row.values:
                yield from ((word, str(row.values[identity])) for word in words)

    agencies = own(form.AGENCIES, form.AGENCY_ID, form.AGENCY_NAME, form.AGENCY_NAME_EN)
    areas = own(form.AREAS, form.AREA_ID, form.AREA_NAME, form.AREA_NAME_EN)
    return Names(areas=names.areas.also(areas), agencies=names.agencies.also(agencies))


class _Reader:
    def __init__(self, sheets: Sheets, names: Names, store: str) -> None:
        self.sheets, self.names, self.store = sheets, names, store
        self.read = YearRead([], [])

    def programme(self) -> None:
        """One row, which the areas belong to."""
        rows = list(self._rows(form.PROGRAMME))
        areas = tuple(self._areas())
        for cells in rows[1:]:
            cells.fault(form.YEAR, "사업은 한 행이어야 합니다.", "there is to be one programme, in one row.")
            self._close(form.PROGRAMME, cells)
        if not rows:
            if areas:
                problem = Bilingual("사업 표가 빠졌습니다.", "the table of the programme (사업) is missing.")
                self.read.faults.append(Fault(0, "", problem, form.AREAS.title))
            return
        cells = rows[0]
        year = cells.require_number(form.YEAR)
        title = LocalText(ko=cells.require(form.NAME), en=cells.text(form.NAME_EN))
        city = LocalText(ko=cells.require(form.CITY), en=cells.text(form.CITY_EN))
        if not areas:
            cells.fault(form.YEAR, "분야 표가 빠졌습니다.", "the table of its areas (분야) is missing.")
        offices: dict[Office, str | None] = {
            "planner": cells.text(form.PLANNER_MAIL),
            "department": cells.text(form.DEPARTMENT_MAIL),
        }
        self._give(form.PROGRAMME, cells, partial(Open, year=year, name=title, city=city, areas=areas))
        for office, mail in offices.items():
            if mail:
                self._give(form.PROGRAMME, cells, partial(SetContact, year=year, office=office, address=mail))
        self._close(form.PROGRAMME, cells)

    def _areas(self) -> Iterator[Area]:
        for cells in self._rows(form.AREAS):
            identity = cells.require(form.AREA_ID)
            name = LocalText(ko=cells.require(form.AREA_NAME), en=cells.text(form.AREA_NAME_EN))
            self._close(form.AREAS, cells)
            yield Area(id=identity, name=name)

    def agencies(self) -> None:
        for cells in self._rows(form.AGENCIES):
            identity = cells.require(form.AGENCY_ID)
            name = LocalText(ko=cells.require(form.AGENCY_NAME), en=cells.text(form.AGENCY_NAME_EN))
            former = tuple(
                LocalText(ko=one.strip())
                for one in (cells.text(form.FORMERLY) or "").split(";")
                if one.strip()
            )
            mail = cells.text(form.AGENCY_MAIL)
            self._give(form.AGENCIES, cells, partial(Register, agency=identity, name=name, formerly=former))
            if mail:
                self._give(
                    form.AGENCIES,
                    cells,
                    partial(SetAgencyContact, agency=identity, channel=Channel.MAIL, address=mail),
                )
            self._close(form.AGENCIES, cells)

    def people(self) -> None:
        places: Counter[tuple[str, str]] = Counter()
        for cells in self._rows(form.PEOPLE):
            agency = cells.find_id(form.OF_AGENCY, cells.require(form.OF_AGENCY), self.names.agencies)
            post = _POSTS.get(fold(cells.require(form.POST)))
            if post is None and not cells.faulty(form.POST):
                cells.fault(form.POST, "담당자나 기관장이어야 합니다.", "it is to be 담당자 or 기관장.")
            details = self._details(cells)
            if agency and post and not cells.faults:
                places[agency, post] += 1
                subject = self._subject(agency, post, places[agency, post])
                self._give(form.PEOPLE, cells, partial(RegisterPerson, subject=subject), details)
                self._give(form.PEOPLE, cells, partial(Appoint, agency=agency, subject=subject, post=post))
            self._close(form.PEOPLE, cells)

    def _details(self, cells: RowCells) -> dict[str, str]:
        given = {
            "name": cells.require(form.PERSON),
            "mail": cells.text(form.PERSON_MAIL),
            "phone": cells.text(form.PHONE),
        }
        columns = {"name": form.PERSON, "mail": form.PERSON_MAIL, "phone": form.PHONE}
        found = {}
        for field, value in given.items():
            if not value:
                continue
            try:
                found[field] = free_text(field, mail_address(field, value) if field == "mail" else value)
            except BadInput as error:
                cells.faults.append(_fault(form.PEOPLE, cells.row.number, error, columns))
        return found

    def _subject(self, agency: str, post: str, number: int) -> str:
        """The id of the first, second … in this post: the same workbook again finds the same persons. Nothing personal is in it."""
        return uuid.uuid5(uuid.UUID(self.store), f"{agency}/{post}/{number}").hex

    def tasks(self) -> None:
        sheet = self.sheets.get(form.TASKS.title)
        if sheet is None:
            return
        read = read_rows(sheet, self.names, proposing=False)
        self.read.planned.extend(Planned(form.TASKS, one.row, one.command) for one in read.given)
        faults = [*sheet.faults, *read.faults]
        self.read.faults.extend(msgspec.structs.replace(one, sheet=form.TASKS.title) for one in faults)
        sheet.remarks.extend(read.remarks)

    def _rows(self, of: form.Form) -> Iterator[RowCells]:
        sheet = self.sheets.get(of.title)
        if sheet is not None:
            self.read.faults.extend(msgspec.structs.replace(one, sheet=of.title) for one in sheet.faults)
            yield from (RowCells(row, self.names, sheet) for row in sheet.rows)

    def _give(
        self,
        of: form.Form,
        cells: RowCells,
        make: Callable[[], Command],
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Where the row has no fault yet."""
        if cells.faults or cells.row.spoiled:
            return
        try:
            self.read.planned.append(Planned(of, cells.row.number, make(), details))
        except ValidationError as error:
            columns: dict[str, str] = {}
            for one in _COLUMNS.values():
                columns |= {field: column for field, column in one.items() if column in of.meaning}
            cells.faults += [_fault(of, cells.row.number, one, columns) for one in bad_inputs(error)]

    def _close(self, of: form.Form, cells: RowCells) -> None:
        self.read.faults.extend(msgspec.structs.replace(one, sheet=of.title) for one in cells.faults)
        self.sheets[of.title].remarks.extend(cells.remarks)
