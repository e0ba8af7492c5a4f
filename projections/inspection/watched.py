"""The log of readings and refusals against what was sealed of it: its leaves, its keys, and its gaps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from domain.access.decider import prunable_before
from domain.access.facts import Differing
from domain.seoul import local_day, midnight
from store.watched import (
    AccessLogEntry,
    Acknowledged,
    Pruning,
    adoption_of,
    decode_acknowledged,
    pruning_of,
    sum_of_miscount,
    sum_of_place,
)
from trail.leaf import instant
from trail.note import SignerKey, VerifierKey
from trail.origin import READINGS
from trail.policy import LogKey, Policy
from trail.tiles import Tiles

NAME = READINGS
Entries = Callable[
    [int, int], Sequence[AccessLogEntry]
]  # (after position, of so many positions), as store.watched has it
_AT_A_TIME = 4096
_NAMED = 20


def leaf_of(entry: AccessLogEntry) -> bytes:
    """What is sealed of an entry: RFC 8785 JSON. Released: it never changes. Who read what is in it as a salted hash."""
    return (
        f'{{"at":"{instant(entry.at)}","i":{entry.position - 1},"known_at":"{instant(entry.known_at)}",'
        f'"row_sha256":"{entry.row_sha256.hex()}","v":1,"what":"{entry.what}"}}'
    ).encode()


def gap_leaf(position: int) -> bytes:
    """What is sealed where no entry stands and a person has looked into that. Released: it never changes."""
    return f'{{"i":{position - 1},"v":1,"what":"missing"}}'.encode()


def origin_of(origin: str) -> str:
    """The name of the log of readings and refusals that goes with a log of facts."""
    return f"{origin}/{NAME}"


def own_key(key: VerifierKey) -> VerifierKey:
    """The same key under the other log's name, so that no signature can stand for the other's."""
    return replace(key, name=origin_of(key.name))


def own_signer(key: SignerKey) -> SignerKey:
    return replace(key, name=origin_of(key.name))


def own_policy(policy: Policy) -> Policy:
    """The same witnesses and the same quorum; the log's keys under the other name."""
    return replace(policy, logs=tuple(LogKey(own_key(one.key), one.url) for one in policy.logs))


class Kind(StrEnum):
    """What is wrong with a position, an entry or a row."""

    MISSING = "missing"  # no entry stands there
    CUT_OFF = "cut_off"  # … nor anything after it, and more was sealed
    ENTRY_CHANGED = "entry_changed"  # the entry is not the one that was sealed
    ROW_CHANGED = "row_changed"  # what was read or refused is not what its entry commits to
    ROW_MISSING = "row_missing"  # it is gone, and no pruning took it
    BACK_DATED = "back_dated"  # it says that it was recorded before the one before it
    PRUNED_YOUNG = "pruned_young"  # a pruning that took what was not old enough, or says so
    MISCOUNTED = "miscounted"  # a pruning took fewer than there had been: some were gone before
    UNRECORDED = "unrecorded"  # a pruning or an acknowledged gap that no fact is about
    STRAY_READING = "stray_reading"  # a reading that no entry is of
    STRAY_REFUSAL = "stray_refusal"  # … a refusal


_STRAY: Mapping[Differing, Kind] = {"reading": Kind.STRAY_READING, "refusal": Kind.STRAY_REFUSAL}
# the rows that are themselves wrong, by what such a row is called where it is looked into
OF_ROWS: Mapping[Kind, Differing] = {
    Kind.ROW_CHANGED: "entry",
    Kind.ROW_MISSING: "entry",
    Kind.MISCOUNTED: "pruning",
    **{kind: what for what, kind in _STRAY.items()},
}
# what, its number and the SHA-256 found, hex, as in access.row_examined
Examined = tuple[Differing, int, str | None]


class Gap(msgspec.Struct, frozen=True):
    """So many of a kind, the first of them by position; of strays by their ids."""

    kind: Kind
    count: int
    first: tuple[int, ...]


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """How the log stands. `sealed`: entries under the checkpoint; None where it is not sealed on this machine.

    `unsealed_since`: when the first was recorded that is not sealed. `adopted`: how many, the first, were there before
    the log was. `pruned`: how many are gone by its prunings; `miscounted`: of those of which more or fewer are gone than
    they took, by the position of the entry, store.watched.sum_of_miscount. `gaps`: what is wrong; `acknowledged`: what
    was, until a person looked into that very gap, or that very row, and said so in a fact.
    """

    entries: int
    sealed: int | None
    unsealed_since: datetime | None
    adopted: int
    prunings: tuple[Pruning, ...]
    pruned: int
    gaps: tuple[Gap, ...]
    acknowledged: tuple[Gap, ...] = ()
    miscounted: Mapping[int, bytes] = {}

    @property
    def unsealed(self) -> int:
        return max(0, self.entries - (self.sealed or 0))


