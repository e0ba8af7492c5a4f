"""Up to where a reading of the trail is complete, and by which check."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime

import msgspec

from domain.english import many
from domain.errors import Worded
from domain.seoul import SEOUL
from projections.marks import mark_of, marking
from projections.positions import ViewNotBuilt, positions
from projections.rebuilding.beside import held
from projections.rebuilding.errors import BeingRebuilt, OwnerNeeded
from projections.skips import skipped
from projections.trail.completeness import Compared, compare
from projections.trail.entries import TRAIL_ENTRIES
from projections.trail.leaves import Tick
from projections.trail.verdict import Verdict
from store.connecting import Connection
from store.errors import NotMigrated, StoreFault
from store.log import Store


class Complete(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which position nothing is missing among what was looked up, and by which check.

    `up_to`: 0 where nothing was compared; `by`: "facts" where every entry was compared with its fact for this reading,
    "mark" where that was done at `checked_at` and the rows are as they were then; `head`: the last fact of the log.
    `skipped`: positions of facts that a person has let the view pass over, so that they may not be found.
    `changed_at`, `changed_from`: when rows that had been compared were changed since, from which position on.
    """

    up_to: int
    by: str
    head: int
    skipped: tuple[int, ...] = ()
    checked_at: datetime | None = None
    changed_at: datetime | None = None
    changed_from: int | None = None

    @property
    def words(self) -> Worded:
        said = self._checked
        if not self.skipped:
            return said
        which = ", ".join(f"#{one}" for one in self.skipped)
        return Worded(
            f"{said.ko}. 조회 화면이 건너뛰게 한 기록은 찾지 못할 수 있습니다: {which}",
            f"{said.en}. Not found, since the view was let pass over them: {which}",
        )

    @property
    def _checked(self) -> Worded:
        if self.by == "facts":
            return Worded(
                f"{self.up_to:,}번 기록까지 빠짐없음: 이 조회를 위해 모든 항목을 기록과 대조했습니다",
                f"Complete up to #{self.up_to:,}: every entry was compared with its fact for this",
            )
        rest = self.head - self.up_to
        advice = Worded(
            "대조: `donghaeng trail verify --store`", "to compare: `donghaeng trail verify --store`"
        )
        if not self.up_to or self.checked_at is None:
            return Worded(
                f"빠짐없는지 대조하지 않았습니다({advice.ko})",
                f"Whether this is complete was not checked ({advice.en})",
            )
        at = f"{self.checked_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        ko = f"{self.up_to:,}번 기록까지 빠짐없음: {at}에 모든 항목을 기록과 대조했습니다"
        en = f"Complete up to #{self.up_to:,}: every entry was compared with its fact at {at}"
        if rest > 0:
            ko += f". 그 뒤 {rest:,}건은 대조하지 않았습니다({advice.ko})"
            en += f"; the {many(rest, 'fact')} after that {'was' if rest == 1 else 'were'} not ({advice.en})"
        return Worded(ko, en)

    @property
    def warning(self) -> Worded | None:
        """What an inspector has to look into."""
        if self.changed_at is None:
            return None
        at = f"{self.changed_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        return Worded(
            f"{at}에 누군가 이미 대조한 조회 화면을 {self.changed_from}번 기록부터 고쳤습니다. 빠진 것이 있을 수 있습니다. `donghaeng trail verify --store`로 확인하십시오.",
            f"At {at} somebody changed rows of the view that had been compared, from #{self.changed_from} on. Something may be missing. Check with `donghaeng trail verify --store`.",
        )


def complete_by_mark(store: Store, head: int) -> Complete:
    """What the last check says of a reading that looks up the rows as they are now."""
    with store.connection() as connection:
        mark = mark_of(connection, TRAIL_ENTRIES)
    return Complete(
        up_to=mark.position,
        by="mark",
        head=head,
        skipped=_skipped(store),
        checked_at=mark.at,
        changed_at=mark.changed_at,
        changed_from=mark.changed_from,
    )


def complete_by_facts(store: Store, found: Compared) -> Complete:
    return Complete(up_to=found.up_to, by="facts", head=found.up_to, skipped=_skipped(store))


def _skipped(store: Store) -> tuple[int, ...]:
    return tuple(sorted(skipped(store, TRAIL_ENTRIES)))


def marked(store: Store, owner: Connection, tick: Tick) -> Compared:
    """Compare all entries with the facts, and set the mark by what comes of it; with the owner's connection.

    Raises Unfoldable, ViewNotBuilt, NotMigrated, BeingRebuilt, OwnerNeeded, StoreFault.
    """
    with ExitStack() as stack:
        stack.enter_context(held(owner, TRAIL_ENTRIES))
        mark = stack.enter_context(marking(owner, TRAIL_ENTRIES))
        found = compare(store, tick)
        mark.good = found.up_to if found.difference is None else _in_front(found)
    return found


def _in_front(found: Compared) -> int:
    """The last position before the difference; a stream's own row says nothing about any."""
    position = None if found.difference is None else found.difference.position
    return 0 if position is None else min(found.up_to, position - 1)


def compare_entries(store: Store, owner: Connection | None, tick: Tick = lambda _: None) -> Compared:
    """All entries against the facts; marked for searches where the owner's connection is given. Raises ViewNotBuilt, Unfoldable."""
    return _compared(store, owner, tick)[0]


def verify_entries(store: Store, owner: Connection | None, verdict: Verdict, tick: Tick) -> None:
    """Say in the verdict whether what search, export, findings and packs look up is what the facts make of it."""
    try:
        found, why = _compared(store, owner, tick)
    except ViewNotBuilt as error:
        verdict.remarks("entries", error.say("ko"), error.say("en"))
        return
    if found.difference is not None:
        said = found.difference.words
        verdict.fails("entries", said.ko, said.en)
        return
    verdict.holds(
        "entries",
        f"검색·내보내기·지적 사항·묶음이 찾아보는 항목이 {found.up_to:,}번 기록까지 모두 기록에서 다시 만든 것과 같습니다",
        f"what search, export, findings and packs look up is what the facts make of it, every entry up to event {found.up_to:,}",
    )
    if why is not None:
        verdict.remarks(
            "entries",
            f"검색이 이 대조를 보여 주지는 못합니다: {why.ko}",
            f"searches cannot say that this was checked: {why.en}",
        )
    if left := _skipped(store):
        which = ", ".join(f"#{one}" for one in left)
        verdict.remarks(
            "entries",
            f"조회 화면이 건너뛰게 한 기록은 찾지 못할 수 있습니다: {which}",
            f"not found, since the view was let pass over them: {which}",
        )
    if (place := positions(store)[TRAIL_ENTRIES.name]).lag:
        verdict.remarks(
            "entries",
            f"그 뒤의 기록 {place.lag:,}건은 아직 검색되지 않습니다",
            f"the {many(place.lag, 'fact after that', 'facts after that')} cannot be found yet",
        )


def _compared(store: Store, owner: Connection | None, tick: Tick) -> tuple[Compared, Worded | None]:
    """What came of it, and why there is no mark of it."""
    if owner is None:
        needed = OwnerNeeded(problem="DATABASE_OWNER_URL")
        return compare(store, tick), Worded(needed.say("ko"), needed.say("en"))
    try:
        return marked(store, owner, tick), None
    except ViewNotBuilt:
        raise
    except (BeingRebuilt, OwnerNeeded, NotMigrated, StoreFault) as error:
        return compare(store, tick), Worded(error.say("ko"), error.say("en"))
