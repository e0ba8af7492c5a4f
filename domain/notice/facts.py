"""What can happen to a notice: one reminder of one deadline for one recipient. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.channels import Channel
from domain.fact import Fact
from domain.values import LocalText

Why = Literal["moved", "person", "readdressed"]


class Due(Fact, frozen=True, kw_only=True):
    """A rung's day has come. `deadline`, `item`, `due`: what is reminded of, set by fact `since` of the task.

    `days`: the rung; `on`: its day in Seoul; `to`: the step of the ladder that it came to. `recipient`: whom it is for,
    `subject/…`, `agency/…` or an office of the city, e.g. `programme/2024/planner`; `stands_in_for`: in whose place.
    `agency`: which answers for the task. `late`: that day was over. `held`: it may have gone before the store was
    restored, so it waits for a person's word. `was`: the due day that was told last, where it was another. `letter`: in whose
    words it goes, of which definition, e.g. `gunsan/1/soon`; absent: in the program's.
    `kind_name`: what the definition calls a kind of deadlines of its own; `to_name`: what people called the position of the city's
    that `to` is, e.g. `position/vice-mayor`.
    """

    kind = "notice.due"
    schema_version: ClassVar[int] = 4
    task: str
    deadline: str
    item: str | None = None
    due: date
    since: int
    days: int
    on: date
    to: str
    recipient: str
    channel: Channel
    agency: str
    stands_in_for: str | None = None
    late: bool = False
    held: bool = False
    was: date | None = None
    letter: str | None = None
    kind_name: LocalText | None = None
    to_name: LocalText | None = None


class Released(Fact, frozen=True):
    """A person let it go after all."""

    kind = "notice.released"


class Composed(Fact, frozen=True):
    """It was put into a message, and goes in no other."""

    kind = "notice.composed"
    message: str


class Cancelled(Fact, frozen=True):
    """`why`: what it reminds of was done or has moved, a person did not want it, or it is for somebody else by now."""

    kind = "notice.cancelled"
    why: Why


class Acknowledged(Fact, frozen=True):
    """Whom it was for has seen it."""

    kind = "notice.acknowledged"


NoticeFact = Due | Released | Composed | Cancelled | Acknowledged
