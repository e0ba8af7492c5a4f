"""A question to views: SQL that names its tables, and says nowhere in which of a view's tables they stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from string import Formatter

from projections.view import Tally, View


class Query:
    """`{task_board}` in the text is the table of that view, or of a view's tally of that name; each has an alias after it.

    So one text is asked of the tables in use, of those of a view that is put beside them (a query of that view), and of
    rows that are given along. A brace of SQL's own is written twice. `views`: in whose tables it looks. `sql`: over the
    tables of these. Raises KeyError where it names a table of another view, ValueError where a view is never asked.
    """

    def __init__(self, text: str, *views: View) -> None:
        self._text, self.views = text, views
        tables = {one.name: one for view in views for one in view.tables}
        names = dict.fromkeys(name for _, name, _, _ in Formatter().parse(text) if name is not None)
        self.tables: Mapping[str, View | Tally] = {name: tables[name] for name in names}
        for view in views:
            if not any(one.name in self.tables for one in view.tables):
                raise ValueError(f"{view.name} is not asked: {text}")
        self.sql = self._over({name: one.table for name, one in self.tables.items()})

    def _over(self, tables: Mapping[str, str]) -> bytes:
        return self._text.format_map(tables).encode()

    @cached_property
    def of_given(self) -> bytes:
        """The same over rows that are given along: of each table its columns, as arrays, see `parameter_name`."""
        return self._over({name: _parameter(one) for name, one in self.tables.items()})


def parameter_name(table: View | Tally, column: str) -> str:
    """Under which name the values of a table's column are given."""
    return f"{table.name}_{column}"


def _parameter(table: View | Tally) -> str:
    """A view's columns come as texts, in the words that PostgreSQL uses for their values."""
    kinds = table.declared if isinstance(table, Tally) else dict.fromkeys(table.declared, "text")
    arrays = ", ".join(f"%({parameter_name(table, name)})s::{kind}[]" for name, kind in kinds.items())
    columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in table.declared.items())
    return f"(SELECT {columns} FROM unnest({arrays}) AS given({', '.join(kinds)}))"
