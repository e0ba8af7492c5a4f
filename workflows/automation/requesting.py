"""Asking for proposals: of each listed task whose definition says until when, and no more once its year is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from domain.programme.facts import Closed
from domain.programme.state import PROGRAMME, Programme, ProgrammeStage
from domain.streams import programme_stream
from domain.task.commands import LapseRequest, RequestProposal
from domain.task.stages import NOT_PROPOSED
from projections.deadlines import tasks_waited_for, years_waited_for
from projections.deadlines_row import DeadlinesRow
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.automation.reacting import ProcessManager, Tick
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.adopted import Definitions, KnownDefinitions, definitions_of
from workflows.ruling import by_rule, time_to_state

REQUEST_RULE, LAPSE_RULE = "task.request_proposal", "task.lapse_request"


class Unproposed(NamedTuple):
    """A listed task that is to be asked for; or is not to be waited for any more, by the fact that closed its year."""

    row: DeadlinesRow
    closed: RecordedFact[Any] | None = None


def to_see_to(store: Store, rows: Mapping[int, Callable[[], Sequence[DeadlinesRow]]]) -> list[Unproposed]:
    """Those with which something is to be done. `rows`: by year, how those are found whose `request` is something."""
    streams = store.load([programme_stream(year) for year in rows]).streams if rows else {}
    definitions = definitions_of(store)
    return [
        one
        for year, look in rows.items()
        for one in _of_year(streams[programme_stream(year)], look, definitions)
    ]


def _of_year(
    facts: Sequence[RecordedFact[Any]],
    look: Callable[[], Sequence[DeadlinesRow]],
    definitions: Definitions,
) -> list[Unproposed]:
    """Those of one year. `facts`: its programme's."""
    programme: Programme = fold_state(PROGRAMME, facts)
    if programme.stage is ProgrammeStage.OPEN:
        return [
            Unproposed(row)
            for row in look()
            if row.to_request is not None and is_waited_for(row, definitions)
        ]
    closed = next((one for one in facts if isinstance(one.fact, Closed)), None)
    if closed is None:
        return []
    return [Unproposed(row, closed) for row in look() if row.state.requested_since is not None]


def is_waited_for(row: DeadlinesRow, definitions: KnownDefinitions) -> bool:
    """Whether something is due of the task before its proposal, by the definition that the list names."""
    return any(rule.place == NOT_PROPOSED for rule in definitions.of(row.listed_by or "").deadlines)


def _look(tick: Tick) -> Iterator[list[Unproposed]]:
    years = years_waited_for(tick.store)
    yield to_see_to(tick.store, {year: partial(tasks_waited_for, tick.store, year) for year in years})


def _react(one: Unproposed, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    yield [envelope_of(one, tick)]


def envelope_of(one: Unproposed, tick: Tick) -> CommandEnvelope:
    """The system's command: to ask for the proposal, or to let that go."""
    return (
        request(one.row, tick.store.id, tick.now) if one.closed is None else _lapse(one.row, one.closed, tick)
    )


def request(row: DeadlinesRow, store_id: str, now: datetime) -> CommandEnvelope:
    """The system's command that asks the lead for the proposal."""
    asked = row.to_request
    assert asked is not None, "it is due"
    # what changed the list may be dated before the task came to wait
    since = [asked.at, *(at for at in (row.state.requested_since, row.state.stage_since) if at is not None)]
    return by_rule(
        store_id,
        RequestProposal(task=row.task),
        rule=REQUEST_RULE,
        version=row.listed_by or "",
        about=asked.fact,
        at=time_to_state(max(since), now),
    )


def _lapse(row: DeadlinesRow, closed: RecordedFact[Any], tick: Tick) -> CommandEnvelope:
    about = f"{closed.stream}#{closed.version}"
    return by_rule(
        tick.store.id,
        LapseRequest(task=row.task),
        rule=LAPSE_RULE,
        version=row.state.definition,
        about=about,
        named=f"{LAPSE_RULE} {row.task} {row.version} {about}",
        at=time_to_state(closed.effective_at, tick.now),
    )


REQUESTING = ProcessManager("requesting", _look, _react)
