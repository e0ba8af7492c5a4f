"""The process managers in their order, and when something falls due next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.seoul import local_day, midnight
from projections.agency_register import next_end
from projections.deadlines import next_act
from store.log import Store
from workflows.automation.counting import COUNTING
from workflows.automation.reacting import AnyManager
from workflows.automation.reminders import ARMING, COMPOSING
from workflows.automation.requesting import REQUESTING
from workflows.automation.spans import SPANS
from workflows.automation.transitions import TRANSITIONS
from workflows.automation.years import CLOSING, OPENING, over_on

# each step waits until those before it find nothing to do: what waits is counted with the calendars that there are to be,
# rules act on deadlines that are right, people are told of what is as it should be, and of all of it at once
STEPS: Sequence[Sequence[AnyManager]] = (
    (SPANS, OPENING, REQUESTING),
    (COUNTING,),
    (TRANSITIONS, CLOSING),
    (ARMING,),
    (COMPOSING,),
)


def next_due(store: Store) -> datetime:
    """When something falls due next, after today: the midnight in Seoul after the last day of a span, before a rule's
    day, or before the day on which a year begins or is over.
    """
    today = local_day(store.now())
    last_day, acting = next_end(store, today), next_act(store, today)
    days = [acting, None if last_day is None else last_day + timedelta(days=1), _turn_of_a_year(today)]
    return midnight(min(day for day in days if day is not None))


def _turn_of_a_year(today: date) -> date:
    """The first of January or March that comes next."""
    return min(day for day in (over_on(today.year - 1), date(today.year + 1, 1, 1)) if day > today)
