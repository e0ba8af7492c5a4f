"""Judges the money of tasks by a ledger of its own: what each entry could say when it was entered, and what a task's money comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from scripts.random_lives.oracle.cases import Fact, Finding, Record, bare, day_of, seoul_day
from scripts.random_lives.oracle.definitions import Definition
from scripts.random_lives.oracle.life import Life

BUDGET, CORRECTED, REOPENED = "money.budget_set", "money.corrected", "money.month_reopened"
OUT, IN = "money.carried_out", "money.carried_in"
POSTED = {"money.committed": "committed", "money.spent": "spent", "money.returned": "returned"}
_NOT_APPROVED = {"", "proposed", "rejected", "withdrawn"}


@dataclass
class Line:
    """What a source of funds gives for a year, and what was made of it."""

    budget: int = 0
    carried_in: int = 0
    carried_out: int = 0
    committed: int = 0
    spent: int = 0
    returned: int = 0

    @property
    def available(self) -> int:
        return self.budget + self.carried_in - self.carried_out - self.returned

    @property
    def over(self) -> int:
        return max(0, self.committed - self.available, self.spent - self.available)

    @property
    def left(self) -> int:
        return max(0, self.available - self.spent)


@dataclass
class Sheet:
    """The money of a task by some of its facts, in any order. `entries`: by number, what is entered, and what it comes to."""

    lines: dict[tuple[str, int], Line] = field(default_factory=dict)
    months: dict[tuple[str, str], Line] = field(default_factory=dict)
    entries: dict[int, tuple[Fact, int]] = field(default_factory=dict)

    def line(self, funding: str, year: int) -> Line:
        return self.lines.setdefault((funding, year), Line())


def fill_sheet(facts: Iterable[Fact]) -> Sheet:
    """Every entry once with what its last correction says; of two budgets that which was so later; sums of these."""
    sheet, own = Sheet(), list(facts)
    said = {f.data["number"]: f for f in sorted(own, key=lambda f: f.version) if f.kind == CORRECTED}
    for fact in sorted((f for f in own if f.kind == BUDGET), key=lambda f: (f.so, f.version)):
        sheet.line(fact.data["funding"], int(fact.data["year"])).budget = fact.data["amount_krw"]
    for fact in own:
        if fact.kind in (OUT, IN):
            line = sheet.line(fact.data["funding"], int(fact.data["year"]))
            name = fact.kind.partition(".")[2]
            setattr(line, name, getattr(line, name) + fact.data["amount_krw"])
        if fact.kind in POSTED:
            krw = said[fact.version].data["amount_krw"] if fact.version in said else fact.data["amount_krw"]
            sheet.entries[fact.version] = (fact, krw)
            _post(sheet, fact, krw)
    return sheet


def _post(sheet: Sheet, fact: Fact, krw: int) -> None:
    funding, month, name = fact.data["funding"], fact.data["month"], POSTED[fact.kind]
    for line in (sheet.line(funding, int(month[:4])), sheet.months.setdefault((funding, month), Line())):
        setattr(line, name, getattr(line, name) + krw)


@dataclass(frozen=True)
class At:
    """A task's money when something is asked of it. `before`: the facts of it so far; `day`: the one in Seoul."""

    life: Life
    task: str
    position: int
    day: date
    before: list[Fact]

    @property
    def sheet(self) -> Sheet:
        return fill_sheet(self.before)

    @property
    def definition(self) -> Definition | None:
        return self.life.definition_of(self.task, self.position) or self.life.definition_of_year(
            self.task, self.position
        )

    @property
    def refuses(self) -> bool:
        rules = self.definition.money if self.definition else {}
        return bool(rules.get("overspend", "refuse") == "refuse")

    def closes(self, month: str) -> date:
        """The last day on which the month takes entries."""
        rules = self.definition.money if self.definition else {}
        after = (date(int(month[:4]), int(month[5:]), 1) + timedelta(days=31)).replace(
            day=int(rules.get("closing_day", 10))
        )
        again = [
            day_of(f.data["until"]) for f in self.before if f.kind == REOPENED and f.data["month"] == month
        ]
        return max([after, *again[-1:]])

    @property
    def is_approved(self) -> bool:
        return self.life.task_before(self.task, self.position).stage not in _NOT_APPROVED

    @property
    def takes_part(self) -> set[str]:
        task = self.life.task_before(self.task, self.position)
        return {bare(task.lead), *map(bare, task.partners)}

    def over_with(self, fact: Record, name: str, more: int) -> int:
        """By how much the source is gone beyond with so much more of it."""
        line = self.sheet.line(fact["funding"], int(str(fact.get("year") or fact["month"])[:4]))
        setattr(line, name, more if name == "budget" else getattr(line, name) + more)
        return line.over


