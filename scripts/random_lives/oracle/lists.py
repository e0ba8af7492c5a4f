"""The lists by the oracle's own reckoning, and their comparison with what the program showed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.agencies import Agency, answering, fold_agencies
from scripts.random_lives.oracle.cases import Fact, Finding, Record, bare, day_of, midnight, moment
from scripts.random_lives.oracle.counts import count_lines
from scripts.random_lives.oracle.life import COUNT, Life
from scripts.random_lives.oracle.tasks import CORRECTIONS, Task, fold_task, place

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
        facts = [f for f in life.facts if f.known <= asked]
        if sense == "effective":
            facts = [f for f in facts if _so(life, f) < end]
        else:
            facts = [f for f in facts if f.known < end]
        self.agencies = fold_agencies(facts, end - timedelta(microseconds=1))
        self.listed = {bare(f.data["task"]): f.data for f in facts if f.kind == "programme.task_added"}
        self.tasks: dict[str, Task] = {}
        self.counts: dict[str, Record] = {}
        streams: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.stream.startswith("task/"):
                streams.setdefault(fact.name, []).append(fact)
        for name, own in streams.items():
            self.tasks[name] = fold_task(name, (f for f in own if f.kind != COUNT))
            counts = [f for f in own if f.kind == COUNT]
            self.counts[name] = max(counts, key=_order(sense)).data if counts else {}

    def answers(self, name: str) -> str:
        task = self.tasks.get(name)
        lead = task.lead if task and task.stage else bare(self.listed[name]["lead"])
        return answering(self.agencies, lead)


def _order(sense: str) -> Callable[[Fact], tuple[datetime, int]]:
    """A count takes the place of the one made before it; effective on a day, of the one that was so before it."""
    never = datetime.min.replace(tzinfo=UTC)
    return lambda count: (count.so if sense == "effective" else never, count.version)


def _so(life: Life, fact: Fact) -> datetime:
    """When it was so; a correction, when what it corrects was."""
    if fact.kind not in CORRECTIONS:
        return fact.so
    return place(fact, {one.version: one for one in life.streams[fact.stream]})[0]


def judge_lists(life: Life) -> list[Finding]:
    findings = []
    for document in life.case.observed:
        day, sense = day_of(document["day"]), document["sense"]
        asked = moment(document["asked"]) if document.get("asked") else life.until
        own = Slice(life, sense, day, asked)
        for name, rows in own_rows(own).items():
            if name in document:
                texts = _compare(name, rows, read_rows(name, document[name]))
                findings += [
                    Finding("list", about, day.isoformat(), f"{sense}: {text}") for about, text in texts
                ]
        if "responsible" in document:
            texts = _compare_responsible(own, document["responsible"], day)
            findings += [Finding("list", about, day.isoformat(), f"{sense}: {text}") for about, text in texts]
    return findings


def own_rows(own: Slice) -> dict[str, Rows]:
    tasks = {name: task for name, task in own.tasks.items() if task.stage}
    lines = [(name, *key, line) for name in tasks for key, line in count_lines(own.counts[name]).items()]
    agency, city = set(), set()
    for name in own.listed.keys() | tasks.keys():
        task = tasks.get(name)
        place_now = (task.stage, task.condition) if task else ("", "")
        waits = AGENCY_WAITS.get(place_now) if task else "propose"
        if waits:
            agency.add((own.answers(name), name, waits))
        if task and (waits := _city_waits(task)):
            city.add((name, waits))
    return {
        "board": {_board_row(own, name, task) for name, task in tasks.items()},
        "deadlines": {(n, k, i, line[0], line[3]) for n, what, k, i, line in lines if what == "deadline"},
        "waiting": {(n, k, i, line[0], line[3]) for n, what, k, i, line in lines if what == "waiting"},
        "agency_inbox": agency,
        "city_inbox": city,
    }


def _city_waits(task: Task) -> str | None:
    decidable = (task.stage, task.condition) in {
        ("approved", "normal"),
        ("in_progress", "normal"),
        ("in_progress", "suspended"),
    }
    if task.replan_asked and decidable:
        return "replan"
    return CITY_WAITS.get((task.stage, task.condition))


def _board_row(own: Slice, name: str, task: Task) -> tuple[Any, ...]:
    start, end = shapes.plan_days(task.plan)
    bar = task.plan.get("not_before")
    start = max(start, day_of(bar)) if bar else start
    title = str(shapes.text(task.title))
    budget = task.plan.get("budget_krw")
    return (name, own.answers(name), title, task.stage, task.condition, task.progress, budget, start, end)


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
    return {(bare(r["task"]), r["waits"]) for r in rows}


def _read_board(row: Record) -> tuple[Any, ...]:
    days = day_of(row["start"]), day_of(row["end"])
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
