"""Small lives written by hand, of which the oracle is asked. The days in the tests are counted by hand."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scripts.random_lives.oracle import Case
from scripts.random_lives.oracle.due import Reckoning
from scripts.random_lives.oracle.holidays import statutory
from scripts.random_lives.oracle.life import Life

DEFINITIONS = Path(__file__).parents[2] / "workflows" / "definitions"
TASK = "2024-01"
PLAN = {
    "start": "2024-03-01",
    "end": "2024-11-29",
    "budget_krw": 1000,
    "milestones": [{"id": "m1", "due": "2024-06-06"}],
}


def at(text: str) -> str:
    """A moment in Seoul: "01-02 10:00" is of 2024."""
    return f"{text if len(text) > 11 else '2024-' + text}:00+09:00".replace(" ", "T")


class Log:
    """Facts, one after the other; `add` returns the version within the stream."""

    def __init__(self) -> None:
        self.facts: list[dict[str, Any]] = []

    def add(
        self,
        stream: str,
        kind: str,
        known: str,
        *,
        so: str = "",
        role: str = "planner",
        cause: Any = None,
        **fact: Any,
    ) -> int:
        version = 1 + sum(one["stream"] == stream for one in self.facts)
        self.facts.append(
            {
                "position": len(self.facts) + 1,
                "stream": stream,
                "version": version,
                "kind": kind,
                "recorded_at": at(known),
                "known_at": at(known),
                "effective_at": at(so or known),
                "stated": bool(so),
                "actor": {"role": role},
                "cause": cause,
                "fact": fact,
            }
        )
        return version

    def task(self, kind: str, known: str, **more: Any) -> int:
        return self.add(f"task/{TASK}", f"task.{kind}", known, **more)

    def agency(self, kind: str, known: str, **more: Any) -> int:
        return self.add("agency/welfare", f"agency.{kind}", known, **more)

    def case(self, until: str = "12-31 23:00", **more: Any) -> Case:
        paths = [DEFINITIONS / "donghaeng-2024.toml", DEFINITIONS / "donghaeng-2024-2.toml"]
        return Case(facts=copy.deepcopy(self.facts), definitions=paths, until=at(until), **more)

    def reckoning(self) -> Reckoning:
        """What is due behind all facts that are there."""
        return Life(self.case()).reckoning_before(TASK, len(self.facts) + 1)

    def due(self) -> dict[str, str]:
        return {f"{one.kind} {one.item}".strip(): one.due.isoformat() for one in self.reckoning().deadlines}

    def count(self, known: str, **more: Any) -> int:
        """The count that a program without faults makes."""
        return self.task("deadlines_set", known, role="system", **(written(self.reckoning()) | more))


def written(reckoning: Reckoning) -> dict[str, Any]:
    return {
        "definition": "donghaeng-2024/1",
        "deadlines": [
            {
                "kind": one.kind,
                "item": one.item,
                "who": one.who,
                "start": one.start.isoformat(),
                "days": one.days,
                "due": one.due.isoformat(),
                "rungs": [{"days": days, "on": on.isoformat() if on else None} for days, on in one.rungs],
            }
            for one in reckoning.deadlines
        ],
        "waiting": [
            {
                "kind": one.kind,
                "item": one.item,
                "who": one.who,
                "start": one.start.isoformat(),
                "days": one.days,
                "year": one.year,
            }
            for one in reckoning.waiting
        ],
        "acts": [{"rule": one.rule, "on": one.on.isoformat()} for one in reckoning.acts],
    }


def opened(years: tuple[int, ...] = (2023, 2024, 2025), not_before: str | None = None) -> Log:
    log = Log()
    for year in years:
        days = [{"day": day.isoformat()} for day in sorted(statutory(year) or ())]
        log.add(
            f"calendar/{year}", "calendar.opened", "01-01 09:00", year=year, holidays=days, source="by hand"
        )
    log.add("programme/2024", "programme.opened", "01-01 10:00")
    entry = {"task": TASK, "lead": "welfare", "area": "care", "title": {"ko": "돌봄"}}
    bar = {"not_before": not_before} if not_before else {}
    log.add("programme/2024", "programme.task_added", "01-01 11:00", **entry, **bar)
    return log


def proposed(log: Log | None = None, plan: dict[str, Any] | None = None, known: str = "01-02 10:00") -> Log:
    log = log or opened()
    more = {"title": {"ko": "돌봄"}, "area": "care", "lead": "welfare", "definition": "donghaeng-2024/1"}
    log.task("proposed", known, role="officer", plan=plan or PLAN, **more)
    return log


def approved(log: Log | None = None, plan: dict[str, Any] | None = None) -> Log:
    log = proposed(log, plan)
    log.task("approved", "01-10 10:00")
    return log


def at_work(plan: dict[str, Any] | None = None) -> Log:
    log = approved(plan=plan)
    log.task("started", "03-04 09:00", role="officer", on="2024-03-04")
    return log


def staffed(log: Log) -> Log:
    """An agency with two officers and a head, and the city's planner."""
    log.agency("registered", "01-01 12:00", name={"ko": "복지관"})
    for subject, post in (("ana", "officer"), ("bo", "officer"), ("chi", "head")):
        log.agency("appointed", "01-01 12:00", subject=subject, post=post)
    log.add(
        "programme/2024",
        "programme.contact_set",
        "01-01 12:00",
        office="planner",
        address="plan@city.example",
    )
    return log


def without(case: Case, position: int) -> Case:
    return replace(case, facts=[one for one in case.facts if one["position"] != position])


def parsed(text: str) -> datetime:
    return datetime.fromisoformat(at(text))
