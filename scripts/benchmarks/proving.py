"""The trail: its tiles built and verified, by us and by Go's sumdb, and one proof."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Worded
from projections.runner import project
from projections.trail.checkpoint import Checkpoint
from projections.trail.entries import TRAIL_ENTRIES
from projections.trail.growing import grow, tiles_in
from projections.trail.leaf import leaf_of
from projections.trail.note import COSIGNATURE, Note, SignerKey, new_key
from projections.trail.sources import Folder
from projections.trail.tiles import Tiles
from projections.trail.tree import inclusion_proof
from projections.trail.verdict import Verdict
from projections.trail.verifying import Own, verify_trail
from scripts.benchmarks import data
from scripts.benchmarks.measuring import PeerNotHere, Sides, timed
from scripts.benchmarks.place import Place
from store.log import Store
from workflows.trail_completeness import verify_entries
from workflows.trail_verifying import verify_store

_TOP = Path(__file__).parents[2]
_CHUNK = 5000
_PROOFS = 200
_GO_PATH = Path("/usr/share/gocode")  # where Debian puts what Go programs are built with
_INSTALL = Worded("`scripts/foreign-verifiers`를 실행하십시오.", "Run `scripts/foreign-verifiers`.")


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
    store = _filled(place, size)
    folder = place.file("trail").with_name("tiles")

    def by_project(number: int) -> float:
        shutil.rmtree(folder, ignore_errors=True)
        return timed(lambda: grow(folder, 0, _leaves(store)))

    return {"project": by_project}


def verify(place: Place, size: int) -> Sides:
    """All leaves, tiles and checkpoints verified, the store compared with them, and the entries with the store (`trail verify --store`)."""
    store = _filled(place, size)
    project(store, TRAIL_ENTRIES)
    folder = _sealed(place, store)

    def work() -> int:
        verdict = Verdict()
        trail = verify_trail(Folder(folder), Own(), verdict, lambda _: None)
        verify_store(store, trail, verdict, lambda _: None)
        verify_entries(store, None, verdict, lambda _: None)
        assert verdict.good, verdict.told("en")
        return trail.checkpoint.size

    return {"project": lambda number: timed(work)}


def verify_by_go(place: Place, size: int) -> Sides:
    """The same leaves and tiles by Go's sumdb/note and sumdb/tlog, glue in tests/foreign/go."""
    folder = _sealed(place, _filled(place, size))
    built = _go(folder.parent)

    def work() -> int:
        subprocess.run([built, folder, "2"], check=True, capture_output=True)
        return size

    return {"project": lambda number: timed(work)}


def proof(place: Place, size: int) -> Sides:
    """One event's proof out of the tiles on disk, none of them read before."""
    folder = _sealed(place, _filled(place, size))

    def by_project(number: int) -> float:
        began = time.perf_counter()
        for at in range(_PROOFS):
            inclusion_proof(at * size // _PROOFS, size, Tiles(Folder(folder).read, size).subtree)
        return (time.perf_counter() - began) / _PROOFS * 1000

    return {"project": by_project}


def _filled(place: Place, size: int) -> Store:
    store = place.store()
    store.import_facts(data.lines(size, 40))
    return store


def _leaves(store: Store) -> Iterator[bytes]:
    position = 0
    while rows := store.rows_after(position, _CHUNK):
        yield from map(leaf_of, rows)
        position = rows[-1][0]


def _sealed(place: Place, store: Store) -> Path:
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
