"""Samples of the trail: the population is fixed by a checkpoint, the seed comes from a later one, the draw can be repeated."""

from __future__ import annotations

import base64
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Lang, Refusal
from projections.inspection.completeness import check
from projections.inspection.searching import Filters, positions_of
from store.log import Store
from trail.checkpoint import Checkpoint
from trail.files import problem_of
from trail.leaf import leaf_of
from trail.leaves import Tick
from trail.note import Note
from trail.packing import Place, sizes_of
from trail.sampling import Drawn, draw, lines
from trail.signed import older_checkpoint, require_file
from trail.tree import RootOfMany, leaf_hash
from workflows.trail.about import ExportPlace
from workflows.trail.completeness import Complete, complete_by_facts
from workflows.trail.reading import TrailEntry, narrate_entries, wait_until_caught_up

_A_PAGE = 1000
_ROWS = 2000
DRAWING = "rank = SHA-256 of SEED:POSITION in hex; the sample is the lowest ranks"


class NoCheckpointOf(Refusal):
    ko = "크기 {size}의 체크포인트가 없습니다. 있는 것: {known}."
    en = "There is no checkpoint of size {size}. There are: {known}."


class SeedNotLater(Refusal):
    """Its root could be known when the population was chosen."""

    ko = "시드의 체크포인트({seed})는 모집단의 체크포인트({upto})보다 뒤의 것이어야 합니다. 모집단을 먼저 정하고 다음 봉인을 기다리십시오."
    en = "The seed's checkpoint ({seed}) has to be later than that of the population ({upto}). Fix the population first and wait for the next seal."


class SeedOfOne(Refusal):
    ko = (
        "--draw에는 시드가 하나 필요합니다. --seed-checkpoint 크기 또는 --seed 글 가운데 하나만 지정하십시오."
    )
    en = "--draw needs one seed. Give --seed-checkpoint SIZE or --seed TEXT, and not both."


class AnotherPopulation(Refusal):
    """What was fixed is not what is found now."""

    ko = "지금의 모집단은 {count}건, SHA-256 {found}으로, 정해 둔 {given}이(가) 아닙니다. 조건과 --upto를 정할 때와 같게 지정하십시오."
    en = "The population is {count} entry(ies) now, SHA-256 {found}, and not the {given} that was fixed. Give the same filters and --upto as then."


class FactsNotSealed(Refusal):
    """The facts of the store do not lead to the checkpoint's root."""

    ko = "저장소의 처음 {size}건은 체크포인트에 봉인된 것과 다릅니다. 표본을 뽑지 않습니다. `donghaeng trail verify --store`로 확인하십시오."
    en = "The first {size} fact(s) of the store are not what the checkpoint seals. No sample is drawn. Check with `donghaeng trail verify --store`."


class Sealed(msgspec.Struct, frozen=True):
    """A checkpoint: how many facts, its root in base64 as its third line has it, and who cosigned it."""

    size: int
    root: str
    witnesses: tuple[str, ...]
    note: str


class Population(msgspec.Struct, frozen=True):
    """`sha256`: of its positions, rising, a line each."""

    criteria: dict[str, Any]
    checkpoint: Sealed
    count: int
    sha256: str


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """`seed`: in letters, as it is hashed; `seed_checkpoint`: whose root that is, None where the seed was given."""

    population: Population
    seed: str | None
    seed_checkpoint: Sealed | None
    how: str
    drawn: list[Drawn]
    entries: list[TrailEntry]
    complete: Complete
    made_at: datetime


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`upto`: the population's checkpoint, None: the newest; `draw`: 0 for the population alone; `population`: as it was fixed."""

    upto: int | None = None
    draw: int = 0
    seed: str | None = None
    seed_checkpoint: int | None = None
    population: str | None = None


