"""Who was responsible for a task on a day, and under whose authority: a fold of its facts and the agencies' up to then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from domain.agency.facts import Form, Post
from domain.agency.state import AGENCY, Agency
from domain.seoul import SEOUL, midnight
from domain.streams import year_of
from domain.task.stages import Stage
from domain.task.state import TASK, Task
from domain.values import LocalText
from store.recorded import RecordedFact, fold_state

Facts = Sequence[RecordedFact[Any]]


class StandIn(msgspec.Struct, frozen=True):
    """One link of a chain: substitution `number`, by which `substitute` has the duties until `ends`."""

    number: int
    substitute: str
    ends: date


class InPost(msgspec.Struct, frozen=True):
    """A person in a post. `stands_in`: who has the person's duties on the day in the end, since substitutes are away too.

    `chain`: by which substitutions, from the person's own to the last; `number`: the first of them, `ends`: the day on
    which the first of them to end does.
    """

    post: Post
    subject: str
    since: datetime
    stands_in: str | None = None
    number: int | None = None
    ends: date | None = None
    chain: tuple[StandIn, ...] = ()


class Let(msgspec.Struct, frozen=True):
    """A decision that another takes on the day: 전결 (standing) or 대결 (proxy)."""

    form: Form
    decision: str
    holder: str
    delegate: str
    number: int
    ends: date | None


class Led(msgspec.Struct, frozen=True):
    """An agency by the name that it had on the day, and the fact by which it came to answer for the task."""

    agency: str
    name: LocalText | None
    by: str
    position: int


class Answering(msgspec.Struct, frozen=True):
    """Who answers for something of a `year` on a day: an agency with its posts, or the city itself, of which `agency` is None.

    `gone`: nobody is left there.
    """

    agency: str | None
    day: date
    year: int
    gone: bool = True
    posts: tuple[InPost, ...] = ()


class Responsible(msgspec.Struct, frozen=True):
    """`line`: from the agency that proposed the task to the one that answers for it, the last one, which is `agency`.

    `gone`: that last one was closed and nobody took its place.
    """

    agency: str
    task: str
    day: date
    stage: Stage
    line: tuple[Led, ...]
    gone: bool
    posts: tuple[InPost, ...]
    delegations: tuple[Let, ...]

    @property
    def answering(self) -> Answering:
        return Answering(self.agency, self.day, year_of(self.task), self.gone, self.posts)


def responsible(
    task: str, facts: Facts, agency_facts: Callable[[str], Facts], day: date, listing: Facts = ()
) -> Responsible | None:
    """None where nobody was to lead the task by the end of that day (Asia/Seoul).

    `facts`: the task's; `listing`: what the year's list said of it, where that is at hand: else who was asked for the proposal
    counts until there is one; `agency_facts`: an agency's by its id. A hand-over, a merger, a name counts from when it was
    so, not from when it became known.
    """
    end = midnight(day + timedelta(days=1))
    life = so_far(facts, end)
    state = fold_state(TASK, life)
    found = _gave_it(life, state, so_far(listing, end))
    if not found:
        return None
    line = [
        Led(one.fact.lead, _at(agency_facts(one.fact.lead), end).name, one.kind, one.position)
        for one in found
    ]
    for merged in _mergers(line[-1].agency, agency_facts, end):
        into = merged.fact.into
        line.append(Led(into, _at(agency_facts(into), end).name, merged.kind, merged.position))
    agency = _at(agency_facts(line[-1].agency), end)
    return Responsible(
        agency=line[-1].agency,
        task=task,
        day=day,
        stage=state.stage.on_lists,
        line=tuple(line),
        gone=agency.closed,
        posts=() if agency.closed else _posts(agency, day),
        delegations=() if agency.closed else _delegations(agency, day),
    )


def answering_for(
    agency: str | None, year: int, agency_facts: Callable[[str], Facts], day: date
) -> Answering:
    """Who answers on that day for what an agency owes of that year: it, or whoever it was merged into; the city for its own."""
    if agency is None:
        return Answering(None, day, year)
    end = midnight(day + timedelta(days=1))
    for merged in _mergers(agency, agency_facts, end):
        agency = merged.fact.into
    there = _at(agency_facts(agency), end)
    return Answering(agency, day, year, there.closed, () if there.closed else _posts(there, day))


def _mergers(agency: str, agency_facts: Callable[[str], Facts], end: datetime) -> Iterator[RecordedFact[Any]]:
    """Those by which others came to answer for what it had, one after another."""
    seen = {agency}
    while (merged := _merger(so_far(agency_facts(agency), end))) and merged.fact.into not in seen:
        agency = merged.fact.into
        seen.add(agency)
        yield merged


def _gave_it(life: Facts, state: Task, listing: Facts) -> Facts:
    """The facts by which an agency came to lead the task: of one that waits to be proposed the last that named one."""
    if state.stage is not Stage.UNKNOWN:
        return [one for one in life if one.kind in ("task.proposed", "task.handed_over")]
    if named := [one for one in listing if one.fact.lead is not None]:
        return named[-1:]
    asked = [one for one in life if one.kind == "task.proposal_requested"]
    # what is recorded last knows of every change of the list
    return [max(asked, key=lambda one: one.version)] if state.requested_since is not None else []


def so_far(facts: Iterable[RecordedFact[Any]], end: datetime) -> list[RecordedFact[Any]]:
    """What was so before this moment, in the order in which it was so."""
    return sorted(
        (one for one in facts if one.effective_at < end), key=lambda one: (one.effective_at, one.position)
    )


def _at(facts: Facts, end: datetime) -> Agency:
    agency: Agency = fold_state(AGENCY, so_far(facts, end))
    return agency


def _merger(facts: Facts) -> RecordedFact[Any] | None:
    return next((one for one in facts if one.kind == "agency.merged"), None)


def _posts(agency: Agency, day: date) -> tuple[InPost, ...]:
    posts = []
    for (subject, post), since in agency.posts.items():
        chain = chain_of(agency, subject, day)
        posts.append(
            InPost(
                post=post,
                subject=subject,
                since=since.astimezone(SEOUL),
                stands_in=chain[-1].substitute if chain else None,
                number=chain[0].number if chain else None,
                ends=min((one.ends for one in chain), default=None),
                chain=chain,
            )
        )
    return tuple(sorted(posts, key=lambda one: one.post != "head"))


def chain_of(agency: Agency, subject: str, day: date) -> tuple[StandIn, ...]:
    """By whom the person is replaced, and who replaces that one, and so on; empty where nobody does.

    A substitute who is in no post stands in for nobody. Where stored facts lead round, nobody is replaced.
    """
    standing = {
        one.absent: StandIn(number, one.substitute, one.ends)
        for number, one in agency.substitutions.items()
        if one.starts <= day <= one.ends and agency.is_appointed(one.substitute)
    }
    chain: list[StandIn] = []
    seen, person = {subject}, subject
    while (link := standing.get(person)) is not None:
        person = link.substitute
        if person in seen:
            return ()
        seen.add(person)
        chain.append(link)
    return tuple(chain)


def _delegations(agency: Agency, day: date) -> tuple[Let, ...]:
    return tuple(
        Let(one.form, one.decision, one.holder, one.delegate, number, one.ends)
        for number, one in agency.delegations.items()
        if one.starts <= day and (one.ends is None or day <= one.ends)
    )
