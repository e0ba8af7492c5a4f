"""Makes up a life from a seed: who there is, and what they do from day to day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from scripts.random_lives.life import Life, Step, moment
from scripts.random_lives.own_definitions import NAME, Own, Sections
from scripts.random_lives.own_lines import OwnLines
from scripts.random_lives.own_starts import take_steps
from scripts.random_lives.turns_of_agencies import Agencies
from scripts.random_lives.turns_of_lines import Signing
from scripts.random_lives.turns_of_meetings import Meetings
from scripts.random_lives.turns_of_money import Paying
from scripts.random_lives.turns_of_places import steps_between
from scripts.random_lives.turns_of_tasks import TaskLife
from scripts.random_lives.turns_of_the_world import world

FIRST_YEAR, LAST_YEAR = 2023, 2031  # of programmes: a task ends in the March after its own at the latest
_CREWS = 150  # one life in so many runs with real worker processes
FIRST_OF_OWN = 1_000  # from this seed on, cities live by definitions of their own
OF_PLACES = range(40_000, 50_000)  # of these, definitions have places and steps of their own
OF_STARTS = range(50_000, 60_000)  # of these, they count from days of their own
OF_LINES = range(60_000, 70_000)  # of these, they have approval lines, letters and quiet days
FIRST_OF_MONEY = 70_000  # and from this one on, they meet, spend, and have a fund


def life_of(seed: int) -> Life:
    """The same life for the same seed."""
    chance = random.Random(f"life {seed}")  # noqa: S311 - a story, no secret
    year = chance.randint(FIRST_YEAR, LAST_YEAR)
    begins = _beginning(year, chance)
    until = min(begins + timedelta(days=max(_length(chance), _least(seed))), date(year + 1, 4, 20))
    starts = random.Random(f"starts {seed}") if seed in OF_STARTS else None  # noqa: S311
    lines = OwnLines(random.Random(f"lines {seed}"), begins) if seed in OF_LINES else None  # noqa: S311
    signing = None if lines is None else Signing(random.Random(f"signing {seed}"), lines.lined, begins, until)  # noqa: S311
    agencies = Agencies(chance, begins, until)
    paying, meeting = _beside(seed, agencies, begins, until)
    own = _own(seed, year, starts, lines, _sections(paying, meeting))
    tasks = [f"{year}-{number:02}" for number in range(1, _tasks(chance) + 1)]
    steps = list(_founding(year, begins, agencies, tasks, chance, own))
    steps += agencies.turns()
    for number in tasks:
        steps += TaskLife(number, agencies, chance, begins, until).steps()
    if starts is not None:
        steps += [one for number in tasks for one in take_steps(number, starts, begins, until)]
    steps += world(year, begins, until, agencies, chance)
    steps += [] if own is None else own.changes(begins, until)
    if seed in OF_PLACES:
        steps += steps_between(tasks, begins, until, random.Random(f"steps {seed}"))  # noqa: S311
    steps += _spend_and_meet(paying, meeting, steps, tasks)
    if signing is not None:
        steps = [*signing.declare(), *signing.turns(steps, tasks), *signing.appoint()]
    last = moment(until, 12)
    told = sorted((one for one in steps if one.at < last), key=lambda one: one.at)
    return Life(seed=seed, until=last, steps=tuple(told), supervisor=chance.randrange(_CREWS) == 0)


def _sections(paying: Paying | None, meeting: Meetings | None) -> Sections | None:
    if paying is None or meeting is None:
        return None
    return lambda: {"money": paying.definition(), "meetings": meeting.definition()}


def _spend_and_meet(
    paying: Paying | None, meeting: Meetings | None, steps: list[Step], tasks: list[str]
) -> list[Step]:
    if paying is None or meeting is None:
        return []
    return [*paying.of_tasks(steps), *paying.of_fund(tasks), *meeting.turns()]


def _least(seed: int) -> int:
    """Of days, for what was asked for by a line to be signed and to lead to something, and for money to be spent."""
    return random.Random(f"length {seed}").choice((40, 60, 90)) if seed >= OF_LINES[0] else 0  # noqa: S311


def _beside(
    seed: int, agencies: Agencies, begins: date, until: date
) -> tuple[Paying, Meetings] | tuple[None, None]:
    """By chances of their own too."""
    if seed < FIRST_OF_MONEY:
        return None, None
    paying = Paying(random.Random(f"money {seed}"), agencies.names, begins, until)  # noqa: S311
    return paying, Meetings(random.Random(f"meetings {seed}"), agencies.names, begins)  # noqa: S311


def _own(
    seed: int, year: int, starts: random.Random | None, lines: OwnLines | None, sections: Sections | None
) -> Own | None:
    """By chances of its own, so that all else of a life is what it was."""
    if seed < FIRST_OF_OWN:
        return None
    chance = random.Random(f"definition {seed}")  # noqa: S311
    return Own(year, chance, places=seed in OF_PLACES, starts=starts, lines=lines, sections=sections)


def _beginning(year: int, chance: random.Random) -> date:
    """Any day of the year; often where something is near: a quarter's end, a year's end, the first weeks."""
    match chance.randrange(4):
        case 0:
            return date(year, 1, 2) + timedelta(days=chance.randrange(50))
        case 1:
            month = chance.choice((3, 6, 9, 12))
            return date(year, month, 1) + timedelta(days=chance.randrange(28))
    return date(year, 1, 2) + timedelta(days=chance.randrange(330))


def _length(chance: random.Random) -> int:
    """Days that are lived."""
    return chance.choice((8, 12, 16, 20, 25, 30, 45, 60, 80, 300 if chance.random() < 0.25 else 120))


def _tasks(chance: random.Random) -> int:
    dice = chance.random()
    if dice < 0.8:
        return 1
    if dice < 0.97:
        return chance.randint(2, 3)
    return chance.randint(4, 8) if dice < 0.99 else chance.randint(9, 30)


def _founding(
    year: int,
    begins: date,
    agencies: Agencies,
    tasks: list[str],
    chance: random.Random,
    own: Own | None,
) -> Iterator[Step]:
    def step(do: str, **more: Any) -> Step:
        return Step(moment(begins, 8), do, **more)

    for opened in _calendars(year, chance):
        yield step("calendar_open", values=opened)
    for agency in agencies.names:
        yield step("agency_register", agency=agency)
        if chance.random() < 0.7:
            yield step("agency_contact", agency=agency, values={"mail": f"tasks@{agency}.example"})
    if own is None:
        yield step("programme_open", values={"year": year})
    else:
        yield step("definition_adopt", values={"content": own.content(1)})
        yield step("programme_open", values={"year": year, "definition": f"{NAME}/1"})
    for office in ("planner", "department"):
        if chance.random() < (0.95 if office == "planner" else 0.6):
            yield step(
                "programme_contact",
                values={"year": year, "office": office, "mail": f"{office}@city.example"},
            )
    for agency, person, post, mail in agencies.people:
        yield step("person_register", agency=agency, values={"person": person, "mail": mail})
        yield step("agency_appoint", agency=agency, values={"person": person, "post": post})
    for task in tasks:
        yield step("programme_add_task", task=task, values={"lead": agencies.lead(task)})


def _calendars(year: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Which ones the planner opens at once: mostly two or three, sometimes the first year's only, or none."""
    dice = chance.random()
    known = 0 if dice < 0.08 else 1 if dice < 0.25 else 2 if dice < 0.5 else chance.randint(3, 9)
    for number in range(year - (known > 1), year + known):
        yield {"year": number}
