"""The persons of a simulated year: posts and numbers, no names, since the announcement names nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator

from domain.agency.commands import Appoint
from domain.aggregate import Command
from domain.subject.commands import Register
from store.envelope import Actor
from workflows.programme_file import ProgrammeFile

OFFICE = Actor(role="planner")  # which registers the first person: there is nobody before
Named = tuple[Command, Actor, dict[str, str]]  # a command, who gives it, and what the vault is told


class People:
    """A planner, an officer at each agency that leads a task, and the head of one (`headed`)."""

    def __init__(self, file: ProgrammeFile, seed: int, headed: str) -> None:
        chance = random.Random(f"{seed}/people")

        def drawn() -> str:
            return f"{chance.getrandbits(128):032x}"

        self._headed = headed
        self.planner = Actor(role="planner", subject=drawn())
        self._officers = {agency: drawn() for agency in sorted({entry.lead for entry in file.tasks})}
        self.head = Actor(role="head", agency=headed, subject=drawn())
        self.nobody = drawn()  # an id that is registered nowhere

    def officer(self, agency: str) -> Actor:
        return Actor(role="officer", agency=agency, subject=self._officers[agency])

    @property
    def deputy(self) -> Actor:
        """Who stands in for the head."""
        return self.officer(self._headed)

    def of_the_city(self) -> Iterator[Named]:
        details = {"name": "총괄부서 담당자 1(모의)", "mail": "officer-1@city.example"}
        yield Register(subject=str(self.planner.subject)), OFFICE, details

    def of_the_agencies(self) -> Iterator[Named]:
        for agency in self._officers:
            yield from self._appointed(self.officer(agency), "담당자 1(모의)", f"officer-1@{agency}.example")

    def of_the_head(self) -> Iterator[Named]:
        yield from self._appointed(self.head, "기관장(모의)", f"head@{self._headed}.example")

    def _appointed(self, who: Actor, name: str, mail: str) -> Iterator[Named]:
        agency, subject, post = str(who.agency), str(who.subject), who.role
        yield Register(subject=subject), self.planner, {"name": name, "mail": mail}
        yield Appoint(agency=agency, subject=subject, post=post), self.planner, {}  # type: ignore[arg-type]
