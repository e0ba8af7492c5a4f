"""The program that compares the views with the facts in a process of its own: `python -m workers.views_told`. See workers.views_apart.

It imports what it needs and no more: what else an engine is made of would take a fifth of its memory.
"""

from __future__ import annotations

import sys

import msgspec

from domain.errors import DonghaengError
from projections.rows_in_use import compare_views
from store.log import Store
from store.waits import WHOLE
from workflows.trail.views import compare_views_on


def compare_as_told() -> int:
    """Compare the views of the store whose address stdin says; what came of it is said on stdout. Nothing is written."""
    dsn = sys.stdin.readline().strip()
    try:
        with Store.open(dsn, waits=WHOLE) as store:
            found = compare_views(store, compare_views_on())
    except DonghaengError as error:
        sys.stdout.write(error.say("en"))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    sys.exit(compare_as_told())
