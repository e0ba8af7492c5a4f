"""Webhooks that were turned off by rule, since their server said that it is gone (410)."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from domain.agency.facts import Closed, ContactSet, Merged
from domain.seoul import local_day
from projections.slices import Cut, of_stream
from store.log import Store

WEBHOOK_GONE = "webhook_gone"
_TOLD = timedelta(days=30)  # long enough for anybody to have been told
_STREAMS = b"SELECT DISTINCT stream FROM donghaeng.facts WHERE kind = 'agency.contact_set' ORDER BY 1"


class GoneWebhook(msgspec.Struct, frozen=True):
    """`on`: the day in Seoul; `message`: by whose sending it was found out; `fact`: the position of the fact."""

    agency: str
    on: date
    message: str
    fact: int


def gone_webhooks(
    store: Store, today: date, agency: str | None = None, at: Cut | None = None
) -> list[GoneWebhook]:
    """Those that were turned off in the last thirty days and not set again since, or of one agency; by agency."""
    with store.connection() as connection:
        names = [row[0] for row in connection.execute(_STREAMS)]
    wanted = [name for name in names if agency in (None, name.removeprefix("agency/"))]
    found = []
    for stream, facts in sorted(store.load(wanted).streams.items()):
        known = of_stream(facts, at)
        set_last = [
            one for one in known if isinstance(one.fact, ContactSet) and one.fact.channel == "webhook"
        ]
        if not set_last or any(isinstance(one.fact, Closed | Merged) for one in known):
            continue
        last = set_last[-1]
        cause, day = last.envelope.cause, local_day(last.known_at)
        if cause is not None and cause.rule == WEBHOOK_GONE and day > today - _TOLD:
            message = (cause.due or "").removeprefix("message/")
            found.append(GoneWebhook(stream.removeprefix("agency/"), day, message, last.position))
    return found
