"""Sealing: what was signed is never signed smaller or otherwise, whatever happens in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.epoch.commands import BeginEpoch
from domain.trail.commands import RecordSeal
from domain.trail.refusals import LastKey
from domain.values import LocalText
from store.envelope import Actor
from store.log import Store
from trail.growing import tiles_in
from trail.leaf import leaf_of
from trail.note import new_key, parse_note, parse_vkey
from trail.tree import consistency_proof, is_consistent
from workers.restore_guard import mark_restored, remember_epoch, state_of_store
from workers.sealing.errors import (
    LogIsAnother,
    LogIsShorter,
    NoTrail,
    StoreRestored,
    TrailBegun,
    TrailKeyMissing,
    TrailKeyTooOpen,
)
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import NoEpochSince, RotationUnderWay, begin, finish_rotation, rotate
from workers.sealing.keys import key_path, read_keys, write_keys
from workers.sealing.sealer import seal
from workers.servers.errors import FolderNotUsable
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

PLANNER = Actor(role="planner")


@pytest.fixture
def engine(store: Store, tmp_path: Path) -> Any:
    """A store with a trail that has begun, and an agency to be sealed."""
    built = SimpleNamespace(
        store=store, handler=CommandHandler(store, wake=lambda: None), data=tmp_path / "data", seal_standbys=0
    )
    begin(built, giving(built), None, new_log=False)  # type: ignore[arg-type]
    register(built, "gto")
    return built


def giving(engine: Any) -> Callable[[Any], object]:
    return lambda command: engine.handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))


def register(engine: Any, agency: str) -> None:
    giving(engine)(Register(agency=agency, name=LocalText(ko="광주관광공사")))


def kinds(engine: Any) -> list[str]:
    return [fact.kind for facts in engine.store.replay() for fact in facts]


def published(engine: Any) -> Any:
    found = TrailFolder(engine.data).load_published()
    assert found is not None
    return found[1]


def altered(owner_dsn: str, *statements: str) -> None:
    """What an operator with the database in his hands can do."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def test_a_seal_is_signed_published_and_put_into_the_log(engine: Any) -> None:
    found = seal(engine)
    assert (found.state, found.size, found.quorum) == ("sealed", 3, True)
    assert kinds(engine) == ["trail.key_added", "agency.registered", "trail.mapped", "trail.sealed"]
    folder = TrailFolder(engine.data)
    leaves = [leaf_of(row) for row in engine.store.rows_after(0, 3)]
    assert [leaf for _, leaf in tiles_in(folder.path, 3).leaves()] == leaves
    note, checkpoint = folder.load_published() or (None, None)
    (fact,) = (fact.fact for facts in engine.store.replay(4) for fact in facts)
    assert note is not None
    assert checkpoint is not None
    assert fact.note == str(note)
    assert checkpoint.root == tiles_in(folder.path, 3).root()
    assert folder.policy().log_keys[0].signature_on(note) is not None


def test_the_seal_of_a_seal_is_not_asked_for(engine: Any) -> None:
    seal(engine)
    assert seal(engine).state == "quiet"
    assert seal(engine, own_too=True).size == 5
    assert kinds(engine).count("trail.sealed") == 2


def test_every_seal_is_consistent_with_the_one_before(engine: Any) -> None:
    roots = {}
    for agency in ("gmcc", "gtc", "gjcf"):
        size = seal(engine).size
        roots[size] = published(engine).root
        register(engine, agency)
    seal(engine)
    last = published(engine)
    for size, root in roots.items():
        subtree = tiles_in(TrailFolder(engine.data).path, last.size).subtree
        assert is_consistent(size, last.size, consistency_proof(size, last.size, subtree), root, last.root)
        kept = parse_note((engine.data / "trail" / "checkpoints" / str(size)).read_bytes(), "kept")
        assert kept.text.split("\n")[1] == str(size)


