"""Following the log: nothing is missed, nothing is given twice, and a log that went back is noticed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

import pytest

from store.errors import LogWentBack, StoreUnreachable
from store.following import PAGE, Pages
from store.log import Store
from tests.store.fact_batches import put


class Log:
    """Rows in memory; `meanwhile`: what happens while it is rested, one after the other, and then it is told to end."""

    def __init__(self, count: int, *meanwhile: Any) -> None:
        self.rows = [self.row(position) for position in range(1, count + 1)]
        self.stopped, self._meanwhile = Rest(self._next), iter(meanwhile)

    def row(self, position: int, said: bytes = b"") -> tuple[Any, ...]:
        return (position, "task/2024-07", position, "task.started", None, None, said)

    def rows_after(self, position: int, limit: int) -> Sequence[Any]:
        return self.rows[position : position + limit]

    def grow(self, count: int) -> None:
        first = len(self.rows) + 1
        self.rows += [self.row(position) for position in range(first, first + count)]

    def _next(self) -> bool:
        happens = next(self._meanwhile, None)
        if happens is not None:
            happens(self)
        return happens is None

    def followed(self, after: int = 0) -> Iterator[int]:
        for rows in Pages(self.rows_after, after, self.stopped):
            yield from (row[0] for row in rows)


class Rest(Event):
    def __init__(self, happens: Any) -> None:
        super().__init__()
        self._happens = happens

    def wait(self, timeout: float | None = None) -> bool:
        if self._happens():
            self.set()
        return self.is_set()


def test_what_is_there_and_what_comes_is_given_once_and_in_order() -> None:
    log = Log(2 * PAGE + 3, lambda log: log.grow(2), lambda log: None, lambda log: log.grow(PAGE))
    assert list(log.followed()) == list(range(1, 3 * PAGE + 6))


def test_it_begins_behind_a_position_and_waits_at_the_end() -> None:
    assert list(Log(5, lambda log: log.grow(1)).followed(after=5)) == [6]
    assert list(Log(5).followed(after=3)) == [4, 5]


def test_a_page_that_comes_while_it_is_told_to_end_is_the_last() -> None:
    log = Log(3 * PAGE)
    found = []
    for rows in Pages(log.rows_after, 0, log.stopped):
        found += rows
        log.stopped.set()
    assert len(found) == PAGE


@pytest.mark.parametrize(
    "happens",
    [
        lambda log: log.rows.clear(),
        lambda log: log.rows.pop(),
        lambda log: log.rows.__setitem__(-1, log.row(5, b"another")),
        lambda log: (log.rows.__setitem__(-1, log.row(5, b"another")), log.grow(3)),
    ],
    ids=["it is empty", "it is shorter", "its last fact is another", "it went on otherwise"],
)
def test_a_log_that_went_back_is_noticed_before_anything_more_is_given(happens: Any) -> None:
    followed = Log(5, happens).followed()
    assert [next(followed) for _ in range(5)] == [1, 2, 3, 4, 5]
    with pytest.raises(LogWentBack, match="5"):
        next(followed)


def test_a_log_that_went_on_otherwise_behind_a_lost_connection_is_noticed() -> None:
    """As behind a failover that lost the last facts."""
    log = Log(5)
    answers: list[Any] = [log.rows_after, None, log.rows_after]

    def rows_after(position: int, limit: int) -> Any:
        answer = answers.pop(0)
        if answer is None:
            raise StoreUnreachable(problem="gone")
        return answer(position, limit)

    pages = Pages(rows_after, 0, log.stopped)
    assert len(next(pages)) == 5
    with pytest.raises(StoreUnreachable):
        next(pages)
    log.rows[-1] = log.row(5, b"another")
    log.grow(3)
    with pytest.raises(LogWentBack, match="5"):
        next(pages)


def test_who_reads_behind_the_position_alone_sees_nothing_of_it() -> None:
    """The control."""
    log = Log(5)
    log.rows[-1] = log.row(5, b"another")
    log.grow(3)
    assert [row[0] for row in log.rows_after(5, PAGE)] == [6, 7, 8]


def test_a_position_that_the_log_never_had_is_refused() -> None:
    with pytest.raises(LogWentBack, match="7"):
        list(Log(5).followed(after=7))


def test_a_subscription_whose_answer_failed_goes_on_where_it_was(store: Store) -> None:
    put(store, count=3)
    failing = iter([False, True, False, False])
    asked = store.recorder.rows_after

    def rows_after(position: int, limit: int, connection: Any = None) -> Any:
        if next(failing):
            raise StoreUnreachable(problem="gone")
        return asked(position, min(limit, 2), connection)

    store.recorder.rows_after = rows_after  # type: ignore[method-assign]
    with store.recorder.subscribe() as subscription:
        assert [next(subscription).id, next(subscription).id] == [1, 2]
        with pytest.raises(StoreUnreachable):
            next(subscription)
        assert next(subscription).id == 3
        subscription.stop()
        assert list(subscription) == []


def test_a_subscription_gives_the_kinds_that_are_asked_for(store: Store) -> None:
    put(store, count=2)
    with store.recorder.subscribe(gt=1, topics=["task.progress_reported"]) as subscription:
        assert next(subscription).id == 2
