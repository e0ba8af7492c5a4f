"""What a year's report is made from: one pass over a slice of the log, by the folds that the views use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from domain.calendar.reckoning import business_days_left
from domain.calendar.refusals import CalendarNotOpen
from domain.calendar.state import CALENDAR, Calendar
from domain.definition.facts import Adopted
from domain.errors import Refusal
from domain.message.facts import Composed
from domain.notice.facts import Due
from domain.programme.state import Programme, ProgrammeStage
from domain.programme.state import evolve as evolve_programme
from domain.seoul import local_day
from domain.streams import identity_of, kind_of, year_of
from domain.trail.facts import Sealed
from projections.agency_names import AgencyNames
from projections.notices import MESSAGES, NOTICES, MessageRow, NoticeRow
from projections.report.money_traced import FundTraced, MoneyTraced
from projections.report.tracing import Obligation, Traced
from store.recorded import RecordedFact, text_refs
from store.texts import Ref


class YearWithoutFacts(Refusal):
    """`known`: the years that have programmes."""

    ko = "{year}년의 기록이 없어 보고서를 만들 수 없습니다. 기록이 있는 연도: {known}."
    en = "There is no fact of {year}, so there is nothing to report. Years with facts: {known}."


class Seal(msgspec.Struct, frozen=True):
    size: int
    root: str
    position: int


class Reminder(msgspec.Struct):
    """A notice with the day on which it came and the positions of its facts and its message's last one."""

    came: date
    position: int
    facts: list[int]


class Gathered(msgspec.Struct):
    """`names`: the agencies', as the slice last knew them and before. `tasks`: of the year that were proposed, by number; `earlier`: of the year before; `waited_for`: of the year whose proposal was asked for and never made. `definitions`: the content of those that were adopted, by identity. `money`: of the year's tasks, by number; `funds`: by id; `meetings` and reform `cases` of the year: by id. `years`: that have programmes or tasks."""

    year: int
    position: int = 0
    last_day: date = date.min
    programme: Programme = msgspec.field(default_factory=Programme)
    programme_facts: list[RecordedFact[Any]] = msgspec.field(default_factory=list)
    listed: dict[str, int] = msgspec.field(default_factory=dict)
    tasks: dict[str, Traced] = msgspec.field(default_factory=dict)
    earlier: dict[str, Traced] = msgspec.field(default_factory=dict)
    waited_for: dict[str, Traced] = msgspec.field(default_factory=dict)
    notices: dict[str, NoticeRow] = msgspec.field(default_factory=dict)
    reminders: dict[str, Reminder] = msgspec.field(default_factory=dict)
    messages: dict[str, MessageRow] = msgspec.field(default_factory=dict)
    message_facts: dict[str, int] = msgspec.field(default_factory=dict)
    names: AgencyNames = msgspec.field(default_factory=AgencyNames)
    agency_facts: dict[str, list[RecordedFact[Any]]] = msgspec.field(default_factory=dict)
    calendars: dict[int, Calendar] = msgspec.field(default_factory=dict)
    definitions: dict[str, str] = msgspec.field(default_factory=dict)
    money: dict[str, MoneyTraced] = msgspec.field(default_factory=dict)
    funds: dict[str, FundTraced] = msgspec.field(default_factory=dict)
    seal: Seal | None = None
    meetings: dict[str, list[RecordedFact[Any]]] = msgspec.field(default_factory=dict)
    concerns: dict[str, list[RecordedFact[Any]]] = msgspec.field(default_factory=dict)
    cases: dict[str, list[RecordedFact[Any]]] = msgspec.field(default_factory=dict)
    years: set[int] = msgspec.field(default_factory=set)

    @property
    def closed(self) -> bool:
        return self.programme.stage is ProgrammeStage.CLOSED

    @property
    def unproposed(self) -> dict[str, int]:
        """The tasks of the year's list that nobody has proposed, with the facts that listed them."""
        return {task: position for task, position in sorted(self.listed.items()) if task not in self.tasks}

    def text_refs(self) -> list[Ref]:
        """The free texts that the report tells."""
        return [ref for task in self.tasks.values() for one in task.facts for ref in text_refs(one)]

    def days_late(self, owed: Obligation, until: date) -> int:
        """Business days after the due day until it was ended, else until that day."""
        return max(0, self.business_days(owed.due, owed.on or until))

    def business_days(self, day: date, until: date) -> int:
        """How many come after the day until the other; negative where that is before. Without a calendar all days count."""
        try:
            return business_days_left(self.calendars, day, until)
        except CalendarNotOpen:
            return (until - day) // timedelta(days=1)


