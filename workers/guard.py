"""Whether the database guards what is written: the application's rights, and the triggers behind them."""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

# what only functions of the owner's write; texts lie beside the log and are redacted by one of them
TABLES = ("facts", "commands", "store", "head", "texts", "refused", "accesses", "watched")
TRIGGERS = (
    "facts_never_change",
    "commands_never_change",
    "store_never_changes",
    "refused_never_change",
    "accesses_never_change",
    "accesses_kept",
    "watched_never_change",
    "head_halts",
)
_OWNERS_ALONE = ("put_down", "prune_accesses", "next_watched", "say_in_watched")
_HELD = """
    SELECT t.name, r.kind FROM unnest(%s::text[]) AS t(name),
        unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS r(kind),
        to_regclass('donghaeng.' || t.name) AS found
    WHERE found IS NOT NULL AND (has_table_privilege(found, r.kind)
        OR r.kind IN ('INSERT', 'UPDATE') AND has_any_column_privilege(found, r.kind))
    ORDER BY t.name, r.kind"""
_FUNCTIONS = """
    SELECT p.proname FROM pg_proc p WHERE p.pronamespace = to_regnamespace('donghaeng') AND p.proname = ANY(%s)
        AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1"""
_ROLE = """
    SELECT r.rolsuper, EXISTS (SELECT FROM pg_roles o
        WHERE o.rolname = 'donghaeng_owner' AND pg_has_role(o.oid, 'MEMBER'))
    FROM pg_roles r WHERE r.rolname = current_user"""
# O: on, as made, but not in a session whose session_replication_role is replica; A: on whatever happens
_TRIGGERS = """
    SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = to_regnamespace('donghaeng') AND t.tgname = ANY(%s)
        AND (t.tgenabled = 'A' OR t.tgenabled = 'O' AND current_setting('session_replication_role') <> 'replica')"""


class Guard(msgspec.Struct, frozen=True):
    """`role`: what the login is that it should not be; `rights`: what it may do, by table, and functions it may call.

    `missing`: triggers that are off or gone.
    """

    role: tuple[str, ...]
    rights: tuple[str, ...]
    missing: tuple[str, ...]


def guard(connection: psycopg.Connection[Any]) -> Guard | None:
    """As the login of the connection finds it; None where there is no log."""
    run = connection.execute
    if run("SELECT to_regclass('donghaeng.facts')").fetchone() == (None,):
        return None
    role: Any = run(_ROLE).fetchone()
    rights: dict[str, list[str]] = {}
    for table, right in run(_HELD, (list(TABLES),)):
        rights.setdefault(table, []).append(right)
    functions = [f"EXECUTE {name}" for (name,) in run(_FUNCTIONS, (list(_OWNERS_ALONE),))]
    there = {name for (name,) in run(_TRIGGERS, (list(TRIGGERS),))}
    known = [one for one in TRIGGERS if _is_known(connection, one)]
    return Guard(
        role=("superuser",) * role[0] + ("donghaeng_owner",) * role[1],
        rights=tuple(f"{', '.join(held)} ON {table}" for table, held in rights.items()) + tuple(functions),
        missing=tuple(one for one in known if one not in there),
    )


def _is_known(connection: psycopg.Connection[Any], trigger: str) -> bool:
    """Whether the schema that is there has the trigger's table: an older one is told of by itself."""
    table = trigger.partition("_")[0]
    return connection.execute("SELECT to_regclass(%s)", (f"donghaeng.{table}",)).fetchone() != (None,)
