"""The trail: its tiles built and verified, by us and by Go's sumdb, and one proof."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Bilingual
from scripts.benchmarks import data, history
from scripts.benchmarks.measuring import PeerNotHere, Sides, time_work
from scripts.benchmarks.place import Place
from scripts.benchmarks.sealed import copy_sealed
from store.log import Store
from trail.checkpoint import Checkpoint
from trail.growing import grow, tiles_in
from trail.leaf import leaf_of
from trail.note import COSIGNATURE, Note, SignerKey, new_key
from trail.pack_asked import Asked
from trail.pack_paths import encode_path
from trail.packing import place_of, whole_of
from trail.sources import Folder
from trail.stored import POSITION
from trail.tiles import Tiles
from trail.tree import inclusion_proof
from workers.trail_folder import trail_folder

_TOP = Path(__file__).parents[2]
_CHUNK = 5000
_PROOFS = 200
_TASKS, _MOST_BYTES = 50, 4096
_GO_PATH = Path("/usr/share/gocode")  # where Debian puts what Go programs are built with
_INSTALL = Bilingual("`scripts/foreign-verifiers`를 실행하십시오.", "Run `scripts/foreign-verifiers`.")


def go_is_here() -> None:
    """Raises PeerNotHere where Go, or the library that its verifier is built with, is not on this machine."""
    if shutil.which("go") is None:
        raise _no_go("Go")
    if not (_GO_PATH / "src" / "golang.org" / "x" / "mod" / "sumdb" / "note").is_dir():
        raise _no_go("golang.org/x/mod")


def _no_go(tool: str) -> PeerNotHere:
    return PeerNotHere(tool=tool, row="trail-verify-go", todo=_INSTALL)


def tiles(place: Place, size: int) -> Sides:
    """Tiles built out of the store's facts, from the first one."""
    store = _fill(place, size)
    folder = place.file("trail").with_name("tiles")

    def by_project(number: int) -> float:
        shutil.rmtree(folder, ignore_errors=True)
        return time_work(lambda: grow(folder, 0, _leaves(store)))

    return {"project": by_project}


def verify_by_go(place: Place, size: int) -> Sides:
    """The same leaves and tiles by Go's sumdb/note and sumdb/tlog, glue in tests/foreign/go."""
    folder = _seal(place, _fill(place, size))
    built = _go(folder.parent)

    def work() -> int:
        subprocess.run([built, folder, "2"], check=True, capture_output=True)
        return size

    return {"project": lambda number: time_work(work)}


def proof(place: Place, size: int) -> Sides:
    """One event's proof out of the tiles on disk, none of them read before."""
    folder = _seal(place, _fill(place, size))

    def by_project(number: int) -> float:
        began = time.perf_counter()
        for at in range(_PROOFS):
            inclusion_proof(at * size // _PROOFS, size, Tiles(Folder(folder).read, size).subtree)
        return (time.perf_counter() - began) / _PROOFS * 1000

    return {"project": by_project}


def whole(place: Place, size: int) -> Sides:
    """A task's proof that a pack holds all of it, as `trail pack` makes it (`whole_of`), of fifty tasks; none is over 4 kB."""
    engine = copy_sealed(place, size)
    tasks = [f"2024-{number:04}" for number in range(1, min(_TASKS, size // history.PER_TASK) + 1)]

    def by_project(number: int) -> float:
        longest = 0.0
        for task in tasks:
            began = time.perf_counter()
            found = whole_of(place_of(Folder(trail_folder(engine.data))), Asked(task=task))
            longest = max(longest, time.perf_counter() - began)
            assert found, "the checkpoint ends with a count"
            assert all(len(encode_path(path)) <= _MOST_BYTES for path in found.values())
        return 1000 * longest

    return {"project": by_project}


def _fill(place: Place, size: int) -> Store:
    store = place.store()
    store.import_facts(data.lines(size, 40))
    return store


def _leaves(store: Store) -> Iterator[bytes]:
    position = 0
    while rows := store.rows_after(position, _CHUNK):
        yield from map(leaf_of, rows)
        position = rows[-1][POSITION]


def _seal(place: Place, store: Store) -> Path:
    """A trail over all of the store's facts, cosigned by two of two."""
    folder = place.file("trail").with_name(f"sealed-{store.id}")
    folder.mkdir()
    size = grow(folder, 0, _leaves(store))
    log = new_key(f"donghaeng/{store.id}")
    witnesses = [new_key(f"witness.example/{number}", COSIGNATURE) for number in range(2)]
    (folder / "policy").write_text(_policy(log, witnesses))
    text = Checkpoint(log.name, size, tiles_in(folder, size).root()).text
    now = int(store.head().recorded_at.timestamp())
    note = Note(text, (log.sign(text), *(key.sign(text, now) for key in witnesses)))
    (folder / "checkpoint").write_text(str(note))
    return folder


def _policy(log: SignerKey, witnesses: list[SignerKey]) -> str:
    lines = [f"witness w{number} {key.verifier}\n" for number, key in enumerate(witnesses)]
    return f"log {log.verifier}\n{''.join(lines)}group both all w0 w1\nquorum both\n"


def _go(folder: Path) -> Path:
    built = folder / "go-verifier"
    environment = {
        "GO111MODULE": "off",
        "GOPATH": str(_GO_PATH),
        "GOCACHE": str(folder / "go-cache"),
    }
    try:
        subprocess.run(
            [shutil.which("go") or "go", "build", "-o", built, "."],
            cwd=_TOP / "tests" / "foreign" / "go",
            env=os.environ | environment,
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise _no_go(f"Go that builds the verifier ({type(error).__name__})") from None
    return built
