"""Years: calendars that are needed open provisionally, and programmes close when the next February is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from domain.limits import LAST_YEAR
from domain.programme.commands import Close
from domain.programme.state import PROGRAMME, Programme, ProgrammeStage
from domain.seoul import midnight
from domain.streams import calendar_stream, identity_of, kind_of, programme_stream, year_stream
from store.log import Store
from store.recorded import fold_state
from workflows.automation.reacting import ProcessManager, Tick
from workflows.calendars import calendars, opening
from workflows.command_envelope import CommandEnvelope
from workflows.ruling import by_rule, time_to_state

CLOSE_RULE, OPEN_RULE = "programme.close_the_year", "calendar.open_the_year"


def first_year_running(today: date) -> int:
    """The earliest year that is not over."""
    return today.year - (today < over_on(today.year - 1))


def over_on(year: int) -> date:
    """The day from which that year is over: its programme closes by rule, and what is unfinished is carried over."""
    return date(year + 1, 3, 1)


def years_to_open(tick: Tick) -> list[int]:
    """Every year without a calendar that an open task needs and that is not over, and the running ones and the coming
    one where a programme is open.
    """
    opened, first = tick.memory.opened, first_year_running(tick.today)
    coming = range(first, min(tick.today.year + 1, LAST_YEAR) + 1)
    wanted = {year for year in tick.years if year >= first}
    if not wanted.union(coming) - opened:
        return []
    if any(one.stage is ProgrammeStage.OPEN for one in _programmes(tick.store, coming).values()):
        wanted.update(coming)
    known = calendars(tick.store, wanted - opened)
    opened |= {year for year, one in known.items() if one.version}
    return [year for year in sorted(known) if not known[year].version]


def _open(year: int, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    command = opening(year, provisional=True)
    yield [by_rule(tick.store.id, command, rule=OPEN_RULE, version="1", about=calendar_stream(year))]


def years_to_close(tick: Tick) -> list[int]:
    """Those of open programmes that are over, the oldest first; not of one whose tasks are unsettled.

    As everything by rule it waits for the calendar, here the next year's.
    """
    closed = tick.memory.closed
    busy = {year_stream(identity_of(one)) for one in tick.unsettled if kind_of(one) == "task"}
    begun = [int(identity_of(one)) for one in tick.store.streams(programme_stream(""))]
    over = first_year_running(tick.today)
    programmes = _programmes(tick.store, [year for year in begun if year < over and year not in closed])
    closed |= {year for year, one in programmes.items() if one.stage is ProgrammeStage.CLOSED}
    waiting = [year for year, one in programmes.items() if one.stage is ProgrammeStage.OPEN]
    known = calendars(tick.store, [year + 1 for year in waiting])
    return [year for year in waiting if known[year + 1].version and programme_stream(year) not in busy]


def _close(year: int, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    yield [
        by_rule(
            tick.store.id,
            Close(year=year),
            rule=CLOSE_RULE,
            version="1",
            about=programme_stream(year),
            at=time_to_state(midnight(over_on(year)), tick.now),
        )
    ]


def _programmes(store: Store, years: Iterable[int]) -> dict[int, Programme]:
    names = {year: programme_stream(year) for year in years}
    streams = store.load(list(names.values())).streams if names else {}
    return {year: fold_state(PROGRAMME, streams[name]) for year, name in names.items()}


# looked up when they are asked, so that a control can take their place
OPENING = ProcessManager("opening", lambda tick: iter([years_to_open(tick)]), _open)
CLOSING = ProcessManager("closing", lambda tick: iter([years_to_close(tick)]), _close)
