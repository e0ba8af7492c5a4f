"""A view's position as eventsourcing's tracking recorders tell theirs: asked, and waited for."""

from __future__ import annotations

from eventsourcing.persistence import NotSupportedError, Tracking, TrackingRecorder

from projections.positions import stands_at
from projections.view import View
from store.log import Store

LOG = "donghaeng"  # the one application that a view follows


class ViewTracking(TrackingRecorder):
    """`max_tracking_id`, `has_tracking_id` and `wait` of one view that is in use."""

    def __init__(self, store: Store, view: View) -> None:
        self._store, self._view = store, view

    def insert_tracking(self, tracking: Tracking) -> None:
        raise NotSupportedError("a view's position moves with its rows, in the runner's transaction alone")

    def max_tracking_id(self, application_name: str) -> int | None:
        """The position of the last fact that it has folded; None where there is none. Raises NotMigrated."""
        if application_name != LOG:
            return None
        with self._store.connection() as connection:
            return stands_at(connection, self._view) or None
