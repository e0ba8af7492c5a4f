"""What a source of reminders gives: a rung of a ladder whose day has come, and whom a notice is for now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.notice.facts import Due
from domain.values import Deadline, ReminderStep
from projections.responsible import Answering
from store.log import Store
from store.recorded import RecordedFact
from workflows.automation.reacting import Tick
from workflows.recipients import Directory

Key = tuple[str, str | None, date]  # kind, item, due day


class Rung(NamedTuple):
    """`stream`: what is reminded of; `since`: its fact that set the deadline; `definition`: by which is reminded; `answering`: for
    whom, by the `steps` of the ladder; `letter`: in whose words; `was`: the due day told before, where it was another. `at_once`: it is
    told when it is so, and so never late.
    """

    stream: str
    definition: str
    deadline: Deadline
    since: int
    rung: ReminderStep
    answering: Answering
    steps: tuple[str, ...]
    letter: str | None = None
    was: date | None = None
    at_once: bool = False


class Addressing(NamedTuple):
    """Whom a notice is for now. `due`: with its rung's day as the deadline has it now."""

    due: Due
    steps: tuple[str, ...]
    answering: Answering
    at_once: bool = False


class Source(NamedTuple):
    """What is reminded of, of one kind of stream. `look`: the rungs that have no notices yet, of some hundred streams at a time;
    `next_rung`: the first day after one on which there is one; `still_due`: of streams with these facts, what is due;
    `address`: whom a notice of a stream with these facts is for, None where nobody answers for it.
    """

    look: Callable[[Tick, Directory], Iterator[list[Rung]]]
    next_rung: Callable[[Store, date], date | None]
    still_due: Callable[[Store, Mapping[str, Sequence[RecordedFact[Any]]]], Mapping[str, set[Key]]]
    address: Callable[[Store, Due, Sequence[RecordedFact[Any]], Directory], Addressing | None]
