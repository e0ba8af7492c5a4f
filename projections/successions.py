"""Which agency answers for those that were merged into others."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from projections.slices import Cut, of_stream
from store.log import Store

_MERGED = b"SELECT DISTINCT stream FROM donghaeng.facts WHERE kind = 'agency.merged' ORDER BY 1"


class Successions(msgspec.Struct, frozen=True):
    """`into`: by merged agency, the one that it was merged into."""

    into: Mapping[str, str]

    def answering(self, agency: str) -> str:
        """The agency that answers for this one's tasks: itself, or the one it was merged into in the end."""
        seen = {agency}
        while (successor := self.into.get(agency)) is not None and successor not in seen:
            seen.add(successor)
            agency = successor
        return agency

    def answered_by(self, agency: str | None) -> list[str] | None:
        """The agency and those merged into it; nothing of one that is no more. None where none is asked for."""
        if agency is None:
            return None
        return [one for one in (agency, *self.into) if self.answering(one) == agency]


def successions(store: Store, at: Cut | None = None) -> Successions:
    """All mergers by now, or at a slice of the log."""
    with store.connection() as connection:
        streams = [row[0] for row in connection.execute(_MERGED).fetchall()]
    into = {}
    for stream, facts in store.load(streams).streams.items() if streams else ():
        for one in of_stream(facts, at):
            if one.kind == "agency.merged":
                into[stream.removeprefix("agency/")] = one.fact.into
    return Successions(into)
