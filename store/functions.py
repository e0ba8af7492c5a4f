"""The functions in the database by which facts are recorded and texts are looked through, held against this program's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from store.connecting import Connection

_MADE = re.compile(
    r"CREATE (?:OR REPLACE )?FUNCTION\s+donghaeng\.(\w+)\s*\(.*?\bAS\s+\$\$(.*?)\$\$", re.DOTALL
)
_THERE = (
    "SELECT proname, prosrc FROM pg_catalog.pg_proc JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace "
    "WHERE nspname = 'donghaeng' ORDER BY proname, prosrc"
)


def other_functions(connection: Connection, also: Sequence[str] = ()) -> tuple[int, list[str]]:
    """How many functions there are in the log's schema, and the names of those that are not this program's: changed,
    missing or slipped in. `also`: statements beside the schema's own that make functions there.
    """
    made = {**_own(), **{name: body for one in also for name, body in _MADE.findall(one)}}
    there = connection.execute(_THERE).fetchall()
    missing = made.keys() - {name for name, _ in there}
    return len(there), sorted({*missing, *(name for name, body in there if made.get(name) != body)})


@cache
def _own() -> dict[str, str]:
    """The body of each as the last migration that makes it leaves it."""
    files = sorted((Path(__file__).parent / "schema" / "versions").glob("*.sql"))
    return {name: body for file in files for name, body in _MADE.findall(file.read_text(encoding="utf-8"))}
