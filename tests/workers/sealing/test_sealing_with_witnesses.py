"""The sealer with real witnesses and a real timestamp authority: who is away, who disagrees, who is killed, who is twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from structlog.testing import capture_logs

from domain.errors import DonghaengError
from domain.seoul import local_day
from store.log import Store
from tests.conftest import top
from tests.workers.killable_valkey import own_valkey
from tests.workers.sealing.killed_sealer import PLACES
from tests.workers.sealing.timestamp_authority import Authority as Tsa
from tests.workers.sealing.timestamp_authority import authority
from tests.workers.sealing.witnessed_trails import (
    Desk,
    desks,
    engine_with,
    facts_of,
    giving,
    published,
    put_in_force,
    register,
)
from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.growing import tiles_in
from trail.leaf import leaf_of
from trail.note import parse_note
from trail.proof_state import ProofState, proof_state
from trail.sources import Folder
from trail.timestamps import verify
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail
from trail.witness.evidence import load_evidence
from trail.witness.state import remember
from workers.bootstrap import open_engine
from workers.doctor.trail import trail
from workers.sealing import sealer, stamping
from workers.sealing.errors import SealingNow
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import NoDisagreement, acknowledge, begin
from workers.sealing.keys import read_keys, sign_note
from workers.sealing.sealer import seal
from workers.sealing.stamping import Authority, LatestStamp, load_latest, stamp_daily, try_stamping
from workers.sealing.standing import status_of_trail
from workers.servers import Addresses
from workers.tasks import serve
from workers.ticker import run_ticker
from workers.working import run_worker
from workflows.trail.verifying import verify_store


@pytest.fixture
def at(tmp_path: Path) -> Iterator[list[Desk]]:
    with desks(tmp_path / "witnesses") as made:
        yield made


@pytest.fixture
def engine(store: Store, tmp_path: Path, at: list[Desk]) -> Any:
    """A store with a trail, whose policy needs two of three witnesses, and an agency to be sealed."""
    built = engine_with(store, tmp_path / "data", at)
    register(built, "gto")
    return built


def wrong(engine: Any) -> list[tuple[str, str]]:
    """What doctor finds wrong with the trail."""
    return [(one.check, one.seen.en) for one in trail(engine) if one.state != "ok"]


def proved(engine: Any, position: int) -> ProofState:
    return proof_state(engine.data / "trail", engine.store.rows_after(position - 1, 1)[0])


def events(lines: Any, level: str) -> list[str]:
    return [line["event"] for line in lines if line["log_level"] == level]


def test_with_a_witness_away_it_goes_on_and_says_so(engine: Any, at: list[Desk]) -> None:
    at[2].away = True
    with capture_logs() as lines:
        found = seal(engine)
    assert (found.state, found.quorum, found.witnesses) == ("sealed", True, ("a", "b"))
    assert [(one.witness, one.problem) for one in found.missing] == [("c", "away")]
    assert "witness_missing" in events(lines, "warning")
    assert events(lines, "error") == []
    assert status_of_trail(engine).quorum is True
    assert wrong(engine) == []


def test_short_of_the_quorum_is_told_everywhere_and_made_good_when_a_witness_is_back(
    engine: Any, at: list[Desk]
) -> None:
    at[1].away = at[2].away = True
    with capture_logs() as lines:
        found = seal(engine)
    assert (found.state, found.quorum, published(engine).size) == ("sealed", False, found.size)
    assert events(lines, "error") == ["trail_short_of_quorum"]
    (fact,) = facts_of(engine, "trail.sealed")
    assert (fact.quorum, fact.witnesses) == (False, ("a",))
    status = status_of_trail(engine)
    assert (status.quorum, status.witnesses, status.needed) == (False, ("a",), 2)
    assert wrong(engine) == [("trail", "only 1 witness cosigned, 2 are needed")]
    assert proved(engine, 1) == ProofState("sealed", found.size, quorum=False)
    assert seal(engine).quorum is False

    at[1].away = False
    again = seal(engine)
    assert (again.state, again.quorum, again.witnesses) == ("quiet", True, ("a", "b"))
    assert wrong(engine) == []
    assert status_of_trail(engine).quorum is True
    kept = (engine.data / "trail" / "checkpoints" / str(found.size)).read_bytes()
    assert kept == (engine.data / "trail" / "checkpoint").read_bytes()
    assert proved(engine, 1) == ProofState("sealed", found.size, quorum=True)
    assert proved(engine, found.size + 1).state == "unsealed"
    late = facts_of(engine, "trail.sealed")[-1]
    assert (late.quorum, late.witnesses, late.note) == (True, ("a", "b"), kept.decode())
    assert seal(engine).state == "quiet"
    assert len(facts_of(engine, "trail.sealed")) == 2


def test_a_checkpoint_that_the_log_has_not_signed_proves_nothing(engine: Any) -> None:
    size = seal(engine).size
    path = engine.data / "trail" / "checkpoint"
    assert proved(engine, 1).state == "sealed", "the control"
    path.write_bytes(path.read_bytes().replace(f"\n{size}\n".encode(), f"\n{size + 100}\n".encode(), 1))
    assert proved(engine, 1) == ProofState("no_trail")


def test_a_late_cosignature_is_published_and_recorded_once_whatever_breaks_in_between(
    engine: Any, at: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    at[1].away = at[2].away = True
    size = seal(engine).size
    at[1].away = False
    with monkeypatch.context() as patched:
        patched.setattr(TrailFolder, "publish", Mock(side_effect=OSError(28, "no space left")))
        with pytest.raises(DonghaengError):
            seal(engine)
    assert status_of_trail(engine).quorum is False, "the control: what failed is not published"
    assert seal(engine).quorum is True
    assert status_of_trail(engine).quorum is True
    sealed = facts_of(engine, "trail.sealed")
    assert [(one.size, one.witnesses) for one in sealed] == [(size, ("a",)), (size, ("a", "b"))]
    assert seal(engine, own_too=True).size > size
    verdict = Verdict()
    trail = verify_trail(Folder(engine.data / "trail"), Own(), verdict, lambda _: None)
    verify_store(engine.store, trail, verdict, lambda _: None)
    assert verdict.failures == []


def test_where_nothing_is_new_witnesses_say_once_a_day_that_it_is_still_the_latest(
    engine: Any, at: list[Desk]
) -> None:
    def times() -> list[int]:
        note, _ = TrailFolder(engine.data).load_published() or (None, None)
        assert note is not None
        return [one.at if (one := desk.key.verifier.signature_on(note)) else 0 for desk in at]

    size = seal(engine).size
    first = times()
    seal(engine)
    assert times() == first, "the control: not at every run"
    at[2].away = True
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=True):
        assert seal(engine).state == "quiet"
        later = times()
        assert [after - before > 80_000 for before, after in zip(first, later, strict=True)] == [
            True,
            True,
            False,
        ]
        assert seal(engine).quorum is True
        assert times() == later
    assert len(facts_of(engine, "trail.sealed")) == 1
    kept = parse_note((engine.data / "trail" / "checkpoints" / str(size)).read_bytes(), "kept")
    assert [desk.key.verifier.signature_on(kept).at for desk in at] == first  # type: ignore[union-attr]


def saw_another_log(desk: Desk, engine: Any, count: int) -> None:
    """The desk's witness has cosigned so many facts that are not these, under the same key."""
    origin = TrailFolder(engine.data).load_signed().origin
    remember(
        desk.folder, origin, sign_note(Checkpoint(origin, count, bytes(32)).text, read_keys(engine.data))
    )


