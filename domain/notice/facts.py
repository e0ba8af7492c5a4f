"""What can happen to a notice: one reminder of one deadline for one recipient. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.channels import Channel
from domain.fact import Fact
from domain.streams import stream_behind
from domain.values import LocalText

Why = Literal["moved", "person", "readdressed"]


class Due(Fact, frozen=True, kw_only=True):
    """A rung's day has come. `deadline`, `item`, `due`: what is reminded of, set by fact `since` of what it is about: of a `task`,
    or of another stream, `about`, as `meeting/heads-2024-1`; one of the two.

    `days`: the rung, 0 also of what is told at once; `on`: its day in Seoul; `to`: the step of the ladder that it came to. `recipient`: whom it is for,
    `subject/…`, `agency/…` or an office of the city, e.g. `programme/2024/planner`; `stands_in_for`: in whose place.
    `agency`: which answers for it, absent where that is the city. `late`: that day was over. `held`: it may have gone before the store was
    restored, so it waits for a person's word. `was`: the due day that was told last, where it was another. `letter`: in whose
    words it goes, of which definition, e.g. `gunsan/1/soon`; absent: in the program's.
    `kind_name`: what a kind of deadlines is called that is not one of the program's for tasks; `to_name`: what people called the position of the city's
    that `to` is, e.g. `position/vice-mayor`.
    """

    kind = "notice.due"
    schema_version: ClassVar[int] = 5
    task: str | None = None
    about: str | None = None
    deadline: str
    item: str | None = None
    due: date
    since: int
    days: int
    on: date
    to: str
    recipient: str
    channel: Channel
    agency: str | None = None
    stands_in_for: str | None = None
    late: bool = False
    held: bool = False
    was: date | None = None
    letter: str | None = None
    kind_name: LocalText | None = None
    to_name: LocalText | None = None

    @property
    def stream(self) -> str:
        """The stream of what it reminds of."""
        return stream_behind(self.task, self.about)


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
