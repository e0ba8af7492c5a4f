"""All views, by name."""

from __future__ import annotations

from collections.abc import Mapping

from projections.agency_register import AGENCY_REGISTER
from projections.deadlines import DEADLINES
from projections.inbox import AGENCY_INBOX, CITY_INBOX
from projections.notices import MESSAGES, NOTICES
from projections.task_board import TASK_BOARD
from projections.trail.entries import TRAIL_ENTRIES
from projections.view import View

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
        TRAIL_ENTRIES,  # last: nothing acts on it, and it has the most to write
    )
}
