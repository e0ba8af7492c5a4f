"""The log of readings and refusals is sealed beside the facts, and what is taken from it or changed in it is named."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from domain.access.commands import Prune
from domain.access.facts import Differing
from domain.access.refusals import NoDifference, NotAGap
from domain.epoch.commands import BeginEpoch
from domain.seoul import midnight
from projections.inspection.watched import Kind, Watched, leaf_of
from store.accesses import record_access
from store.envelope import Actor
from store.log import Store
from store.refused import record_refused
from store.watched import load_entries_after, load_gone
from tests.conftest import top
from tests.store.test_accesses import READ_AT, TWO_YEARS_ON, pruning
from tests.store.watched_rows import reading, refusal
from tests.workers.sealing.killed_sealer import PLACES
from tests.workers.sealing.timestamp_authority import Authority as Tsa
from tests.workers.sealing.witnessed_trails import Desk, desks, engine_with, giving, register
from trail.growing import tiles_in
from trail.sources import Folder
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail
from trail.witness.state import TRUSTED
from workers.doctor.trail import trail
from workers.sealing.keeping import begin
from workers.sealing.sealer import seal
from workers.sealing.stamping import Authority, stamp_daily
from workers.sealing.standing import status_of_trail
from workers.sealing.watched import WatchedFolder
from workflows.command_envelope import CommandEnvelope
from workflows.queries.accesses import pruning as prune_command
from workflows.trail.verifying import verify_store
from workflows.trail.watched import (
    acknowledging,
    examining,
    load_access_log_status,
    read_sealed_here,
    verify_watched,
)

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
        Kind.STRAY_REFUSAL,
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


def verdict_of(engine: Any, *, facts: bool = True, **more: bytes) -> Verdict:
    """As `trail verify --store` with the policy on paper finds it. `facts`: whether they are asked; `more`: as of Own."""
    verdict, source = Verdict(), Folder(engine.data / "trail")
    own = Own(policy=(engine.data / "trail" / "policy").read_text(), **more)
    found = verify_trail(source, own, verdict, lambda _: None)
    if facts:
        verify_store(engine.store, found, verdict, lambda _: None)
    with verdict.checking("readings"):
        verify_watched(engine.store, found, verdict)
    return verdict


def said(verdict: Verdict) -> str:
    return "\n".join(item.said.en for item in verdict.items)


def gaps(engine: Any) -> dict[Kind, tuple[int, ...]]:
    return {one.kind: one.first for one in watched(engine).gaps}


def watched(engine: Any) -> Watched:
    sealed = read_sealed_here(Folder(engine.data / "trail"))
    return load_access_log_status(engine.store, None if sealed is None else sealed.tiles)


def looked_into(engine: Any, first: int, last: int) -> None:
    command = acknowledging(watched(engine), first, last, "백업과 견주어 봄")
    engine.handler.handle(CommandEnvelope(command=command, actor=Actor(role="inspector"), via="cli"))


def sealed_anew(engine: Any) -> None:
    """What was sealed of readings and refusals is gone, and the log is sealed as it stands now."""
    folder = WatchedFolder(engine.data).path
    subprocess.run(["rm", "-r", str(folder)], check=True)
    folder.mkdir()
    seal(engine)


def sealed(engine: Any) -> int:
    published = WatchedFolder(engine.data).load_published()
    return 0 if published is None else published[1].size


def test_it_is_sealed_with_the_facts_under_its_own_name_by_the_same_key_and_witnesses(engine: Any) -> None:
    seal(engine)
    folder = WatchedFolder(engine.data)
    note, checkpoint = folder.load_published() or (None, None)
    assert note is not None
    assert checkpoint is not None
    assert checkpoint.origin == f"donghaeng/real/{engine.store.id}/readings"
    leaves = [leaf_of(one) for one in load_entries_after(engine.store, 0, 9)]
    assert [leaf for _, leaf in tiles_in(folder.path, checkpoint.size).leaves()] == leaves
    assert folder.policy().is_satisfied_by(note)
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
    alarm = status_of_trail(engine).readings.alarm
    assert alarm is not None
    assert alarm["name"] == "WatchedHasGap"
    assert ("trail readings", "wrong") in [(one.check, one.state) for one in trail(engine)]
    assert sealed(engine) == 0


def test_a_gap_is_sealed_over_once_an_inspector_has_looked_into_it(engine: Any, owner_dsn: str) -> None:
    """And what comes into that gap afterwards is another."""
    altered(owner_dsn, "DELETE FROM donghaeng.watched WHERE position = 2; DELETE FROM donghaeng.refused")
    seal(engine)
    for first, last in ((1, 1), (3, 3), (2, 4), (3, 2)):
        with pytest.raises(NotAGap):
            looked_into(engine, first, last)
    looked_into(engine, 2, 2)
    assert seal(engine).state == "sealed"
    assert (sealed(engine), status_of_trail(engine).readings.alarm) == (4, None)
    verdict = verdict_of(engine)
    assert verdict.proved, verdict.failures
    assert "looked into by an inspector" in said(verdict)
    assert "nothing stands there: deleted: no. 2" in said(verdict)
    record_access(engine.store, reading())
    seal(engine)
    assert (sealed(engine), gaps(engine)) == (5, {})
    subprocess.run(["rm", "-r", str(WatchedFolder(engine.data).path / "tile")], check=True)
    seal(engine)
    assert gaps(engine) == {}, "tiles are grown again over it"
    altered(
        owner_dsn,
        "INSERT INTO donghaeng.watched SELECT 2, what, row_id, at, known_at, row_sha256, said FROM donghaeng.watched WHERE position = 3",
    )
    assert gaps(engine) == {Kind.ENTRY_CHANGED: (2,)}
    assert not verdict_of(engine).good


def test_tiles_that_are_lost_with_an_entry_are_not_grown_again_and_those_that_are_left_stay(
    engine: Any, owner_dsn: str
) -> None:
    """Nothing shows any more what was sealed there. Once the tiles are brought back the gap can be looked into."""
    seal(engine)
    folder = WatchedFolder(engine.data).path
    before = {path: path.read_bytes() for path in (folder / "tile").rglob("*") if path.is_file()}
    lost = next(path for path in before if "tile/0/" in str(path))
    altered(owner_dsn, "DELETE FROM donghaeng.watched WHERE position = 2; DELETE FROM donghaeng.refused")
    looked_into(engine, 2, 2)
    lost.unlink()
    seal(engine)
    alarm = status_of_trail(engine).readings.alarm
    assert alarm is not None
    assert alarm["name"] == "TilesLost"
    assert "from an inspector's copy" in alarm["en"]
    assert not verdict_of(engine).good
    after = {path: path.read_bytes() for path in folder.rglob("*") if "tile" in path.parts and path.is_file()}
    assert after == {path: content for path, content in before.items() if path != lost}
    assert not (folder / "grown").exists()
    lost.write_bytes(before[lost])
    seal(engine)
    assert status_of_trail(engine).readings.alarm is None, "the control: brought back, all is as it was"
    assert verdict_of(engine).proved


def examined(engine: Any, what: Differing, number: int) -> None:
    command = examining(engine.store, watched(engine), what, number, "백업과 견주어 봄")
    engine.handler.handle(CommandEnvelope(command=command, actor=Actor(role="inspector"), via="cli"))


STRAY = (
    "INSERT INTO donghaeng.accesses (id, at, known_at, role, authn, reading, tasks, agencies, subjects, via, host, os_user, exported) "
    "OVERRIDING SYSTEM VALUE VALUES (3, now(), now(), 'planner', 'asserted', 'access', '{}', '{}', '{}', 'cli', 'desk', 'kim', false)"
)
ROWS: list[tuple[str, Differing, int, Kind, str]] = [
    (
        GAPS[2][0],
        "entry",
        3,
        Kind.ROW_CHANGED,
        "UPDATE donghaeng.accesses SET purpose = 'third' WHERE id = 2",
    ),
    (STRAY, "reading", 3, Kind.STRAY_READING, "UPDATE donghaeng.accesses SET purpose = 'third' WHERE id = 3"),
    (GAPS[8][0], "refusal", 2, Kind.STRAY_REFUSAL, "UPDATE donghaeng.refused SET refusal = 'z' WHERE id = 2"),
    (
        GAPS[0][0],
        "entry",
        1,
        Kind.ROW_MISSING,
        STRAY.replace("(3, now()", "(1, now()"),
    ),
]


@pytest.mark.parametrize(("statements", "what", "number", "kind", "again"), ROWS)
def test_a_row_that_differs_is_told_as_looked_into_once_it_was_and_another_content_is_another_difference(
    engine: Any, owner_dsn: str, statements: str, what: Differing, number: int, kind: Kind, again: str
) -> None:
    seal(engine)
    altered(owner_dsn, statements)
    assert not verdict_of(engine).good, "the control: nobody has looked into it"
    for others, other in ((what, number + 1), ("entry", 2), ("refusal", 1)):
        with pytest.raises(NoDifference):
            examined(engine, others, other)  # type: ignore[arg-type]
    examined(engine, what, number)
    seal(engine)
    assert gaps(engine) == {}
    verdict = verdict_of(engine)
    assert verdict.proved, verdict.failures
    assert "looked into by an inspector (`donghaeng trail search --kind access.row_examined`)" in said(
        verdict
    )
    assert [(one.kind, one.first) for one in watched(engine).acknowledged] == [(kind, (number,))]
    altered(owner_dsn, again)
    assert number in next(iter(gaps(engine).values())), "another content than the one that was looked into"
    assert not verdict_of(engine).good


def test_an_end_that_was_cut_off_is_gone_on_from_behind_it(engine: Any, owner_dsn: str) -> None:
    seal(engine)
    altered(
        owner_dsn,
        "DELETE FROM donghaeng.watched WHERE position >= 2; DELETE FROM donghaeng.refused; DELETE FROM donghaeng.accesses WHERE id = 2",
    )
    seal(engine)
    assert status_of_trail(engine).readings.alarm["name"] == "WatchedIsShorter"  # type: ignore[index]
    record_access(engine.store, reading())  # at a position that was sealed
    assert gaps(engine) == {Kind.CUT_OFF: (3,), Kind.ENTRY_CHANGED: (2,)}
    looked_into(engine, 2, 3)
    record_access(engine.store, reading())
    register(engine, "gmcc")
    seal(engine)
    assert (sealed(engine), status_of_trail(engine).readings.alarm) == (5, None)
    assert gaps(engine) == {}
    assert [(one.kind, one.first) for one in watched(engine).acknowledged] == [
        (Kind.MISSING, (3,)),
        (Kind.ENTRY_CHANGED, (2,)),
    ]
    assert verdict_of(engine).proved
    altered(
        owner_dsn,
        "DELETE FROM donghaeng.watched WHERE position = 2; DELETE FROM donghaeng.accesses WHERE id = 3",
    )
    assert gaps(engine) == {Kind.MISSING: (2, 3)}, "that is another gap than the one that was looked into"


def test_a_gap_that_the_database_alone_calls_looked_into_is_named(engine: Any, owner_dsn: str) -> None:
    altered(owner_dsn, "DELETE FROM donghaeng.watched WHERE position = 2; SELECT donghaeng.say_gap(2, 2)")
    seal(engine)
    assert gaps(engine) == {Kind.MISSING: (2,), Kind.UNRECORDED: (4,), Kind.STRAY_REFUSAL: (1,)}
    with pytest.raises(psycopg.DatabaseError, match="no gap"):
        altered(owner_dsn, "SELECT donghaeng.say_gap(5, 2000000)")


def test_facts_of_seals_fix_it_where_its_own_witnesses_are_the_operators(
    store: Store, owner_dsn: str, tmp_path: Path, tsa: Tsa
) -> None:
    """As one who has the key and no witnesses writes it anew; so do a kept checkpoint and a timestamp."""
    engine = engine_with(store, tmp_path / "data", [], 0)
    folder, certificates = WatchedFolder(engine.data).path, tmp_path / "root.pem"
    certificates.write_bytes(tsa.certificate)
    record_access(store, reading())
    register(engine, "gto")
    seal(engine)
    kept = (folder / "checkpoint").read_bytes()
    stamp_daily(engine, Authority(tsa.url, certificates))
    stamps = tmp_path / "timestamps"
    shutil.copytree(folder / "timestamps", stamps)
    register(engine, "gmcc")
    seal(engine)
    own = {"readings_since": kept, "certificates": tsa.certificate}
    verdict = verdict_of(engine, **own)
    assert verdict.proved, verdict.failures
    assert "facts of seals hold its root up to entry 1" in said(verdict)
    assert said(verdict).count("1 timestamp is valid") == 2, "of the facts, and of the readings"
    lying = engine.data / "trail" / "tsa.pem"
    there = lying.read_bytes()
    lying.unlink()
    assert [item.where for item in verdict_of(engine).failures] == ["tsa.pem"] * 2, "for both logs"
    lying.write_bytes(there)
    altered(owner_dsn, GAPS[7][0])
    sealed_anew(engine)
    assert verdict_of(engine, facts=False).proved, "the control: nothing else says it"
    assert [item.where for item in verdict_of(engine).failures] == ["trail.sealed"]
    assert [item.where for item in verdict_of(engine, facts=False, readings_since=kept).failures] == [
        "--since"
    ]
    shutil.copytree(stamps, folder / "timestamps")
    assert [
        item.where for item in verdict_of(engine, facts=False, certificates=tsa.certificate).failures
    ] == ["readings/timestamps/1.note"]
    shutil.rmtree(folder)
    assert [item.where for item in verdict_of(engine).failures] == ["trail.sealed"], (
        "nothing is sealed any more"
    )


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
    status = status_of_trail(engine).readings
    assert (status.sealed, status.witnesses, status.unknown_to) == (6, ("a",), ("b", "c"))
    assert ("trail readings", "warn") in [(one.check, one.state) for one in trail(engine)]
    assert "trust the key of this log" in said(verdict_of(engine))
    for desk in at[1:]:
        with (desk.folder / TRUSTED).open("a") as file:
            file.write(f"{status.keys[0]}\n")
    seal(engine, own_too=True)
    status = status_of_trail(engine).readings
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


@pytest.fixture
def one_gone(
    simulated_store: Store, tmp_path: Path, at: list[Desk], owner_dsn: str
) -> tuple[Any, Callable[[str], None]]:
    """A store whose second of three readings is gone, and nobody looked into that, two years on; and the owner's hand."""
    engine = engine_with(simulated_store, tmp_path / "data", at)
    simulated_store.move_clock(READ_AT)
    for _ in range(3):
        record_access(simulated_store, reading())
    with simulated_store.connection() as connection:
        dsn = psycopg.conninfo.make_conninfo(owner_dsn, dbname=connection.info.dbname)
    altered(dsn, "DELETE FROM donghaeng.accesses WHERE id = 2")
    simulated_store.move_clock(TWO_YEARS_ON)
    return engine, lambda statements: altered(dsn, statements)


