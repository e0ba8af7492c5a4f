"""The lists by the oracle's own reckoning, and their comparison with what the program showed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.agencies import Agency, answering, fold_agencies
from scripts.random_lives.oracle.cases import Fact, Finding, Record, bare, day_of, midnight, moment
from scripts.random_lives.oracle.counts import count_lines
from scripts.random_lives.oracle.ledgers import LEDGERS, show_ledgers
from scripts.random_lives.oracle.life import COUNT, Life
from scripts.random_lives.oracle.open_lines import sides_of
from scripts.random_lives.oracle.requests import read_list
from scripts.random_lives.oracle.steps import is_own, whose_turn
from scripts.random_lives.oracle.tasks import CORRECTIONS, STEP, Task, fold_task, place

Rows = set[tuple[Any, ...]]
AGENCY_WAITS = {
    ("proposed", "returned"): "revise",
    ("approved", "normal"): "start",
    ("in_progress", "normal"): "report",
}
CITY_WAITS = {
    ("proposed", "normal"): "decide",
    ("in_progress", "suspended"): "resume",
    ("in_progress", "reported"): "evaluate",
    ("in_progress", "rated"): "rate",
}


class Slice:
    """The tasks and agencies by some of the facts, up to the end of a day."""

    def __init__(self, life: Life, sense: str, day: date, asked: datetime) -> None:
        end = midnight(day + timedelta(days=1))
        when = partial(_so, life) if sense == "effective" else _time_known
        facts = [f for f in life.facts if f.known <= asked and when(f) < end]
        self.agencies = fold_agencies(facts, end - timedelta(microseconds=1))
        self.ledgers = show_ledgers(facts, day, lambda agency: answering(self.agencies, agency))
        self.listed = read_list(facts)
        self.definitions = life.definitions
        self.tasks: dict[str, Task] = {}
        self.counts: dict[str, Record] = {}
        self.goes_by: dict[str, str] = {}
        for name, own in _by_task(facts).items():
            self.tasks[name] = fold_task(name, (f for f in own if f.kind != COUNT))
            counts = [f for f in own if f.kind == COUNT]
            self.counts[name] = max(counts, key=_order(sense)).data if counts else {}
            self.goes_by[name] = _definition_named(own)

    def whose_turn(self, task: Task) -> tuple[bool, bool] | None:
        """The agency's, the city's, in a place of a definition's own; None elsewhere."""
        definition = self.definitions.get(self.goes_by[task.name])
        return whose_turn(task, definition) if is_own(task, definition) else None

    def answers(self, name: str) -> str:
        task = self.tasks.get(name)
        lead = task.lead if task and task.stage else bare(self.listed[name]["lead"])
        return answering(self.agencies, lead)


def _definition_named(own: Iterable[Fact]) -> str:
    """By the last count or step, whichever day it is dated; "" where there is none."""
    naming = [fact for fact in own if fact.kind in (COUNT, STEP)]
    return max(naming, key=lambda fact: fact.version).data["definition"] if naming else ""


