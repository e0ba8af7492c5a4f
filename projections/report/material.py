"""What the sections are written from: the gathered facts, told in both languages, with what was owed and reminded of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from domain.values import LocalText, Plan
from projections.history import history
from projections.notices import NoticeRow
from projections.report.document import Cell, Column, Kind, Text, Value, Words
from projections.report.gathering import Gathered, Reminder
from projections.report.tracing import Obligation, Traced
from store.texts import Look

CITY = "city"  # who owes a deadline where no agency does
_FIRST_STEPS = {
    True: ("officer", "substitute"),
    False: ("planner",),
}  # of the ladder, by whether an agency owes it


class Owed(msgspec.Struct, frozen=True):
    """Something that was due, the reminders of it in the order in which they came, and its business days of delay."""

    obligation: Obligation
    reminders: tuple[tuple[NoticeRow, Reminder], ...]
    late: int

    @property
    def who(self) -> str:
        return self.obligation.agency or CITY

    @property
    def facts(self) -> tuple[int, ...]:
        """The facts that set it, moved it and ended it."""
        one = self.obligation
        return behind(one.first, one.set_by, *([] if one.by is None else [one.by]))

    @property
    def kept(self) -> bool:
        """Whether it was met in time."""
        return self.obligation.outcome == "met" and not self.late

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


class Material(msgspec.Struct, frozen=True):
    """`as_of`: the day until whose end all was known. `lines`: every task fact as a sentence, by position."""

    gathered: Gathered
    as_of: date
    lines: Mapping[int, Words]
    owed: tuple[Owed, ...]

    @property
    def tasks(self) -> list[Traced]:
        return list(self.gathered.tasks.values())

    def agency(self, identity: str) -> Words:
        if identity == CITY:
            return Words("시(총괄부서)", "The city (planner)")
        name = self.gathered.names.get(identity)
        return Words(identity, identity) if name is None else both(name)

    def area(self, identity: str) -> Words:
        name = self.gathered.programme.areas.get(identity)
        return Words(identity, identity) if name is None else both(name)


def material(gathered: Gathered, texts: Look, as_of: date) -> Material:
    """`texts`: how the free texts that the facts refer to are looked up; what is not as committed says so."""
    lines: dict[int, Words] = {}
    for task in gathered.tasks.values():
        ko, en = (history(task.facts, texts, gathered.names, lang) for lang in ("ko", "en"))
        lines |= {
            one.position: Words(one.sentence, other.sentence) for one, other in zip(ko, en, strict=True)
        }
    return Material(gathered, as_of, lines, tuple(_owed(gathered, as_of)))


def _owed(gathered: Gathered, as_of: date) -> Iterable[Owed]:
    by_place: dict[tuple[str, str, str | None], list[tuple[NoticeRow, Reminder]]] = {}
    for identity, reminder in gathered.reminders.items():
        row = gathered.notices[identity]
        by_place.setdefault((row.task, row.deadline, row.item), []).append((row, reminder))
    for task in gathered.tasks.values():
        for one in task.obligations:
            told = by_place.get((one.task, one.kind, one.item), [])
            end = gathered.position if one.by is None else one.by
            mine = tuple(pair for pair in told if one.first <= pair[1].position <= end)
            yield Owed(one, mine, gathered.days_late(one, as_of))


def owed_of(m: Material, task: Traced, kind: str) -> Owed | None:
    found = [one for one in m.owed if one.obligation.task == task.number and one.obligation.kind == kind]
    return found[-1] if found else None


def days_off(m: Material, task: Traced, kind: str) -> Cell:
    """Business days after (before: negative) its due day on which what was due was done; empty where it was not."""
    one = owed_of(m, task, kind)
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
    return Text(Words(ko, en), role="absent")


def behind(*positions: int) -> tuple[int, ...]:
    """Positions in their order, each once."""
    return tuple(sorted(set(positions)))


def both(text: LocalText) -> Words:
    return Words(text.ko, text.say("en"))


def mean(values: Iterable[int | str], digits: int = 1) -> str | None:
    """The mean as a decimal string, rounded half up as a clerk does; None of nothing."""
    found = [Decimal(value) for value in values]
    return None if not found else rounded(sum(found, Decimal()) / len(found), digits)


def rounded(value: Decimal, digits: int = 1) -> str:
    return str(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def share(part: int, whole: int) -> str | None:
    """The part in percent of the whole, with one digit."""
    return None if whole == 0 else rounded(Decimal(100 * part) / whole)


def column(identity: str, ko: str, en: str, kind: Kind = "text", weight: int = 1) -> Column:
    return Column(identity, Words(ko, en), kind, weight)


def cell(value: Value, facts: Iterable[int] = (), figure: str | None = None) -> Cell:
    return Cell(value, behind(*facts), figure)
