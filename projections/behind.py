"""Which views were read, and how far each had come by then, so that whoever shows their rows can say how old they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from domain.english import many
from domain.errors import Lang
from projections.positions import place_of
from projections.view import View
from projections.views import VIEWS
from store.connecting import Connection

_TABLE = re.compile(r"\bviews\.\w+")
_OF_TABLE: Mapping[str, View] = {
    table: view for view in VIEWS.values() for table in (view.table, *(tally.table for tally in view.tallies))
}


class Behind(msgspec.Struct, frozen=True):
    """A view that was not at the end of the log when it was read.

    `position`: of the last fact that it has folded; `head`: of the last one there was; `lag`: facts between them.
    `stopped_at`: the fact in front of which it stands still, and `error` why.
    """

    view: str
    position: int
    head: int
    lag: int
    stopped_at: int | None = None
    error: str | None = None

    def say(self, lang: Lang) -> str:
        if lang == "ko":
            told = f"{self.view} 조회 화면은 기록 {self.head:,}건 중 {self.position:,}번까지 반영되었습니다({self.lag:,}건 뒤처짐)."
            stopped = f" {self.stopped_at}번 기록 앞에서 멈췄습니다: {self.error}. `donghaeng doctor`로 확인하십시오."
        else:
            told = (
                f"The view {self.view} is as far as position {self.position:,} of {self.head:,}: "
                f"{many(self.lag, 'fact')} behind."
            )
            stopped = (
                f" It stopped in front of {self.stopped_at}: {self.error}. Look with `donghaeng doctor`."
            )
        return told if self.stopped_at is None else told + stopped


Read = dict[str, Behind | None]
_read: ContextVar[Read | None] = ContextVar("views_read", default=None)


@contextmanager
def watched() -> Iterator[Read]:
    """What is read in the block, by view; None where the view was at the end of the log."""
    read: Read = {}
    before = _read.set(read)
    try:
        yield read
    finally:
        _read.reset(before)


def note(connection: Connection, query: str) -> None:
    """A query is about to read the views that it names: how far they are. Costs nothing where nobody watches."""
    read = _read.get()
    if read is None:
        return
    for table in _TABLE.findall(query):
        view = _OF_TABLE.get(table)
        if view is None or view.name in read:
            continue
        # looked at before the rows, which may be newer then, and are never older than is said
        place = place_of(connection, view)
        read[view.name] = None
        if place is not None and place.lag > 0:
            head = place.position + place.lag
            read[view.name] = Behind(
                view.name, place.position, head, place.lag, place.error_position, place.error
            )
