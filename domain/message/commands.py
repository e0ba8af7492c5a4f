"""What can be asked of a message. Only the system hands it over and says what came of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from domain.aggregate import Command
from domain.errors import Bilingual, Lang
from domain.limited import ChannelName, Hex, Recipient
from domain.message.facts import Problem
from domain.plan_limits import Day
from domain.roles import PLANNER, SYSTEM
from domain.streams import message_stream

MOST_NOTICES = 200
Number = Annotated[int, Field(ge=0, le=2**62)]


class OnMessage(Command):
    """A command about one message, by its id (32 hex digits)."""

    message: Hex

    @property
    def stream(self) -> str:
        return message_stream(self.message)


class Compose(OnMessage):
    """`form`, `lang`: of its words."""

    name = "message.compose"
    label = Bilingual("메시지 작성", "compose the message")
    by = SYSTEM
    recipient: Recipient
    channel: ChannelName
    on: Day
    hour: Annotated[int, Field(ge=0, le=23)]
    notices: Annotated[tuple[Hex, ...], Field(min_length=1, max_length=MOST_NOTICES)]
    form: Annotated[int, Field(ge=1, le=100)] = 1
    lang: Lang | None = None


class Attempt(OnMessage):
    """Begin to hand it over. `token`: of one's lease. `left_out`: notices that were cancelled since."""

    name = "message.attempt"
    label = Bilingual("메시지 발송 시작", "begin to send the message")
    by = SYSTEM
    token: Number
    left_out: Annotated[tuple[Hex, ...], Field(max_length=MOST_NOTICES)] = ()


class Settle(OnMessage):
    """Say what came of an attempt. `number`: of the attempt, 0 where none was made; `token`: of one's lease.

    `later`: before which it is not to be tried again, where it is.
    """

    name = "message.settle"
    label = Bilingual("메시지 발송 결과 기록", "record what came of the message")
    by = SYSTEM
    number: Number
    token: Number
    outcome: Literal["sent", "deferred", "failed", "unknown"]
    problem: Problem | None = None
    code: Annotated[int, Field(ge=0, le=999)] | None = None
    later: AwareDatetime | None = None


class Cancel(OnMessage):
    name = "message.cancel"
    label = Bilingual("메시지 취소", "cancel the message")
    by = PLANNER | SYSTEM


class Retry(OnMessage):
    """Have it tried again, the same message with the same id."""

    name = "message.retry"
    label = Bilingual("메시지 다시 발송", "send the message again")
    by = PLANNER


MessageCommand = Compose | Attempt | Settle | Cancel | Retry
