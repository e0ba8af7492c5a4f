"""The audit of a task or a year as a whole: what findings there are of it, how it was closed, and what is open of it still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from domain.audit.commands import MOST_OPEN, Close, audit_stream
from domain.audit.decider import AUDIT
from domain.audit.facts import Closed, PointSettled
from domain.errors import Lang, Refusal
from domain.seoul import local_day
from projections.slices import Cut, of_stream
from projections.texts import in_words
from projections.trail.leaves import Tick
from projections.trail.searching import Filters
from store.log import Store
from store.recorded import Recorded, folded
from workflows.trail_findings import Findings, findings

_EACH = 10_000  # findings of a rule
_STREAMS = b"SELECT DISTINCT stream FROM donghaeng.facts WHERE kind = 'audit.closed' ORDER BY 1"


class TooManyOpen(Refusal):
    """`most`: so many may be left open."""

    ko = "{subject}: 확인하지 않은 지적 사항이 {count}건으로, {most}건을 넘어 종결할 수 없습니다. `donghaeng trail examine`으로 먼저 확인하십시오."
    en = "{subject} has {count} findings that nobody examined, more than the {most} that an audit may leave open. Examine them first with `donghaeng trail examine`."


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


def closing(
    store: Store,
    subject: str,
    points: Sequence[str],
    note: str,
    lang: Lang,
    tick: Tick = lambda _: None,
) -> Close:
    """The command that closes the audit over all that is on record now. Raises TooManyOpen, and as `findings`."""
    seen = of_subject(store, subject, lang, tick)
    left = [one.finding for one in seen.findings if not one.examined]
    if len(left) > MOST_OPEN:
        raise TooManyOpen(subject=subject, count=len(left), most=MOST_OPEN)
    return Close(
        subject=subject,
        up_to=seen.complete.up_to,
        findings=len(seen.findings),
        open=tuple(left),
        points=tuple(points),
        note=note,
    )


def of_subject(store: Store, subject: str, lang: Lang, tick: Tick = lambda _: None) -> Findings:
    """The findings of a task, or of all tasks of a year's programme."""
    about = Filters(task=subject) if "-" in subject else Filters(year=int(subject))
    return findings(store, lang, filters=about, only_open=False, limit=_EACH, tick=tick)


def audited(store: Store, subject: str, lang: Lang, at: Cut | None = None) -> Audited | None:
    """How the audit stands, now or at a slice of the log; None where it is not closed."""
    return _audited(store, of_stream(store.read(audit_stream(subject)), at), lang, at)


def audits(store: Store, lang: Lang, at: Cut | None = None) -> list[Audited]:
    """All that are closed, by what they are of."""
    with store.connection() as connection:
        names = [row[0] for row in connection.execute(_STREAMS)]
    streams = store.load(names).streams if names else {}
    found = [_audited(store, of_stream(streams[name], at), lang, at) for name in names]
    return [one for one in found if one is not None]


def _audited(store: Store, facts: Sequence[Recorded[Any]], lang: Lang, at: Cut | None) -> Audited | None:
    if folded(AUDIT, facts).closed is None:
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
        subject=closed.stream.removeprefix("audit/"),
        closed_on=local_day(closed.known_at),
        position=closed.position,
        up_to=closed.fact.up_to,
        findings=closed.fact.findings,
        left_open=len(closed.fact.open),
        note=in_words(texts(closed.fact.note), lang),
        points=points,
        findings_open=_not_examined(store, closed.fact.open, at),
    )


def _not_examined(store: Store, names: Sequence[str], at: Cut | None) -> list[str]:
    streams = store.load([f"finding/{one}" for one in names]).streams if names else {}
    return [one for one in names if not of_stream(streams.get(f"finding/{one}", []), at)]
