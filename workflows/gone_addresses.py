"""Addresses of agencies that were turned off by rule, since the other side said that it is gone for good (410 of HTTP)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from domain.agency.facts import Closed, ContactSet, Merged
from domain.channels import Channel
from domain.seoul import local_day
from domain.streams import identity_of
from projections.slices import AsOf, of_stream
from store.log import Store
from store.recorded import RecordedFact

_TOLD = timedelta(days=30)  # long enough for anybody to have been told


def rule_of_gone(channel: Channel) -> str:
    """The rule by which an address is turned off whose other side says that it is gone for good."""
    return f"{channel}_gone"


class GoneAddress(msgspec.Struct, frozen=True):
    """`on`: the day in Seoul; `message`: by whose sending it was found out; `fact`: the position of the fact."""

    agency: str
    channel: Channel
    on: date
    message: str
    fact: int

    @property
    def set_anew(self) -> str:
        """The command for another one, but for the address."""
        return f"donghaeng agency set-contact {self.agency} --{self.channel}"


def list_gone_addresses(
    store: Store, today: date, agency: str | None = None, at: AsOf | None = None
) -> list[GoneAddress]:
    """Those that were turned off in the last thirty days and not set again since, or of one agency; by agency, channel."""
    names = store.streams_with(ContactSet.kind)
    wanted = [name for name in names if agency in (None, identity_of(name))]
    return [
        gone
        for stream, facts in sorted(store.load(wanted).streams.items())
        for gone in _find_gone(identity_of(stream), of_stream(facts, at), today)
    ]


def _find_gone(agency: str, facts: Sequence[RecordedFact[Any]], today: date) -> Iterator[GoneAddress]:
    """None of an agency that is no more."""
    if any(isinstance(one.fact, Closed | Merged) for one in facts):
        return
    last = {one.fact.channel: one for one in facts if isinstance(one.fact, ContactSet)}
    for channel, one in sorted(last.items()):
        cause, day = one.envelope.cause, local_day(one.known_at)
        if cause is not None and cause.rule == rule_of_gone(channel) and day > today - _TOLD:
            yield GoneAddress(agency, channel, day, identity_of(cause.due or ""), one.position)
