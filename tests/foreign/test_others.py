"""Packs and trails are checked by programs that nobody here wrote, and what was changed is refused by them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.foreign.tools import go_verifier, needed, sigstore_verifier
from tests.projections.trail.packs_of_the_tests import Made, copied, unpacked
from tests.sealed_trails import Authority, stamped


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
