"""Every rule of findings. Whether there is such a finding is for the trail to say, not for this stream."""

from __future__ import annotations

from domain.aggregate import Aggregate, Given
from domain.finding import facts
from domain.finding.commands import Examine
from domain.finding.state import Finding, evolve
from domain.limits import ref_of


def decide(command: Examine, finding: Finding, given: Given) -> tuple[facts.FindingFact, ...]:
    """Turn a command into facts."""
    return (facts.Examined(rule=command.rule, about=command.about, note=ref_of(command.note)),)


FINDING = Aggregate(
    name="finding",
    initial=Finding(),
    facts=(facts.Examined,),
    commands=(Examine,),
    decide=decide,
    evolve=evolve,
)
