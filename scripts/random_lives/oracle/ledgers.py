"""What is to be seen of money, funds and open decisions at the end of a day, by the oracle's own ledgers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from scripts.random_lives.oracle.cases import Fact, day_of
from scripts.random_lives.oracle.funds import keep_book
from scripts.random_lives.oracle.meetings import open_decisions
from scripts.random_lives.oracle.money import Line, fill_sheet

LEDGERS = ("money", "months", "fund", "decisions_open", "agency_decisions", "city_decisions")
Rows = set[tuple[Any, ...]]


def show_ledgers(facts: Iterable[Fact], day: date, answering: Callable[[str], str]) -> dict[str, Rows]:
    """`facts`: those known, or in effect, by the end of the day. `answering`: the agency that took over what one was to do."""
    own = list(facts)
    shown: dict[str, Rows] = {name: set() for name in LEDGERS}
    for stream in {f.stream for f in own}:
        room, _, name = stream.partition("/")
        mine = [f for f in own if f.stream == stream]
        if room == "money":
            sheet = fill_sheet(mine)
            shown["money"] |= {(name, *key, *_amounts(line)) for key, line in sheet.lines.items()}
            shown["months"] |= {
                (name, *key, line.committed, line.spent, line.returned) for key, line in sheet.months.items()
            }
        if room == "fund":
            shown["fund"] |= {(name, *one) for one in keep_book(mine).accounts() if one[1] or one[2]}
    for meeting, number, decided_for, due in open_decisions(own):
        agency = answering(decided_for) if decided_for else ""
        shown["decisions_open"].add((meeting, number, agency, due))
        if agency:
            shown["agency_decisions"].add((agency, meeting, number))
        if not agency or (due and day_of(due) < day):
            shown["city_decisions"].add((meeting, number))
    return shown


def _amounts(line: Line) -> tuple[int, ...]:
    return (line.budget, line.carried_in, line.carried_out, line.committed, line.spent, line.returned)
