"""What is on record as differing from what was sealed, until it agrees again: the alarms, and whether one was looked into."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.errors import Worded
from domain.finding.commands import finding_stream
from domain.trail.commands import COMPARED
from domain.trail.facts import AgreedAgain, DifferenceFound
from projections.trail.differing import in_words
from projections.trail.findings import NOT_AS_SEALED
from store.log import Store


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """`finding`: its name for `donghaeng trail examine`; `examined`: an inspector has said what came of it.

    `at`: when it was found; `position`: of the fact that differs.
    """

    finding: str
    part: str
    what: str
    position: int | None
    at: datetime
    examined: bool
    ko: str
    en: str

    @property
    def words(self) -> Worded:
        return Worded(self.ko, self.en)


def alarms(store: Store) -> list[Alarm]:
    """What differs and has not agreed again, the oldest first."""
    open_: list[tuple[int, datetime, DifferenceFound]] = []
    for one in store.read(COMPARED):
        fact = one.fact
        if isinstance(fact, DifferenceFound):
            open_.append((one.position, one.known_at, fact))
        elif isinstance(fact, AgreedAgain):
            open_ = [known for known in open_ if known[2].part != fact.part]
    streams = {position: finding_stream(NOT_AS_SEALED, position) for position, _, _ in open_}
    examined = store.load(sorted(streams.values())).streams if streams else {}
    found = []
    for position, at, fact in open_:
        words = in_words(fact.part, fact.what, fact.position)
        found.append(
            Alarm(
                finding=f"{NOT_AS_SEALED}-{position}",
                part=fact.part,
                what=fact.what,
                position=fact.position,
                at=at,
                examined=bool(examined[streams[position]]),
                ko=words.ko,
                en=words.en,
            )
        )
    return found


def raised(found: Iterable[Alarm]) -> list[Alarm]:
    """Those that nobody has looked into."""
    return [one for one in found if not one.examined]
