"""What can be asked of a notice."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import AgencyName, ChannelName, Hex, Line, Recipient, Subject, TaskNumber, Title
from domain.notice.facts import Why
from domain.plan_limits import Day
from domain.roles import DEPARTMENT, HEAD, OFFICER, PLANNER, SYSTEM
from domain.streams import notice_stream

MOST_DAYS = 1000


class OnNotice(Command):
    """A command about one notice, by its id (32 hex digits)."""

    notice: Hex

    @property
    def stream(self) -> str:
        return notice_stream(self.notice)


class Arm(OnNotice):
    """Record that a rung's day has come; see domain.notice.facts.Due."""

    name = "notice.arm"
    label = Bilingual("알림 생성", "arm the notice")
    by = SYSTEM
    task: TaskNumber | None = None
    about: Line | None = None
    deadline: Line
    item: Line | None = None
    due: Day
    since: Annotated[int, Field(ge=1, le=2**31)]
    days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)]
    on: Day
    to: Line
    recipient: Recipient
    channel: ChannelName
    agency: AgencyName | None = None
    stands_in_for: Subject | None = None
    late: bool = False
    held: bool = False
    was: Day | None = None
    letter: Line | None = None
    kind_name: Title | None = None
    to_name: Title | None = None


class PutIn(OnNotice):
    """Put it into a message that is being composed in the same append."""

    name = "notice.put_in"
    label = Bilingual("알림을 메시지에 담기", "put the notice into a message")
    by = SYSTEM
    message: Hex


class Release(OnNotice):
    """Let a held one go."""

    name = "notice.release"
    label = Bilingual("보류된 알림 발송", "release the notice")
    by = PLANNER


class Cancel(OnNotice):
    name = "notice.cancel"
    label = Bilingual("알림 취소", "cancel the notice")
    by = PLANNER | SYSTEM
    why: Why


class Acknowledge(OnNotice):
    name = "notice.acknowledge"
    label = Bilingual("알림 확인", "acknowledge the notice")
    by = OFFICER | HEAD | DEPARTMENT | PLANNER


NoticeCommand = Arm | PutIn | Release | Cancel | Acknowledge
