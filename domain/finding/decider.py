"""Every rule of findings. Whether there is such a finding is for the trail to say, not for this stream."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.finding import facts
from domain.finding.commands import Examine
from domain.finding.state import FINDING, Finding
from domain.limits import ref_of


def decide(command: Examine, finding: Finding, context: DecisionContext) -> tuple[facts.FindingFact, ...]:
    """Turn a command into facts."""
    return (facts.Examined(rule=command.rule, about=command.about, note=ref_of(command.note)),)


AGGREGATE = Aggregate.on(FINDING, Examine, decide)