def prune(engine: Any) -> None:
    command = prune_command(engine.store, date(2024, 5, 8))
    assert isinstance(command, Prune)
    engine.handler.handle(CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli"))


def test_a_pruning_says_which_readings_were_gone_before_it_and_that_gap_is_looked_into_as_any(
    one_gone: tuple[Any, Callable[[str], None]],
) -> None:
    engine, alter = one_gone
    prune(engine)
    seal(engine)
    assert gaps(engine) == {Kind.ROW_MISSING: (2,)}, "by its name, and the pruning is counted right"
    assert watched(engine).pruned == 2
    assert "it said is gone, and no pruning took it out: no. 2" in said(verdict_of(engine))
    with pytest.raises(NoDifference):
        examined(engine, "entry", 1)
    examined(engine, "entry", 2)
    seal(engine)
    assert gaps(engine) == {}
    assert [(one.kind, one.first) for one in watched(engine).acknowledged] == [(Kind.ROW_MISSING, (2,))]
    assert verdict_of(engine).proved
    record_access(engine.store, reading())
    seal(engine)
    alter("DELETE FROM donghaeng.accesses")
    assert gaps(engine) == {Kind.ROW_MISSING: (5,)}, "the control: what goes later is another gap"


def test_what_an_earlier_pruning_took_is_not_gone_before_the_next(
    one_gone: tuple[Any, Callable[[str], None]],
) -> None:
    engine, _ = one_gone
    assert load_gone(engine.store, midnight(date(2024, 5, 8)), 9) == [2]
    prune(engine)
    assert load_gone(engine.store, midnight(date(2024, 5, 8)), 9) == []


def test_a_reading_that_was_gone_before_a_pruning_that_does_not_say_so_is_counted_until_somebody_looks_into_it(
    one_gone: tuple[Any, Callable[[str], None]],
) -> None:
    """As prunings of before said nothing of it, or as one that goes while a pruning is asked for."""
    engine, alter = one_gone
    engine.store.append(pruning(date(2024, 5, 8), 2))
    seal(engine)
    assert gaps(engine) == {Kind.MISCOUNTED: (4,)}, "the control: nobody has looked into it"
    with pytest.raises(NoDifference):
        examined(engine, "pruning", 3)
    examined(engine, "pruning", 4)
    seal(engine)
    assert gaps(engine) == {}
    assert [(one.kind, one.first) for one in watched(engine).acknowledged] == [(Kind.MISCOUNTED, (4,))]
    assert verdict_of(engine).proved
    alter(
        "UPDATE donghaeng.watched SET said = replace(said, '\"count\" : 2', '\"count\" : 1') WHERE position = 4"
    )
    assert Kind.MISCOUNTED in gaps(engine), "another miscount than the one that was looked into"


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
    published = WatchedFolder(engine.data).load_published()
    assert published is not None
    assert (published[1].origin, published[1].size) == (f"donghaeng/real/{engine.store.id}/2/readings", 4)
    assert verdict_of(engine).proved is True
