"""An honest log for the rewrite matrix, with something in every table, sealed on days that are past."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import time_machine

from domain.trail.commands import RecordMap
from projections.agency_register import AGENCY_REGISTER
from projections.inspection.entries import TRAIL_ENTRIES
from projections.runner import project
from store.accesses import record_access
from store.connecting import connect
from store.log import Store
from store.refused import record_refused
from store.vault import VAULT_ROLE, Vault
from tests.attachments_by_hand import put_attachment
from tests.store.watched_rows import reading, refusal
from tests.workers.sealing import rewriting_operator as op
from tests.workers.sealing.rewriting_operator import Operator, Rows
from tests.workers.sealing.timestamp_authority import Authority as Tsa
from tests.workers.sealing.witnessed_trails import Desk, desks, engine_with, giving, register
from trail.policy import Policy
from trail.verifying import Own
from workers.sealing.folder import TrailFolder
from workers.sealing.keys import read_keys
from workers.sealing.sealer import seal
from workers.sealing.stamping import Authority, stamp_daily
from workflows.command_envelope import CommandEnvelope
from workflows.privacy import change_person, register_person

KEPT = 6  # facts under the checkpoint that the inspector kept
COLUMNS = (
    "database only",
    "nothing kept",
    "an old checkpoint kept",
    "2 of 3 witnesses",
    "2 of 3, one the operator's",
    "3 of 4, one the operator's",
)


class World(NamedTuple):
    """An honest log, sealed nine, six and three days ago, and what is needed to write another."""

    store: Store
    rows: Rows
    trail: Path
    policy: Policy
    kept: bytes
    at: list[Desk]
    operator: Operator
    tsa: Tsa
    vault: Vault
    tmp: Path

    @property
    def alone(self) -> str:
        """A policy on paper that names the log's key and no witness."""
        return "".join(f"log {key}\n" for key in self.policy.log_keys) + "quorum none\n"

    def owns(self) -> dict[str, Own]:
        """What each onlooker has on paper, or kept."""
        three = self.policy.text.replace("group q 3 a b c d", "group q 2 a b c")
        assert three != self.policy.text
        witnesses, pem = (three, three, self.policy.text), self.tsa.certificate
        owns = [Own(policy=self.alone), Own(policy=self.alone), Own(policy=self.alone, since=self.kept)]
        owns += [Own(policy=policy, certificates=pem) for policy in witnesses]
        return dict(zip(COLUMNS, owns, strict=True))


@contextmanager
def lived_in(store: Store, owner_dsn: str, tmp_path: Path, tsa: Tsa) -> Iterator[World]:
    """Agencies registered on three days, each sealed; what was read and refused; and persons whose details changed."""
    dsn = psycopg.conninfo.make_conninfo(owner_dsn, user=VAULT_ROLE)
    vault = Vault(lambda: connect(dsn, role=VAULT_ROLE), store.id, tmp_path / "keys" / "vault.json")
    with desks(tmp_path / "witnesses", "abcd") as at:
        engine = engine_with(store, tmp_path / "data", at, 3)
        trail = engine.data / "trail"
        for day, names in ((9, "abcd"), (6, "efgh"), (3, "ij")):
            record_access(store, reading())
            record_refused(store, [refusal(command_id=None)])
            lived(engine, owner_dsn, datetime.now(UTC) - timedelta(days=day), names, seals=True)
            remembered(at, day)
        (engine.data / "root.pem").write_bytes(tsa.certificate)
        stamp_daily(engine, Authority(tsa.url, engine.data / "root.pem"))
        for name in "kl":
            register(engine, name * 3)
        with_persons(engine, vault, owner_dsn)
        put_attachment(store, b"%PDF-1.7 what was handed in")
        rows = store.rows_after(0, 100)
        assert [row[op.KIND][:5] for row in rows] == [
            "trail", *["agenc"] * 4, *["trail"] * 2, *["agenc"] * 4, *["trail"] * 2, "agenc", "agenc", *["trail"] * 3, "agenc", "agenc", *["subje"] * 3, "task."]  # fmt: skip
        kept = (trail / "checkpoints" / str(KEPT)).read_bytes()
        folder = TrailFolder(engine.data)
        operator = Operator(owner_dsn, folder.load_signed().origin, read_keys(engine.data), tsa)
        shutil.copytree(engine.data, tmp_path / "as-it-was")
        yield World(store, rows, trail, folder.policy(), kept, at, operator, tsa, vault, tmp_path)


