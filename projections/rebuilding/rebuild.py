"""A view folded anew beside the one in use, compared with it at one position, and put in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import msgspec

from projections.fresh import Unfoldable
from projections.positions import ViewNotBuilt, stands_at
from projections.rebuilding import beside
from projections.rebuilding.beside import Build
from projections.rebuilding.comparing import (
    UNEXPLAINED,
    Difference,
    Differences,
    compared,
    explained_by_skips,
    fingerprint,
)
from projections.rebuilding.errors import LogShorterThanView, NotSwitched
from projections.rebuilding.switching import drop_old, in_use, switch
from projections.runner import project
from projections.view import View
from store.connecting import Connection
from store.log import Store

NEXT, CHECK = "_next", "_check"
BATCH = 10_000  # a third faster than the runner's where every fact is of another row; nobody waits for these
_ANY = "_v[0-9]+.*"

Told = Callable[[int], None]
Record = Callable[["Certificate", str], object]
Fold = Callable[[Store, Sequence[View], int, Told], None]


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: see the facts `view.verified` and `view.rebuilt`. `unexplained`: differences without a cause."""

    view: str
    version: int
    before: int | None = None
    position: int
    rows: int
    rows_sha256: str
    code_sha256: str
    milliseconds: int
    causes: dict[str, int]
    examples: list[Difference]

    @property
    def differences(self) -> int:
        return sum(self.causes.values())

    @property
    def unexplained(self) -> int:
        return self.causes.get(UNEXPLAINED, 0)


def one_after_the_other(store: Store, parts: Sequence[View], up_to: int, told: Told) -> None:
    """Fold the parts of a view up to a position. `told(position)`: how far they are, taken together."""
    for part in parts:
        while project(store, part, BATCH, most=BATCH, up_to=up_to):
            told(far(store, parts))


def far(store: Store, parts: Sequence[View]) -> int:
    """The position up to which the parts are, taken together."""
    with store.connection() as connection:
        return sum(stands_at(connection, part) for part in parts) // len(parts)


def verified(
    store: Store,
    owner: Connection,
    view: View,
    fold: Fold = one_after_the_other,
    shards: int = 1,
    told: Told = lambda _: None,
) -> Certificate:
    """Compare the rows in use with a fresh fold at the position where the view stands; nothing is changed.

    Raises BeingRebuilt, Unfoldable, ViewNotBuilt, LogShorterThanView, OwnerNeeded, StoreFault.
    """
    began, check = time.monotonic(), view.put_beside(CHECK)
    with beside.held(owner, view):
        live, _ = in_use(owner, view)
        if live is None or live.version != view.version:
            raise ViewNotBuilt(
                view=view.name, version=view.version, before="–" if live is None else live.version
            )
        build = _brought_up(store, owner, view, check, fold, shards, told)
        with owner.transaction():
            position, differences = _side_by_side(store, owner, view, live, build)
            rows, sha256 = fingerprint(owner, live)
        with owner.transaction():
            beside.forget(owner, check)
    return _certificate(live, None, build, position, (rows, sha256), differences, began)


def rebuilt(
    store: Store,
    owner: Connection,
    view: View,
    record: Record,
    *,
    accept: bool = False,
    fold: Fold = one_after_the_other,
    shards: int = 1,
    told: Told = lambda _: None,
) -> Certificate:
    """Put rows folded anew in the place of those in use, which are kept until the next time; commands and readers go on.

    The runner waits while both are compared. `accept`: switch although nothing explains a difference. Interrupted, it
    is gone on with at the next call. `record(certificate, command id)` puts a certificate on record, in a crash's stead
    that of the switch before.
    Raises NotSwitched, BeingRebuilt, ReadersBusy, Unfoldable, LogShorterThanView, OwnerNeeded, StoreFault.
    """
    began, new = time.monotonic(), view.put_beside(NEXT)
    with beside.held(owner, view):
        _settle(store, owner, new, record)
        build = _brought_up(store, owner, view, new, fold, shards, told)
        with owner.transaction():
            live, _ = in_use(owner, view)
            position, differences = _side_by_side(store, owner, view, live, build)
            _refuse(view, differences, accept)
            version = None if live is None or live.version == view.version else live.version
            certificate = _certificate(
                view, version, build, position, fingerprint(owner, build.view), differences, began
            )
            switch(owner, view, live, build, position, certificate)
        _settle(store, owner, new, record)
    return certificate


