"""What turns in the agencies of a life: people come and go and are away, agencies are renamed and merged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from scripts.random_lives.life import Step, moment


class Agencies:
    """`people`: agency, person, post, and the mail that the vault is told, None where it knows nobody's."""

    def __init__(self, chance: random.Random, begins: date, until: date) -> None:
        self._chance, self.begins, self.until = chance, begins, until
        count = chance.randint(1, 3) if chance.random() < 0.8 else chance.randint(4, 12)
        self.names = [f"agency-{number}" for number in range(1, count + 1)]
        self.people: list[tuple[str, str, str, str | None]] = []
        self._of: dict[str, list[str]] = {}
        self._post: dict[str, tuple[str, date]] = {}  # of each person, and since when
        for agency in self.names:
            posts = ["officer"] * chance.choice((0, 1, 1, 1, 2, 3)) + ["head"] * chance.choice((0, 1, 1, 1))
            for number, post in enumerate(posts, start=1):
                person = f"{agency}-p{number}"
                mail = f"{person}@people.example" if chance.random() < 0.85 else None
                self.people.append((agency, person, post, mail))
                self._of.setdefault(agency, []).append(person)
                self._post[person] = (post, begins)
        self._leads: dict[str, str] = {}

    def lead(self, task: str) -> str:
        return self._leads.setdefault(task, self._chance.choice(self.names))

    def other(self, than: str) -> str:
        others = [one for one in self.names if one != than] or self.names
        return self._chance.choice(others)

    def day(self) -> date:
        return self.begins + timedelta(
            days=self._chance.randrange(1, max((self.until - self.begins).days, 2))
        )

    def turns(self) -> Iterator[Step]:
        """Some for each month and agency, in no order."""
        months = max((self.until - self.begins).days // 30, 1)
        for _ in range(self._chance.randint(0, 1 + months * min(len(self.names), 3) // 2)):
            yield from self.turn(self.day())

    def turn(self, day: date) -> Iterator[Step]:
        return self._turn(self._chance.choice(self.names), day)

    def leaves(self, day: date) -> Iterator[Step]:
        """Somebody of an agency that leads a task goes."""
        agency = self._chance.choice(sorted(set(self._leads.values())) or self.names)
        people = [one for one in self._of.get(agency, []) if self._post[one][1] <= day]
        if people:
            person = self._chance.choice(people)
            yield self._step(day, "agency_release", agency, person=person, post=self._post[person][0])

    def _turn(self, agency: str, day: date) -> Iterator[Step]:
        chance = self._chance
        people = [one for one in self._of.get(agency, []) if self._post[one][1] <= day]
        dice = chance.random()
        if dice < 0.45 and len(people) > 1:
            yield from self._away(agency, people, day)
        elif dice < 0.62:
            yield from self._comes(agency, day)
        elif dice < 0.72 and people:
            person = chance.choice(people)
            post, _ = self._post[person]
            yield self._step(day, "agency_release", agency, late=self._late(day), person=person, post=post)
        else:
            yield from self._turn_of_office(agency, people, day, dice)

    def _turn_of_office(self, agency: str, people: list[str], day: date, dice: float) -> Iterator[Step]:
        chance = self._chance
        if dice < 0.78:
            mail = None if chance.random() < 0.5 else f"office@{agency}.example"
            yield self._step(day, "agency_contact", agency, mail=mail)
        elif dice < 0.84:
            yield self._step(
                day, "agency_rename", agency, late=self._late(day), name=f"{agency} 새 이름 {day:%m%d}"
            )
        elif dice < 0.92 and len(self.names) > 1:
            yield self._step(day, "agency_merge", agency, late=self._late(day), into=self.other(agency))
        elif dice < 0.94 and len(self.names) > 2:
            yield self._step(day, "agency_close", agency)
        elif dice < 0.97 and people:
            mail = f"{chance.choice(people)}-new@people.example"
            yield self._step(day, "person_change", agency, person=mail.partition("-new")[0], mail=mail)
        elif len(people) > 1:
            holder, delegate = chance.sample(people, 2)
            yield self._step(
                day,
                "agency_delegate",
                agency,
                decision=chance.choice(("task.submit_final_report", "task.report_progress")),
                holder=holder,
                delegate=delegate,
                **self._span(day),
            )

    def _away(self, agency: str, people: list[str], day: date) -> Iterator[Step]:
        """A substitution, or a chain of them in either order, over days that overlap; sometimes ended early."""
        line = self._chance.sample(people, min(len(people), self._chance.choice((2, 2, 3))))
        links = list(pairwise(line))
        if self._chance.random() < 0.5:
            links.reverse()
        span = self._span(day)
        for number, (absent, substitute) in enumerate(links):
            if number and self._chance.random() < 0.5:
                span = self._span(day + timedelta(days=self._chance.randint(0, 4)))
            yield self._step(
                day, "agency_substitute", agency, minute=number, absent=absent, substitute=substitute, **span
            )
        if self._chance.random() < 0.15:
            yield self._step(
                day + timedelta(days=self._chance.randint(1, 20)), "agency_substitute_back", agency
            )

    def _comes(self, agency: str, day: date) -> Iterator[Step]:
        known = self._of.setdefault(agency, [])
        person = f"{agency}-p{len(known) + 1}"
        known.append(person)
        mail = f"{person}@people.example" if self._chance.random() < 0.8 else None
        post = self._chance.choice(("officer", "officer", "head"))
        self._post[person] = (post, day)
        yield self._step(day, "person_register", agency, person=person, mail=mail)
        yield self._step(
            day, "agency_appoint", agency, minute=1, late=self._late(day), person=person, post=post
        )

    def _span(self, day: date) -> dict[str, Any]:
        starts = day + timedelta(days=self._chance.randint(-2, 10))
        return {
            "starts": str(starts),
            "ends": str(starts + timedelta(days=self._chance.choice((0, 3, 10, 30, 90)))),
        }

    def _late(self, day: date) -> Any:
        """Since when it was so: mostly since it is said."""
        if self._chance.random() < 0.75:
            return None
        return moment(day - timedelta(days=self._chance.randint(0, 20)))

    def _step(
        self, day: date, do: str, agency: str, /, *, minute: int = 0, late: Any = None, **values: Any
    ) -> Step:
        return Step(moment(day, 10, minute), do, agency=agency, late=late, values=values)
