"""A view folded anew beside the one in use, compared with it at one position, and put in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
import psycopg

from projections.damage import ViewDamaged, damage, name_damage, stop_view
from projections.fresh import Unfoldable
from projections.positions import ViewNotBuilt
from projections.rebuilding import shadow_tables
from projections.rebuilding.certificate import Certificate, certificate_of, list_examples
from projections.rebuilding.errors import LogShorterThanView, NotSwitched
from projections.rebuilding.fold_comparison import (
    UNEXPLAINED,
    FoldDifferences,
    compare_folds,
    fingerprint,
    rows_explained_by_skips,
)
from projections.rebuilding.shadow_tables import Build
from projections.rebuilding.switching import drop_old, in_use, switch
from projections.runner import project
from projections.tracking import LOG, ViewTracking
from projections.view import View
from store.connecting import Connection
from store.log import Store

NEXT, CHECK = "_next", "_check"
BATCH = 10_000  # a third faster than the runner's where every fact is of another row; nobody waits for these
_ANY = "_v[0-9]+.*"

Progress = Callable[[int], None]
Record = Callable[["Certificate", str], object]
Fold = Callable[[Store, Sequence[View], int, Progress], None]


def one_after_the_other(store: Store, parts: Sequence[View], up_to: int, told: Progress) -> None:
    """Fold the parts of a view up to a position. `told(position)`: how far they are, taken together."""
    for part in parts:
        while project(store, part, BATCH, most=BATCH, up_to=up_to):
            told(far(store, parts))


def far(store: Store, parts: Sequence[View]) -> int:
    """The position up to which the parts are, taken together."""
    return sum(ViewTracking(store, part).max_tracking_id(LOG) or 0 for part in parts) // len(parts)


def verify_view(
    store: Store,
    owner: Connection,
    view: View,
    fold: Fold = one_after_the_other,
    shards: int = 1,
    told: Progress = lambda _: None,
) -> Certificate:
    """Compare the rows in use with a fresh fold at the position where the view stands; nothing is changed.

    Raises BeingRebuilt, Unfoldable, ViewNotBuilt, ViewDamaged, LogShorterThanView, OwnerNeeded, StoreFault.
    """
    began, check = time.monotonic(), view.as_shadow(CHECK)
    with (
        shadow_tables.hold_view(owner, view),
        _forget_damage(store, owner, check),
        name_damage(store, [view]),
    ):
        live, _ = in_use(owner, view)
        if live is None or live.version != view.version:
            raise ViewNotBuilt(
                view=view.name, version=view.version, before="–" if live is None else live.version
            )
        build = _bring_up(store, owner, view, check, fold, shards, told)
        with owner.transaction():
            position, differences = _side_by_side(store, owner, view, live, build)
            rows, sha256 = (0, "") if differences.not_compared else fingerprint(owner, live)
        with owner.transaction():
            shadow_tables.forget(owner, check)
    for one in differences.not_compared:
        stop_view(store, view, one.problem)
        raise ViewDamaged(view=view.name, problem=one.problem)
    return certificate_of(live, None, build, position, (rows, sha256), differences, began)


def rebuild_view(
    store: Store,
    owner: Connection,
    view: View,
    record: Record,
    *,
    accept: bool = False,
    fold: Fold = one_after_the_other,
    shards: int = 1,
    told: Progress = lambda _: None,
) -> Certificate:
    """Put rows folded anew in the place of those in use, which are kept until the next time; commands and readers go on.

    The runner waits while both are compared. `accept`: switch although nothing explains a difference. Interrupted, it
    is gone on with at the next call. What cannot be read of the tables in use is not compared, and the certificate says so.
    `record(certificate, command id)` puts a certificate on record, in a crash's stead
    that of the switch before.
    Raises NotSwitched, BeingRebuilt, ReadersBusy, Unfoldable, LogShorterThanView, OwnerNeeded, StoreFault.
    """
    began, new = time.monotonic(), view.as_shadow(NEXT)
    with shadow_tables.hold_view(owner, view), _forget_damage(store, owner, new):
        _settle(store, owner, new, record)
        build = _bring_up(store, owner, view, new, fold, shards, told)
        with owner.transaction():
            live, _ = in_use(owner, view)
            position, differences = _side_by_side(store, owner, view, live, build)
            _refuse(view, differences, accept)
            version = None if live is None or live.version == view.version else live.version
            certificate = certificate_of(
                view, version, build, position, fingerprint(owner, build.view), differences, began
            )
            switch(owner, view, live, build, position, certificate)
        _settle(store, owner, new, record)
    return certificate


@contextmanager
def _forget_damage(store: Store, owner: Connection, new: View) -> Iterator[None]:
    """Where it is the new tables that are damaged, they are dropped, so that the next run begins anew. Raises ViewDamaged."""
    try:
        yield
    except psycopg.Error as error:
        found = damage(store, [new], error)
        if found is None:
            raise
        with owner.transaction():
            shadow_tables.forget(owner, new)
        raise ViewDamaged(view=new.name, problem=found[1]) from error


def drop_unused(store: Store, owner: Connection, view: View, record: Record) -> list[str]:
    """Drop what is not in use: rows kept from the last rebuild, older versions, what was begun; their tables' names."""
    with shadow_tables.hold_view(owner, view):
        _settle(store, owner, view.as_shadow(NEXT), record)
        with owner.transaction():
            before = shadow_tables.tables_like(owner, view, _ANY)
            live, _ = in_use(owner, view)
            if live is not None:
                drop_old(owner, view, live)
            for name in (NEXT, CHECK):
                shadow_tables.forget(owner, view.as_shadow(name))
            after = shadow_tables.tables_like(owner, view, _ANY)
    return sorted(set(before) - set(after))


