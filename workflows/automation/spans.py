"""Spans that are over: substitutions and delegations end with their last day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from domain.agency.commands import EndDelegation, EndSubstitution
from domain.seoul import midnight
from domain.streams import agency_stream
from projections.agency_register import AgencyRow, agencies_ending
from workflows.automation.reacting import ProcessManager, Tick
from workflows.command_envelope import CommandEnvelope
from workflows.ruling import by_rule, time_to_state

SPAN_OVER, SPAN_OVER_VERSION = "agency.span_over", "1"


def _look(tick: Tick) -> Iterator[list[AgencyRow]]:
    yield agencies_ending(tick.store, tick.today)


def _react(row: AgencyRow, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    for span in row.spans:
        if span.ends < tick.today:
            kind = EndDelegation if span.delegation else EndSubstitution
            yield [
                by_rule(
                    tick.store.id,
                    kind(agency=row.agency, number=span.number),
                    rule=SPAN_OVER,
                    version=SPAN_OVER_VERSION,
                    about=f"{agency_stream(row.agency)}#{span.number}",
                    at=time_to_state(midnight(span.ends + timedelta(days=1)), tick.now),
                )
            ]


SPANS = ProcessManager("spans", _look, _react)
