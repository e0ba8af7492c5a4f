"""The only place that changes the schema: roles, the log by alembic, and the view tables that are handed in."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config

from store.connecting import connect

_LOCK = 20240308
_ROLES = ("donghaeng_app", "donghaeng_vault")


def migrate(owner_dsn: str, *, simulated: bool = False, views: Sequence[str] = ()) -> None:
    """Bring the database up to this program's schema; safe to repeat, and to run twice at once.

    `owner_dsn`: a login that may create schemas and roles. `simulated`: only for a new store, for ever.
    `views`: statements that create view tables, each safe to repeat.
    """
    connect(owner_dsn).close()  # says by name what is wrong with the server
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn), poolclass=sqlalchemy.NullPool
    )
    with engine.connect() as connection, connection.begin():
        run = connection.exec_driver_sql
        run(f"SELECT pg_advisory_xact_lock({_LOCK})")
        for role in _ROLES:
            run(_role(role))
        run("CREATE SCHEMA IF NOT EXISTS donghaeng")
        run("CREATE SCHEMA IF NOT EXISTS views")
        _upgrade(connection)
        _stamp(connection, simulated)
        for statement in views:
            run(statement.replace("%", "%%"))
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA views TO donghaeng_app")
    engine.dispose()


def _role(role: str) -> str:
    """Roles belong to the whole cluster: another database's migration may make the same one right now."""
    return f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} LOGIN; END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$"""


def _upgrade(connection: sqlalchemy.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "schema"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _stamp(connection: sqlalchemy.Connection, simulated: bool) -> None:
    """Give a new store its id, its key for jobs, and its clock. What is there already stays."""
    connection.exec_driver_sql(
        "INSERT INTO donghaeng.store (id, simulated, signing_key) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (uuid.uuid4(), simulated, secrets.token_bytes(32)),
    )
    connection.exec_driver_sql(
        "INSERT INTO donghaeng.head (position, recorded_at, known_at, clock) "
        "SELECT 0, 'epoch', 'epoch', CASE WHEN simulated THEN timestamptz '2000-01-01 00:00+09' END "
        "FROM donghaeng.store ON CONFLICT DO NOTHING"
    )
