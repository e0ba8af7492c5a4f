"""Following the log: page by page from a position on, and then whatever comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Event

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from store.errors import LogWentBack
from trail.stored import POSITION, StoredFact

LOOK_SECONDS = 0.5  # after so long it is looked again whether there is more
PAGE = 500

RowsAfter = Callable[[int, int], Sequence[StoredFact]]  # after position, at most


class Pages(Iterator[Sequence[StoredFact]]):
    """All rows after a position, a page at a time, and then whatever comes, until it is stopped.

    Nothing wakes it: it looks again after LOOK_SECONDS, and so misses no wake-up. What it gave last is read once more
    each time: a log that went back, or on from there with other facts, is noticed, also behind a failover. Where an
    answer fails, ask again: it goes on. Raises LogWentBack, and what `rows_after` raises.
    """

    def __init__(self, rows_after: RowsAfter, position: int, stopped: Event) -> None:
        self._rows_after, self._position, self._stopped = rows_after, position, stopped
        self._last: StoredFact | None = None

    def __next__(self) -> Sequence[StoredFact]:
        while not self._stopped.is_set():
            rows = self._rows_after(max(self._position - 1, 0), PAGE)
            if self._position:
                if not rows or rows[0][POSITION] != self._position or self._last not in (None, rows[0]):
                    raise LogWentBack(position=self._position)
                rows = rows[1:]
            if rows:
                self._last, self._position = rows[-1], rows[-1][POSITION]
                return rows
            self._stopped.wait(LOOK_SECONDS)
        raise StopIteration


class FactSubscription(Subscription[ApplicationRecorder]):
    """The notifications after a position (`gt`), of these topics or all; see Pages."""

    def __init__(
        self, recorder: ApplicationRecorder, rows_after: RowsAfter, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._stopped = Event()
        self._pages = Pages(rows_after, gt or 0, self._stopped)
        self._rows: Iterator[StoredFact] = iter(())

    def stop(self) -> None:
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            for position, stream, version, kind, _, _, state in self._rows:
                if not self._topics or kind in self._topics:
                    return Notification(stream, version, kind, state, position)
            self._rows = iter(next(self._pages))
        raise StopIteration
