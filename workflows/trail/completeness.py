"""Up to where a reading of the trail is complete, and by which check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

import msgspec

from domain.errors import Bilingual
from domain.positions import positions_label
from domain.seoul import SEOUL
from projections.inspection.completeness import Compared, Comparing, compare
from projections.inspection.entries import TRAIL_ENTRIES
from projections.marks import Marking, mark_of, marking
from projections.positions import ViewNotBuilt
from projections.rebuilding.errors import BeingRebuilt, OwnerNeeded
from projections.rebuilding.shadow_tables import hold_view
from projections.skips import load_skips
from projections.views import positions
from store.beside_found import Known
from store.connecting import Connection
from store.errors import NotMigrated, StoreFault
from store.log import Store
from trail.english import many
from trail.stored import StoredFact
from trail.verdict import Verdict


class Complete(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which position nothing is missing among what was looked up, and by which check.

    `up_to`: 0 where nothing was compared; `by`: "facts" where every entry was compared with its fact for this reading,
    "mark" where that was done at `checked_at` and the rows are as they were then; `head`: the last fact of the log.
    `skipped`: positions of facts that a person has let the view pass over, so that they may not be found.
    `changed_at`, `changed_from`: when rows that had been compared were changed since, from which position on.
    `by_letters`: texts were looked up in the index of letters, which no check reads.
    """

    up_to: int
    by: str
    head: int
    skipped: tuple[int, ...] = ()
    checked_at: datetime | None = None
    changed_at: datetime | None = None
    changed_from: int | None = None
    by_letters: bool = False

    @property
    def words(self) -> Bilingual:
        said = self._checked
        if self.by_letters:
            said = Bilingual(
                f"{said.ko}. 다만 글은 어느 대조에도 들지 않는 글자 색인에서 찾았으므로, 그 말이 포함된 글이 빠졌을 수 있습니다(`--compare`는 색인 없이 모든 글을 확인합니다)",
                f"{said.en}. But texts were looked up in an index of letters that no check reads, so that some that hold these letters may be missing (`--compare` looks at every text without it)",
            )
        if not self.skipped:
            return said
        which = positions_label(self.skipped)
        return Bilingual(
            f"{said.ko}. 조회 화면이 건너뛰게 한 기록은 찾지 못할 수 있습니다: {which.ko}",
            f"{said.en}. Not found, since the view was let pass over them: {which.en}",
        )

    @property
    def _checked(self) -> Bilingual:
        if self.by == "facts":
            return Bilingual(
                f"{self.up_to:,}번 기록까지 빠짐없음: 이 조회를 위해 모든 항목을 기록과 대조했습니다",
                f"Complete up to no. {self.up_to:,}: every entry was compared with its fact for this",
            )
        rest = self.head - self.up_to
        advice = Bilingual(
            "대조: `donghaeng trail verify --store`", "to compare: `donghaeng trail verify --store`"
        )
        if not self.up_to or self.checked_at is None:
            return Bilingual(
                f"빠짐없는지 대조하지 않았습니다({advice.ko})",
                f"Whether this is complete was not checked ({advice.en})",
            )
        at = f"{self.checked_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        ko = f"{self.up_to:,}번 기록까지 빠짐없음: {at}에 모든 항목을 기록과 대조했습니다"
        en = f"Complete up to no. {self.up_to:,}: every entry was compared with its fact at {at}"
        if rest > 0:
            ko += f". 그 뒤 {rest:,}건은 대조하지 않았습니다({advice.ko})"
            en += f"; the {many(rest, 'fact')} after that {'was' if rest == 1 else 'were'} not ({advice.en})"
        return Bilingual(ko, en)

    @property
    def warning(self) -> Bilingual | None:
        """What an inspector has to look into."""
        if self.changed_at is None:
            return None
        at = f"{self.changed_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        return Bilingual(
            f"{at}에 누군가 이미 대조한 조회 화면을 {self.changed_from}번 기록부터 고쳤습니다. 빠진 것이 있을 수 있습니다. `donghaeng trail verify --store`로 확인하십시오.",
            f"At {at} somebody changed rows of the view that had been compared, from no. {self.changed_from} on. Something may be missing. Check with `donghaeng trail verify --store`.",
        )


def complete_by_mark(store: Store, head: int, *, by_letters: bool = False) -> Complete:
    """What the last check says of a reading that looks up the rows as they are now. `by_letters`: see Complete."""
    with store.connection() as connection:
        mark = mark_of(connection, TRAIL_ENTRIES)
    return Complete(
        up_to=mark.position,
        by="mark",
        head=head,
        skipped=_load_skips(store),
        checked_at=mark.at,
        changed_at=mark.changed_at,
        changed_from=mark.changed_from,
        by_letters=by_letters,
    )


