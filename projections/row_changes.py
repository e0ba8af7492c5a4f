"""What became of a view's rows between two slices of the log, and by which facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from projections.inspection.changes import Change, differing
from projections.rows_as_of import rows_of
from projections.slices import AsOf, facts_of
from projections.view import View
from store.log import Store

MOST_FACTS = 100  # of one row, the last of them


class Touch(msgspec.Struct, frozen=True):
    """A fact that touched a row. Times in UTC."""

    position: int
    kind: str
    known_at: datetime
    effective_at: datetime


class RowChange(msgspec.Struct, frozen=True):
    """A row that is not as it was. `before`, `after`: None where there was or is none.

    `facts`: how many touched it; `by`: the last of them, in the order of the slice.
    """

    key: str
    before: Any
    after: Any
    changes: list[Change]
    facts: int
    by: list[Touch]


def find_changes(store: Store, view: View, early: AsOf, late: AsOf) -> list[RowChange]:
    """The rows that differ between two cuts in the same sense, by key. Raises Unfoldable."""
    old, new = rows_of(store, view, early), rows_of(store, view, late)
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    touched: dict[str, list[Touch]] = {key: [] for key in keys}
    counts = dict.fromkeys(keys, 0)
    for one in facts_of(store, late, view.kinds, since=early):
        for key in view.keys(one):
            if key in touched:
                counts[key] += 1
                touched[key].append(Touch(one.position, one.kind, one.known_at, one.effective_at))
                del touched[key][:-MOST_FACTS]
    return [
        RowChange(
            key=key,
            before=old.get(key),
            after=new.get(key),
            changes=differing(old.get(key), new.get(key)),
            facts=counts[key],
            by=touched[key],
        )
        for key in keys
    ]