def sample(
    store: Store, place: Place, filters: Filters, wanted: Wanted, lang: Lang, tick: Tick = lambda _: None
) -> tuple[Sample, Sequence[int]]:
    """The sample, and the positions of its population. Facts and entries are checked first, each and all of them.

    Raises SeedOfOne, SeedNotLater, NoCheckpointOf, FactsNotSealed, AnotherPopulation, NotTrusted, EntriesDiffer,
    NotAllThere.
    """
    if wanted.draw and (wanted.seed is None) == (wanted.seed_checkpoint is None):
        raise SeedOfOne
    upto = _checkpoint(place, wanted.upto or place.checkpoint.size)
    later = None if wanted.seed_checkpoint is None else _checkpoint(place, wanted.seed_checkpoint)
    if later is not None and later.size <= upto.size:
        raise SeedNotLater(seed=later.size, upto=upto.size)
    newest = _describe_checkpoint(
        place, place.note, place.checkpoint
    )  # signed; what it begins with it vouches for
    _check_sealed(store, [upto, *([] if later is None else [later]), newest], tick)
    wait_until_caught_up(store, upto.size)
    compared = check(store, upto.size, tick)
    positions = _matching(store, filters, upto.size)
    digest = hashlib.sha256()
    for line in lines(positions):
        digest.update(line)
    found = Population(filters.asked, upto, len(positions), digest.hexdigest())
    if wanted.population not in (None, found.sha256):
        raise AnotherPopulation(count=found.count, found=found.sha256, given=wanted.population)
    seed = wanted.seed if later is None else later.root
    drawn = [] if seed is None else draw(seed, positions, wanted.draw)
    facts = {one.position: one for one in store.at([one.position for one in drawn])}
    made = Sample(
        population=found,
        seed=seed,
        seed_checkpoint=later,
        how=DRAWING,
        drawn=drawn,
        entries=narrate_entries(store, [facts[one.position] for one in drawn], lang),
        complete=complete_by_facts(store, compared),
        made_at=store.now(),
    )
    return made, positions


def write_sample(out: Path, found: Sample, positions: Sequence[int]) -> None:
    """A new folder, whole or not there: population, sample (rank and position), entries.jsonl, about.json."""
    about = msgspec.structs.asdict(found) | {"entries": len(found.entries), "drawn": len(found.drawn)}
    with _whole_folder(out) as folder:
        (folder / "population").write_bytes(b"".join(lines(positions)))
        (folder / "sample").write_text("".join(f"{one.rank} {one.position}\n" for one in found.drawn))
        (folder / "entries.jsonl").write_bytes(
            b"".join(msgspec.json.encode(one) + b"\n" for one in found.entries)
        )
        (folder / "about.json").write_bytes(msgspec.json.format(msgspec.json.encode(about)) + b"\n")


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    try:
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        try:
            yield new
            new.rename(out)  # refused where there is anything
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    except OSError as error:
        raise ExportPlace(file=out, problem=problem_of(error)) from None


def _matching(store: Store, filters: Filters, upto: int) -> list[int]:
    """Rising."""
    found: list[int] = []
    before = upto + 1
    while page := positions_of(store, filters, before, _A_PAGE, by_index=False):
        found += page
        before = page[-1]
    return found[::-1]


def _checkpoint(place: Place, size: int) -> Sealed:
    """Raises NoCheckpointOf, NotTrusted."""
    note, found = place.note, place.checkpoint
    if size != found.size:
        known = sizes_of(place.source, "checkpoints")
        if size not in known:
            raise NoCheckpointOf(size=size, known=tuple(known[-10:]) or (found.size,))
        name = f"checkpoints/{size}"
        note, found, _ = older_checkpoint(require_file(place.source, name), name, place.policy, found.origin)
    return _describe_checkpoint(place, note, found)


def _describe_checkpoint(place: Place, note: Note, found: Checkpoint) -> Sealed:
    witnesses = tuple(one.name for one in place.policy.witnesses_on(note))
    return Sealed(found.size, base64.b64encode(found.root).decode(), witnesses, str(note))


def _check_sealed(store: Store, sealed: Sequence[Sealed], tick: Tick) -> None:
    """That the store's first facts lead to the root of each, which rise. Raises FactsNotSealed."""
    tree, position = RootOfMany(), 0
    for one in sealed:
        while position < one.size:
            rows = store.rows_after(position, min(_ROWS, one.size - position))
            if not rows:
                raise FactsNotSealed(size=one.size)
            for row in rows:
                tree.add(leaf_hash(leaf_of(row)))
            position += len(rows)
            tick(len(rows))
        if base64.b64encode(tree.root()).decode() != one.root:
            raise FactsNotSealed(size=one.size)
