"""An exported history taken into an empty store, with equal positions and bytes, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from domain.definition.facts import Adopted, Drafted
from domain.definition.hashing import check_hash
from domain.epoch.facts import EpochBegun
from domain.errors import Bilingual
from domain.streams import identity_of
from projections.exports.errors import ExportDamaged, NotAnExport, NotLines, OtherClock, StoreNotEmpty
from projections.exports.manifest import File, Manifest, check_fact_files, check_row_files, read_manifest
from store.errors import NotImportable
from store.log import Store
from trail.files import problem_of
from trail.leaf import leaf_of
from trail.stored import KIND, STREAM, StoredFact
from trail.tree import RootOfMany, leaf_hash

Progress = Callable[[int, int], object]
_LONGEST = 64 * 1024 * 1024  # bytes of a line
_CHUNK = 1000
SUFFIX = ".jsonl"


class TakenIn(msgspec.Struct, frozen=True):
    """`origin`: the store whose history it is, None where a file alone does not say; `root`: over the leaves, hex."""

    facts: int
    origin: str | None
    root: str


def take_in(
    store: Store,
    path: Path,
    progress: Progress = lambda done, of: None,
    before_commit: Callable[[int], object] = lambda epoch: None,
) -> TakenIn:
    """Take a history into an empty store: a folder that `export` made, or a file of its lines alone.

    Of a folder every file's sum (the views' too, although nothing is taken from them) and the root over all leaves are
    compared with the manifest before anything counts; of a file alone only that its lines make a log from position 1 on. `progress`: facts taken, of how many (0: unknown).
    `before_commit(epoch)`: all is well, and the history is in this epoch.
    Raises StoreNotEmpty, OtherClock, NotAnExport, ExportOfOtherVersion, NotLines, ExportDamaged, ContentNotAsHashed, NotImportable; then
    nothing was written.
    """
    manifest = read_manifest(path) if path.is_dir() else None
    if manifest is not None and manifest.format != "jsonl":
        raise NotLines(path=path, format=manifest.format)
    position = store.head().position
    if position:
        origin = Bilingual("다른 곳", "elsewhere") if manifest is None else manifest.store
        raise StoreNotEmpty(store=store.id, position=position, origin=origin)
    if manifest is not None and manifest.simulated != store.simulated:
        raise OtherClock(origin=_clock(manifest.simulated), store=_clock(store.simulated))
    reading = _Reading(store, path, manifest, progress)

    def lines() -> Iterator[bytes]:
        yield from reading.lines()
        before_commit(reading.epoch)

    try:
        count = store.import_facts(lines(), reading.take)
    except NotImportable:
        if manifest is not None:
            _check_sums(path, manifest)  # then that is what is wrong
        raise
    return TakenIn(count, None if manifest is None else manifest.store, reading.root.root().hex())


def _check_sums(folder: Path, manifest: Manifest) -> None:
    for file, path in check_fact_files(folder, manifest):
        for _ in _lines(path, file):
            pass


def _clock(simulated: bool) -> Bilingual:
    return Bilingual("모의", "simulated") if simulated else Bilingual("실제", "real")


class _Reading:
    """Lines on their way in, summed as they pass; what does not add up raises before the last one counts."""

    def __init__(self, store: Store, path: Path, manifest: Manifest | None, progress: Progress) -> None:
        self._store, self._path, self._manifest, self._progress = store, path, manifest, progress
        self._taken, self.epoch = 0, 1
        self.root = RootOfMany()

    def take(self, row: StoredFact) -> None:
        """A line was read as this row."""
        self.root.add(leaf_hash(leaf_of(row)))
        if row[KIND] == EpochBegun.kind:
            self.epoch = self._store.decode(row).fact.number
        if row[KIND] in (Adopted.kind, Drafted.kind):
            fact = self._store.decode(row).fact
            check_hash(f"{identity_of(row[STREAM])}/{fact.version}", fact)
        self._taken += 1
        if self._taken % _CHUNK == 0:
            self._progress(self._taken, 0 if self._manifest is None else self._manifest.last)

    def lines(self) -> Iterator[bytes]:
        if self._manifest is None:
            yield from _lines(self._path, None)
            if not self._taken:
                raise NotAnExport(path=self._path, problem=Bilingual("줄이 없습니다", "it has no line"))
            return
        for file, path in check_fact_files(self._path, self._manifest):
            yield from _lines(path, file)
        if self.root.root().hex() != self._manifest.root:
            problem = Bilingual("기록 전체의 해시(root)가 다릅니다", "the facts have another root")
            raise ExportDamaged(path=self._path, problem=problem)
        for file, path in check_row_files(self._path, self._manifest):
            for _ in _lines(path, file):
                pass


def _lines(path: Path, said: File | None) -> Iterator[bytes]:
    """A file's lines; then, where it is said what it holds, whether it was that."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while line := file.readline(_LONGEST):
                digest.update(line)
                size += len(line)
                yield line
    except OSError as error:
        raise NotAnExport(path=path, problem=problem_of(error)) from None
    if said is None:
        return
    if size != said.bytes:
        problem = Bilingual(
            f"{said.bytes}바이트여야 하는데 {size}바이트입니다", f"{size} byte(s) instead of {said.bytes}"
        )
        raise ExportDamaged(path=path, problem=problem)
    if digest.hexdigest() != said.sha256:
        raise ExportDamaged(path=path, problem=Bilingual("SHA-256이 다릅니다", "another SHA-256"))