def test_a_crash_between_signing_and_publishing_is_made_good(engine: Any) -> None:
    in_the_way = engine.data / "trail" / "checkpoint.new"
    in_the_way.mkdir()
    with pytest.raises(FolderNotUsable):
        seal(engine)
    assert TrailFolder(engine.data).load_signed().size == 3
    in_the_way.rmdir()
    signed_then = (engine.data / "trail" / "checkpoints" / "3").read_bytes()
    assert seal(engine).size == 3
    assert (engine.data / "trail" / "checkpoint").read_bytes() == signed_then
    assert kinds(engine) == ["trail.key_added", "agency.registered", "trail.mapped", "trail.sealed"]


def test_a_crash_before_the_seal_is_put_into_the_log_is_made_good(engine: Any) -> None:
    class Gone(Exception):
        pass

    def refused(envelope: CommandEnvelope) -> Any:
        if isinstance(envelope.command, RecordSeal):
            raise Gone
        return handler.handle(envelope)

    handler, engine.handler = engine.handler, SimpleNamespace(handle=refused)
    with pytest.raises(Gone):
        seal(engine)
    engine.handler = handler
    assert kinds(engine)[-1] == "trail.mapped"
    assert seal(engine).state == "quiet"
    assert kinds(engine)[-1] == "trail.sealed"


def test_a_log_that_was_cut_off_is_not_sealed_and_an_alarm_is_raised(engine: Any, owner_dsn: str) -> None:
    register(engine, "gmcc")
    seal(engine)
    shutil.rmtree(engine.data / "acted-on")  # or the store would be known to be restored
    altered(
        owner_dsn,
        "DELETE FROM donghaeng.facts WHERE position > 2",
        "UPDATE donghaeng.head SET position = 2",
    )
    with pytest.raises(LogIsShorter), capture_logs() as logs:
        seal(engine)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["trail_not_sealed"]
    alarm = TrailFolder(engine.data).alarm()
    assert alarm is not None
    assert alarm.name == "LogIsShorter"
    assert published(engine).size == 4


def test_a_log_that_grew_again_after_it_was_cut_off_is_not_sealed(engine: Any, owner_dsn: str) -> None:
    register(engine, "gmcc")
    seal(engine)
    shutil.rmtree(engine.data / "acted-on")
    altered(
        owner_dsn,
        "DELETE FROM donghaeng.facts WHERE position > 2",
        "DELETE FROM donghaeng.commands WHERE last_position > 2",
        "UPDATE donghaeng.head SET position = 2",
    )
    engine.handler = CommandHandler(engine.store, wake=lambda: None)
    for agency in ("gjcf", "gtc", "gjec"):
        register(engine, agency)
    with pytest.raises(LogIsAnother):
        seal(engine)
    assert published(engine).size == 4


def test_without_the_memory_of_what_was_signed_the_other_log_would_be_sealed(
    engine: Any, owner_dsn: str
) -> None:
    """The control: it is that memory which refuses. What then still tells are witnesses and kept checkpoints."""
    register(engine, "gmcc")
    seal(engine)
    shutil.rmtree(engine.data / "acted-on")
    altered(
        owner_dsn,
        "DELETE FROM donghaeng.facts WHERE position > 2",
        "UPDATE donghaeng.head SET position = 2",
    )
    shutil.rmtree(engine.data / "trail")
    engine.store.connections.appended = 0  # what this process remembers
    begin(engine, giving(engine), None, new_log=False)
    assert seal(engine).size == 3


def test_lost_tiles_are_grown_again_and_nothing_else_is_signed(engine: Any) -> None:
    seal(engine)
    root = published(engine).root
    shutil.rmtree(engine.data / "trail" / "tile")
    assert seal(engine).state == "quiet"
    assert tiles_in(engine.data / "trail", 3).root() == root


def test_a_changed_fact_below_lost_tiles_is_noticed(engine: Any, owner_dsn: str) -> None:
    seal(engine)
    shutil.rmtree(engine.data / "trail" / "tile")
    altered(owner_dsn, "UPDATE donghaeng.facts SET kind = 'agency.closed' WHERE position = 1")
    with pytest.raises(LogIsAnother):
        seal(engine)


