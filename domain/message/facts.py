"""What can happen to a message: notices of one recipient that go out together. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from domain.channels import Channel
from domain.errors import Lang
from domain.fact import Fact

Problem = Literal[
    "no_address",  # nobody knows where it is to go
    "bad_address",
    "not_public",  # the webhook's host lies in a private network
    "unreachable",
    "not_now",  # 4xx of SMTP, 5xx, 408, 425 and 429 of HTTP
    "refused",  # 5xx of SMTP, 4xx of HTTP
    "redirected",
    "no_answer",  # it was handed over, and then nothing more was heard
    "worker_lost",
    "restored",  # the store is a backup's: it may have gone out after that was made
]


class Composed(Fact, frozen=True):
    """`on`, `hour`: the day and hour in Seoul. It is the same message with the same id however often it is tried.

    `form`: which words it has, of those that there have been; `lang`: in which language, of the first form in both.
    """

    kind = "message.composed"
    schema_version: ClassVar[int] = 2
    recipient: str
    channel: Channel
    on: date
    hour: int
    notices: tuple[str, ...]
    form: int = 1
    lang: Lang | None = None


class Attempted(Fact, frozen=True):
    """A worker is about to hand it over. `number`: 1, 2, 3 …; `token`: of the worker's lease, always rising.

    `left_out`: notices that were cancelled before; what somebody may have been told stays as it is.
    """

    kind = "message.attempted"
    number: int
    token: int
    left_out: tuple[str, ...] = ()


class Sent(Fact, frozen=True):
    """The server took it. `code`: of its reply."""

    kind = "message.sent"
    attempt: int
    code: int


class Deferred(Fact, frozen=True):
    """It did not go out, and is tried again later. `later`: not before then, as the server asked."""

    kind = "message.deferred"
    schema_version: ClassVar[int] = 2
    attempt: int
    problem: Problem
    code: int | None = None
    later: datetime | None = None


class Failed(Fact, frozen=True):
    """It did not go out, and is not tried again unless a person says so."""

    kind = "message.failed"
    attempt: int
    problem: Problem
    code: int | None = None


class OutcomeUnknown(Fact, frozen=True):
    """It may or may not have gone out: nobody heard the end of the attempt."""

    kind = "message.unknown"
    attempt: int
    problem: Problem


class Cancelled(Fact, frozen=True):
    """There was nothing left to remind of."""

    kind = "message.cancelled"


class Retried(Fact, frozen=True):
    """A person had it tried again."""

    kind = "message.retried"


MessageFact = Composed | Attempted | Sent | Deferred | Failed | OutcomeUnknown | Cancelled | Retried
