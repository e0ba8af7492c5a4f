"""Which views were read, and how far each had come by then, so that whoever shows their rows can say how old they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from domain.errors import Lang
from projections.positions import place_of
from projections.view import View
from store.connecting import Connection
from trail.english import many


class Behind(msgspec.Struct, frozen=True):
    """A view that was not at the end of the log when it was read.

    `position`: of the last fact that it has folded; `head`: of the last one there was; `lag`: facts between them.
    `stopped_at`: the fact in front of which it stands still, and `error` why; where that is None, its table is damaged.
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
            damaged = f" 표가 손상되어 멈췄으며 읽히는 부분만 보입니다: {self.error}. `donghaeng views rebuild {self.view}`로 다시 만드십시오."
        else:
            told = (
                f"The view {self.view} is as far as position {self.position:,} of {self.head:,}: "
                f"{many(self.lag, 'fact')} behind."
            )
            stopped = (
                f" It stopped in front of {self.stopped_at}: {self.error}. Look with `donghaeng doctor`."
            )
            damaged = (
                f" It stopped since its table is damaged, and only what can be read of it is shown: {self.error}. "
                f"Make it anew with `donghaeng views rebuild {self.view}`."
            )
        if self.stopped_at is not None:
            return told + stopped
        return told if self.error is None else told + damaged


Read = dict[str, Behind | None]
_read: ContextVar[Read | None] = ContextVar("views_read", default=None)


@contextmanager
def note_views_read() -> Iterator[Read]:
    """What is read in the block, by view; None where the view was at the end of the log."""
    read: Read = {}
    before = _read.set(read)
    try:
        yield read
    finally:
        _read.reset(before)


def note(connection: Connection, views: Iterable[View]) -> None:
    """Somebody is about to read these views: how far they are. Costs nothing where nobody watches."""
    read = _read.get()
    if read is None:
        return
    for view in views:
        if view.name in read:
            continue
        # looked at before the rows, which may be newer then, and are never older than is said
        place = place_of(connection, view)
        read[view.name] = None
        if place is not None and (place.lag > 0 or place.damaged):
            head = place.position + place.lag
            read[view.name] = Behind(
                view.name, place.position, head, place.lag, place.error_position, place.error
            )
