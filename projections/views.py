"""All views, by name, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping

from projections.agency_register import AGENCY_REGISTER
from projections.concerns import CONCERNS
from projections.deadlines import DEADLINES
from projections.fund import FUND
from projections.inbox import AGENCY_INBOX, CITY_INBOX
from projections.inspection.entries import TRAIL_ENTRIES
from projections.links import LINKS
from projections.meetings import DECISIONS_OPEN, MEETINGS
from projections.money import MONEY
from projections.notices import MESSAGES, NOTICES
from projections.positions import Position, positions_of
from projections.reform_cases import REFORM_CASES
from projections.task_board import TASK_BOARD
from projections.view import View
from store.log import Store

VIEWS: Mapping[str, View] = {
    view.name: view
    for view in (
        TASK_BOARD,
        AGENCY_INBOX,
        CITY_INBOX,
        AGENCY_REGISTER,
        DEADLINES,
        NOTICES,
        MESSAGES,
        MEETINGS,
        DECISIONS_OPEN,
        CONCERNS,
        MONEY,
        FUND,
        REFORM_CASES,
        LINKS,
        TRAIL_ENTRIES,  # last: nothing acts on it, and it has the most to write
    )
}


def positions(store: Store) -> dict[str, Position]:
    """The position of every view in use, by name; a tally stands where its base view stands. Raises NotMigrated."""
    return positions_of(store, VIEWS.values())