def compare(
    entries: Entries,
    last: int,
    said: Sequence[AccessLogEntry],
    strays: Iterable[tuple[Differing, int]],
    facts: Sequence[tuple[object, int]],
    tiles: Tiles | None,
    examined: Collection[Examined] = (),
    sum_of: Callable[[str, int], bytes | None] = lambda *_: None,
    gone: Collection[int] = (),
) -> Watched:
    """All of the log, in flat memory. `last`: its last position; `said`: what it says of itself; `strays`: rows of no
    entry; `facts`: (before, count) of each pruning and (first, last) of each gap that was looked into, as facts say;
    `tiles`: what was sealed, None where nothing was. `examined`: rows that were looked into, as facts say; `sum_of`: of
    such a row of no entry, as store.watched.sum_of_row; `gone`: positions that prunings found without a row, as facts say.
    """
    going = _Comparing(said, facts, examined, gone)
    leaves = None if tiles is None else tiles.leaves()
    sealed = 0 if tiles is None else tiles.size
    for position, entry in _each(entries, last):
        leaf = next(leaves)[1] if leaves is not None and position <= sealed else None
        going.take(position, entry, leaf)
    if sealed > last:
        going.wrong(Kind.CUT_OFF, *range(last + 1, min(sealed, last + _NAMED) + 1), of=sealed - last)
    looked_at = {(what, number) for what, number, _ in examined}
    for what, identity in strays:
        found = sum_of(what, identity) if (what, identity) in looked_at else None
        going.differs(_STRAY[what], what, identity, found)
    return going.sum_up(last, None if tiles is None else sealed)


def _each(entries: Entries, last: int) -> Iterator[tuple[int, AccessLogEntry | None]]:
    for after in range(0, last, _AT_A_TIME):
        there = {one.position: one for one in entries(after, _AT_A_TIME)}
        for position in range(after + 1, min(after + _AT_A_TIME, last) + 1):
            yield position, there.get(position)


