"""The lifecycle definitions as data: rules, ladders, transitions and grades, from the TOML given."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from scripts.random_lives.oracle.cases import Record

STEPS = ("officer", "substitute", "head", "department", "planner")
AGENCY_STEPS = frozenset({"officer", "substitute", "head"})


@dataclass(frozen=True)
class Definition:
    """A definition. `ladders`: by name, the steps of each rung by its days; `steps`, `commands`: by name, as it declares them."""

    name: str
    deadlines: list[Record]
    transitions: list[Record]
    ladders: dict[str, dict[int, tuple[str, ...]]]
    grades: list[tuple[Decimal, str]]
    criteria: list[Record]
    rounding: Record
    places: tuple[str, ...] = ()
    steps: dict[str, Record] = field(default_factory=dict)
    commands: dict[str, Record] = field(default_factory=dict)
    letters: list[Record] = field(default_factory=list)
    quiet_days: list[Record] = field(default_factory=list)
    money: Record = field(default_factory=dict)
    meetings: Record = field(default_factory=dict)

    def rules_for(self, stage: str, condition: str) -> list[Record]:
        return [one for one in self.deadlines if (one["stage"], one["condition"]) == (stage, condition)]

    def transitions_from(self, stage: str, condition: str) -> list[Record]:
        return [one for one in self.transitions if (one["stage"], one["condition"]) == (stage, condition)]

    def rungs_of(self, kind: str) -> dict[int, tuple[str, ...]]:
        rule = next((one for one in self.deadlines if one["kind"] == kind), None)
        return {} if rule is None or "ladder" not in rule else self.ladders[rule["ladder"]]

    def grade_of(self, score: str) -> str:
        return next(grade for least, grade in self.grades if Decimal(score) >= least)


def read_definitions(paths: Iterable[Path]) -> dict[str, Definition]:
    """By "name/version", as facts name them."""
    files = {f"{one['name']}/{one['version']}": one for one in map(_toml, paths)}
    return {name: _read(_whole(one, files)) for name, one in files.items()}


def read_adopted(contents: Iterable[str]) -> dict[str, Definition]:
    """The same of what facts hold, as JSON."""
    return {one.name: one for one in (_read(json.loads(content)) for content in contents)}


@cache
def _toml(path: Path) -> Record:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _whole(toml: Record, files: dict[str, Record]) -> Record:
    """A file that extends another says only what is different: field by field, in the entries of the same name."""
    if "extends" not in toml:
        return toml
    whole = {**_whole(files[toml["extends"]], files), "name": toml["name"], "version": toml["version"]}
    for part, name in (
        ("deadlines", "kind"),
        ("transitions", "rule"),
        ("ladders", "name"),
        ("grades", "grade"),
    ):
        entries = {one[name]: one for one in whole.get(part, [])}
        for changed in toml.get(part, []):
            entries[changed[name]] = entries.get(changed[name], {}) | changed
        whole[part] = list(entries.values())
    return whole


def _read(toml: Record) -> Definition:
    return Definition(
        name=f"{toml['name']}/{toml['version']}",
        deadlines=toml.get("deadlines", []),
        transitions=toml.get("transitions", []),
        ladders={
            one["name"]: {rung["days"]: tuple(rung["to"]) for rung in one["rungs"]}
            for one in toml.get("ladders", [])
        },
        grades=[(Decimal(one["least"]), one["grade"]) for one in toml.get("grades", [])],
        criteria=toml.get("criteria", []),
        rounding=toml.get("rounding", {}),
        places=tuple(one["place"] for one in toml.get("places", [])),
        steps={one["step"]: one for one in toml.get("steps", [])},
        commands={one["command"]: one for one in toml.get("commands", [])},
        letters=toml.get("letters", []),
        quiet_days=toml.get("quiet_days", []),
        money=toml.get("money") or {},
        meetings=toml.get("meetings") or {},
    )
