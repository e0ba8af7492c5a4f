"""The log of readings and refusals is sealed beside the facts, and what is taken from it or changed in it is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from domain.epoch.commands import BeginEpoch
from projections.trail.growing import tiles_in
from projections.trail.sources import Folder
from projections.trail.verdict import Verdict
from projections.trail.verifying import Own, verify_trail
from projections.trail.watched import Kind, leaf_of
from store.accesses import record_access
from store.log import Store
from store.refused import record_refused
from store.watched import watched_after
from tests.conftest import top
from tests.store.test_accesses import READ_AT, TWO_YEARS_ON, pruning
from tests.store.watched_of_the_tests import reading, refusal
from tests.workers.sealing.desks_of_the_tests import Desk, desks, engine_with, giving, register
from tests.workers.sealing.killed_sealer import PLACES
from workers.doctor.trail import trail
from workers.sealing.keeping import begin
from workers.sealing.sealer import seal
from workers.sealing.standing import standing_of
from workers.sealing.watched import WatchedFolder
from workers.witness.state import TRUSTED
from workflows.trail_watched import sealed_here, verify_watched, watched_of

GAPS = [
    ("DELETE FROM donghaeng.accesses WHERE id = 1", Kind.ROW_MISSING, (1,)),
    ("DELETE FROM donghaeng.refused WHERE id = 1", Kind.ROW_MISSING, (2,)),
    ("UPDATE donghaeng.accesses SET purpose = 'another' WHERE id = 2", Kind.ROW_CHANGED, (3,)),
    ("UPDATE donghaeng.refused SET refusal = 'Harmless'", Kind.ROW_CHANGED, (2,)),
    ("DELETE FROM donghaeng.watched WHERE position = 2", Kind.MISSING, (2,)),
    ("DELETE FROM donghaeng.watched WHERE position >= 2", Kind.CUT_OFF, (2, 3)),
    ("UPDATE donghaeng.watched SET at = at - interval '1 hour' WHERE position = 2", Kind.ENTRY_CHANGED, (2,)),
    (
        ("UPDATE donghaeng.accesses a SET purpose = 'x' WHERE id = 1; UPDATE donghaeng.watched w "
        "SET row_sha256 = donghaeng.reading_sha256(a) FROM donghaeng.accesses a WHERE a.id = 1 AND w.position = 1"),
        Kind.ENTRY_CHANGED,
        (1,),
    ),
    (
        ("INSERT INTO donghaeng.refused (at, known_at, what, via, authn, command, stream, refusal) "
        "VALUES (now(), now(), 'command', 'cli', 'none', 'x', '', 'y')"),
        Kind.STRAY,
        (2,),
    ),
    (
        ("DELETE FROM donghaeng.accesses WHERE id = 1; SELECT donghaeng.say_in_watched('pruned', "
        '\'{"rule":"kept_two_years","before":"2000-01-01","count":1,"up_to":1}\')'),
        Kind.ROW_MISSING,
        (1,),
    ),
    (
        ("DELETE FROM donghaeng.accesses WHERE id = 1; SELECT donghaeng.say_in_watched('pruned', "
        '\'{"rule":"kept_two_years","before":"2100-01-01","count":1,"up_to":1}\')'),
        Kind.PRUNED_YOUNG,
        (4,),
    ),
]  # fmt: skip


@pytest.fixture
def at(tmp_path: Path) -> Iterator[list[Desk]]:
    with desks(tmp_path / "witnesses") as made:
        yield made


@pytest.fixture
def engine(store: Store, tmp_path: Path, at: list[Desk]) -> Any:
    """A store with an agency, two readings and a refusal, and three witnesses of which two are needed."""
    built = engine_with(store, tmp_path / "data", at)
    register(built, "gto")
    record_access(store, reading())
    record_refused(store, [refusal()])
    record_access(store, reading(purpose="둘째"))
    return built


def altered(dsn: str, statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(statements.encode())


def verdict_of(engine: Any) -> Verdict:
    """As `trail verify --store` with the policy on paper finds it."""
    verdict, source = Verdict(), Folder(engine.data / "trail")
    own = Own(policy=(engine.data / "trail" / "policy").read_text())
    found = verify_trail(source, own, verdict, lambda _: None)
    with verdict.checking("readings"):
        verify_watched(engine.store, found, verdict)
    return verdict


def said(verdict: Verdict) -> str:
    return "\n".join(item.said.en for item in verdict.items)


def gaps(engine: Any) -> dict[Kind, tuple[int, ...]]:
    found = watched_of(engine.store, sealed_here(Folder(engine.data / "trail")))
    return {one.kind: one.first for one in found.gaps}


def sealed(engine: Any) -> int:
    published = WatchedFolder(engine.data).published()
    return 0 if published is None else published[1].size


def test_it_is_sealed_with_the_facts_under_its_own_name_by_the_same_key_and_witnesses(engine: Any) -> None:
    seal(engine)
    folder = WatchedFolder(engine.data)
    note, checkpoint = folder.published() or (None, None)
    assert note is not None
    assert checkpoint is not None
    assert checkpoint.origin == f"donghaeng/real/{engine.store.id}/readings"
    leaves = [leaf_of(one) for one in watched_after(engine.store, 0, 9)]
    assert [leaf for _, leaf in tiles_in(folder.path, checkpoint.size).leaves()] == leaves
    assert folder.policy().satisfied(note)
    verdict = verdict_of(engine)
    assert verdict.proved, verdict.failures
    assert "has no gap: 3 entries, 3 of them sealed" in said(verdict)
    assert gaps(engine) == {}


def test_nothing_personal_stands_in_what_is_sealed(engine: Any) -> None:
    seal(engine)
    everything = b"".join(
        path.read_bytes() for path in WatchedFolder(engine.data).path.rglob("*") if path.is_file()
    )
    for word in ("kim", "desk", "1" * 32, "planner", "연락처 확인"):
        assert word.encode() not in everything


@pytest.mark.parametrize(("statements", "kind", "positions"), GAPS)
def test_what_the_operator_does_to_it_is_named_and_ends_the_check(
    engine: Any, owner_dsn: str, statements: str, kind: Kind, positions: tuple[int, ...]
) -> None:
    seal(engine)
    assert gaps(engine) == {}, "the control"
    altered(owner_dsn, statements)
    assert gaps(engine)[kind] == positions
    assert next(item.where for item in verdict_of(engine).failures) == "readings"


def test_before_it_is_sealed_a_thorough_forger_is_not_noticed(engine: Any, owner_dsn: str) -> None:
    """The control: it is the seal that shows it. docs/trust.md says so."""
    altered(owner_dsn, GAPS[7][0])
    seal(engine)
    assert gaps(engine) == {}
    assert verdict_of(engine).proved


def test_another_past_is_not_cosigned_by_who_has_seen_the_first(engine: Any, owner_dsn: str) -> None:
    seal(engine)
    altered(owner_dsn, GAPS[7][0])
    folder = WatchedFolder(engine.data)
    for name in ("signed", "checkpoint"):
        (folder.path / name).unlink()
    subprocess.run(["rm", "-r", str(folder.path / "checkpoints"), str(folder.path / "tile")], check=True)
    seal(engine)
    assert {one.witness for one in folder.disagreements()} == {"a", "b", "c"}
    assert "not its quorum of witnesses" in said(verdict_of(engine))


def test_nothing_is_sealed_over_a_gap_and_the_facts_are_sealed_all_the_same(
    engine: Any, owner_dsn: str
) -> None:
    altered(owner_dsn, "DELETE FROM donghaeng.watched WHERE position = 2")
    found = seal(engine)
    assert (found.state, found.quorum) == ("sealed", True)
    alarm = standing_of(engine).readings.alarm
    assert alarm is not None
    assert alarm["name"] == "WatchedIsAnother"
    assert ("trail readings", "wrong") in [(one.check, one.state) for one in trail(engine)]


def test_a_witness_that_does_not_know_it_is_told_of_once_and_the_facts_are_sealed_unharmed(
    engine: Any, at: list[Desk]
) -> None:
    for desk in at[1:]:
        known = (desk.folder / TRUSTED).read_text().splitlines()
        (desk.folder / TRUSTED).write_text("".join(f"{one}\n" for one in known if "/readings+" not in one))
    with capture_logs() as lines:
        for number in range(3):
            record_access(engine.store, reading())
            register(engine, ("gmcc", "gtc", "gjcf")[number])
            assert seal(engine).witnesses == ("a", "b", "c")
    told = [line["witness"] for line in lines if line["event"] == "witness_does_not_know_the_readings"]
    assert told == ["b", "c"]
    status = standing_of(engine).readings
    assert (status.sealed, status.witnesses, status.unknown_to) == (6, ("a",), ("b", "c"))
    assert ("trail readings", "warn") in [(one.check, one.state) for one in trail(engine)]
    assert "trust the key of this log" in said(verdict_of(engine))
    for desk in at[1:]:
        with (desk.folder / TRUSTED).open("a") as file:
            file.write(f"{status.keys[0]}\n")
    seal(engine, own_too=True)
    status = standing_of(engine).readings
    assert (status.witnesses, status.unknown_to, status.quorum) == (("a", "b", "c"), (), True)
    assert verdict_of(engine).proved


def test_pruning_keeps_the_proofs_of_what_remains(
    simulated_store: Store, tmp_path: Path, at: list[Desk]
) -> None:
    engine = engine_with(simulated_store, tmp_path / "data", at)
    simulated_store.move_clock(READ_AT)
    record_access(simulated_store, reading())
    record_refused(simulated_store, [refusal()])
    record_access(simulated_store, reading())
    seal(engine)
    simulated_store.move_clock(TWO_YEARS_ON)
    record_access(simulated_store, reading(purpose="young"))
    simulated_store.append(pruning(date(2024, 5, 8), 2))
    seal(engine)
    verdict = verdict_of(engine)
    assert verdict.proved, verdict.failures
    assert "2 readings of before 2024-05-08 were taken out when kept long enough" in said(verdict)
    tiles = WatchedFolder(engine.data).path / "tile"
    subprocess.run(["rm", "-r", str(tiles)], check=True)
    record_refused(simulated_store, [refusal()])
    seal(engine)
    assert sealed(engine) == 6, "lost tiles are grown again from the entries, which stay"
    assert gaps(engine) == {}


def test_a_reading_that_was_gone_before_its_pruning_is_counted(
    simulated_store: Store, tmp_path: Path, at: list[Desk], owner_dsn: str
) -> None:
    engine = engine_with(simulated_store, tmp_path / "data", at)
    simulated_store.move_clock(READ_AT)
    for _ in range(3):
        record_access(simulated_store, reading())
    with simulated_store.connection() as connection:
        name = connection.info.dbname
    altered(
        psycopg.conninfo.make_conninfo(owner_dsn, dbname=name), "DELETE FROM donghaeng.accesses WHERE id = 2"
    )
    simulated_store.move_clock(TWO_YEARS_ON)
    simulated_store.append(pruning(date(2024, 5, 8), 2))
    seal(engine)
    assert gaps(engine) == {Kind.MISCOUNTED: (4,)}


@pytest.mark.parametrize("place", PLACES)
def test_a_sealer_that_is_killed_loses_nothing(engine: Any, app_dsn: str, place: str) -> None:
    words = [sys.executable, "-m", "tests.workers.sealing.killed_sealer", place]
    killed = subprocess.run(
        words,
        cwd=top(),
        env=os.environ | {"DSN": app_dsn, "DATA": str(engine.data)},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    record_access(engine.store, reading())
    seal(engine)
    assert sealed(engine) == 4
    assert verdict_of(engine).proved


@pytest.mark.parametrize("name", ["signed", "checkpoint"])
def test_a_crash_between_signing_and_publishing_is_made_good(engine: Any, name: str) -> None:
    seal(engine)
    record_access(engine.store, reading())
    in_the_way = WatchedFolder(engine.data).path / f"{name}.new"
    in_the_way.mkdir()
    seal(engine)
    in_the_way.rmdir()
    record_access(engine.store, reading())
    seal(engine)
    assert sealed(engine) == 5
    assert verdict_of(engine).proved


def test_where_nothing_is_new_nothing_is_signed(engine: Any) -> None:
    seal(engine)
    before = (WatchedFolder(engine.data).path / "checkpoint").read_bytes()
    register(engine, "gmcc")
    seal(engine)
    assert (WatchedFolder(engine.data).path / "checkpoint").read_bytes() == before


def test_after_a_restore_another_log_is_begun(engine: Any) -> None:
    seal(engine)
    giving(engine)(BeginEpoch(number=2, after=engine.store.head().position))
    begin(engine, giving(engine), None, new_log=True)
    record_access(engine.store, reading())
    seal(engine)
    published = WatchedFolder(engine.data).published()
    assert published is not None
    assert (published[1].origin, published[1].size) == (f"donghaeng/real/{engine.store.id}/2/readings", 4)
    assert verdict_of(engine).proved is True
