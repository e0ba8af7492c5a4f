"""What falls due by rule: commands by the system, each naming the rule and what it acts on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.agency.commands import EndDelegation, EndSubstitution, agency_stream
from domain.seoul import SEOUL, local_day
from projections.agency_register import Span
from projections.reading import agencies_ending, next_act, next_end
from store.log import Store
from workflows.order import Order
from workflows.ruling import by_rule, stated

SPAN_OVER, SPAN_OVER_VERSION = "agency.span_over", "1"


def due(store: Store, now: datetime | None = None) -> list[Order]:
    """What is due by the store's clock, or by `now`. Their ids come from what they are about: two sweeps are harmless."""
    now = now or store.now()
    today = local_day(now)
    return [
        _ending(store.id, row.agency, span, now)
        for row in agencies_ending(store, today)
        for span in row.spans
        if span.ends < today
    ]


def next_due(store: Store) -> datetime:
    """When something falls due next, after today: the midnight in Seoul after the last day of a span, before a rule's
    day, or before the day on which a year begins or is over.
    """
    today = local_day(store.now())
    last_day, acting = next_end(store, today), next_act(store, today)
    days = [acting, None if last_day is None else last_day + timedelta(days=1), _turn_of_a_year(today)]
    return _midnight(min(day for day in days if day is not None))


def _turn_of_a_year(today: date) -> date:
    """The first of January or March that comes next."""
    return date(today.year, 3, 1) if today < date(today.year, 3, 1) else date(today.year + 1, 1, 1)


def _ending(store_id: str, agency: str, span: Span, now: datetime) -> Order:
    kind = EndDelegation if span.delegation else EndSubstitution
    return by_rule(
        store_id,
        kind(agency=agency, number=span.number),
        rule=SPAN_OVER,
        version=SPAN_OVER_VERSION,
        about=f"{agency_stream(agency)}#{span.number}",
        at=stated(_midnight(span.ends + timedelta(days=1)), now),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SEOUL)