def _by_task(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    streams: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.stream.startswith("task/"):
            streams.setdefault(fact.name, []).append(fact)
    return streams


def _order(sense: str) -> Callable[[Fact], tuple[datetime, int]]:
    """A count takes the place of the one made before it; effective on a day, of the one that was so before it."""
    never = datetime.min.replace(tzinfo=UTC)
    return lambda count: (count.so if sense == "effective" else never, count.version)


def _time_known(fact: Fact) -> datetime:
    return fact.known


def _so(life: Life, fact: Fact) -> datetime:
    """When it was so; a correction, when what it corrects was."""
    if fact.kind not in CORRECTIONS:
        return fact.so
    return place(fact, {one.version: one for one in life.streams[fact.stream]})[0]


def judge_lists(life: Life) -> list[Finding]:
    return [
        Finding("list", about, str(day_of(document["day"])), f"{document['sense']}: {text}")
        for document in life.case.observed
        for about, text in _judge_document(life, document)
    ]


def _judge_document(life: Life, document: Record) -> Iterator[tuple[str, str]]:
    """About which task something is wrong in what was shown at one moment, and what."""
    day = day_of(document["day"])
    asked = moment(document["asked"]) if document.get("asked") else life.until
    own = Slice(life, document["sense"], day, asked)
    for name, rows in own_rows(own).items():
        if name in document:
            yield from _compare(name, rows, read_rows(name, document[name]))
    if "responsible" in document:
        yield from _compare_responsible(own, document["responsible"], day)


def own_rows(own: Slice) -> dict[str, Rows]:
    tasks = {name: task for name, task in own.tasks.items() if task.stage}
    lines = [(name, *key, line) for name in own.tasks for key, line in count_lines(own.counts[name]).items()]
    agency = {(name, _agency_waits(own, tasks.get(name))) for name in own.listed.keys() | tasks.keys()}
    unproposed = own.listed.keys() - tasks.keys()
    city = {(name, _city_waits(own, task)) for name, task in tasks.items()} | {
        (name, "urge") for name in unproposed
    }
    board = {_board_row(own, name, task) for name, task in tasks.items()}
    return {
        "board": board | {_row_of_listing(own, name) for name in unproposed},
        "deadlines": {(n, k, i, line[0], line[3]) for n, what, k, i, line in lines if what == "deadline"},
        "waiting": {(n, k, i, line[0], line[3]) for n, what, k, i, line in lines if what == "waiting"},
        "agency_inbox": {(own.answers(name), name, waits) for name, waits in agency if waits},
        "city_inbox": {(name, waits) for name, waits in city if waits},
        **own.ledgers,
    }


def _agency_waits(own: Slice, task: Task | None) -> str | None:
    """`task`: None of one that is listed and not proposed yet."""
    if task and task.line and "agency" in sides_of(task.line.asked):
        return "sign"
    if task is None:
        return "propose"
    going_on = AGENCY_WAITS.get((task.stage, task.condition)) == "report"
    if task.line and task.line.side == "agency" and not going_on:
        return None
    if (turn := own.whose_turn(task)) is not None:
        return "step" if turn[0] else None
    return AGENCY_WAITS.get((task.stage, task.condition))


def _city_waits(own: Slice, task: Task) -> str | None:
    decidable = (task.stage, task.condition) in {
        ("approved", "normal"),
        ("in_progress", "normal"),
        ("in_progress", "suspended"),
    }
    if task.line and "city" in sides_of(task.line.asked):
        return "sign"
    if task.line and task.line.side == "city":
        return None
    turn = own.whose_turn(task)
    if task.replan_asked and (decidable or (turn is not None and task.stage == "approved")):
        return "replan"
    if turn is not None:
        return "step" if turn[1] else None
    return CITY_WAITS.get((task.stage, task.condition))


def _board_row(own: Slice, name: str, task: Task) -> tuple[Any, ...]:
    start, end = shapes.plan_days(task.plan)
    bar = task.plan.get("not_before")
    start = max(start, day_of(bar)) if bar else start
    title = str(shapes.text(task.title))
    budget = task.plan.get("budget_krw")
    return (name, own.answers(name), title, task.stage, task.condition, task.progress, budget, start, end)


def _row_of_listing(own: Slice, name: str) -> tuple[Any, ...]:
    """Of a task that nobody has proposed."""
    title = str(shapes.text(own.listed[name]["title"]))
    return (name, own.answers(name), title, "listed", "normal", 0, None, None, None)


def read_rows(name: str, rows: list[Record]) -> Rows:
    match name:
        case "board":
            return {_read_board(row) for row in rows}
        case "deadlines":
            return {
                (bare(r["task"]), r["kind"], r.get("item") or "", r["who"], day_of(r["due"])) for r in rows
            }
        case "waiting":
            return {(bare(r["task"]), r["kind"], r.get("item") or "", r["who"], r["year"]) for r in rows}
        case "agency_inbox":
            return {(bare(r["agency"]), bare(r["task"]), r["waits"]) for r in rows}
    if name in LEDGERS:
        return {tuple(row) for row in rows}
    return {(bare(r["task"]), r["waits"]) for r in rows}


def _read_board(row: Record) -> tuple[Any, ...]:
    days = [day_of(row[name]) if row[name] else None for name in ("start", "end")]
    state = row["stage"], row.get("condition") or "normal", row.get("progress") or 0, row["budget_krw"]
    return (bare(row["task"]), bare(row["lead"]), str(shapes.text(row["title"])), *state, *days)


def _compare(name: str, own: Rows, told: Rows) -> list[tuple[str, str]]:
    missing = [(_task_of(name, row), f"{name} should hold {_write(row)}.") for row in own - told]
    more = [(_task_of(name, row), f"{name} holds {_write(row)}, which should not be.") for row in told - own]
    return sorted(missing + more)


def _task_of(name: str, row: tuple[Any, ...]) -> str:
    return str(row[1] if name == "agency_inbox" else row[0])


def _write(row: tuple[Any, ...]) -> str:
    return " ".join(str(value) for value in row if value != "")


def _compare_responsible(own: Slice, told: list[Record], day: date) -> list[tuple[str, str]]:
    texts = []
    for row in told:
        name = bare(row["task"])
        if name not in own.tasks and name not in own.listed:
            texts.append((name, "responsible names the task, which is not there."))
            continue
        code = own.answers(name)
        agency = own.agencies.get(code, Agency())
        right = (code, agency.closed, set() if agency.closed else _pairs(agency.people(day)))
        said = (bare(row["agency"]), bool(row["gone"]), _pairs(row["people"]))
        if said != right:
            texts.append((name, f"responsible says {said}; it should be {right}."))
    return texts


def _pairs(people: Any) -> set[tuple[str, frozenset[str]]]:
    """Post, and who is in it with who stands in: whichever of the two is named first."""
    return {
        (post, frozenset(bare(one) for one in (subject, other) if one)) for post, subject, other in people
    }