@pytest.mark.parametrize(("count", "said"), [(900, "the log was rolled back"), (1, "the past was changed")])
def test_a_witness_that_has_seen_another_log_is_told_until_a_person_has_looked(
    engine: Any, at: list[Desk], count: int, said: str
) -> None:
    saw_another_log(at[2], engine, count)
    with capture_logs() as lines:
        assert seal(engine).quorum is True
    assert "witness_disagrees" in events(lines, "error")
    first = status_of_trail(engine).disagreements
    # a run with nothing new asks nobody, one more is told the same, and the witness may hold its peace
    seal(engine)
    register(engine, "gmcc")
    seal(engine)
    at[2].away = True
    register(engine, "gtc")
    seal(engine)
    status = status_of_trail(engine)
    assert (status.disagreements, status.alarm, status.quorum) == (first, None, True)
    ((check, told),) = wrong(engine)
    assert check == "trail witness"
    assert said in told
    assert bool(load_evidence(at[2].folder)) == (count == 1)

    with pytest.raises(NoDisagreement):
        acknowledge(engine.data, "a")
    assert {one.witness for one in acknowledge(engine.data, "c")} == {"c"}
    assert (status_of_trail(engine).disagreements, wrong(engine)) == ((), [])
    at[2].away = False
    register(engine, "gjcf")
    seal(engine)
    assert [one["witness"] for one in status_of_trail(engine).disagreements] == ["c"]


