"""The only place that changes the schema: roles, the log by alembic, and the view tables that are handed in."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from msgspec.structs import replace

from store.connecting import OWNER_ROLE, SCHEMA_VERSION, connect, milliseconds, session
from store.errors import MayNotMigrate, SchemaOfNewerProgram, StoreFault, StoreIsReal
from store.identity import schema_version
from store.waits import READING, WHOLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LOCK = 20240308
_ROLES = {OWNER_ROLE: "NOLOGIN", "donghaeng_app": "LOGIN", "donghaeng_vault": "LOGIN"}


def migrate(owner_dsn: str, *, simulated: bool = False, views: Sequence[str] = ()) -> None:
    """Bring the database up to this program's schema; safe to repeat, and to run twice at once.

    `owner_dsn`: a superuser, or the database's owner with CREATEROLE. `simulated`: only for a new store, for ever.
    `views`: statements that create view tables, each safe to repeat. Everything belongs to donghaeng_owner.
    Raises MayNotMigrate, StoreIsReal, SchemaOfNewerProgram, and as store.connecting.connect.
    """
    with connect(owner_dsn) as checked:
        found = schema_version(checked)
        if found is not None and found > SCHEMA_VERSION:
            raise SchemaOfNewerProgram(found=found, known=SCHEMA_VERSION)
    with migrating(owner_dsn) as connection:
        make_schema(connection)
        complete(connection, simulated, views)


@contextmanager
def migrating(owner_dsn: str) -> Iterator[Connection]:
    """One transaction as donghaeng_owner in which the schema changes, whole or not at all; one at a time.

    Raises MayNotMigrate, StoreFault.
    """
    import sqlalchemy  # noqa: PLC0415 it takes half a second, which only this command should pay

    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: _in_transactions(owner_dsn),
        poolclass=sqlalchemy.NullPool,
    )
    try:
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            _end_holders(connection)
            _become_owner(connection)
            yield connection
    except sqlalchemy.exc.DBAPIError as error:
        raise _fault_for(error.orig) from error
    except psycopg.Error as error:
        raise _fault_for(error) from error
    finally:
        engine.dispose()


def _in_transactions(owner_dsn: str) -> psycopg.Connection[Any]:
    """As SQLAlchemy has its connections. A restore may read its file for long between two statements."""
    connection = session(owner_dsn, replace(WHOLE, idle=0.0))
    connection.autocommit = False
    return connection


def _fault_for(error: BaseException | None) -> MayNotMigrate | StoreFault:
    problem = " ".join(str(error).split())
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return MayNotMigrate(problem=problem)
    return StoreFault(problem=problem)


def make_schema(connection: Connection, to: str = "head") -> None:
    """The log's schema at a version, which is not older than the one that is there."""
    connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS donghaeng")
    connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS views")
    _upgrade(connection, to)


def complete(connection: Connection, simulated: bool, views: Sequence[str]) -> None:
    """What stands beside the schema: the store's identity if it is new, and the view tables."""
    _stamp(connection, simulated)
    for statement in views:
        connection.exec_driver_sql(statement.replace("%", "%%"))
    connection.exec_driver_sql(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA views TO donghaeng_app"
    )


def _end_holders(connection: Connection) -> None:
    """Have the server end whatever session holds a lock in this database and does nothing, if it is not set already.

    Only the database's owner can; `doctor` says where it was not done.
    """
    connection.exec_driver_sql(f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) AS one
            WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND one LIKE 'idle_in_transaction_session_timeout=%%') THEN
            EXECUTE format('ALTER DATABASE %%I SET idle_in_transaction_session_timeout = {milliseconds(READING.holder)}',
                current_database());
        END IF;
        EXCEPTION WHEN insufficient_privilege THEN NULL;
    END $$""")  # noqa: S608 - a number


def _become_owner(connection: Connection) -> None:
    """Roles belong to the whole cluster: another database's migration may make the same ones right now."""
    run = connection.exec_driver_sql
    for role, login in _ROLES.items():
        run(f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} {login}; END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$""")
        # since PostgreSQL 16 who makes a role may grant it, but not act as it without having granted it to himself
        run(f"""DO $$ BEGIN
            IF NOT pg_has_role('{role}', CASE WHEN current_setting('server_version_num')::int < 160000
                THEN 'MEMBER' ELSE 'SET' END) THEN GRANT {role} TO CURRENT_USER; END IF;
        END $$""")
    run(f"""DO $$ BEGIN
        IF NOT has_database_privilege('{OWNER_ROLE}', current_database(), 'CREATE') THEN
            EXECUTE format('GRANT CREATE ON DATABASE %%I TO {OWNER_ROLE}', current_database());
        END IF;
    END $$""")
    run(f"SET LOCAL ROLE {OWNER_ROLE}")


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415 as above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "schema"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _stamp(connection: Connection, simulated: bool) -> None:
    """Give a new store its id, its key for jobs, and its clock. What is there already stays."""
    run = connection.exec_driver_sql
    run(
        "INSERT INTO donghaeng.store (id, simulated, signing_key) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (uuid.uuid4(), simulated, secrets.token_bytes(32)),
    )
    run(
        "INSERT INTO donghaeng.head (position, recorded_at, known_at, clock) "
        "SELECT 0, 'epoch', 'epoch', CASE WHEN s.simulated THEN timestamptz '2000-01-01 00:00+09' END "
        "FROM donghaeng.store s ON CONFLICT DO NOTHING"
    )
    is_simulated: Any = run("SELECT simulated FROM donghaeng.store").scalar_one()
    if simulated and not is_simulated:
        raise StoreIsReal