def complete_by_facts(store: Store, found: Compared) -> Complete:
    return Complete(up_to=found.up_to, by="facts", head=found.up_to, skipped=_load_skips(store))


def _load_skips(store: Store) -> tuple[int, ...]:
    return tuple(sorted(load_skips(store, TRAIL_ENTRIES)))


@contextmanager
def marking_entries(owner: Connection | None) -> Iterator[tuple[Marking, Bilingual | None]]:
    """What marks for searches how far the entries were compared in the block, and why there will be no mark.

    Raises ViewNotBuilt.
    """
    with ExitStack() as stack:
        try:
            if owner is None:
                raise OwnerNeeded(problem="DATABASE_OWNER_URL")
            stack.enter_context(hold_view(owner, TRAIL_ENTRIES))
            mark, why = stack.enter_context(marking(owner, TRAIL_ENTRIES)), None
        except ViewNotBuilt:
            raise
        except (BeingRebuilt, OwnerNeeded, NotMigrated, StoreFault) as error:
            mark, why = Marking(), Bilingual(error.say("ko"), error.say("en"))
        yield mark, why


def mark_entries(mark: Marking, found: Compared) -> Compared:
    """Mark up to where the entries turned out to be what the facts make of them."""
    mark.good = found.up_to if found.difference is None else _in_front(found)
    return found


def _in_front(found: Compared) -> int:
    """The last position before the difference; a stream's own row says nothing about any."""
    position = None if found.difference is None else found.difference.position
    return 0 if position is None else min(found.up_to, position - 1)


def compare_entries(store: Store, owner: Connection | None, known: Known = ()) -> Compared:
    """All entries against the facts; marked for searches where the owner's connection is given. `known`: what was found
    before. Raises ViewNotBuilt, Unfoldable.
    """
    with marking_entries(owner) as (mark, _):
        return mark_entries(mark, compare(store, known=known))


class EntriesPart:
    """Whether what search, export, findings and packs look up is what the facts make of it. See trail_parts.Part.

    `owner`: marks for searches how far was compared; where it is None, or cannot, searches cannot say it.
    """

    where = "entries"

    def __init__(self, store: Store, owner: Connection | None, connection: Connection) -> None:
        self._store, self._held = store, ExitStack()
        self._comparing = Comparing(store, connection)
        self._not_built: ViewNotBuilt | None = None
        self._found = Compared(0)
        self._mark, self._unmarked = Marking(), None
        with self._noting_not_built():
            self._mark, self._unmarked = self._held.enter_context(marking_entries(owner))

    def take(self, rows: Sequence[StoredFact]) -> None:
        if self._not_built is None:
            with self._noting_not_built():
                self._comparing.take(rows)

    def end(self) -> None:
        if self._not_built is None:
            with self._noting_not_built():
                self._found = mark_entries(self._mark, self._comparing.end())

    @contextmanager
    def _noting_not_built(self) -> Iterator[None]:
        """A view that this program has not made yet is told of, and is no fault."""
        try:
            yield
        except ViewNotBuilt as error:
            self._not_built = error

    def say(self, verdict: Verdict) -> None:
        if self._not_built is not None:
            verdict.remarks(self.where, self._not_built.say("ko"), self._not_built.say("en"))
        else:
            say_entries(self._store, self._found, self._unmarked, verdict)

    def close(self) -> None:
        self._held.close()


def say_entries(store: Store, found: Compared, unmarked: Bilingual | None, verdict: Verdict) -> None:
    """Say in the verdict what came of comparing all entries. `unmarked`: why searches cannot say it."""
    if found.difference is not None:
        said = found.difference.words
        verdict.fails("entries", said.ko, said.en)
        return
    verdict.holds(
        "entries",
        f"검색·내보내기·지적 사항·묶음과 행위자별 건수가 찾아보는 항목이 {found.up_to:,}번 기록까지 모두 기록에서 다시 만든 것과 같습니다",
        f"what search, export, findings, packs and the counts of `trail actor` look up is what the facts make of it, every entry up to event {found.up_to:,}",
    )
    if unmarked is not None:
        verdict.remarks(
            "entries",
            f"검색이 이 대조를 보여 주지는 못합니다: {unmarked.ko}",
            f"searches cannot say that this was checked: {unmarked.en}",
        )
    if left := _load_skips(store):
        which = positions_label(left)
        verdict.remarks(
            "entries",
            f"조회 화면이 건너뛰게 한 기록은 찾지 못할 수 있습니다: {which.ko}",
            f"not found, since the view was let pass over them: {which.en}",
        )
    if (place := positions(store)[TRAIL_ENTRIES.name]).lag:
        verdict.remarks(
            "entries",
            f"그 뒤의 기록 {place.lag:,}건은 아직 검색되지 않습니다",
            f"the {many(place.lag, 'fact after that', 'facts after that')} cannot be found yet",
        )
