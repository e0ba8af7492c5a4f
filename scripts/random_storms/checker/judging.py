"""All of the checks, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scripts.random_storms.checker.alarms import check_alarms
from scripts.random_storms.checker.commands import check_commands
from scripts.random_storms.checker.evidence import Evidence, Finding
from scripts.random_storms.checker.going_back import check_going_back, without_lost
from scripts.random_storms.checker.log import check_log
from scripts.random_storms.checker.reminders import check_reminders
from scripts.random_storms.checker.seals import check_seals
from scripts.random_storms.checker.views import check_views
from scripts.random_storms.checker.waits import check_waits

_CHECKS: Sequence[Callable[[Evidence], Iterator[Finding]]] = (
    check_log,
    check_commands,
    check_views,
    check_reminders,
    check_seals,
    check_waits,
    check_alarms,
)


def judge(evidence: Evidence) -> list[Finding]:
    """What is not as it must be, the worst first."""
    found = list(check_going_back(evidence))
    kept = without_lost(evidence)
    return found + [finding for check in _CHECKS for finding in check(kept)]