def judge_money(life: Life) -> list[Finding]:
    findings = []
    for name, facts in life.streams.items():
        if not name.startswith("money/"):
            continue
        for number, fact in enumerate(facts):
            at = At(life, name.partition("/")[2], fact.position, seoul_day(fact.known), facts[:number])
            after = facts[number + 1] if number + 1 < len(facts) else None
            findings += [
                Finding("money", at.task, str(at.day), text, fact.position)
                for text in _judge(at, fact, after)
            ]
    return findings


def _judge(at: At, fact: Fact, after: Fact | None) -> Iterator[str]:
    if fact.kind in POSTED:
        yield from _judge_entry(at, fact)
    elif fact.kind == CORRECTED:
        yield from _judge_correction(at, fact)
    elif fact.kind == BUDGET:
        yield from _judge_over(at, fact, at.over_with(fact.data, "budget", fact.data["amount_krw"]))
    elif fact.kind == OUT:
        yield from _judge_left(at, fact, fact.data["amount_krw"])
        if not _follows(fact, after):
            yield "What was carried out was not carried in by the next year in the same append."
    elif fact.kind == IN and not (at.before and _follows(at.before[-1], fact)):
        yield "What is carried in was not carried out of the year before."
    elif fact.kind == REOPENED and at.day <= at.closes(fact.data["month"]):
        yield f"{fact.data['month']} was opened again, and was open."


def _follows(out: Fact, came: Fact | None) -> bool:
    return (
        came is not None
        and (out.kind, came.kind, came.known) == (OUT, IN, out.known)
        and int(came.data["year"]) == int(out.data["year"]) + 1
        and all(came.data[name] == out.data[name] for name in ("funding", "amount_krw"))
    )


def _judge_entry(at: At, fact: Fact) -> Iterator[str]:
    data, name = fact.data, POSTED[fact.kind]
    if not at.is_approved:
        yield f"{name} was entered before the task was approved."
    if bare(data["agency"]) not in at.takes_part:
        yield f"{data['agency']} takes no part, and its entry was taken."
    if data["month"] > f"{at.day:%Y-%m}" or data["month"][:4] < at.task[:4]:
        yield f"{data['month']} took an entry on {at.day}."
    yield from _judge_open(at, data["month"])
    if fact.kind == "money.returned":
        yield from _judge_left(at, fact, data["amount_krw"])
    else:
        yield from _judge_over(at, fact, at.over_with(data, name, data["amount_krw"]))


def _judge_correction(at: At, fact: Fact) -> Iterator[str]:
    data = fact.data
    if data["number"] not in at.sheet.entries:
        yield f"What is corrected, {data['number']}, is no entry."
        return
    entry, krw = at.sheet.entries[data["number"]]
    if data["was_krw"] != krw:
        yield f"The correction says that it was {data['was_krw']}; it was {krw}."
    if fact.so != entry.so:
        yield f"The correction takes effect at {fact.so}; the entry did at {entry.so}."
    told = (data["posting"], data["funding"], data["month"])
    if told != (POSTED[entry.kind], entry.data["funding"], entry.data["month"]):
        yield f"The correction says {told}, which the entry does not."
    yield from _judge_open(at, entry.data["month"])
    more = data["amount_krw"] - krw
    if entry.kind == "money.returned":
        yield from _judge_left(at, entry, more)
    elif more > 0:
        yield from _judge_over(at, fact, at.over_with(entry.data, POSTED[entry.kind], more))


def _judge_open(at: At, month: str) -> Iterator[str]:
    if at.day > at.closes(month):
        yield f"{month} took an entry on {at.day}, and was closed after {at.closes(month)}."


def _judge_left(at: At, fact: Fact, krw: int) -> Iterator[str]:
    year = int(str(fact.data.get("year") or fact.data["month"])[:4])
    left = at.sheet.line(fact.data["funding"], year).left
    if krw > left:
        yield f"{krw} went of {fact.data['funding']} {year}, where {left} was left."


def _judge_over(at: At, fact: Fact, over: int) -> Iterator[str]:
    """What goes beyond what there is says so, and by which definition; where that refuses it, it is not in the log."""
    told = fact.data.get("over_krw") or 0
    if told != over:
        yield f"It goes beyond what there is by {over}, and says {told}."
    if over and at.refuses:
        yield f"It goes beyond what there is by {over}, which the definition refuses."
    if over and at.definition and fact.data.get("definition") != at.definition.name:
        yield f"It is let by {at.definition.name}, and says {fact.data.get('definition')}."
