"""Tests ask a view for its tables: a name typed with its version would break with the next version."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from projections.views import VIEWS

TESTS = Path(__file__).parents[1]
NAMES = sorted({one.name for view in VIEWS.values() for one in view.tables}, key=len, reverse=True)
TYPED = re.compile(rf"\b({'|'.join(NAMES)})_v\d+")
# the sample of a stored fact keeps the name of the day on which it was stored
STORED = {"domain/examples.py"}


def typed_in(sources: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The views' tables that are typed with a version, by file."""
    found = {name: {one[0] for one in TYPED.finditer(text)} for name, text in sources}
    return {name: tables for name, tables in found.items() if tables}


def test_no_test_types_a_views_table_with_its_version() -> None:
    sources = ((path.relative_to(TESTS).as_posix(), path.read_text()) for path in TESTS.rglob("*.py"))
    assert typed_in(sources).keys() == STORED


def test_a_typed_name_is_found_wherever_it_stands() -> None:
    named = {
        f"{view.name}.py": f"x = b'SELECT 1 FROM {table.table}_old'"
        for view in VIEWS.values()
        for table in view.tables
    }
    assert typed_in(named.items()).keys() == named.keys()
    assert typed_in([("asked.py", 'f"SELECT 1 FROM {TASK_BOARD.table}_old"'), ("own.py", "counted_v1")]) == {}
