"""Parts of a check of the trail, alone."""

from __future__ import annotations

from collections.abc import Sequence

from store.log import Store
from store.whole_log import snapshot
from trail.leaves import Tick
from trail.verdict import Verdict
from workflows.trail.parts import Begin, begin_parts


def verify_parts(store: Store, parts: Sequence[Begin], verdict: Verdict, tick: Tick) -> None:
    """Say in the verdict what comes of these parts; each fact is read once for all of them."""
    with snapshot(store) as connection, begin_parts(store, connection, parts) as (log, apart):
        for count in log.all():
            tick(count)
        for part in apart:
            part.end()
    for part in apart:
        part.say(verdict)
