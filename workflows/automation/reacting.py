"""What a process manager is: rows that it looks at, and the commands by rule with which it reacts to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

from domain.seoul import local_day
from projections.deadlines import years_needed
from store.log import Store
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.adopted import Definitions, definitions_of
from workflows.office_hours import may_still_write, may_write
from workflows.resting import Rests

_REST_SECONDS = 60.0
_Row = TypeVar("_Row")


class Memory:
    """What one ticker remembers, so that it need not look at everything every second.

    Nothing hangs on it: a second ticker, or this one started anew, looks once more and finds the same.
    """

    def __init__(self) -> None:
        self.closed: set[int] = set()  # programmes that need not be looked at again
        self.opened: set[int] = set()  # calendars neither
        self.counted_with: dict[int, int] = {}  # the versions of the calendars that open tasks need
        # tasks' streams, of which it is not known whether they were, in order
        self.to_count: dict[str, None] = {}
        # meetings of which nobody was to be told more, by how many facts each had, and on which day
        self.told_of_meetings: dict[str, tuple[int, date]] = {}
        self.uncountable: dict[str, int] = {}  # by how many facts the task had
        self._refused = Rests(_REST_SECONDS, _REST_SECONDS)  # what stands in its way seldom goes at once

    def may_try(self, envelope: CommandEnvelope) -> bool:
        """Whether the command was not refused within the last minute."""
        return not self._refused.resting(envelope.command_id)

    def note_refusal(self, envelope: CommandEnvelope) -> None:
        """Leave the command alone for a minute."""
        self._refused.forget_over()
        self._refused.note_failure(envelope.command_id)


class Tick:
    """What a process manager may look at beside its rows.

    `now`: by default the store's; `unsettled`: the streams with which something else is to be done first.
    """

    def __init__(self, store: Store, memory: Memory | None = None, now: datetime | None = None) -> None:
        self.store, self.memory = store, memory or Memory()
        self.now = now or store.now()
        self.unsettled: set[str] = set()

    @property
    def definitions(self) -> Definitions:
        return definitions_of(self.store)

    @cached_property
    def today(self) -> date:
        return local_day(self.now)

    @cached_property
    def years(self) -> range:
        """Those whose calendars the deadlines of open tasks may need."""
        return years_needed(self.store)

    @cached_property
    def writes(self) -> bool:
        """Whether people may be written to."""
        return may_write(self.store, self.now)

    def still_writes(self) -> bool:
        """Whether they may be by now."""
        return may_still_write(self.store, self.now)


class ProcessManager(NamedTuple, Generic[_Row]):
    """`look`: what something may be due of, some hundreds at a time, with what is read for all of these at once.

    `react`: the commands for one of them, in groups that are carried out whole or not at all. Each command's id says
    what it is about, so that who reacts twice does it once. `by_pieces`: after some hundreds of commands the others
    wait for the next tick. `to_people`: only while people may be written to. `composes`: it puts together what others have made, and what comes of it is for the post.
    """

    name: str
    look: Callable[[Tick], Iterator[Iterable[_Row]]]
    react: Callable[[_Row, Tick], Iterable[Sequence[CommandEnvelope]]]
    by_pieces: bool = False
    to_people: bool = False
    composes: bool = False

    def reactions(self, tick: Tick) -> Iterator[list[Sequence[CommandEnvelope]]]:
        """The groups of commands for each lot of rows that it looks at; they are to be carried out before the next."""
        if self.to_people and not tick.writes:
            return
        for rows in self.look(tick):
            groups = [group for row in rows for group in self.react(row, tick)]
            if self.to_people and not tick.still_writes():
                return
            yield groups

    def envelopes(self, tick: Tick) -> list[CommandEnvelope]:
        """All of them, one after another."""
        return [*chain.from_iterable(chain.from_iterable(self.reactions(tick)))]


AnyManager = ProcessManager[Any]