def _settle(store: Store, owner: Connection, new: View, record: Record) -> None:
    """Put the certificate of a switch on record that is not yet; a crash between the two leaves it to the next run."""
    build = shadow_tables.find_build(owner, new)
    if build is None or build.certificate is None:
        return
    if store.outcome(build.id) is None:
        record(msgspec.convert(build.certificate, Certificate), build.id)
    owner.execute("DELETE FROM views.builds WHERE place = %s", (new.checkpoint_name,))


def _bring_up(
    store: Store, owner: Connection, view: View, new: View, fold: Fold, shards: int, told: Progress
) -> Build:
    """The build at about the position where the view in use stands, which moves on meanwhile."""
    build = shadow_tables.begin_build(owner, new, shards)
    if any(one.damaged for one in shadow_tables.places(owner, build)):
        with owner.transaction():
            shadow_tables.forget(owner, new)
        build = shadow_tables.begin_build(owner, new, shards)
    for _ in range(3):  # what came meanwhile is less each time
        build = shadow_tables.complete_build(owner, _fold_build(store, owner, view, build, fold, told))
    return build


def _fold_build(
    store: Store, owner: Connection, view: View, build: Build, fold: Fold, told: Progress
) -> Build:
    _, place = in_use(owner, view)
    up_to = store.head().position if place is None else place.position
    fold(store, build.parts, up_to, told)
    for one in shadow_tables.places(owner, build):
        if one.damaged:
            raise ViewDamaged(view=build.view.name, problem=one.error)
        if one.error is not None:
            raise Unfoldable(view=view.name, position=one.error_position, problem=one.error)
    return build


def _side_by_side(
    store: Store, owner: Connection, view: View, live: View | None, build: Build
) -> tuple[int, FoldDifferences]:
    """Both at one position, where the one in use is held, and what differs between them."""
    live, place = in_use(owner, view)
    position = store.head().position if place is None else place.position
    one_after_the_other(store, build.parts, position, lambda _: None)
    at = shadow_tables.places(owner, build)[0]
    if at.damaged:
        raise ViewDamaged(view=view.name, problem=at.error)
    if at.error is not None:
        raise Unfoldable(view=view.name, position=at.error_position, problem=at.error)
    if at.position != position:  # what the view in use has folded is not there to be folded again
        raise LogShorterThanView(view=view.name, position=f"{position:,}", end=f"{at.position:,}")
    if live is None or place is None:
        return position, FoldDifferences()
    cause = None
    if live.version != view.version:
        cause = "version"
    elif place.code != build.code and position:
        cause = "code"
    keys = rows_explained_by_skips(store, view, position)
    return position, compare_folds(store, owner, live, build.view, cause, keys)


def _refuse(view: View, differences: FoldDifferences, accept: bool) -> None:
    if (count := differences.counts[UNEXPLAINED]) and not accept:
        raise NotSwitched(view=view.name, count=count, rows=list_examples(differences.examples, UNEXPLAINED))
