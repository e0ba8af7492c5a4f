"""Every right that the catalogue says the application's role has: it can add, and take away nothing that no fact names."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg.conninfo import make_conninfo

from domain.access.facts import GapAcknowledged, Pruned
from store.errors import RemovalHeld, RemovalNotNamed
from store.log import Store
from store.mapper import encode
from store.recorded import Batch, NewFact
from store.schema import versions
from tests.store.copied_databases import copied
from tests.store.fact_batches import envelope
from tests.store.role_rights import (
    BEFORE,
    FREE,
    HELD,
    ONCE_HELD,
    PERSON,
    PROBES,
    Call,
    Connection,
    World,
    beside_for,
    changes_for,
    decision,
    erasure,
    functions_for,
    gap,
    halting,
    harmless,
    lost,
    pruning,
    redaction,
    removal,
)
from tests.texts_by_hand import reference

APP, VAULT = "donghaeng_app", "donghaeng_vault"
# Beside functions. `incoming` is emptied by every import before it is filled; a lease is nobody's history: without its
# row two may do the same work, and the versions of the streams decide; views are folded anew from the log.
CHANGES = {("donghaeng.incoming", right) for right in ("INSERT", "DELETE")}
CHANGES |= {("donghaeng.leases", right) for right in ("INSERT", "UPDATE", "DELETE")}
# who is signed in is no history: without it people sign in again
CHANGES |= {("donghaeng.sessions", right) for right in ("INSERT", "UPDATE", "DELETE")}
CHANGES |= {("donghaeng.sign_in_links", right) for right in ("INSERT", "DELETE")}
OF_VIEWS = {"INSERT", "UPDATE", "DELETE"}


@pytest.fixture
def world(cluster: str, simulated_template: str) -> Iterator[World]:
    with (
        copied(cluster, simulated_template) as dsn,
        Store.open(make_conninfo(dsn, user=APP)) as store,
        psycopg.connect(dsn, autocommit=True) as owner,
    ):
        yield World(store, owner)


def as_app(world: World) -> Connection:
    return psycopg.connect(make_conninfo(world.owner.info.dsn, user=APP), autocommit=True)


def carried_out(world: World, call: Call) -> bool:
    """Whether the database did not refuse."""
    statement, arguments = call
    with as_app(world) as connection:
        try:
            connection.execute(statement.encode(), arguments or None)
        except psycopg.errors.UndefinedFunction:
            raise  # the probe itself is wrong
        except psycopg.DatabaseError:
            return False
    return True


def losses(world: World) -> list[tuple[str, dict[str, int]]]:
    """Which functions took what away, called as each probe says."""
    found = []
    for name, probe in PROBES.items():
        before, carried = world.rows(), 0
        for call in probe(world):
            carried += carried_out(world, call)
        if gone := lost(before, world.rows()):
            found.append((name, gone))
        assert carried or name in ("donghaeng.append_and_prune",), f"nothing of {name} is called rightly"
    return found


def test_every_function_has_a_probe_and_none_takes_away_what_no_fact_names(world: World) -> None:
    assert functions_for(world.owner, APP) == sorted(PROBES), "a probe for each, in role_rights.py"
    assert losses(world) == []


def test_what_a_fact_of_the_same_append_names_goes_and_nothing_else(world: World) -> None:
    before = world.rows()
    assert carried_out(world, removal(redaction(FREE.id), redacted=(FREE.id,)))
    assert lost(before, world.rows()) == {"texts": 1, "attachments": 1}
    assert carried_out(world, removal(redaction(ONCE_HELD.id), redacted=(ONCE_HELD.id,))), (
        "the hold was lifted"
    )
    assert lost(before, world.rows()) == {"texts": 2, "attachments": 2}
    stream, fact = erasure(PERSON)
    call, arguments = removal((stream, fact), erased=(PERSON,))
    assert carried_out(world, (call, arguments | {"versions": [2]}))
    gone = {"texts": 2, "attachments": 2, "subject_keys": 1, "subject_details": 1}
    assert lost(before, world.rows()) == gone
    assert not carried_out(world, gap(GapAcknowledged(first=1, last=2, note=reference(FREE)), last=3))
    assert carried_out(world, gap(GapAcknowledged(first=1, last=2, note=reference(FREE))))
    assert carried_out(world, pruning(Pruned(before=BEFORE, count=1)))
    assert lost(before, world.rows()) == gone | {"accesses": 1}


def test_a_decision_that_was_carried_out_before_lifts_no_halt_of_later(world: World) -> None:
    decided = uuid.uuid4()
    assert [carried_out(world, one) for one in (halting(0), harmless())] == [True, False]
    assert [carried_out(world, one) for one in (decision(decided), halting(1))] == [True, True]
    assert [carried_out(world, one) for one in (decision(decided), harmless())] == [True, False]


def test_what_the_database_refuses_to_take_away_is_refused_by_name(world: World) -> None:
    identity = uuid.uuid4().hex
    (stream, fact) = redaction(HELD.id)
    with pytest.raises(RemovalHeld, match="task/2024-02"):
        world.store.append(Batch(identity, b"digest", (NewFact(stream, 1, envelope(identity), fact),)))
    spelled_otherwise = StoredEvent("text/" + "A" * 32, 1, fact.kind, encode(envelope(identity), fact))
    with pytest.raises(RemovalNotNamed, match=r"text\.redacted"):
        world.store.recorder.insert_events([spelled_otherwise])


def test_beside_functions_the_application_changes_only_what_loses_nothing(world: World) -> None:
    found = changes_for(world.owner, APP)
    in_views = {one for one in found if one[0].startswith("views.")}
    assert found - in_views == CHANGES
    assert {right for _, right in in_views} == OF_VIEWS
    assert beside_for(world.owner, APP) == []
    assert functions_for(world.owner, VAULT) == ["donghaeng.bigrams", "donghaeng.searchable"], "as everybody"
    assert changes_for(world.owner, VAULT) == {
        (f"donghaeng.{table}", right)
        for table in ("subject_details", "subject_keys")
        for right in ("INSERT", "UPDATE")
    }
    assert beside_for(world.owner, VAULT) == []


def test_a_function_or_a_right_that_is_new_is_noticed(world: World) -> None:
    """The control of the listing."""
    world.owner.execute(
        "CREATE FUNCTION donghaeng.forget() RETURNS void LANGUAGE sql SECURITY DEFINER "
        "AS 'DELETE FROM donghaeng.subject_keys'"
    )
    assert "donghaeng.forget" in functions_for(world.owner, APP), "PUBLIC may call what nobody revoked"
    world.owner.execute("GRANT UPDATE (redacted_at) ON donghaeng.texts TO donghaeng_app")
    assert changes_for(world.owner, APP) > CHANGES | {("donghaeng.texts", "UPDATE")}
    world.owner.execute("GRANT donghaeng_vault TO donghaeng_app")
    try:
        assert VAULT in beside_for(world.owner, APP)
    finally:
        world.owner.execute("REVOKE donghaeng_vault FROM donghaeng_app")


@pytest.mark.parametrize(
    ("migration", "function"),
    [("0002_vault.sql", "append_and_remove"), ("0005_watching.sql", "append_and_prune")],
)
def test_as_the_functions_were_before_the_probes_find_what_they_took(
    world: World, migration: str, function: str
) -> None:
    """The control of the probes."""
    text = (Path(versions.__path__[0]) / migration).read_text(encoding="utf-8")
    start = text.index(f"CREATE FUNCTION donghaeng.{function}(")
    made = text[start : text.index("END $$;", start) + len("END $$;")]
    world.owner.execute(made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").encode())
    assert [name for name, _ in losses(world)] == [f"donghaeng.{function}"]
