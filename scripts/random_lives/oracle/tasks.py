"""A task's state, folded from facts in the order in which they were so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.cases import Fact, Record, bare, day_of, seoul_day
from scripts.random_lives.oracle.open_lines import OF_LINES, OpenLine, fold_line

# Where a fact leads; a fact that is not here changes neither stage nor condition.
LEADS_TO = {
    "task.proposed": ("proposed", "normal"),
    "task.revised": ("proposed", "normal"),
    "task.returned": ("proposed", "returned"),
    "task.approved": ("approved", "normal"),
    "task.rejected": ("rejected", "normal"),
    "task.number_freed": ("", ""),
    "task.withdrawn": ("withdrawn", "normal"),
    "task.started": ("in_progress", "normal"),
    "task.suspended": ("in_progress", "suspended"),
    "task.resumed": ("in_progress", "normal"),
    "task.final_report_submitted": ("in_progress", "reported"),
    "task.rating_opened": ("in_progress", "rated"),
    "task.evaluated": ("evaluated", "normal"),
    "task.discontinued": ("discontinued", "normal"),
    "task.carried_over": ("carried_over", "normal"),
}
OPEN_STAGES = frozenset({"proposed", "approved", "in_progress"})  # in which work goes on
ASKING = ("task.proposal_requested", "task.request_lapsed")
STEP = "task.step_taken"  # of a definition's own: it says itself where it leads
CORRECTIONS = ("task.corrected", "task.correction_cancelled")


@dataclass(frozen=True)
class Taken:
    """A step of the definition as it was taken last. `form`: what it says, by field; `days`: those in it."""

    so: datetime
    place: str
    days: dict[str, date]
    form: dict[str, str] = field(default_factory=dict)


@dataclass
class Task:
    """What a task is behind some facts. `since`: the moment at which stage or condition began.

    `steps`: by name, the one that was so last at the end; `stood`: the places in their order, each with the moment at which it began.
    `waits_since`: from which moment its proposal is waited for; `asked_plan`: the one that waits for the city;
    `line`: the approval line that is open.
    """

    name: str
    stage: str = ""
    condition: str = ""
    since: datetime | None = None
    definition: str = ""
    lead: str = ""
    title: Any = None
    plan: Record = field(default_factory=dict)
    plan_at: datetime | None = None
    started: date | None = None
    progress: int = 0
    reached: set[str] = field(default_factory=set)
    reports: list[tuple[str | None, date]] = field(default_factory=list)
    suspended: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    final_report: datetime | None = None
    rated: Fact | None = None
    asked_plan: Record | None = None
    partners: frozenset[str] = frozenset()
    line: OpenLine | None = None
    waits_since: datetime | None = None
    steps: dict[str, Taken] = field(default_factory=dict)
    stood: list[tuple[tuple[str, str], datetime]] = field(default_factory=list)

    @property
    def replan_asked(self) -> bool:
        return self.asked_plan is not None

    @property
    def waits(self) -> bool:
        """Whether it is listed, its proposal is asked for, and nobody has made it."""
        return not self.stage and self.waits_since is not None

    @property
    def place(self) -> tuple[str, str]:
        return ("listed", "normal") if self.waits else (self.stage, self.condition)

    @property
    def year(self) -> int:
        return int(self.name[:4])


def fold_task(name: str, facts: Iterable[Fact]) -> Task:
    """The task behind these facts of its stream, whatever order they come in."""
    task, listed = Task(name), list(facts)
    by_version = {fact.version: fact for fact in listed}
    for fact in in_order(listed):
        if fact.kind in CORRECTIONS:
            about = find_corrected(fact, by_version)
            _correct(task, fact, about.data if about else {})
        else:
            _evolve(task, fact)
    if any(fact.kind in OF_LINES for fact in listed):
        task.line = fold_line(listed)
    return task


def _correct(task: Task, fact: Fact, corrected: Record) -> None:
    """A correction changes a value only where the fact that it corrects gives it."""
    if corrected.get("percent") is not None and fact.data.get("percent") is not None:
        task.progress = fact.data["percent"]
    if corrected.get("on") is not None and fact.data.get("on") is not None:
        task.started = day_of(fact.data["on"])


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """As they were so; a correction right behind the fact that it corrects."""
    listed = list(facts)
    by_version = {fact.version: fact for fact in listed}
    return sorted(listed, key=lambda fact: (*place(fact, by_version), fact.version))


def place(fact: Fact, by_version: dict[int, Fact]) -> tuple[datetime, int]:
    corrected = find_corrected(fact, by_version)
    return (corrected.so, corrected.version) if corrected else (fact.so, fact.version)


def find_corrected(fact: Fact, by_version: dict[int, Fact]) -> Fact | None:
    """The fact that this correction, or the cancelling of one, is about."""
    number = fact.data.get("correction" if fact.kind == "task.correction_cancelled" else "fact")
    if fact.kind not in CORRECTIONS or number is None:
        return None
    about = by_version.get(number)
    return find_corrected(about, by_version) if about and about.kind in CORRECTIONS else about


def _ask(task: Task, fact: Fact) -> None:
    """That its proposal is asked for, or is not any more; of one that was proposed that says nothing."""
    if task.stage:
        return
    if fact.kind == "task.request_lapsed":
        task.waits_since = None
        return
    task.waits_since = task.waits_since or fact.so
    task.lead, task.title, task.definition = (
        bare(fact.data["lead"]),
        fact.data["title"],
        fact.data["definition"],
    )


def _evolve(task: Task, fact: Fact) -> None:
    if fact.kind in ASKING:
        _ask(task, fact)
        return
    _move(task, fact)
    data = fact.data
    if data.get("plan") and fact.kind in {"task.proposed", "task.revised", "task.replanned"}:
        task.plan, task.plan_at = data["plan"], fact.so
    if fact.kind in {"task.proposed", "task.handed_over"}:
        task.lead = bare(data["lead"])
    if data.get("title") and fact.kind in {"task.proposed", "task.revised"}:
        task.title = data["title"]
    if fact.kind == "task.proposed":
        task.definition, task.waits_since = data["definition"], None
    if fact.kind in {"task.replan_requested", "task.replanned", "task.replan_refused"}:
        task.asked_plan = data["plan"] if fact.kind == "task.replan_requested" else None
    _join(task, fact)
    _work(task, fact)


def _join(task: Task, fact: Fact) -> None:
    match fact.kind:
        case "task.proposed" | "task.revised" if fact.data.get("partners") is not None:
            task.partners = frozenset(map(bare, fact.data["partners"]))
        case "task.proposed":
            task.partners = frozenset()
        case "task.partner_added":
            task.partners |= {bare(fact.data["partner"])}
        case "task.partner_released":
            task.partners -= {bare(fact.data["partner"])}


def _work(task: Task, fact: Fact) -> None:
    data = fact.data
    match fact.kind:
        case "task.started":
            task.started = day_of(data["on"])
        case "task.progress_reported":
            task.progress = data.get("percent", 0)
            task.reached |= set(data.get("milestones") or ())
            task.reports.append((shapes.quarter_of_report(data), seoul_day(fact.so)))
        case "task.milestones_reached":
            task.reached |= set(data["milestones"])
        case "task.final_report_submitted":
            task.final_report = fact.so
        case "task.rated":
            task.rated = fact
        case "task.step_taken":
            task.steps.pop(data["step"], None)
            form = data.get("form") or ()
            said = {one["field"]: one["value"] for one in form}
            task.steps[data["step"]] = Taken(fact.so, data["from_place"], _days_in(form), said)


def _days_in(form: Iterable[Record]) -> dict[str, date]:
    return {one["field"]: day_of(one["value"]) for one in form if one["type"] == "date"}


def read_place(name: str) -> tuple[str, str]:
    """A stage with a condition, as definitions and steps write it: "proposed", "proposed/returned"."""
    stage, _, condition = name.partition("/")
    return stage, condition or "normal"


def _leads_to(fact: Fact) -> tuple[str, str] | None:
    if fact.kind != STEP:
        return LEADS_TO.get(fact.kind)
    before, after = fact.data["from_place"], fact.data["to_place"]
    return None if before == after else read_place(after)


def _move(task: Task, fact: Fact) -> None:
    leads_to = _leads_to(fact)
    if leads_to is None or leads_to == (task.stage, task.condition):
        return
    if task.condition == "suspended":
        task.suspended[-1] = (task.suspended[-1][0], fact.so)
    if leads_to[1] == "suspended":
        task.suspended.append((fact.so, None))
    task.stage, task.condition = leads_to
    task.since = fact.so
    task.stood.append((leads_to, fact.so))
