"""Which stream comes of which: a row a link, by a fact's cause and by the fields that a fact declares; and what is asked of them.

A link says which of its two ends came first, `origin`, and which of it, `result`. What stands beside a stream under the same
identity (`Fold.beside`) needs no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from domain.fact import find_named_streams
from domain.register import FACTS
from projections.query import Query
from projections.reading import ask_rows
from projections.slices import AsOf
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact

CAUSE = "cause"  # of a link that no field but the envelope says


class LinkRow(msgspec.Struct, frozen=True, gc=False):
    """`stream`, `version`: the fact that says so, which is of one of both ends; `by`: which of its fields does, or `cause`.
    `origin_number`, `result_number`: of which fact of that end it is said, None where of the whole.
    """

    origin: str
    result: str
    stream: str
    version: int
    kind: str
    by: str
    origin_number: int | None = None
    result_number: int | None = None


def links_of(recorded: RecordedFact[Any]) -> Iterator[LinkRow]:
    """What a fact says of other streams. A cause that a rule names is the rule's, and no link."""
    own, version, kind = recorded.stream, recorded.version, recorded.kind
    cause = recorded.envelope.cause
    if cause is not None and cause.rule is None and cause.due is not None:
        stream, _, number = cause.due.partition("#")
        if stream != own and number.isdecimal():
            yield LinkRow(stream, own, own, version, kind, CAUSE, int(number), version)
    for field, named in find_named_streams(recorded.fact, type(recorded.fact).follows):
        if named != own:
            yield LinkRow(named, own, own, version, kind, field, None, version)
    for field, named in find_named_streams(recorded.fact, type(recorded.fact).leads_to):
        if named != own:
            yield LinkRow(own, named, own, version, kind, field, version, None)


def _key(link: LinkRow) -> str:
    other = link.origin if link.result == link.stream else link.result
    return f"{link.stream}#{link.version} {link.by} {other}"


class _Links(View):
    def fold_under(self, keys: Sequence[str], rows: dict[str, Any], recorded: RecordedFact[Any]) -> None:
        """Each link that the fact says; most facts say none."""
        if keys:
            rows.update({_key(link): link for link in links_of(recorded) if _key(link) in keys})


LINKS = _Links(
    name="links",
    version=1,
    row=LinkRow,
    columns={"origin": "text", "result": "text"},
    kinds=frozenset(FACTS),
    keys=lambda recorded: tuple(_key(link) for link in links_of(recorded)),
    evolve=lambda row, recorded: row,
    reading="history",
    by_stream=True,
)

_OF_ORIGIN = Query(
    "SELECT row::text FROM {links} AS link WHERE origin = ANY(%(streams)s) ORDER BY key", LINKS
)
_OF_RESULT = Query(
    "SELECT row::text FROM {links} AS link WHERE result = ANY(%(streams)s) ORDER BY key", LINKS
)


def links_from(store: Store, streams: Sequence[str], at: AsOf | None = None) -> list[LinkRow]:
    """The links to what comes of these streams. `at`: of a slice of the log, here and below."""
    return ask_rows(store, LinkRow, _OF_ORIGIN, {"streams": list(streams)}, at)


def links_to(store: Store, streams: Sequence[str], at: AsOf | None = None) -> list[LinkRow]:
    """The links to what these streams came from."""
    return ask_rows(store, LinkRow, _OF_RESULT, {"streams": list(streams)}, at)
