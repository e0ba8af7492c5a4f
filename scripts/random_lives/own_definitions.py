"""A city's own definition, made up: the days and how they are counted, when is reminded, and what a score is worth.

Stages, commands and rules, but for those of places of its own, stay the template's, so that what people do in a life is as likely to be allowed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from domain.calendar.periods import LAWS, UNITS
from domain.errors import Refusal
from domain.lifecycle.content import canonical, check_content, content_of
from domain.lifecycle.flaws import find_flaws
from domain.values import Unit
from scripts.random_lives.life import Step, moment
from scripts.random_lives.oracle.scores import MEANING
from scripts.random_lives.own_lines import OwnLines
from scripts.random_lives.own_places import OwnPlaces
from scripts.random_lives.own_starts import STEPS, make_deadlines
from scripts.random_lives.turns_before_proposals import WAITED_FOR_FROM
from workflows.definitions.templates import templates

NAME = "lives"
_LONGEST_RUNG = 25
_LONGEST: Mapping[Unit, int] = {"business_days": 40, "calendar_days": 60, "weeks": 9, "months": 3}


def make_definition(
    template: str,
    version: int,
    chance: random.Random,
    places: OwnPlaces | None = None,
    starts: random.Random | None = None,
    lines: OwnLines | None = None,
) -> str:
    """The content of a sound definition of our name.

    `places`: with those, and steps between them; `starts`: by which it has steps, and deadlines counted from days, of its own;
    `lines`: with those, letters and quiet days.
    """
    while True:
        content = json.loads(content_of(templates()[template])) | {"name": NAME, "version": version}
        _change_days(content, chance, places)
        _change_grades(content["grades"], chance)
        if chance.random() < 0.6:
            content |= _make_scoring(chance)
        if starts is not None:
            content["steps"] = list(STEPS)
            content["deadlines"] += make_deadlines(content["ladders"], starts, _change_length)
        if _is_sound(content):
            return canonical(_with_lines(content, lines))


def _with_lines(content: dict[str, Any], lines: OwnLines | None) -> dict[str, Any]:
    while lines is not None:
        whole: dict[str, Any] = json.loads(canonical(content))
        lines.add_to(whole)
        if _is_sound(whole):
            lines.note(whole)
            return whole
    return content


def _is_sound(content: dict[str, Any]) -> bool:
    for one in content["deadlines"]:  # what most are refused for, seen at once
        counts_days = one.get("law") is not None and one.get("unit") == "business_days"
        if counts_days and one["within"] < LAWS[one["law"]].least:
            return False
    with suppress(Refusal):
        return not find_flaws(check_content(content))
    return False


Sections = Callable[[], Mapping[str, Any]]  # what a definition says beside, other each time that it is asked


class Own:
    """The definition that a city lives by, and the one that comes in its place. `places`: with places and steps of its own;
    `sections`: with what it says of meetings and money.
    """

    def __init__(
        self,
        year: int,
        chance: random.Random,
        *,
        places: bool = False,
        starts: random.Random | None = None,
        lines: OwnLines | None = None,
        sections: Sections | None = None,
    ) -> None:
        self._sections = sections
        known = [name for name in templates() if year >= WAITED_FOR_FROM or name != "donghaeng-2024/3"]
        self._template, self._chance = chance.choice(known), chance
        self._starts, self._lines = starts, lines
        self._places = OwnPlaces(chance) if places else None

    def content(self, version: int) -> str:
        """As JSON; another one at each call."""
        made = make_definition(self._template, version, self._chance, self._places, self._starts, self._lines)
        return made if self._sections is None else canonical({**json.loads(made), **self._sections()})

    def changes(self, begins: date, until: date) -> Iterator[Step]:
        """Sometimes a second version is adopted, and what runs is moved to it, and back again."""
        if self._chance.random() < 0.5:
            return
        day = begins + timedelta(days=self._chance.randrange(1, max((until - begins).days, 2)))
        yield Step(moment(day, 10, 20), "definition_adopt", values={"content": self.content(2)})
        yield Step(moment(day, 10, 40), "migrate", values={"to": f"{NAME}/2"})
        if self._chance.random() < 0.4:
            back = day + timedelta(days=self._chance.choice((0, 2, 9)))
            yield Step(moment(back, 18, 10), "migrate", values={"to": f"{NAME}/1"})


def _change_length(rule: dict[str, Any], chance: random.Random) -> None:
    unit: Unit = chance.choice(("business_days", *UNITS))
    longest = _LONGEST[unit]
    rule["unit"] = unit
    rule["within"] = chance.choice((0, 1, chance.randint(1, longest), chance.randint(1, longest)))
    if chance.random() < 0.25:
        rule["law"] = chance.choice(("civil_act", "civil_petitions"))
        return
    if chance.random() < 0.4:
        rule["first_day"] = chance.random() < 0.8
    if unit != "business_days":
        rule["roll"] = chance.choice(("next", "previous", "none"))


def _change_days(content: dict[str, Any], chance: random.Random, places: OwnPlaces | None) -> None:
    if places is not None:
        places.add_to(content)
    for rule in content["deadlines"]:
        _change_length(rule, chance)
    for ladder in content["ladders"]:
        _change_rungs(ladder, chance)
    if places is not None:
        places.fit(content)


def _change_rungs(ladder: dict[str, Any], chance: random.Random) -> None:
    """Other days, in their order; whom each is for stays."""
    days = sorted(chance.sample(range(-_LONGEST_RUNG, _LONGEST_RUNG + 1), len(ladder["rungs"])))
    if chance.random() < 0.7 and 0 not in days:
        days[len([one for one in days if one < 0]) - 1] = 0
    for rung, day in zip(ladder["rungs"], sorted(days), strict=True):
        rung["days"] = day


def _change_grades(grades: list[dict[str, Any]], chance: random.Random) -> None:
    least = sorted(chance.sample(range(1, 100), len(grades) - 1), reverse=True)
    for grade, score in zip(grades, [*least, 0], strict=True):
        grade["least"] = str(score)


def _make_scoring(chance: random.Random) -> dict[str, Any]:
    """Two to four criteria with their weights, of expressions whose meaning the oracle knows."""
    scores = chance.sample(sorted(MEANING), chance.randint(2, len(MEANING)))
    cuts = sorted(chance.sample(range(1, 100), len(scores) - 1))
    weights = [last - first for first, last in zip([0, *cuts], [*cuts, 100], strict=True)]
    criteria = [
        {
            "name": f"part_{chr(97 + number)}",
            "label": {"ko": f"항목 {number + 1}"},
            "weight": weight,
            "score": score,
        }
        for number, (score, weight) in enumerate(zip(scores, weights, strict=True))
    ]
    rounding = {"digits": chance.randint(0, 2), "mode": chance.choice(("half_up", "half_even", "down"))}
    return {"criteria": criteria, "rounding": rounding}
