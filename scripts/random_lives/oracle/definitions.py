"""The lifecycle definitions as data: rules, ladders, transitions and grades, from the TOML given."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from scripts.random_lives.oracle.cases import Record

STEPS = ("officer", "substitute", "head", "department", "planner")
AGENCY_STEPS = frozenset({"officer", "substitute", "head"})


@dataclass(frozen=True)
class Definition:
    """A definition. `open_stages`: in which work goes on; `ladders`: by name, the steps of each rung by its days."""

    name: str
    open_stages: frozenset[str]
    deadlines: list[Record]
    transitions: list[Record]
    ladders: dict[str, dict[int, tuple[str, ...]]]
    grades: list[tuple[Decimal, str]]

    def rules_for(self, stage: str, condition: str) -> list[Record]:
        return [one for one in self.deadlines if (one["stage"], one["condition"]) == (stage, condition)]

    def transitions_from(self, stage: str, condition: str) -> list[Record]:
        return [one for one in self.transitions if (one["stage"], one["condition"]) == (stage, condition)]

    def rungs_of(self, kind: str) -> dict[int, tuple[str, ...]]:
        rule = next((one for one in self.deadlines if one["kind"] == kind), None)
        return {} if rule is None else self.ladders[rule["ladder"]]

    def grade_of(self, score: str) -> str:
        return next(grade for least, grade in self.grades if Decimal(score) >= least)


def read_definitions(paths: Iterable[Path]) -> dict[str, Definition]:
    """By "name/version", as facts name them."""
    return {one.name: one for one in map(_read_file, paths)}


@cache
def _read_file(path: Path) -> Definition:
    return _read(tomllib.loads(path.read_text(encoding="utf-8")))


def _read(toml: Record) -> Definition:
    return Definition(
        name=f"{toml['name']}/{toml['version']}",
        open_stages=frozenset(one["stage"] for one in toml["stages"] if one["open"]),
        deadlines=toml.get("deadlines", []),
        transitions=toml.get("transitions", []),
        ladders={
            one["name"]: {rung["days"]: tuple(rung["to"]) for rung in one["rungs"]}
            for one in toml.get("ladders", [])
        },
        grades=[(Decimal(one["least"]), one["grade"]) for one in toml.get("grades", [])],
    )
