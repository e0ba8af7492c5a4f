"""What can be asked of a notice."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import AgencyName, Hex, Line, Recipient, Subject, TaskNumber
from domain.notice.facts import Channel, Why
from domain.plan_limits import Day

MOST_DAYS = 1000


class OnNotice(Command):
    """A command about one notice, by its id (32 hex digits)."""

    notice: Hex

    @property
    def stream(self) -> str:
        return notice_stream(self.notice)


def notice_stream(notice: str) -> str:
    return f"notice/{notice}"


class Arm(OnNotice):
    """Record that a rung's day has come; see domain.notice.facts.Due."""

    name = "notice.arm"
    label = Worded("알림 생성", "arm the notice")
    task: TaskNumber
    deadline: Line
    item: Line | None = None
    due: Day
    since: Annotated[int, Field(ge=1, le=2**31)]
    days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)]
    on: Day
    to: Line
    recipient: Recipient
    channel: Channel
    agency: AgencyName
    stands_in_for: Subject | None = None
    late: bool = False
    held: bool = False
    was: Day | None = None


class PutIn(OnNotice):
    """Put it into a message that is being composed in the same append."""

    name = "notice.put_in"
    label = Worded("알림을 메시지에 담기", "put the notice into a message")
    message: Hex


class Release(OnNotice):
    """Let a held one go."""

    name = "notice.release"
    label = Worded("보류된 알림 발송", "release the notice")


class Cancel(OnNotice):
    name = "notice.cancel"
    label = Worded("알림 취소", "cancel the notice")
    why: Why


class Acknowledge(OnNotice):
    name = "notice.acknowledge"
    label = Worded("알림 확인", "acknowledge the notice")


NoticeCommand = Arm | PutIn | Release | Cancel | Acknowledge