def gather(facts: Iterable[RecordedFact[Any]], year: int) -> Gathered:
    """Fold a slice, in the order of its positions, for a year's report. Raises YearWithoutFacts."""
    found = Gathered(year)
    for recorded in facts:
        found.position = max(found.position, recorded.position)
        found.last_day = max(found.last_day, local_day(recorded.known_at))
        room = kind_of(recorded.stream)
        if (fold := _FOLDS.get(room)) is not None:
            fold(found, recorded)
    if year not in found.years:
        raise YearWithoutFacts(year=year, known=tuple(str(one) for one in sorted(found.years)))
    found.waited_for = {task: one for task, one in sorted(found.tasks.items()) if not one.board}
    found.tasks = {task: one for task, one in sorted(found.tasks.items()) if one.board}
    found.earlier = {task: one for task, one in sorted(found.earlier.items()) if one.board}
    return found


def _task(found: Gathered, recorded: RecordedFact[Any]) -> None:
    number = identity_of(recorded.stream)
    year = year_of(number)
    found.years.add(year)
    if year == found.year:
        found.tasks.setdefault(number, Traced(number)).add(recorded)
    elif year == found.year - 1:
        found.earlier.setdefault(number, Traced(number)).add(recorded)


def _programme(found: Gathered, recorded: RecordedFact[Any]) -> None:
    year = int(identity_of(recorded.stream))
    found.years.add(year)
    if year == found.year:
        found.programme = evolve_programme(
            found.programme, recorded.fact, recorded.effective_at, recorded.version
        )
        found.programme_facts.append(recorded)
        if recorded.kind == "programme.task_added":
            found.listed[recorded.fact.task] = recorded.position


def _notice(found: Gathered, recorded: RecordedFact[Any]) -> None:
    notice = identity_of(recorded.stream)
    if isinstance(recorded.fact, Due):
        task = recorded.fact.task  # the chapter tells of what is due of tasks
        if task is None or year_of(task) != found.year:
            return
        found.reminders[notice] = Reminder(local_day(recorded.known_at), recorded.position, [])
    if notice in found.reminders:
        NOTICES.fold(found.notices, recorded)
        found.reminders[notice].facts.append(recorded.position)


def _message(found: Gathered, recorded: RecordedFact[Any]) -> None:
    message, fact = identity_of(recorded.stream), recorded.fact
    ours = isinstance(fact, Composed) and any(notice in found.reminders for notice in fact.notices)
    if ours or message in found.messages:
        MESSAGES.fold(found.messages, recorded)
        found.message_facts[message] = recorded.position


def _agency(found: Gathered, recorded: RecordedFact[Any]) -> None:
    found.names.add(recorded)
    found.agency_facts.setdefault(identity_of(recorded.stream), []).append(recorded)


def _calendar(found: Gathered, recorded: RecordedFact[Any]) -> None:
    year = int(identity_of(recorded.stream))
    before = found.calendars.get(year, CALENDAR.initial)
    found.calendars[year] = CALENDAR.evolve(before, recorded.fact, recorded.effective_at, recorded.version)


def _definition(found: Gathered, recorded: RecordedFact[Any]) -> None:
    if isinstance(fact := recorded.fact, Adopted):
        found.definitions[f"{identity_of(recorded.stream)}/{fact.version}"] = fact.content


def _money(found: Gathered, recorded: RecordedFact[Any]) -> None:
    number = identity_of(recorded.stream)
    if year_of(number) == found.year:
        found.money.setdefault(number, MoneyTraced()).add(recorded)


def _fund(found: Gathered, recorded: RecordedFact[Any]) -> None:
    found.funds.setdefault(identity_of(recorded.stream), FundTraced()).add(recorded)


def _trail(found: Gathered, recorded: RecordedFact[Any]) -> None:
    if isinstance(recorded.fact, Sealed):
        found.seal = Seal(recorded.fact.size, recorded.fact.root, recorded.position)


def _of_year(
    found: Gathered, streams: dict[str, list[RecordedFact[Any]]], recorded: RecordedFact[Any]
) -> None:
    """The facts of a stream, from the one on that says that it is of the year."""
    identity = identity_of(recorded.stream)
    if identity in streams or getattr(recorded.fact, "year", None) == found.year:
        streams.setdefault(identity, []).append(recorded)


_FOLDS: Mapping[str, Callable[[Gathered, RecordedFact[Any]], None]] = {
    "meeting": lambda found, recorded: _of_year(found, found.meetings, recorded),
    "concern": lambda found, recorded: _of_year(found, found.concerns, recorded),
    "task": _task,
    "programme": _programme,
    "notice": _notice,
    "message": _message,
    "agency": _agency,
    "calendar": _calendar,
    "definition": _definition,
    "trail": _trail,
    "money": _money,
    "fund": _fund,
    "reform": lambda found, recorded: _of_year(found, found.cases, recorded),
}
