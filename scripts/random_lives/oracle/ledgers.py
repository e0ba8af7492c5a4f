"""What is to be seen of money, funds and open decisions at the end of a day, by the oracle's own ledgers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from scripts.random_lives.oracle.cases import Fact, day_of
from scripts.random_lives.oracle.funds import keep_book
from scripts.random_lives.oracle.meetings import open_decisions
from scripts.random_lives.oracle.money import Line, fill_sheet

LEDGERS = ("money", "months", "fund", "decisions_open", "decisions")
Rows = set[tuple[Any, ...]]


def show_ledgers(facts: Iterable[Fact], day: date, answering: Callable[[str], str]) -> dict[str, Rows]:
    """`facts`: those known, or in effect, by the end of the day. `answering`: the agency that took over what one was to do."""
    own, streams = list(facts), dict[str, list[Fact]]()
    for fact in own:
        streams.setdefault(fact.stream, []).append(fact)
    shown: dict[str, Rows] = {name: set() for name in LEDGERS}
    for stream, mine in streams.items():
        room, _, name = stream.partition("/")
        if room == "money":
            _show_money(shown, name, mine)
        elif room == "fund":
            shown["fund"] |= {(name, *one) for one in keep_book(mine).accounts() if one[1] or one[2]}
    _show_decisions(shown, own, day, answering)
    return shown


def _show_money(shown: dict[str, Rows], task: str, facts: list[Fact]) -> None:
    sheet = fill_sheet(facts)
    shown["money"] |= {(task, *key, *_amounts(line)) for key, line in sheet.lines.items()}
    shown["months"] |= {
        (task, *key, line.committed, line.spent, line.returned) for key, line in sheet.months.items()
    }


def _show_decisions(
    shown: dict[str, Rows], facts: list[Fact], day: date, answering: Callable[[str], str]
) -> None:
    for meeting, number, decided_for, due in open_decisions(facts):
        agency = answering(decided_for) if decided_for else ""
        shown["decisions_open"].add((meeting, number, agency, due))
        if agency:
            shown["decisions"].add((agency, meeting, number))
        if not agency or (due and day_of(due) < day):
            shown["decisions"].add(("", meeting, number))


def _amounts(line: Line) -> tuple[int, ...]:
    return (line.budget, line.carried_in, line.carried_out, line.committed, line.spent, line.returned)