def test_a_restored_store_is_not_sealed_until_a_person_says_so(engine: Any) -> None:
    seal(engine)
    register(engine, "gmcc")
    mark_restored(engine.data, engine.store.id)
    with pytest.raises(StoreRestored):
        seal(engine)
    next_epoch = state_of_store(engine.store, engine.data).next_epoch
    giving(engine)(BeginEpoch(number=next_epoch, after=engine.store.head().position))
    remember_epoch(engine.store, engine.data)
    assert seal(engine).state == "sealed"


def test_after_a_restore_another_log_is_begun_and_the_old_one_stays(engine: Any) -> None:
    seal(engine)
    with pytest.raises(TrailBegun):
        begin(engine, giving(engine), None, new_log=False)
    with pytest.raises(NoEpochSince):
        begin(engine, giving(engine), None, new_log=True)
    giving(engine)(BeginEpoch(number=2, after=engine.store.head().position))
    begin(engine, giving(engine), None, new_log=True)
    assert seal(engine).state == "sealed"
    assert published(engine).origin == f"donghaeng/real/{engine.store.id}/2"
    assert (engine.data / f"trail-of-donghaeng-real-{engine.store.id}" / "checkpoint").exists()


def test_a_machine_without_a_trail_seals_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoTrail):
        seal(SimpleNamespace(store=store, handler=None, data=tmp_path, seal_standbys=0))  # type: ignore[arg-type]


def test_the_key_is_its_owners_alone(engine: Any) -> None:
    path = key_path(engine.data)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(TrailKeyTooOpen):
        seal(engine)
    path.unlink()
    with pytest.raises(TrailKeyMissing):
        seal(engine)


def test_two_keys_sign_while_one_takes_the_others_place(engine: Any) -> None:
    seal(engine)
    (old,) = TrailFolder(engine.data).policy().log_keys
    new = rotate(engine, giving(engine)).verifier
    with pytest.raises(RotationUnderWay):
        rotate(engine, giving(engine))
    register(engine, "gmcc")
    seal(engine)
    note, _ = TrailFolder(engine.data).load_published() or (None, None)
    assert note is not None
    assert [key.signature_on(note) is not None for key in (old, new)] == [True, True]
    finish_rotation(engine, giving(engine))
    with pytest.raises(LastKey):
        finish_rotation(engine, giving(engine))
    register(engine, "gtc")
    seal(engine)
    note, _ = TrailFolder(engine.data).load_published() or (None, None)
    assert note is not None
    assert [key.signature_on(note) is not None for key in (old, new)] == [False, True]
    added, second, retired = (fact.fact for fact in engine.store.read("trail/keys"))
    assert parse_vkey(added.vkey).signature_on(parse_note(second.note.encode(), "statement")) is not None
    assert (second.vkey, retired.vkey) == (str(new), str(old))


class Killed(BaseException):
    """What a killed process does next: nothing."""


def test_a_key_comes_into_use_when_a_fact_names_it(engine: Any) -> None:
    """A rotation that is refused leaves no key, and one that was interrupted goes on with the same."""
    path = key_path(engine.data)
    before = path.read_bytes()

    def refuse(command: Any) -> None:
        raise LastKey(vkey="–")

    def kill(command: Any) -> None:
        giving(engine)(command)
        raise Killed

    with pytest.raises(LastKey):
        rotate(engine, refuse)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with pytest.raises(Killed):
        rotate(engine, kill)
    assert path.read_bytes() == before, "the sealer signs with the first alone"
    named = engine.store.read("trail/keys")[-1].fact.vkey
    assert str(rotate(engine, giving(engine)).verifier) == named
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() != before


def test_a_key_that_an_older_program_made_before_the_fact_is_given_its_fact(engine: Any) -> None:
    (first,) = read_keys(engine.data)
    second = new_key(first.name)
    write_keys(engine.data, (first, second))
    assert rotate(engine, giving(engine)) == second
    assert engine.store.read("trail/keys")[-1].fact.vkey == str(second.verifier)
    with pytest.raises(RotationUnderWay):
        rotate(engine, giving(engine))
