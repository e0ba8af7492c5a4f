"""Whom a rung of the ladder comes to: whoever is responsible on that day, or the next one up where there is nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.agency.commands import agency_stream
from domain.agency.decider import AGENCY
from domain.agency.facts import Post
from domain.agency.state import Agency
from domain.notice.facts import Channel
from domain.programme.commands import programme_stream
from domain.programme.decider import PROGRAMME
from domain.programme.state import Programme
from domain.task.commands import year_of
from projections.responsible import Facts, Responsible, responsible
from store.log import Store
from store.recorded import folded
from workflows.definitions.model import CITY_STEPS, STEPS, Step


class Recipient(msgspec.Struct, frozen=True):
    """`to`: the step of the ladder; `recipient`: `subject/…`, `agency/…` or `programme/2024/planner`.

    `stands_in_for`: the person in whose place, by the vault's id.
    """

    to: Step
    recipient: str
    channel: Channel
    stands_in_for: str | None = None


def anybody(_: str, __: Channel) -> bool:
    """Where nothing is known of who can be reached: everybody is taken to be."""
    return True


Reaches = Callable[[str, Channel], bool]  # whether a recipient can be reached by a channel


def recipients(
    steps: Collection[Step],
    found: Responsible,
    contacts: Mapping[str, str],
    programme: Programme,
    reaches: Reaches = anybody,
) -> list[Recipient]:
    """Everybody a rung is for, each once. `contacts`: the answering agency's addresses by channel.

    A rung of which no step reaches anybody climbs: to the agency's own mailbox, then up to the next step that does. The
    planner is always there, reached or not: what fails there is seen. Where the agency has a webhook, what is for its
    people goes there too, also where it climbs past them.
    """
    wanted = [step for step in STEPS if step in steps]

    def at(step: Step) -> list[Recipient]:
        near = _at(step, found, contacts, programme)
        there = [one for one in near if step == "planner" or reaches(one.recipient, one.channel)]
        return there or (mailbox("officer") if step == "officer" else [])

    def mailbox(step: Step) -> list[Recipient]:
        near = _mailbox(step, found, contacts)
        return [one for one in near if reaches(one.recipient, one.channel)]

    reached = [one for step in wanted for one in at(step)] or mailbox(wanted[-1])
    above = list(STEPS[STEPS.index(wanted[-1]) + 1 :])
    while not reached and above:
        reached = at(above.pop(0))
    own = [step for step in wanted if step not in CITY_STEPS]
    if "webhook" in contacts and own and not found.gone:
        # of an empty agency too: that its people's posts are empty is no reason to tell its program nothing
        reached.append(Recipient(own[0], agency_stream(found.agency), "webhook"))
    seen: dict[tuple[str, Channel], Recipient] = {}
    for one in reached:
        seen.setdefault((one.recipient, one.channel), one)
    return list(seen.values())


def _mailbox(step: Step, found: Responsible, contacts: Mapping[str, str]) -> Iterator[Recipient]:
    """The agency's own, unless nobody is left there."""
    if "mail" in contacts and not found.gone:
        yield Recipient(step, agency_stream(found.agency), "mail")


def _at(
    step: Step, found: Responsible, contacts: Mapping[str, str], programme: Programme
) -> Iterator[Recipient]:
    if found.gone and step not in CITY_STEPS:  # nobody is left there, whoever still stands in its entry
        return
    match step:
        case "officer" | "head":
            yield from _in_post(step, found)
        case "substitute":
            for one in found.posts:
                if one.stands_in is not None:
                    yield Recipient("substitute", f"subject/{one.stands_in}", "mail", one.subject)
        case "department" if "department" in programme.contacts:
            yield Recipient("department", f"{programme_stream(year_of(found.task))}/department", "mail")
        case "planner":
            yield Recipient("planner", f"{programme_stream(year_of(found.task))}/planner", "mail")


def _in_post(post: Post, found: Responsible) -> Iterator[Recipient]:
    """Who holds it on the day, or who stands in for them."""
    for one in found.posts:
        if one.post == post:
            away = one.stands_in is not None
            person = one.stands_in if away else one.subject
            yield Recipient(post, f"subject/{person}", "mail", one.subject if away else None)


class Directory:
    """Who is responsible on one day for many tasks; each agency and programme is read once."""

    def __init__(self, store: Store, day: date) -> None:
        self._store, self._day = store, day
        self._agencies: dict[str, Facts] = {}
        self._programmes: dict[int, Programme] = {}

    def responsible(self, task: str, facts: Facts) -> Responsible | None:
        return responsible(task, facts, self._agency, self._day)

    def recipients(
        self, steps: Collection[Step], found: Responsible, reaches: Reaches = anybody
    ) -> list[Recipient]:
        agency: Agency = folded(AGENCY, self._agency(found.agency))
        return recipients(steps, found, agency.contacts, self._programme(year_of(found.task)), reaches)

    def _agency(self, agency: str) -> Any:
        if agency not in self._agencies:
            self._agencies[agency] = self._store.read(agency_stream(agency))
        return self._agencies[agency]

    def _programme(self, year: int) -> Programme:
        if year not in self._programmes:
            self._programmes[year] = folded(PROGRAMME, self._store.read(programme_stream(year)))
        return self._programmes[year]