def with_persons(engine: Any, vault: Vault, owner_dsn: str) -> None:
    """Two, of whom the first got another address; the operator has kept the row with the old one."""
    give = giving(engine)
    one, _ = (register_person(vault, give, {"name": name, "mail": f"{name}@example.org"}) for name in "ab")
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("CREATE TABLE public.older AS SELECT * FROM donghaeng.subject_details")
    change_person(vault, give, one, {"mail": "other@example.org"})


def fold_anew(world: World) -> None:
    """Entries and agencies as the runner makes them of these facts."""
    altered(
        world,
        f"DELETE FROM {TRAIL_ENTRIES.table}; DELETE FROM {AGENCY_REGISTER.table}; DELETE FROM donghaeng.compared; "
        "UPDATE views.positions SET position = 0",
    )
    for view in (TRAIL_ENTRIES, AGENCY_REGISTER):
        project(world.store, view)


def altered(world: World, statement: str, user: str = "donghaeng_owner") -> None:
    """As the operator, past every trigger; or with another login."""
    with psycopg.connect(world.operator.dsn, user=user) as connection:
        if user == "donghaeng_owner":
            connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())


def lived(engine: Any, owner_dsn: str, day: datetime, names: str, *, seals: bool) -> None:
    """What happened on a day of the past: the database's clock is put back afterwards, the witnesses' for that while."""
    for name in names:
        register(engine, name * 3, "조례에 따름")
    put_back(owner_dsn, day)
    if seals:
        handler, engine.handler = (
            engine.handler,
            CountedThen(engine.handler, owner_dsn, day + timedelta(minutes=1)),
        )
        with time_machine.travel(day + timedelta(minutes=2), tick=True):
            assert seal(engine).quorum
        engine.handler = handler
        put_back(owner_dsn, day + timedelta(minutes=3))


class CountedThen:
    """A command handler through which the count of the streams, which is sealed at once, comes into the log as of that time."""

    def __init__(self, handler: Any, owner_dsn: str, at: datetime) -> None:
        self._handler, self._dsn, self._at = handler, owner_dsn, at

    def handle(self, envelope: CommandEnvelope) -> Any:
        outcome = self._handler.handle(envelope)
        if isinstance(envelope.command, RecordMap):
            put_back(self._dsn, self._at)
        return outcome


def put_back(owner_dsn: str, day: datetime) -> None:
    """What was recorded just now was recorded then, a second after each other."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE donghaeng.facts SET recorded_at = %(day)s + position * interval '1 s', "
            "known_at = %(day)s + position * interval '1 s' WHERE recorded_at > now() - interval '1 day'",
            {"day": day},
        )
        connection.execute(
            "UPDATE donghaeng.commands c SET recorded_at = f.recorded_at, known_at = f.known_at "
            "FROM donghaeng.facts f WHERE f.position = c.first_position"
        )


def remembered(at: Sequence[Desk], day: int) -> None:
    """How each witness stood then."""
    for desk in at:
        shutil.copytree(desk.folder, desk.folder.with_name(f"{desk.name}-{day}"))


def as_it_stood(at: Sequence[Desk], days: Sequence[int] = (3, 3, 3, 3)) -> None:
    for desk, day in zip(at, days, strict=True):
        shutil.rmtree(desk.folder)
        shutil.copytree(desk.folder.with_name(f"{desk.name}-{day}"), desk.folder)