def dropped(store: Store, owner: Connection, view: View, record: Record) -> list[str]:
    """Drop what is not in use: rows kept from the last rebuild, older versions, what was begun; their tables' names."""
    with beside.held(owner, view):
        _settle(store, owner, view.put_beside(NEXT), record)
        with owner.transaction():
            before = beside.tables_like(owner, view, _ANY)
            live, _ = in_use(owner, view)
            if live is not None:
                drop_old(owner, view, live)
            for name in (NEXT, CHECK):
                beside.forget(owner, view.put_beside(name))
            after = beside.tables_like(owner, view, _ANY)
    return sorted(set(before) - set(after))


def _settle(store: Store, owner: Connection, new: View, record: Record) -> None:
    """Put the certificate of a switch on record that is not yet; a crash between the two leaves it to the next run."""
    build = beside.found(owner, new)
    if build is None or build.certificate is None:
        return
    if store.outcome(build.id) is None:
        record(msgspec.convert(build.certificate, Certificate), build.id)
    owner.execute("DELETE FROM views.builds WHERE place = %s", (new.place,))


def _brought_up(
    store: Store, owner: Connection, view: View, new: View, fold: Fold, shards: int, told: Told
) -> Build:
    """The build at about the position where the view in use stands, which moves on meanwhile."""
    build = beside.begun(owner, new, shards)
    for _ in range(3):  # what came meanwhile is less each time
        build = beside.completed(owner, _folded(store, owner, view, build, fold, told))
    return build


def _folded(store: Store, owner: Connection, view: View, build: Build, fold: Fold, told: Told) -> Build:
    _, place = in_use(owner, view)
    up_to = store.head().position if place is None else place.position
    fold(store, build.parts, up_to, told)
    for one in beside.places(owner, build):
        if one.error is not None:
            raise Unfoldable(view=view.name, position=one.error_position, problem=one.error)
    return build


def _side_by_side(
    store: Store, owner: Connection, view: View, live: View | None, build: Build
) -> tuple[int, Differences]:
    """Both at one position, where the one in use is held, and what differs between them."""
    live, place = in_use(owner, view)
    position = store.head().position if place is None else place.position
    one_after_the_other(store, build.parts, position, lambda _: None)
    at = beside.places(owner, build)[0]
    if at.error is not None:
        raise Unfoldable(view=view.name, position=at.error_position, problem=at.error)
    if at.position != position:  # what the view in use has folded is not there to be folded again
        raise LogShorterThanView(view=view.name, position=f"{position:,}", end=f"{at.position:,}")
    if live is None or place is None:
        return position, Differences()
    cause = None
    if live.version != view.version:
        cause = "version"
    elif place.code != build.code and position:
        cause = "code"
    keys = explained_by_skips(store, view, position)
    return position, compared(owner, live, build.view, cause, keys)


def _refuse(view: View, differences: Differences, accept: bool) -> None:
    if (count := differences.counts[UNEXPLAINED]) and not accept:
        raise NotSwitched(view=view.name, count=count, rows=named(differences.examples, UNEXPLAINED))


def named(examples: Sequence[Difference], cause: str | None = None) -> str:
    """Some of the rows that differ."""
    return ", ".join(f"{one.table} {one.key}" for one in examples if cause in (None, one.cause))


def _certificate(
    view: View,
    before: int | None,
    build: Build,
    position: int,
    fingerprinted: tuple[int, str],
    differences: Differences,
    began: float,
) -> Certificate:
    return Certificate(
        view=view.name,
        version=view.version,
        before=before,
        position=position,
        rows=fingerprinted[0],
        rows_sha256=fingerprinted[1],
        code_sha256=build.code,
        milliseconds=round((time.monotonic() - began) * 1000),
        causes=dict(differences.counts),
        examples=differences.examples,
    )
