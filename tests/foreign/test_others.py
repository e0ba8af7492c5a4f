"""Packs and trails are checked by programs that nobody here wrote, and what was changed is refused by them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.foreign.tools import go_verifier, needed, sigstore_verifier
from tests.sealed_trails import Authority, stamped
from tests.trail.mapped_trails import STREAM, TASK, Sealed, rows_of, streams_of, with_map
from tests.trail.packs_by_hand import Made, copied, summed_anew, unpacked
from trail.pack_asked import Asked
from trail.pack_paths import path_file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    needed("openssl", "bash")
    folder = tmp_path_factory.mktemp("made")
    made = Made(folder)
    stamped(made.trail, Authority(folder / "authority"))
    made.write()
    return made


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    """The pack, unpacked, to be changed."""
    return unpacked(made.pack, tmp_path / "pack")


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return go_verifier(tmp_path_factory.mktemp("go"))


def run(*words: object) -> tuple[int, str]:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_go_checks_a_pack_with_sumdb(go: Path, folder: Path) -> None:
    assert run(go, folder, 2) == (0, "OK 4 events 2 older checkpoints\n")
    code, said = run(go, folder, 3)
    assert (code, "checkpoint 2 witnesses of 3" in said) == (1, True)
    flip(folder / "leaves" / "17.json")
    code, said = run(go, folder, 2)
    assert (code, "17" in said) == (1, True)


@pytest.mark.parametrize("name", ["checkpoint", "consistency/20", "proofs/3.tlog-proof"])
def test_go_refuses_a_pack_that_was_changed(go: Path, folder: Path, name: str) -> None:
    flip(folder / name)
    assert run(go, folder, 2)[0] == 1


def test_go_checks_a_whole_trail_with_sumdb(go: Path, made: Made, tmp_path: Path) -> None:
    trail = copied(made.trail.folder, tmp_path / "trail")
    assert run(go, trail, 2) == (0, "OK 300 leaves\n")
    bundle = trail / "tile" / "entries" / "001.p" / "44"
    bundle.write_bytes(bundle.read_bytes().replace(b"task.approved", b"task.rejected", 1))
    code, said = run(go, trail, 2)
    assert (code, "event 257 it is not the leaf that was sealed" in said) == (1, True)


def test_go_refuses_a_tile_that_was_changed(go: Path, made: Made, tmp_path: Path) -> None:
    trail = copied(made.trail.folder, tmp_path / "trail")
    flip(trail / "tile" / "0" / "000")
    assert run(go, trail, 2)[0] == 1


def test_sigstore_checks_checkpoint_and_inclusion(folder: Path) -> None:
    verifier = sigstore_verifier()
    assert run(*verifier, folder) == (0, "OK 4 events\n")
    for name, problem in (("leaves/17.json", "does not match"), ("keys/log-1.pem", "")):
        before = (folder / name).read_bytes()
        flip(folder / name)
        code, said = run(*verifier, folder)
        assert code == 1
        assert problem in said
        (folder / name).write_bytes(before)


def test_sigstore_refuses_a_checkpoint_of_another_key(folder: Path) -> None:
    verifier = sigstore_verifier()
    text = (folder / "proofs" / "17.tlog-proof").read_text()
    (folder / "proofs" / "17.tlog-proof").write_text(text.replace("\n300\n", "\n301\n"))
    code, said = run(*verifier, folder)
    assert (code, "invalid checkpoint signature" in said) == (1, True)


def test_openssl_checks_the_timestamps(folder: Path) -> None:
    note, token, trusted = (
        folder / name for name in ("timestamps/300.note", "timestamps/300.tsr", "tsa.pem")
    )
    words = ("openssl", "ts", "-verify", "-data", note, "-in", token, "-token_in", "-CAfile", trusted)
    code, said = run(*words)
    assert (code, "Verification: OK" in said) == (0, True)
    flip(note)
    assert run(*words)[0] == 1


def test_go_sees_that_a_pack_holds_all_of_a_task(go: Path, tmp_path: Path) -> None:
    names = [STREAM, "task/2024-01", STREAM, "agency/gto", STREAM, *map("task/2023-{:02}".format, range(300))]
    sealed = Sealed(tmp_path, with_map(rows_of(names)))
    pack = sealed.write(Asked(task=TASK))
    folder = unpacked(pack, tmp_path / "pack")
    assert run(go, folder, 2) == (0, f"OK {STREAM} all 3\nOK 4 events 1 older checkpoints\n")
    absent = unpacked(sealed.write(Asked(agency="nobody")), tmp_path / "absent")
    assert run(go, absent, 2)[1].startswith("OK agency/nobody all 0\n")
    path = folder / path_file(STREAM)
    before = path.read_bytes()
    for damage in (before.replace(b'"n":3', b'"n":2'), before[:-46] + b"\n", b"-\n", b""):
        path.write_bytes(damage)
        code, said = run(go, summed_anew(folder), 2)
        assert (code, said.startswith(f"NOT OK {STREAM}")) == (1, True), said
    path.unlink()
    assert run(go, summed_anew(folder), 2) == (1, f"NOT OK {STREAM} {path_file(STREAM)} is not there\n")
    path.write_bytes(before)
    for name in ("events/5.json", "leaves/5.json", "proofs/5.tlog-proof"):
        (folder / name).unlink()
    assert run(go, summed_anew(folder), 2) == (1, f"NOT OK {STREAM} 2 are here, and the log has 3\n")


def test_go_says_where_nothing_shows_that_a_pack_holds_all(go: Path, tmp_path: Path) -> None:
    """The control: where the log counts no streams the last event is not missed."""
    old = Sealed(tmp_path, rows_of([STREAM, "task/2024-01", STREAM, STREAM, "agency/gto"]))
    folder = unpacked(old.write(Asked(task=TASK), without=[4]), tmp_path / "pack")
    code, said = run(go, folder, 2)
    assert (code, said.splitlines()[0]) == (0, f"note {STREAM} whether there are later ones is not proved")


def test_go_counts_the_streams_of_a_whole_trail_again(go: Path, tmp_path: Path) -> None:
    rows = rows_of(
        [STREAM, "task/2024-01", STREAM, "한글", STREAM, *map("task/2023-{:02}".format, range(300))]
    )
    honest, fewer = with_map(rows), with_map(rows, streams_of([one for one in rows if one[0] != 5]))
    sealed = Sealed(tmp_path / "honest", honest)
    assert run(go, sealed.trail.folder, 2) == (0, "OK 306 leaves\n")
    (sealed.trail.folder / "maps" / "306.json").unlink()
    assert run(go, sealed.trail.folder, 2)[0] == 1
    code, said = run(go, Sealed(tmp_path / "fewer", fewer).trail.folder, 2)
    assert (code, "what it says of the streams is not what the facts before it make" in said) == (1, True)
    one = Sealed(tmp_path / "streams", with_map(rows, streams=304))
    assert run(go, one.trail.folder, 2)[0] == 1
    others = Sealed(tmp_path / "others", with_map(rows, streams=304, origin="donghaeng/other"))
    assert run(go, others.trail.folder, 2) == (0, "OK 306 leaves\n")
