"""The audits that are closed: how each was, and what is open of it still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from domain.audit.facts import Closed, PointSettled
from domain.audit.state import AUDIT
from domain.errors import Lang
from domain.seoul import local_day
from domain.streams import audit_stream, identity_of
from projections.slices import AsOf, of_stream
from projections.texts import in_words
from store.log import Store
from store.recorded import RecordedFact, fold_state


class Point(msgspec.Struct, frozen=True):
    """A point that the inspector left open. `settled`: what came of it, None while it is open."""

    number: int
    text: str
    settled: str | None


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """An audit as it was closed last. `closed_on`: in Seoul; `findings_open`: those left open that nobody examined since.

    `findings`, `left_open`: how many there were, and of them not examined, when it was closed over the facts up to `up_to`.
    """

    subject: str
    closed_on: date
    position: int
    up_to: int
    findings: int
    left_open: int
    note: str
    points: list[Point]
    findings_open: list[str]

    @property
    def open(self) -> int:
        return len(self.findings_open) + sum(point.settled is None for point in self.points)


def find_audit(store: Store, subject: str, lang: Lang, at: AsOf | None = None) -> Audited | None:
    """How the audit stands, now or at a slice of the log; None where it is not closed."""
    return _audit_of(store, of_stream(store.read(audit_stream(subject)), at), lang, at)


def audits(store: Store, lang: Lang, at: AsOf | None = None) -> list[Audited]:
    """All that are closed, by what they are of."""
    names = store.streams_with(Closed.kind)
    streams = store.load(names).streams if names else {}
    found = [_audit_of(store, of_stream(streams[name], at), lang, at) for name in names]
    return [one for one in found if one is not None]


def _audit_of(
    store: Store, facts: Sequence[RecordedFact[Any]], lang: Lang, at: AsOf | None
) -> Audited | None:
    if fold_state(AUDIT, facts).closed is None:
        return None
    texts = store.texts_of(facts)
    last = max(number for number, one in enumerate(facts) if isinstance(one.fact, Closed))
    closed, since = facts[last], facts[last + 1 :]
    settled = {
        one.fact.point: in_words(texts(one.fact.note), lang)
        for one in since
        if isinstance(one.fact, PointSettled)
    }
    points = [
        Point(number, in_words(texts(text), lang), settled.get(number))
        for number, text in enumerate(closed.fact.points, start=1)
    ]
    return Audited(
        subject=identity_of(closed.stream),
        closed_on=local_day(closed.known_at),
        position=closed.position,
        up_to=closed.fact.up_to,
        findings=closed.fact.findings,
        left_open=len(closed.fact.open),
        note=in_words(texts(closed.fact.note), lang),
        points=points,
        findings_open=_count_unexamined(store, closed.fact.open, at),
    )


def _count_unexamined(store: Store, names: Sequence[str], at: AsOf | None) -> list[str]:
    streams = store.load([f"finding/{one}" for one in names]).streams if names else {}
    return [one for one in names if not of_stream(streams.get(f"finding/{one}", []), at)]
