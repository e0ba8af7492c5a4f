"""The log of readings and refusals against what was sealed of it: its leaves, its keys, and its gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from domain.access.decider import prunable_before
from domain.seoul import SEOUL, local_day
from projections.trail.leaf import instant
from projections.trail.note import SignerKey, VerifierKey
from projections.trail.policy import LogKey, Policy
from projections.trail.tiles import Tiles
from store.watched import Entry, Pruning, adoption_of, pruning_of

NAME = "readings"  # the folder below the trail's, and what the log's name ends with
Entries = Callable[
    [int, int], Sequence[Entry]
]  # (after position, of so many positions), as store.watched has it
_AT_A_TIME = 4096
_NAMED = 20


def leaf_of(entry: Entry) -> bytes:
    """What is sealed of an entry: RFC 8785 JSON. Released: it never changes. Who read what is in it as a salted hash."""
    return (
        f'{{"at":"{instant(entry.at)}","i":{entry.position - 1},"known_at":"{instant(entry.known_at)}",'
        f'"row_sha256":"{entry.row_sha256.hex()}","v":1,"what":"{entry.what}"}}'
    ).encode()


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
    UNRECORDED = "unrecorded"  # a pruning that no fact is about
    STRAY = "stray"  # a row that no entry is of


class Gap(msgspec.Struct, frozen=True):
    """So many of a kind, the first of them by position; of strays by row id, with what it is."""

    kind: Kind
    count: int
    first: tuple[int, ...]


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """How the log stands. `sealed`: entries under the checkpoint; None where it is not sealed on this machine.

    `unsealed_since`: when the first was recorded that is not sealed. `adopted`: how many, the first, were there before
    the log was. `pruned`: how many are gone by its prunings.
    """

    entries: int
    sealed: int | None
    unsealed_since: datetime | None
    adopted: int
    prunings: tuple[Pruning, ...]
    pruned: int
    gaps: tuple[Gap, ...]

    @property
    def unsealed(self) -> int:
        return max(0, self.entries - (self.sealed or 0))


def compare(
    entries: Entries,
    last: int,
    said: Sequence[Entry],
    strays: Iterable[tuple[str, int]],
    facts: Sequence[tuple[object, int]],
    tiles: Tiles | None,
) -> Watched:
    """All of the log, in flat memory. `last`: its last position; `said`: what it says of itself; `strays`: rows of no
    entry; `facts`: (before, count) of each pruning as a fact says; `tiles`: what was sealed, None where nothing was."""
    going = _Comparing(said, facts)
    leaves = None if tiles is None else tiles.leaves()
    sealed = 0 if tiles is None else tiles.size
    for position, entry in _each(entries, last):
        leaf = next(leaves)[1] if leaves is not None and position <= sealed else None
        going.take(position, entry, leaf)
    if sealed > last:
        going.wrong(Kind.CUT_OFF, *range(last + 1, min(sealed, last + _NAMED) + 1), of=sealed - last)
    for _, identity in strays:
        going.wrong(Kind.STRAY, identity)
    return going.done(last, None if tiles is None else sealed)


def _each(entries: Entries, last: int) -> Iterator[tuple[int, Entry | None]]:
    for after in range(0, last, _AT_A_TIME):
        there = {one.position: one for one in entries(after, _AT_A_TIME)}
        for position in range(after + 1, min(after + _AT_A_TIME, last) + 1):
            yield position, there.get(position)


class _Comparing:
    def __init__(self, said: Sequence[Entry], facts: Sequence[tuple[object, int]]) -> None:
        self._found: dict[Kind, tuple[int, list[int]]] = {}
        self._prunings = [(one, pruning) for one in said if (pruning := pruning_of(one)) is not None]
        adoptions = [adoption for one in said if (adoption := adoption_of(one)) is not None]
        self._adopted = adoptions[0].count if adoptions else 0
        self._taken = [0] * len(self._prunings)
        self._last_at: datetime | None = None
        self._unsealed_since: datetime | None = None
        left = list(facts)
        for entry, pruning in self._prunings:
            if (fact := (pruning.before, pruning.count)) in left:
                left.remove(fact)
            else:
                self.wrong(Kind.UNRECORDED, entry.position)
            if pruning.before > prunable_before(local_day(entry.known_at)):
                self.wrong(Kind.PRUNED_YOUNG, entry.position)

    def wrong(self, kind: Kind, *positions: int, of: int | None = None) -> None:
        count, first = self._found.get(kind, (0, []))
        self._found[kind] = count + (len(positions) if of is None else of), [*first, *positions][:_NAMED]

    def take(self, position: int, entry: Entry | None, leaf: bytes | None) -> None:
        if entry is None:
            self.wrong(Kind.MISSING, position)
            return
        if leaf is None:
            self._unsealed_since = self._unsealed_since or entry.at
        elif leaf != leaf_of(entry):
            self.wrong(Kind.ENTRY_CHANGED, position)
            return
        if self._last_at is not None and entry.at < self._last_at and position > self._adopted + 1:
            self.wrong(Kind.BACK_DATED, position)
        self._last_at = entry.at
        if entry.found is not None:
            if entry.found != entry.row_sha256:
                self.wrong(Kind.ROW_CHANGED, position)
        elif (place := self._pruned_by(entry)) is None:
            self.wrong(Kind.ROW_MISSING, position)
        else:
            self._taken[place] += 1

    def _pruned_by(self, entry: Entry) -> int | None:
        """The first pruning that can have taken it."""
        for place, (by, pruning) in enumerate(self._prunings):
            until = datetime.combine(pruning.before, time(), SEOUL)
            if (
                entry.what == "reading"
                and entry.position <= pruning.up_to < by.position
                and entry.known_at < until
            ):
                return place
        return None

    def done(self, last: int, sealed: int | None) -> Watched:
        for (entry, pruning), taken in zip(self._prunings, self._taken, strict=True):
            if taken != pruning.count:
                self.wrong(Kind.MISCOUNTED, entry.position)
        return Watched(
            entries=last,
            sealed=sealed,
            unsealed_since=self._unsealed_since,
            adopted=self._adopted,
            prunings=tuple(pruning for _, pruning in self._prunings),
            pruned=sum(self._taken),
            gaps=tuple(Gap(kind, *_frozen(self._found[kind])) for kind in Kind if kind in self._found),
        )


def _frozen(found: tuple[int, list[int]]) -> tuple[int, tuple[int, ...]]:
    return found[0], tuple(found[1])


def is_late(watched: Watched, facts_sealed_at: datetime | None) -> bool:
    """Whether something is not sealed that was recorded before facts that are: one run of the sealer seals both."""
    since = watched.unsealed_since
    return since is not None and facts_sealed_at is not None and since.astimezone(UTC) < facts_sealed_at