def test_what_witnesses_said_and_cannot_be_read_is_not_taken_for_nothing(engine: Any) -> None:
    seal(engine)
    (engine.data / "trail" / "disagreements").write_text("garbage")
    assert [check for check, _ in wrong(engine)] == ["trail witness"]


def test_the_log_is_timestamped_once_a_day(engine: Any, tsa: Tsa, monkeypatch: pytest.MonkeyPatch) -> None:
    (engine.data / "root.pem").write_bytes(tsa.certificate)
    given, away = (
        Authority(tsa.url, engine.data / "root.pem"),
        Authority("http://127.0.0.1:1", engine.data / "root.pem"),
    )
    assert stamp_daily(engine, given) is None, "nothing is published yet"
    seal(engine)
    with capture_logs() as lines:
        assert try_stamping(engine, away) is None
    assert events(lines, "warning") == ["trail_not_timestamped"]
    first = try_stamping(engine, given)
    assert first is not None
    assert [try_stamping(engine, given) for _ in range(2)] == [None, None]
    (fact,) = facts_of(engine, "trail.timestamped")
    note = (engine.data / "trail" / "checkpoint").read_bytes()
    assert (fact.note.encode(), fact.size, fact.at) == (note, published(engine).size, first.at)
    token = (engine.data / "trail" / "timestamps" / f"{fact.size}.tsr").read_bytes()
    assert verify(token, note, tsa.certificate) == first.at
    assert status_of_trail(engine).timestamped is not None

    with authority(engine.data / "other", "other") as other:
        (engine.data / "other.pem").write_bytes(other.certificate)
        stamp_daily(engine, Authority(other.url, engine.data / "other.pem"), now_too=True)
    trusted = (engine.data / "trail" / "tsa.pem").read_bytes()
    assert verify(token, note, trusted) == first.at, "another authority takes nobody's word back"

    tomorrow = local_day(datetime.now(UTC)) + timedelta(days=1)
    monkeypatch.setattr(stamping, "local_day", lambda _: tomorrow)
    assert try_stamping(engine, given) == LatestStamp(
        tomorrow, fact.size, load_latest(TrailFolder(engine.data)).at
    )  # type: ignore[union-attr]
    assert len(facts_of(engine, "trail.timestamped")) == 3


def test_of_two_sealers_at_once_one_seals_and_the_log_has_one_fact_a_seal(engine: Any) -> None:
    for turn in range(3):
        register(engine, f"a{turn}")
        came: list[str] = []
        together = threading.Barrier(4)

        def one(came: list[str] = came, together: threading.Barrier = together) -> None:
            together.wait()
            try:
                came.append(seal(engine).state)
            except SealingNow:
                came.append("now")

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert came.count("sealed") == 1
        assert set(came) <= {"sealed", "quiet", "now"}
    sizes = [fact.size for fact in facts_of(engine, "trail.sealed")]
    assert len(sizes) == len(set(sizes)) == 3


