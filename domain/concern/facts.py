"""What can happen to a policy concern (정책 현안). The kinds and fields of facts are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.fact import Fact, Names
from domain.streams import definition_stream, identity_of, kind_of, task_stream
from domain.values import LocalText, TextRef, Value

Came = Literal["as_expected", "in_part", "otherwise"]  # 예상대로, 일부만, 예상과 다름


class Terms(Value, frozen=True):
    """By what the concern goes, as the definition said that it was raised under. `opinion_days`: how many business days there are
    for opinions in each round; `review_days`: how many days after it was chosen what became of it is looked at.
    """

    opinion_days: int
    review_days: int


class Raised(Fact, frozen=True):
    """An agency or the city raised it. `question`: what is to be answered; `until`: the last day for opinions; `agency`: whose it
    is, absent where the city's; `tasks`: those affected; `invited`: the agencies that are affected and asked for opinions, all
    where none is named. `definition`: under which lifecycle definition, `terms`: what that says of concerns.
    """

    kind = "concern.raised"
    leads_to: ClassVar[Names] = {"tasks": task_stream}
    year: int
    name: LocalText
    question: TextRef
    until: date
    definition: str
    terms: Terms
    agency: str | None = None
    tasks: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()


class OpinionGiven(Fact, frozen=True):
    """`opinion`: its number, which is this fact's in the concern's history; `agency`: whose, absent where the city's."""

    kind = "concern.opinion_given"
    opinion: int
    round: int
    text: TextRef
    agency: str | None = None


class AlternativeAdded(Fact, frozen=True):
    """A way of answering the question. `alternative`: its number; `cost_krw`: what it costs, absent where nobody knows."""

    kind = "concern.alternative_added"
    alternative: int
    name: LocalText
    cost_krw: int | None = None
    effects: TextRef | None = None
    risks: TextRef | None = None
    sources: TextRef | None = None
    agency: str | None = None


class AlternativeDropped(Fact, frozen=True):
    """It is no longer looked at; the envelope's reason says why."""

    kind = "concern.alternative_dropped"
    alternative: int


class RoundOpened(Fact, frozen=True):
    """Opinions are asked for once more, `until` a day; also of what was deferred. `invited`: agencies asked beside those before."""

    kind = "concern.round_opened"
    round: int
    until: date
    invited: tuple[str, ...] = ()


class Chosen(Fact, frozen=True):
    """An alternative was chosen; the envelope's reason says why. `review_on`: from which day it is looked at what became of it."""

    kind = "concern.chosen"
    alternative: int
    review_on: date


class Deferred(Fact, frozen=True):
    """It is not answered yet, and taken up again after the day `until`; the envelope's reason says why."""

    kind = "concern.deferred"
    until: date


class Dropped(Fact, frozen=True):
    """It is answered by none of the alternatives, and not taken up again; the envelope's reason says why."""

    kind = "concern.dropped"


def stream_followed(what: str) -> str:
    """In which stream it is, e.g. "meeting/heads-2024-2" of "meeting/heads-2024-2#7", "definition/own" of "definition/own/2"."""
    stream = what.partition("#")[0]
    return definition_stream(identity_of(stream)) if kind_of(stream) == "definition" else stream


class Linked(Fact, frozen=True):
    """Something follows from it. `follow_up`: a task, a meeting's decision, a definition's version or another concern, as
    `task/2024-07`, `meeting/heads-2024-2#7`, `definition/own/2`, `concern/parking`.
    """

    kind = "concern.linked"
    leads_to: ClassVar[Names] = {"follow_up": stream_followed}
    follow_up: str


class Reviewed(Fact, frozen=True):
    """Whether it came as expected, and what came."""

    kind = "concern.reviewed"
    came: Came
    text: TextRef


ConcernFact = (
    Raised
    | OpinionGiven
    | AlternativeAdded
    | AlternativeDropped
    | RoundOpened
    | Chosen
    | Deferred
    | Dropped
    | Linked
    | Reviewed
)
