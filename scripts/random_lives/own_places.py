"""A city's own places and steps, made up: where a task may be sent, who leads it on, what is due there, and what a rule does
where nobody comes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.calendar.periods import UNITS

_SAID = {"ko": "모의 삶", "en": "a made up life"}
_PEOPLE = ("officer", "planner", "department")
_MOST = 1_000_000_000


class _Home(NamedTuple):
    """Where a place lies: `place` is come to from `home` and leads back there; `who` is to lead it on."""

    place: str
    home: str
    who: str


_HOMES = (
    _Home("proposed/review", "proposed", "city"),
    _Home("approved/contract", "approved", "agency"),
    _Home("in_progress/inspection", "in_progress", "city"),
    _Home("in_progress/settlement", "in_progress/rated", "agency"),
)
_FIELDS: tuple[Mapping[str, Any], ...] = (
    {"field": "amount", "type": "krw", "most": str(_MOST)},
    {"field": "share", "type": "percent"},
    {"field": "count", "type": "integer", "least": "1", "most": "12"},
    {"field": "day", "type": "date", "required": False},
    {"field": "done", "type": "yes_no"},
    {
        "field": "outcome",
        "type": "choice",
        "choices": [{"choice": one, "label": {"ko": one, "en": one}} for one in ("whole", "reduced")],
    },
)


class OwnPlaces:
    """The same in every version of a life's definition: what is due there changes its length as all that is due does."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._places: list[dict[str, Any]] = []
        self._steps: list[dict[str, Any]] = []
        self._deadlines: list[dict[str, Any]] = []
        self._transitions: list[dict[str, Any]] = []
        self._commands: list[dict[str, Any]] = []
        for home in chance.sample(_HOMES, chance.randint(1, len(_HOMES))):
            self._add(home)

    def add_to(self, content: dict[str, Any]) -> None:
        """What is of one's own, beside what the template says."""
        ladders = {rule["who"]: rule["ladder"] for rule in content["deadlines"] if "ladder" in rule}
        for rule in self._deadlines:
            ladder = ladders.get(rule["who"])
            content["deadlines"].append(rule | ({} if ladder is None else {"ladder": ladder}))
        content["transitions"] += [dict(one) for one in self._transitions]
        content["places"], content["steps"] = self._places, self._steps
        if self._commands:
            content["commands"] = [*content.get("commands", []), *self._commands]

    def fit(self, content: dict[str, Any]) -> None:
        """Nobody is reminded of what is of one's own and shorter than its ladder: most definitions would be refused for it."""
        rungs = {one["name"]: [rung["days"] for rung in one["rungs"]] for one in content["ladders"]}
        kinds = {one["kind"] for one in self._deadlines}
        for rule in content["deadlines"]:
            longest = rule["within"] * UNITS[rule["unit"]].business if rule["kind"] in kinds else 0
            if rule["kind"] in kinds and "ladder" in rule and -min(rungs[rule["ladder"]]) > longest:
                del rule["ladder"]

    def _add(self, home: _Home) -> None:
        stage, _, condition = home.place.partition("/")
        chance, own = self._chance, {"stage": stage, "condition": condition}
        self._places.append({"place": home.place, "label": _labels(condition)})
        self._step(f"send_to_{condition}", [home.home], home.place, by=("planner", "officer"))
        leads = ("officer",) if home.who == "agency" else ("planner", "department")
        back = self._step(f"{condition}_done", [home.place], home.home, by=leads, sure=leads[0])
        back["form"] = [
            dict(one) | {"label": _labels(one["field"])}
            for one in chance.sample(_FIELDS, chance.randint(0, 4))
        ]
        if chance.random() < 0.4:
            self._step(f"look_at_{condition}", [home.home, home.place], None, by=_PEOPLE)
        kind = f"{condition}_end"
        self._deadlines.append(
            {**own, "kind": kind, "who": home.who, "start": "condition", "within": 5, "basis": _SAID}
        )
        if chance.random() < 0.6:
            self._step(f"{condition}_lapses", [home.place], home.home, by=("system",), sure="system")
            when = chance.choice(("deadline_passed", "deadline_passed", "deadline_day"))
            self._transitions.append(
                {
                    **own,
                    "rule": f"lapse_{condition}",
                    "command": f"{condition}_lapses",
                    "when": when,
                    "deadline": kind,
                    "basis": _SAID,
                }
            )
        if stage == "proposed" and chance.random() < 0.5:
            self._commands.append({"command": "task.approve", "from": ["proposed", home.place]})

    def _step(
        self, name: str, frm: list[str], to: str | None, *, by: tuple[str, ...], sure: str | None = None
    ) -> dict[str, Any]:
        """`sure`: who may take it in any case."""
        roles = {self._chance.choice(by), *([] if sure is None else [sure])}
        roles |= {one for one in by if self._chance.random() < 0.4}
        step: dict[str, Any] = {"step": name, "label": _labels(name), "by": sorted(roles), "from": frm}
        if to is not None:
            step["to"] = to
        self._steps.append(step)
        return step


def _labels(name: str) -> dict[str, str]:
    return {"ko": f"{name} 절차", "en": name.replace("_", " ")}