def test_without_the_lock_two_sealers_are_two(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it is the lock on the folder that lets one seal at a time."""
    inside, most = [0], [0]
    sealed = sealer._seal

    def counted(*words: Any) -> Any:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        try:
            return sealed(*words)
        finally:
            inside[0] -= 1

    monkeypatch.setattr(sealer, "_seal", counted)
    with TrailFolder(engine.data).alone(), pytest.raises(SealingNow):
        seal(engine)
    assert most == [0]
    monkeypatch.setattr("workers.sealing.folder.fcntl.flock", lambda *_: None)
    with TrailFolder(engine.data).alone():
        seal(engine)
    assert most == [1]


def test_a_sealer_killed_anywhere_leaves_a_log_that_goes_on(engine: Any, app_dsn: str) -> None:
    roots = {}
    for number, place in enumerate(PLACES):
        register(engine, f"a{number}")
        killed = subprocess.run(
            [sys.executable, "-m", "tests.workers.sealing.killed_sealer", place],
            cwd=top(),
            env=os.environ | {"DSN": app_dsn, "DATA": str(engine.data), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        before = TrailFolder(engine.data).load_signed()
        if number % 2:  # sometimes more comes before the next run
            register(engine, f"b{number}")
        found = seal(engine)
        assert found.size >= before.size
        assert found.quorum is True
        roots[before.size] = before.root
    assert status_of_trail(engine).disagreements == ()
    assert consistent(engine) >= 5
    tiles = tiles_in(engine.data / "trail", published(engine).size)
    assert all(tiles.subtree(0, size).hex() == root for size, root in roots.items() if size)
    sizes = [fact.size for fact in facts_of(engine, "trail.sealed")]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == published(engine).size


def consistent(engine: Any) -> int:
    """How many checkpoints there are; each is a beginning of the log in the database."""
    trail = engine.data / "trail"
    size = published(engine).size
    tiles = tiles_in(trail, size)
    assert [leaf for _, leaf in tiles.leaves()] == [leaf_of(row) for row in engine.store.rows_after(0, size)]
    kept = [
        parse_checkpoint(parse_note(one.read_bytes(), one.name), one.name)
        for one in (trail / "checkpoints").iterdir()
    ]
    assert all(tiles.subtree(0, one.size) == one.root for one in kept)
    return len(kept)


def test_the_queue_seals_when_the_ticker_wakes_it_and_flushall_loses_nothing(
    servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path, at: list[Desk], tsa: Tsa
) -> None:
    class Once:
        left = 1

        def wait(self, seconds: float) -> bool:
            self.left -= 1
            return self.left < 0

    (tmp_path / "root.pem").write_bytes(tsa.certificate)
    with own_valkey() as valkey:
        addresses = Addresses(owner_dsn=owner_dsn, app_dsn=app_dsn, redis=valkey.address)
        with open_engine(addresses, tmp_path / "data") as engine:
            serve(engine, authority=Authority(tsa.url, tmp_path / "root.pem"))
            begin(engine, giving(engine), None, new_log=False)
            put_in_force(engine, at, 2)
            for turn, lost in enumerate((False, True, False)):
                register(engine, f"a{turn}")
                run_ticker(engine, Once(), every=0)  # type: ignore[arg-type]
                if lost:
                    valkey.raw.flushall()
                run_worker(engine.queues, "automation", burst=True)
                assert len(facts_of(engine, "trail.sealed")) == (1, 1, 2)[turn]
            assert len(facts_of(engine, "trail.timestamped")) == 1
            assert consistent(engine) == 2
            assert engine.queues.counts()["automation"]["failed"] == 0
