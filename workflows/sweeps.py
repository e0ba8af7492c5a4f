"""What falls due by rule: commands by the system, each naming the rule and what it acts on."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from domain.agency.commands import EndDelegation, EndSubstitution, agency_stream
from domain.seoul import SEOUL, local_day
from projections.agency_register import Span
from projections.reading import agencies_ending, next_act, next_end
from store.envelope import Actor, Cause
from store.log import Store
from workflows.order import Order

SYSTEM = Actor(role="system")
SPAN_OVER, SPAN_OVER_VERSION = "agency.span_over", "1"


def due(store: Store) -> list[Order]:
    """What is due now, by the store's clock. Their ids come from what they are about: two sweeps are harmless."""
    today = local_day(store.now())
    return [
        _ending(store.id, row.agency, span)
        for row in agencies_ending(store, today)
        for span in row.spans
        if span.ends < today
    ]


def next_due(store: Store) -> datetime | None:
    """When something falls due next: the midnight in Seoul after the last day of a span, or before a rule's day."""
    last_day, acting = next_end(store), next_act(store)
    days = [acting, None if last_day is None else last_day + timedelta(days=1)]
    first = min((day for day in days if day is not None), default=None)
    return None if first is None else datetime.combine(first, time(), SEOUL)


def _ending(store_id: str, agency: str, span: Span) -> Order:
    kind = EndDelegation if span.delegation else EndSubstitution
    about = f"{agency_stream(agency)}#{span.number}"
    return Order(
        command=kind(agency=agency, number=span.number),
        actor=SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store_id), f"{SPAN_OVER} {about}").hex,
        cause=Cause(due=about, rule=SPAN_OVER, rule_version=SPAN_OVER_VERSION),
    )