class _Comparing:
    def __init__(
        self,
        said: Sequence[AccessLogEntry],
        facts: Sequence[tuple[object, int]],
        examined: Collection[Examined],
        gone: Collection[int],
    ) -> None:
        self._found, self._looked_at, self._examined = _Found(), _Found(), examined
        self._gone = gone
        self._prunings = [(one, pruning) for one in said if (pruning := pruning_of(one)) is not None]
        adoptions = [adoption for one in said if (adoption := adoption_of(one)) is not None]
        self._adopted = adoptions[0].count if adoptions else 0
        self._taken = [0] * len(self._prunings)
        self._last_at: datetime | None = None
        self._unsealed_since: datetime | None = None
        left = list(facts)
        self._looked_into = [
            _LookedInto(entry.position, gap, _take_out(left, (gap.first, gap.last)))
            for entry in said
            if (gap := decode_acknowledged(entry)) is not None
        ]
        for entry, pruning in self._prunings:
            if not _take_out(left, (pruning.before, pruning.count)):
                self.wrong(Kind.UNRECORDED, entry.position)
            if pruning.before > prunable_before(local_day(entry.known_at)):
                self.wrong(Kind.PRUNED_YOUNG, entry.position)

    def wrong(self, kind: Kind, *positions: int, of: int | None = None) -> None:
        self._found.add(kind, *positions, of=of)

    def differs(self, kind: Kind, what: Differing, number: int, found: bytes | None) -> None:
        """A row is wrong; whether somebody has looked into this very content of it, `found`, is seen to."""
        one = (what, number, None if found is None else found.hex())
        (self._looked_at if one in self._examined else self._found).add(kind, number)

    def take(self, position: int, entry: AccessLogEntry | None, leaf: bytes | None) -> None:
        gap = next((one for one in reversed(self._looked_into) if one.holds(position)), None)
        found = self._found if gap is None else gap.found
        if entry is None:
            found.add(Kind.MISSING, position)
            return
        for one in self._looked_into:
            one.see(entry)
        if leaf is None:
            self._unsealed_since = self._unsealed_since or entry.at
        elif leaf != leaf_of(entry):
            found.add(Kind.ENTRY_CHANGED, position)
            return
        if self._last_at is not None and entry.at < self._last_at and position > self._adopted + 1:
            self.wrong(Kind.BACK_DATED, position)
        self._last_at = entry.at
        self._take_row(position, entry)

    def _take_row(self, position: int, entry: AccessLogEntry) -> None:
        """The row that the entry is of."""
        if entry.found is not None:
            if entry.found != entry.row_sha256:
                self.differs(Kind.ROW_CHANGED, "entry", position, entry.found)
        # what was gone when somebody looked into it, or when a pruning was asked for, no pruning took
        elif (
            position in self._gone
            or ("entry", position, None) in self._examined
            or (place := self._find_pruning(entry)) is None
        ):
            self.differs(Kind.ROW_MISSING, "entry", position, None)
        else:
            self._taken[place] += 1

    def _find_pruning(self, entry: AccessLogEntry) -> int | None:
        """The first pruning that can have taken it."""
        for place, (by, pruning) in enumerate(self._prunings):
            until = midnight(pruning.before)
            if (
                entry.what == "reading"
                and entry.position <= pruning.up_to < by.position
                and entry.known_at < until
            ):
                return place
        return None

    def sum_up(self, last: int, sealed: int | None) -> Watched:
        acknowledged = self._looked_at
        for gap in self._looked_into:
            if not gap.recorded:
                self.wrong(Kind.UNRECORDED, gap.position)
            (acknowledged if gap.stands else self._found).take(gap.found)
        miscounted = {
            entry.position: sum_of_miscount(pruning.count, taken)
            for (entry, pruning), taken in zip(self._prunings, self._taken, strict=True)
            if taken != pruning.count
        }
        for position, found in miscounted.items():
            self.differs(Kind.MISCOUNTED, "pruning", position, found)
        return Watched(
            entries=last,
            sealed=sealed,
            unsealed_since=self._unsealed_since,
            adopted=self._adopted,
            prunings=tuple(pruning for _, pruning in self._prunings),
            pruned=sum(self._taken),
            gaps=self._found.gaps,
            acknowledged=acknowledged.gaps,
            miscounted=miscounted,
        )


class _Found:
    """By kind how many, and the first of them."""

    def __init__(self) -> None:
        self._by_kind: dict[Kind, tuple[int, list[int]]] = {}

    def add(self, kind: Kind, *positions: int, of: int | None = None) -> None:
        """`of`: how many there are, where these positions are the first of them alone."""
        count, first = self._by_kind.get(kind, (0, []))
        more = len(positions) if of is None else of
        self._by_kind[kind] = count + more, sorted([*first, *positions])[:_NAMED]

    def take(self, other: _Found) -> None:
        for gap in other.gaps:
            self.add(gap.kind, *gap.first, of=gap.count)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        found = self._by_kind
        return tuple(Gap(kind, found[kind][0], tuple(found[kind][1])) for kind in Kind if kind in found)


class _LookedInto:
    """A gap that a person has looked into. `position`: of the entry that says so; `recorded`: whether a fact does;
    `found`: what is wrong in it.
    """

    def __init__(self, position: int, gap: Acknowledged, recorded: bool) -> None:
        self.position, self.recorded, self.found = position, recorded, _Found()
        self._gap, self._there = gap, sha256()

    def holds(self, position: int) -> bool:
        return self._gap.first <= position <= self._gap.last

    def see(self, entry: AccessLogEntry) -> None:
        if self.holds(entry.position):
            self._there.update(sum_of_place(entry))

    @property
    def stands(self) -> bool:
        """Whether what stands there now is what stood there then: something else is another gap."""
        return self.recorded and self._there.hexdigest() == self._gap.there


def _take_out(left: list[tuple[object, int]], fact: tuple[object, int]) -> bool:
    """Whether there is a fact that says it; each says it once."""
    if fact not in left:
        return False
    left.remove(fact)
    return True


def is_late(watched: Watched, facts_sealed_at: datetime | None) -> bool:
    """Whether something is not sealed that was recorded before facts that are: one run of the sealer seals both."""
    since = watched.unsealed_since
    return since is not None and facts_sealed_at is not None and since.astimezone(UTC) < facts_sealed_at
