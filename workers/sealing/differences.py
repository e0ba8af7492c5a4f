"""What differs from what was sealed, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.damage import ViewDamaged
from projections.differing import Part, in_words
from projections.fresh import Unfoldable
from projections.inspection.refolding import UNFOLDABLE
from projections.positions import ViewNotBuilt
from store.beside import check_texts, load_identity
from store.beside_found import Beside
from trail.errors import NotTrusted
from trail.leaf_comparison import difference_at
from trail.leaves import check_upper
from trail.origin import Clock
from trail.sources import Folder
from trail.stored import POSITION, RECORDED_AT
from trail.tiles import Tiles
from workers.engine import Engine, owner_if_any
from workers.sealing.folder import Signed, TrailFolder
from workers.sealing.recording_differences import Found
from workers.sealing.sealer import clock_of_log
from workflows.trail.alarms import load_known
from workflows.trail.completeness import compare_entries
from workflows.trail.verifying import first_of_two_times
from workflows.trail.watched import load_access_log_status, read_sealed_here


def first_news(engine: Engine, tiles: Tiles, positions: Sequence[int]) -> list[Found]:
    """The first that is not on record; what is cut off is so from its first position on. Raises NotTrusted."""
    if not positions:
        return []
    known = load_known(engine.store, Part.FACTS)
    at = {position for _, position, _ in known}
    cut = min((position for what, position, _ in known if what == "truncated" and position), default=None)
    for position in positions:
        kind = difference_at(tiles, engine.store.rows_after, position).kind
        seen = position in at or (cut is not None and cut < position)
        if not (seen and ((kind, position, None) in known or (kind == "truncated" and cut is not None))):
            return [Found(kind, position)]
    return []


def two_times(engine: Engine, signed: Signed) -> list[Found]:
    """A fact that is not sealed yet and whose date somebody has set, which the sealer refuses; or that somebody calls the
    store another one, or of another kind, than its log.
    """
    clock = clock_of_log(signed, TrailFolder(engine.data).path, engine.store)
    found = []
    if engine.store.id not in signed.origin:
        found.append(Found("another_store"))
    if engine.store.simulated is not (clock is Clock.SIMULATED):
        found.append(Found("kind_of_store"))
    after = signed.size
    while clock is Clock.REAL and (two := first_of_two_times(engine.store, after)) is not None:
        found.append(Found("two_times", two.position))
        if ("two_times", two.position, None) not in load_known(engine.store, Part.FACTS):
            break
        after = two.position
    return found


def check_top(tiles: Tiles, signed: Signed) -> None:
    """The tree's upper part leads to what was signed. Raises NotTrusted."""
    if tiles.root().hex() != signed.root:
        raise NotTrusted(where="tile", problem=in_words(Part.TILES, "unlike", None))
    check_upper(tiles)


def texts_beside(engine: Engine, rows: Sequence[Any]) -> list[Found]:
    """The texts of some facts; those that were taken in from an export left theirs behind."""
    with engine.store.connection() as connection:
        _, since = load_identity(connection)
        older = max((row[POSITION] for row in rows if row[RECORDED_AT] < since), default=0)
        return of_beside(check_texts(connection, rows, older, load_known(engine.store, Part.BESIDE)))


def of_beside(found: Beside) -> list[Found]:
    """Of each kind the first that is news, or else the first."""
    return [Found(wrong, *(first.news or (first.position, first.id))) for wrong, first in found.wrong.items()]


def entries(engine: Engine) -> list[Found] | None:
    """With the owner's connection, where it can be had, what was compared is marked for searches."""
    with owner_if_any(engine) as owner:
        try:
            known = load_known(engine.store, Part.ENTRIES)
            compared = compare_entries(engine.store, owner, known=known)
        except ViewNotBuilt:
            return None
        except ViewDamaged:
            return [Found("unusable")]
        except Unfoldable as error:
            return [Found(UNFOLDABLE, int(str(error.details["position"])))]
    first = compared.news or compared.difference
    found = [] if first is None else [Found(first.fault, first.position, first.row)]
    return [*found, *(Found(UNFOLDABLE, position) for position in compared.unfoldable)]


def readings(engine: Engine) -> list[Found]:
    try:
        sealed = read_sealed_here(Folder(TrailFolder(engine.data).path))
    except NotTrusted as error:
        return [Found("unlike", row=str(error.details["where"]))]
    gaps = load_access_log_status(engine.store, None if sealed is None else sealed.tiles).gaps
    return [Found(one.kind, row=f"{one.first[0]} ({one.count})") for one in gaps]
