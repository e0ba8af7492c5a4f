"""A whole trail in a folder or on a file server: what holds is said, and what was changed is named."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.sealed_trails import SealedTrail
from tests.trail.packs_by_hand import START, Made, copied, row, seconds
from trail.checkpoint import Checkpoint
from trail.leaf import leaf_of
from trail.note import new_key
from trail.sources import CannotBeRead, Server, open_source
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    """A copy of the trail, to be changed."""
    return copied(made.trail.folder, tmp_path / "trail")


def verdict_of(where: object, own: Own | None = None) -> Verdict:
    verdict = Verdict()
    with verdict.checking(str(where)), open_source(str(where)) as source:
        verify_trail(source, own or Own(), verdict, lambda _: None)
    return verdict


def refused(where: object, at: str, problem: str, own: Own | None = None) -> None:
    verdict = verdict_of(where, own)
    assert not verdict.good
    failures = [(item.where, item.said.en) for item in verdict.failures]
    assert any(at in where and problem in said for where, said in failures), failures


@pytest.fixture
def server(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_trail_that_nobody_touched_is_ok_in_a_folder_and_on_a_server(
    folder: Path, server: str, made: Made
) -> None:
    for where in (folder, server, f"{server}/"):
        verdict = verdict_of(where, Own(policy=made.trail.policy()))
        assert verdict.good, [item.as_document("en") for item in verdict.items]
    assert any("2 older checkpoints" in item.said.en for item in verdict_of(folder).items)


def test_on_a_server_what_was_changed_or_is_missing_is_named(folder: Path, server: str) -> None:
    bundle = folder / "tile" / "entries" / "000"
    content = bundle.read_bytes()
    bundle.write_bytes(content.replace(b"task.approved", b"task.rejected", 1))
    refused(server, "tile/entries/000", "the leaf of event 1 is not the one that was sealed")
    bundle.unlink()
    refused(server, "tile/entries/000", "no such file")
    refused("http://127.0.0.1:9/trail", "policy", "cannot be fetched")


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends a byte now and then, and never ends."""
    over = threading.Event()

    class Drips(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not over.wait(0.05):
                    self.wfile.write(b"x")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Drips) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        over.set()
        server.shutdown()


def test_who_drips_keeps_nobody_waiting(dripping: str) -> None:
    began = time.monotonic()
    with pytest.raises(CannotBeRead, match="did not come within 1 s"):
        Server(dripping, seconds=1).read("checkpoint")
    assert time.monotonic() - began < 10


def test_a_flipped_byte_in_any_tile_or_in_the_checkpoint_is_found(folder: Path) -> None:
    for file in (
        folder / "checkpoint",
        *sorted(one for one in (folder / "tile").rglob("*") if one.is_file()),
    ):
        content = file.read_bytes()
        for place in {0, len(content) // 3, len(content) - 1}:
            file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            refused(folder, file.name if file.name == "checkpoint" else "tile", "")
        file.write_bytes(content)


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_a_missing_tile_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused(folder, name, "no such file")


def test_an_older_checkpoint_that_the_log_does_not_begin_with_is_named(folder: Path, made: Made) -> None:
    text = Checkpoint(made.trail.log.name, 20, b"\x01" * 32).text
    (folder / "checkpoints" / "20").write_text(str(made.trail.cosigned(text)))
    refused(folder, "checkpoints/20", "the log was rewritten after it")


def test_a_log_that_was_rewritten_and_signed_again_is_found_by_a_kept_checkpoint_alone(
    made: Made, tmp_path: Path
) -> None:
    """The control: without one that was kept it passes, where the policy asks for no witnesses."""
    kept = (made.trail.folder / "checkpoint").read_bytes()
    again = SealedTrail(tmp_path / "again", made.trail.log.name, quorum=0)
    again.log = made.trail.log
    (again.folder / "policy").write_text(again.policy(quorum=0))
    again.grow(map(leaf_of, [*made.rows[:99], row(100, fact={"grade": "S"}), *made.rows[100:]]))
    again.publish(again.note([], at=seconds(START)))
    assert verdict_of(again.folder).good
    refused(again.folder, "--since", "the log was rewritten after it", Own(since=kept))
    refused(again.folder, "checkpoint", "quorum of witnesses", Own(policy=made.trail.policy()))


def test_a_log_that_was_cut_off_is_found_by_a_kept_checkpoint(made: Made, tmp_path: Path) -> None:
    kept = (made.trail.folder / "checkpoint").read_bytes()
    short = SealedTrail(tmp_path / "short", made.trail.log.name)
    short.log, short.witnesses = made.trail.log, made.trail.witnesses
    (short.folder / "policy").write_text(short.policy())
    short.grow(map(leaf_of, made.rows[:200]))
    short.publish(short.note(at=seconds(START) + 301))
    assert verdict_of(short.folder).good
    refused(short.folder, "--since", "it was cut off or rolled back", Own(since=kept))


@pytest.mark.parametrize(
    ("position", "by", "at", "problem"),
    [
        (100, -timedelta(days=1), "tile/entries", "event 100 was recorded before the one before it"),
        (300, timedelta(days=1), "checkpoint", "event 300 says it was recorded at"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    tmp_path: Path, position: int, by: timedelta, at: str, problem: str
) -> None:
    made = Made(
        tmp_path / "made",
        lambda one: row(one, at=START + timedelta(seconds=one) + (by if one == position else timedelta())),
    )
    refused(made.trail.folder, at, problem)


def test_a_trail_without_policy_or_of_nothing_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "policy").unlink()
    refused(folder, "policy", "no such file")
    empty = SealedTrail(tmp_path / "empty", "donghaeng/test")
    empty.publish(empty.note())
    refused(empty.folder, "checkpoint", "of an empty log")
    refused(tmp_path / "nothing", str(tmp_path / "nothing"), "there is no such file")


def test_a_policy_without_the_log_is_refused(folder: Path) -> None:
    refused(folder, str(folder), "there is no log line", Own(policy="quorum none\n"))
    stranger = f"log {new_key('donghaeng/test').verifier}\nquorum none\n"
    refused(folder, "checkpoint", "none of the trusted keys signed it", Own(policy=stranger))
