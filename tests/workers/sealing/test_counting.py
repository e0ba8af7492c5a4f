"""Counting the streams at each seal: every checkpoint ends with a count that is right, whatever happened before."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from domain.trail.commands import RecordMap
from tests.workers.sealing.test_sealer import engine, kinds, published, register
from trail import pack_paths
from trail.pack_asked import Asked
from trail.packing import place_of, whole_of
from trail.sources import Folder
from trail.stream_count_facts import MAPPED, read_commitment
from trail.streams import Streams
from trail.streams_kept import BITS
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail
from workers.sealing import stream_counts
from workers.sealing.sealer import seal
from workers.sealing.stream_counts import Counting
from workers.servers.errors import FolderNotUsable
from workflows.command_envelope import CommandEnvelope

__all__ = ["engine"]
ASKED = Asked(agency="gto")


class InTheWay:
    """A command handler before which somebody else is always a little faster, so many times."""

    def __init__(self, engine: Any, times: int) -> None:
        self._engine, self._handler, self._times = engine, engine.handler, times

    def handle(self, envelope: CommandEnvelope) -> Any:
        if isinstance(envelope.command, RecordMap) and self._times:
            self._times -= 1
            self._engine.handler = self._handler
            register(self._engine, f"agency-{self._times}")
            self._engine.handler = self
        return self._handler.handle(envelope)


def wrong(engine: Any) -> list[str]:
    """What does not hold in the trail's folder; every count that stands in the log is counted again for it."""
    verdict = Verdict()
    folder = engine.data / "trail"
    verify_trail(Folder(folder), Own(policy=(folder / "policy").read_text()), verdict, lambda _: None)
    return [f"{one.where}: {one.said.en}" for one in verdict.failures]


def ends_with_a_count(engine: Any) -> bool:
    size = published(engine).size
    (last,) = engine.store.rows_after(size - 1, 1)
    return last[3] == MAPPED and read_commitment(published(engine).origin, size, last[6], "") is not None


def paths(engine: Any) -> Any:
    return whole_of(place_of(Folder(engine.data / "trail")), ASKED)


def test_every_checkpoint_ends_with_the_count_of_its_streams(engine: Any) -> None:
    for agency in ("gmcc", "gtc", "gjcf"):
        seal(engine)
        assert ends_with_a_count(engine)
        assert wrong(engine) == []
        register(engine, agency)
    assert kinds(engine).count(MAPPED) == 3


@pytest.mark.parametrize("lost", ["streams", "streams/top", "streams/damaged", "maps/damaged", "tile"])
def test_what_is_lost_or_damaged_is_counted_anew(engine: Any, lost: str) -> None:
    seal(engine)
    register(engine, "gmcc")
    seal(engine)
    before = paths(engine)
    place = engine.data / "trail" / lost
    if place.name == "damaged":
        for file in place.parent.iterdir():
            if file.name != "top":
                file.write_bytes(b"{}\n")
        if "maps" in lost:
            shutil.rmtree(engine.data / "trail" / "tile")
    elif place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()
    if lost.startswith("streams"):
        assert paths(engine) == before, "from the leaves where the count is not there"
    register(engine, "gtc")
    seal(engine)
    assert ends_with_a_count(engine)
    assert wrong(engine) == []


def test_the_count_of_another_log_is_not_gone_on_from(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(engine)
    top = engine.data / "trail" / "streams" / "top"
    kept = top.read_bytes()
    register(engine, "gmcc")
    seal(engine)
    shutil.rmtree(engine.data / "trail" / "streams")
    others = Streams(BITS)
    others.add("agency/other", b"o" * 32)
    Counting(others, 2, b"l" * 32).keep(engine.data / "trail")
    assert top.read_bytes() != kept
    register(engine, "gtc")
    seal(engine)
    assert wrong(engine) == []
    # the control: it is the last leaf that tells
    Counting(others, 2, b"l" * 32).keep(engine.data / "trail")
    monkeypatch.setattr(stream_counts, "_load_counting", lambda *_: Counting(others, 2, b"l" * 32))
    register(engine, "gjcf")
    seal(engine)
    assert "of the streams is not what the facts before it make" in "".join(wrong(engine))


def test_a_crash_before_signing_puts_down_no_second_count(engine: Any) -> None:
    in_the_way = engine.data / "trail" / "signed.new"
    in_the_way.mkdir()
    for _ in range(3):
        with pytest.raises(FolderNotUsable):
            seal(engine)
    in_the_way.rmdir()
    seal(engine)
    assert kinds(engine) == ["trail.key_added", "agency.registered", MAPPED, "trail.sealed"]
    assert wrong(engine) == []


def test_where_somebody_writes_in_between_it_is_counted_again(engine: Any) -> None:
    engine.handler = InTheWay(engine, 2)
    seal(engine)
    assert kinds(engine).count(MAPPED) == 3
    assert ends_with_a_count(engine)
    assert wrong(engine) == []


def test_where_others_always_write_it_is_sealed_all_the_same(engine: Any) -> None:
    handler, engine.handler = engine.handler, InTheWay(engine, 99)
    seal(engine)
    assert kinds(engine).count(MAPPED) == 3
    assert not ends_with_a_count(engine)
    assert paths(engine) is None
    assert wrong(engine) == []
    engine.handler = handler
    register(engine, "gtc")
    seal(engine)
    assert ends_with_a_count(engine)


def test_a_path_is_read_from_what_the_sealer_kept(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: object) -> Streams:
        raise AssertionError

    for number in range(40):
        register(engine, f"agency-{number}")
    seal(engine)
    before = paths(engine)
    with monkeypatch.context() as patched:
        patched.setattr(pack_paths, "count_streams", never)
        assert paths(engine) == before
        shutil.rmtree(Path(engine.data, "trail", "streams"))
        with pytest.raises(AssertionError):
            paths(engine)
    assert paths(engine) == before
