"""What the sections are written from: the gathered facts, told in both languages, with what was owed and reminded of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from domain.errors import Bilingual
from domain.rounding import mean, round_half_up
from domain.values import LocalText, Plan
from projections.history import history
from projections.notices import NoticeRow
from projections.report.document import Cell, Column, Kind, Text, Value
from projections.report.gathering import Gathered, Reminder
from projections.report.tracing import Obligation, Traced
from store.texts import Look

CITY = "city"  # who owes a deadline where no agency does
_FIRST_STEPS = {
    True: ("officer", "substitute"),
    False: ("planner",),
}  # of the ladder, by whether an agency owes it


Outcome = Literal["kept", "late", "open", "lapsed", "moved"]
OUTCOMES: tuple[Outcome, ...] = ("kept", "late", "open", "lapsed", "moved")


class Owed(msgspec.Struct, frozen=True):
    """Something that was due, the reminders of it in the order in which they came, and its business days of delay.

    `again`: whether the same thing was set anew after this had fallen away, as after a suspension.
    """

    obligation: Obligation
    reminders: tuple[tuple[NoticeRow, Reminder], ...]
    late: int
    again: bool = False

    @property
    def who(self) -> str:
        return self.obligation.agency or CITY

    @property
    def facts(self) -> tuple[int, ...]:
        """The facts that set it, moved it and ended it."""
        one = self.obligation
        return behind(one.first, one.set_by, *([] if one.by is None else [one.by]))

    @property
    def outcome(self) -> Outcome:
        """What came of it, exactly one of all: what was done or is still owed after its day is late, whatever ended it."""
        if self.late:
            return "late"
        match self.obligation.outcome:
            case "met":
                return "kept"
            case "open":
                return "open"
        return "moved" if self.again else "lapsed"

    @property
    def kept(self) -> bool:
        """Whether it was met in time."""
        return self.outcome == "kept"

    @property
    def escalations(self) -> tuple[int, ...]:
        """The positions of its reminders that went above whoever was to be reminded first."""
        first = _FIRST_STEPS[self.obligation.agency is not None]
        return tuple(told.position for notice, told in self.reminders if notice.to not in first)

    @property
    def lead(self) -> int | None:
        """Calendar days from the first reminder until it was met; None where it was not, or nobody was reminded."""
        one = self.obligation
        if one.outcome != "met" or one.on is None or not self.reminders:
            return None
        return (one.on - self.reminders[0][1].came).days


class ReportData(msgspec.Struct, frozen=True):
    """`as_of`: the day until whose end all was known. `lines`: every task fact as a sentence, by position."""

    gathered: Gathered
    as_of: date
    lines: Mapping[int, Bilingual]
    owed: tuple[Owed, ...]

    @property
    def tasks(self) -> list[Traced]:
        return list(self.gathered.tasks.values())

    def agency(self, identity: str) -> Bilingual:
        if identity == CITY:
            return Bilingual("시(총괄부서)", "The city (planner)")
        name = self.gathered.names.get(identity)
        return Bilingual(identity, identity) if name is None else both(name)

    def area(self, identity: str) -> Bilingual:
        name = self.gathered.programme.areas.get(identity)
        return Bilingual(identity, identity) if name is None else both(name)


def report_data_of(gathered: Gathered, texts: Look, as_of: date) -> ReportData:
    """`texts`: how the free texts that the facts refer to are looked up; what is not as committed says so."""
    lines: dict[int, Bilingual] = {}
    all_tasks = [*gathered.tasks.values(), *gathered.waited_for.values()]
    for task in all_tasks:
        ko, en = (history(task.facts, texts, gathered.names, lang) for lang in ("ko", "en"))
        lines |= {
            one.position: Bilingual(one.sentence, other.sentence) for one, other in zip(ko, en, strict=True)
        }
    return ReportData(gathered, as_of, lines, tuple(list_owed(gathered, all_tasks, as_of)))


def list_owed(gathered: Gathered, tasks: Iterable[Traced], as_of: date) -> Iterable[Owed]:
    """All that was ever due of these tasks, each with the reminders of the year that were of it."""
    by_place: dict[tuple[str, str, str | None], list[tuple[NoticeRow, Reminder]]] = {}
    for identity, reminder in gathered.reminders.items():
        row = gathered.notices[identity]
        by_place.setdefault((row.task or "", row.deadline, row.item), []).append((row, reminder))
    for task in tasks:
        last = {
            (one.kind, one.item): one.first for one in sorted(task.obligations, key=lambda one: one.first)
        }
        for one in task.obligations:
            told = by_place.get((one.task, one.kind, one.item), [])
            end = gathered.position if one.by is None else one.by
            mine = tuple(pair for pair in told if one.first <= pair[1].position <= end)
            again = last[one.kind, one.item] > one.first
            yield Owed(one, mine, gathered.days_late(one, as_of), again)


def punctuality(owed: Iterable[Owed]) -> tuple[str | None, list[Owed]]:
    """The share that was kept of all that were kept or late; and those."""
    decided = [one for one in owed if one.outcome in ("kept", "late")]
    return share(sum(one.kept for one in decided), len(decided)), decided


def find_owed(m: ReportData, task: Traced, kind: str) -> Owed | None:
    found = [one for one in m.owed if one.obligation.task == task.number and one.obligation.kind == kind]
    return found[-1] if found else None


def days_off(m: ReportData, task: Traced, kind: str) -> Cell:
    """Business days after (before: negative) its due day on which what was due was done; empty where it was not."""
    one = find_owed(m, task, kind)
    name = {"start": "start-slippage", "final_report": "slippage"}[kind]
    figure = f"task.{task.number}.{name}"
    if one is None or one.obligation.outcome != "met" or one.obligation.on is None:
        return cell(None, figure=figure)
    on, due = one.obligation.on, one.obligation.due
    early = m.gathered.business_days(on, due)
    return cell(one.late or -early, one.facts, figure)


def plan_of(task: Traced) -> Plan:
    assert task.task.plan is not None
    return task.task.plan


def absent(ko: str, en: str) -> Text:
    """The word that something is not there."""
    return Text(Bilingual(ko, en), role="absent")


def behind(*positions: int) -> tuple[int, ...]:
    """Positions in their order, each once."""
    return tuple(sorted(set(positions)))


def both(text: LocalText) -> Bilingual:
    return Bilingual(text.ko, text.say("en"))


def mean_of(values: Iterable[int | str]) -> str | None:
    """The mean with one digit; None of nothing."""
    found = [Decimal(value) for value in values]
    return mean(sum(found, Decimal()), len(found))


def share(part: int, whole: int) -> str | None:
    """The part in percent of the whole, with one digit."""
    return None if whole == 0 else round_half_up(Decimal(100 * part) / whole)


def column(identity: str, ko: str, en: str, kind: Kind = "text", weight: int = 1) -> Column:
    return Column(identity, Bilingual(ko, en), kind, weight)


def cell(value: Value, facts: Iterable[int] = (), figure: str | None = None) -> Cell:
    return Cell(value, behind(*facts), figure)
