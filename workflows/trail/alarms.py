"""What is on record as differing from what was sealed, until it agrees again: the alarms, and whether one was looked into."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.errors import Bilingual
from domain.streams import COMPARED, finding_stream
from domain.trail.facts import AgreedAgain, DifferenceFound
from projections.differing import in_words
from projections.inspection.findings import NOT_AS_SEALED
from store.beside_found import Known
from store.log import Store


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """`finding`: its name for `donghaeng trail examine`; `examined`: an inspector has said what came of it.

    `at`: when it was found; `position`: of the fact that differs; `row`: of what lies beside the facts, or which tile.
    """

    finding: str
    part: str
    what: str
    position: int | None
    row: str | None
    at: datetime
    examined: bool
    ko: str
    en: str

    @property
    def words(self) -> Bilingual:
        return Bilingual(self.ko, self.en)


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
                row=fact.row,
                at=at,
                examined=bool(examined[streams[position]]),
                ko=words.ko,
                en=words.en,
            )
        )
    return found


def filter_unexamined(found: Iterable[Alarm]) -> list[Alarm]:
    """Those that nobody has looked into."""
    return [one for one in found if not one.examined]


def load_known(store: Store, part: str) -> Known:
    """How, at which fact and in which row a part is on record as differing. Another difference is news, also where these
    were examined.
    """
    return frozenset((one.what, one.position, one.row) for one in alarms(store) if one.part == part)
