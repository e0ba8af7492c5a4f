"""A big history, as cities make them: years of a thousand tasks, each with fifty facts of the kinds of a whole life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from domain.fact import Fact
from domain.task import facts
from domain.values import (
    Act,
    CalendarVersion,
    Deadline,
    Figure,
    Indicator,
    LocalText,
    Milestone,
    Plan,
    ReminderStep,
    TextRef,
)
from scripts.benchmarks.data import WORDS
from store.bulk import Line
from store.envelope import Actor, Cause, Envelope, Text
from store.mapper import encode

PER_TASK = 50
_A_YEAR = 1000
_LAST_YEAR = 2024
_MOST_YEARS = 20
_AREAS = ("living", "culture", "economy", "participation")
_NAME = LocalText(ko="시민과 함께하는 문화마실", en="Culture outing with citizens")
_SCORES = (("95.5", "S"), ("88.0", "A"), ("81.2", "B"), ("72.4", "C"))


class _Told(msgspec.Struct, frozen=True):
    """`late`: how many days before it became known it was so."""

    fact: Fact
    role: str = "officer"
    late: int = 0
    cause: Cause | None = None


def lines(events: int) -> Iterator[bytes]:
    """So many facts as exported lines, the same ones each time; a year's tasks are under way side by side."""
    encoder = msgspec.json.Encoder()
    tasks = -(-events // PER_TASK)
    a_year = max(_A_YEAR, -(-tasks // _MOST_YEARS))
    years = -(-tasks // a_year)
    position = 0
    for number in range(years):
        year = _LAST_YEAR + 1 - years + number
        count = min(a_year, tasks - number * a_year)
        begins = datetime(year, 1, 2, tzinfo=UTC)
        lives = [life(year, task) for task in range(1, count + 1)]
        for place in range(count * PER_TASK):
            if position == events:
                return
            position += 1
            version, task = place // count + 1, place % count
            known = begins + timedelta(seconds=place * (360 * 86_400 // (count * PER_TASK)))
            told = next(lives[task])
            state = encode(_envelope(told, position, task, known), told.fact).decode()
            stream = f"task/{year}-{task + 1:04}"
            yield encoder.encode(Line(position, stream, version, told.fact.kind, known, known, state))


def life(year: int, task: int) -> Iterator[_Told]:
    """The fifty facts of one task's life, in their order."""
    plan = _plan(year, task)
    title = replace(_NAME, ko=f"{_NAME.ko} {task}")
    definition = f"donghaeng-{_LAST_YEAR}/1"
    proposed = facts.Proposed(
        title=title, area=_AREAS[task % 4], lead=_lead(task), plan=plan, definition=definition
    )
    yield _Told(proposed)
    yield _Told(facts.Returned(), "planner")
    yield _Told(facts.Revised(plan=replace(plan, budget_krw=plan.budget_krw * 11 // 10)))
    yield _Told(facts.Approved(conditions=(_text(year, task, 4),)), "planner")
    yield _deadlines(year, definition, 0)
    yield _Told(facts.Started(on=date(year, 3, 4)), "system", cause=_rule("start_as_planned"))
    yield from _at_work(year, task, definition, plan)
    yield _Told(facts.FinalReportSubmitted(text=_text(year, task, 46), figures=(_figure(300),)))
    yield _Told(facts.RatingOpened(), "system", cause=_rule("open_rating"))
    score, grade = _SCORES[task % 4]
    yield _Told(facts.Rated(score=score, raters=120 + task % 40), "planner")
    yield _deadlines(year, definition, 4)
    yield _Told(facts.Evaluated(score=score, grade=grade), "system", cause=_rule("complete_evaluation"))  # type: ignore[arg-type]


def _at_work(year: int, task: int, definition: str, plan: Plan) -> Iterator[_Told]:
    """Reports, deadlines set anew, a plan that changed, a pause, and what was corrected: 39 facts."""
    for number in range(39):
        version = 7 + number
        if number % 8 == 7:
            yield _deadlines(year, definition, number // 8)
        elif number % 13 == 12:
            yield _Told(facts.Corrected(fact=version - 1, percent=min(100, 2 * number)), late=1)
        elif number == 18:
            yield _Told(facts.Replanned(plan=replace(plan, end=date(year, 12, 20))), "planner")
        elif number == 20:
            yield _Told(facts.Suspended(), "planner")
        elif number == 21:
            yield _Told(facts.Resumed(), "planner")
        else:
            percent, late = min(100, 2 * number + task % 5), 2 if (task + number) % 7 == 0 else 0
            figures = (_figure(7 * number),) if number % 2 else ()
            yield _Told(facts.ProgressReported(percent, _text(year, task, version), figures), late=late)


def _lead(task: int) -> str:
    return f"agency-{task % 26}"


def _plan(year: int, task: int) -> Plan:
    return Plan(
        start=date(year, 3, 1),
        end=date(year, 12, 31),
        budget_krw=100_000_000 + 1_000_000 * (task % 400),
        milestones=(Milestone(id="half", name=_NAME, due=date(year, 6, 28)),),
        indicators=(Indicator(id="results", name=_NAME, unit="건", baseline="0", target="300"),),
    )


def _deadlines(year: int, definition: str, number: int) -> _Told:
    start = date(year, 3 * min(number, 3) + 3, 28)
    due = start + timedelta(days=7)
    rungs = tuple(ReminderStep(days=days, on=due + timedelta(days=days)) for days in (-3, -1, 0))
    deadline = Deadline(
        kind="progress", who="agency", start=start, days=5, due=due, item=f"Q{number + 1}", rungs=rungs
    )
    fact = facts.DeadlinesSet(
        definition=definition,
        calendars=(CalendarVersion(year=year, version=1),),
        deadlines=(deadline,) if number < 4 else (),
        acts=(Act(rule="start_as_planned", on=date(year, 3, 4)),) if number == 0 else (),
    )
    return _Told(fact, "system", cause=_rule("set_deadlines"))


def _rule(rule: str) -> Cause:
    return Cause(rule=rule, rule_version=f"donghaeng-{_LAST_YEAR}/1")


def _figure(value: int) -> Figure:
    return Figure(indicator="results", value=str(value))


def _text(year: int, task: int, version: int) -> TextRef:
    identity = f"{year:08x}{task:08x}{version:016x}"
    return TextRef(id=identity, commitment=_commitment(identity))


def text_of(identity: str) -> tuple[bytes, str]:
    """The salt and the body of a text of these facts, by its id in hex: about a hundred letters, and no two the same."""
    chance = sha256(identity.encode()).digest()
    words = " ".join(WORDS[one % len(WORDS)] for one in chance)
    return chance[:16], f"{words} {int(identity[-24:], 16)}"


def _commitment(identity: str) -> str:
    salt, body = text_of(identity)
    return sha256(salt + body.encode()).hexdigest()


def _envelope(told: _Told, position: int, task: int, known: datetime) -> Envelope:
    by_rule, reason = told.role == "system", f"{position:032x}"
    return Envelope(
        v=1,
        schema=type(told.fact).schema_version,
        actor=Actor(role=told.role, agency=_lead(task + 1) if told.role == "officer" else None),  # type: ignore[arg-type]
        via="rule" if by_rule else "cli",
        authn="system" if by_rule else "asserted",
        command=f"{position:032x}",
        cause=told.cause,
        reason=None if by_rule else Text(id=reason, commitment=_commitment(reason)),
        effective_at=known - timedelta(days=told.late) if told.late else None,
    )
