"""Whom a rung of the ladder comes to: whoever is responsible on that day, or the next one up where there is nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.agency.facts import Post
from domain.agency.state import AGENCY, Agency
from domain.channels import OF_OFFICES, PERSONAL, SYSTEMS, Channel
from domain.lifecycle.reached import CITY_STEPS, STEPS, position_of
from domain.position.facts import POSITION, Position
from domain.programme.state import PROGRAMME, Programme
from domain.seoul import midnight
from domain.streams import agency_stream, programme_stream
from domain.values import LocalText
from projections.responsible import Answering, Facts, Responsible, answering_for, responsible, so_far
from store.log import Store
from store.recorded import fold_state


class Recipient(msgspec.Struct, frozen=True):
    """`to`: the step of the ladder; `recipient`: `subject/…`, `agency/…` or `programme/2024/planner`.

    `stands_in_for`: the person in whose place, by the vault's id; `to_name`: what people call the position of the city's.
    """

    to: str
    recipient: str
    channel: Channel
    stands_in_for: str | None = None
    to_name: LocalText | None = None


def anybody(_: str, __: Channel) -> bool:
    """Where nothing is known of who can be reached: everybody is taken to be."""
    return True


Reaches = Callable[[str, Channel], bool]  # whether a recipient can be reached by a channel


def recipients(
    steps: Collection[str],
    found: Answering,
    contacts: Mapping[str, str],
    programme: Programme,
    reaches: Reaches = anybody,
    positions: Mapping[str, Position] = {},
) -> list[Recipient]:
    """Everybody a rung is for, each once. `contacts`: the answering agency's addresses by channel; `positions`: of the city's, by
    the step that each is.

    A rung of which no step reaches anybody climbs: to the agency's own mailbox, then up to the next step that does. The
    planner is always there, reached or not: what fails there is seen. Where the agency has a system that takes reminders,
    what is for its people goes there too, also where it climbs past them. A position that nobody holds who can be reached is
    the planner's, who keeps them.
    """
    wanted = [step for step in STEPS if step in steps]

    reached = _find_reachable(wanted, found, contacts, programme, reaches) if wanted else []
    for step, position in positions.items():
        held = [*_in_position(step, position, found.day)]
        reached += _reachable(held, reaches) or _at("planner", found, contacts, programme)
    own = [step for step in wanted if step not in CITY_STEPS]
    if own and found.agency is not None and not found.gone:
        # of an empty agency too: that its people's posts are empty is no reason to tell its program nothing
        systems = [one for one in SYSTEMS if one in contacts]
        reached += [Recipient(own[0], agency_stream(found.agency), one) for one in systems]
    seen: dict[tuple[str, Channel], Recipient] = {}
    for one in reached:
        seen.setdefault((one.recipient, one.channel), one)
    return list(seen.values())


def _find_reachable(
    wanted: Sequence[str],
    found: Answering,
    contacts: Mapping[str, str],
    programme: Programme,
    reaches: Reaches,
) -> list[Recipient]:
    def reachable(near: Iterable[Recipient]) -> list[Recipient]:
        return _reachable(near, reaches)

    def at(step: str) -> list[Recipient]:
        there = reachable(_at(step, found, contacts, programme))
        return there or (reachable(_mailbox(step, found, contacts)) if step == "officer" else [])

    last = wanted[-1]
    reached = [one for step in wanted for one in at(step)] or reachable(_mailbox(last, found, contacts))
    above = list(STEPS[STEPS.index(last) + 1 :])
    while not reached and above:
        reached = at(above.pop(0))
    return reached


def _reachable(near: Iterable[Recipient], reaches: Reaches) -> list[Recipient]:
    return [one for one in near if one.to == "planner" or reaches(one.recipient, one.channel)]


def _mailbox(step: str, found: Answering, contacts: Mapping[str, str]) -> Iterator[Recipient]:
    """The agency's own, unless nobody is left there."""
    if found.agency is not None and not found.gone:
        for channel in PERSONAL:
            if channel in contacts:
                yield Recipient(step, agency_stream(found.agency), channel)


def _at(
    step: str, found: Answering, contacts: Mapping[str, str], programme: Programme
) -> Iterator[Recipient]:
    if found.gone and step not in CITY_STEPS:  # nobody is left there, whoever still stands in its entry
        return
    match step:
        case "officer" | "head":
            yield from _in_post(step, found)
        case "substitute":
            for one in found.posts:
                if one.stands_in is not None:
                    yield from _person("substitute", one.stands_in, one.subject)
        case "department" if "department" in programme.contacts:
            yield Recipient("department", f"{programme_stream(found.year)}/department", OF_OFFICES)
        case "planner":
            yield Recipient("planner", f"{programme_stream(found.year)}/planner", OF_OFFICES)


def _in_post(post: Post, found: Answering) -> Iterator[Recipient]:
    """Who holds it on the day, or who stands in for them."""
    for one in found.posts:
        if one.post == post:
            away = one.stands_in is not None
            person = one.stands_in if away else one.subject
            yield from _person(post, person, one.subject if away else None)


def _in_position(step: str, position: Position, day: date) -> Iterator[Recipient]:
    """Who holds it on the day, or whoever signs for them then."""
    for holder in position.holders:
        instead = [one.delegate for one in position.given_by(holder, day)]
        for person in instead or [holder]:
            for one in _person(step, person, holder if instead else None):
                yield replace(one, to_name=position.name)


def _person(step: str, person: str | None, stands_in_for: str | None) -> Iterator[Recipient]:
    for channel in PERSONAL:
        yield Recipient(step, f"subject/{person}", channel, stands_in_for)


class Directory:
    """Who is responsible on one day for many tasks; each agency and programme is read once."""

    def __init__(self, store: Store, day: date) -> None:
        self._store, self.day = store, day
        self._agencies: dict[str, Facts] = {}
        self._programmes: dict[int, Programme] = {}
        self._positions: dict[str, Position] = {}

    def responsible(self, task: str, facts: Facts) -> Responsible | None:
        return responsible(task, facts, self._agency, self.day)

    def answering(self, agency: str | None, year: int) -> Answering:
        """For what an agency owes of that year, or the city where it is None."""
        return answering_for(agency, year, self._agency, self.day)

    def recipients(
        self, steps: Collection[str], found: Answering, reaches: Reaches = anybody
    ) -> list[Recipient]:
        of_agency = () if found.agency is None else self._agency(found.agency)
        agency: Agency = fold_state(AGENCY, of_agency)
        positions = {step: self._position(step) for step in steps if position_of(step) is not None}
        year = self._programme(found.year)
        return recipients(steps, found, agency.contacts, year, reaches, positions)

    def _position(self, step: str) -> Position:
        """As it is at the end of the day."""
        if step not in self._positions:
            known = so_far(self._store.read(step), midnight(self.day + timedelta(days=1)))
            self._positions[step] = fold_state(POSITION, known)
        return self._positions[step]

    def _agency(self, agency: str) -> Any:
        if agency not in self._agencies:
            self._agencies[agency] = self._store.read(agency_stream(agency))
        return self._agencies[agency]

    def _programme(self, year: int) -> Programme:
        if year not in self._programmes:
            self._programmes[year] = fold_state(PROGRAMME, self._store.read(programme_stream(year)))
        return self._programmes[year]
