"""Closing the audit of a task or a year as a whole: what findings there are of it by then."""

from __future__ import annotations

from collections.abc import Sequence

from domain.audit.commands import MOST_OPEN, Close
from domain.errors import Lang, Refusal
from projections.inspection.searching import Filters
from store.log import Store
from trail.leaves import Tick
from workflows.trail.findings import Findings, findings

_EACH = 10_000  # findings of a rule


class TooManyOpen(Refusal):
    """`most`: so many may be left open."""

    ko = "{subject}: 확인하지 않은 지적 사항이 {count}건으로, {most}건을 넘어 종결할 수 없습니다. `donghaeng trail examine`으로 먼저 확인하십시오."
    en = "{subject} has {count} finding(s) that nobody examined, more than the {most} that an audit may leave open. Examine them first with `donghaeng trail examine`."


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
