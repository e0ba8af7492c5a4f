"""What inspectors read and say of what rules point out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.audit.commands import Close
from domain.finding.commands import Examine
from projections.inspection.searching import Filters
from trail.leaves import Tick
from workflows.auditing import closing
from workflows.queries.audits import tasks_in
from workflows.queries.inquiry import Inquiry
from workflows.queries.trail import may_read_trail
from workflows.trail.alarms import Alarm, alarms, filter_unexamined
from workflows.trail.findings import Findings, find_finding, findings


def list_findings(
    inquiry: Inquiry,
    filters: Filters,
    *,
    rules: Sequence[str] = (),
    only_open: bool = False,
    limit: int = 50,
    tick: Tick = lambda _: None,
    warn: Callable[[list[Alarm]], object] = lambda _: None,
) -> Findings:
    """What rules point out. `warn`: told what is not as it was sealed, also where the list is refused for that.

    Raises NoSuchRule, EntriesDiffer, NotAllThere.
    """
    may_read_trail(inquiry, filters)
    warn(filter_unexamined(alarms(inquiry.store)))
    return findings(
        inquiry.store,
        inquiry.lang,
        rules=rules,
        filters=filters,
        only_open=only_open,
        limit=limit,
        tick=tick,
    )


def examining(inquiry: Inquiry, finding: str, note: str) -> Examine:
    """The command that says what came of a finding. Raises NoSuchFinding."""
    inquiry.authorise("trail")
    rule, about = find_finding(inquiry.store, finding)
    return Examine(rule=rule, about=about, note=note)


def closing_audit(
    inquiry: Inquiry, subject: str, points: Sequence[str], note: str, tick: Tick = lambda _: None
) -> Close:
    """The command that closes an audit over all that is on record now. Raises BadInput, TooManyOpen, and as findings."""
    inquiry.authorise("trail", tasks=tasks_in(subject))
    return closing(inquiry.store, subject, points, note, inquiry.lang, tick)
