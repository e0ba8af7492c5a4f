"""What can be asked of the access log."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.access.facts import Differing
from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import FreeText, Month, Sha256
from domain.plan_limits import Day
from domain.roles import INSPECTOR, PLANNER
from domain.streams import review_stream

PRUNINGS = "access/log"
GAPS = "access/gaps"
ROWS = "access/rows"
MOST_GONE = 1000  # a fact is no list of all that there ever was; what is more is told as miscounted
_Position = Annotated[int, Field(strict=True, ge=1, le=2**53)]
_Readings = Annotated[int, Field(strict=True, ge=0, le=2**62)]


class SignOff(Command):
    """Say that the month's readings were looked at, with what was seen of them."""

    name = "access.sign_off"
    label = Bilingual("열람 기록 점검 확인", "sign off the review of who read what")
    by = INSPECTOR
    month: Month
    readings: _Readings
    unusual: _Readings
    rows_sha256: Sha256
    note: FreeText

    @property
    def stream(self) -> str:
        return review_stream(self.month)


class Prune(Command):
    """Take out of the access log what was read before a day in Seoul. `count`: how many readings that are; `gone`: as of
    facts.Pruned.
    """

    name = "access.prune"
    label = Bilingual("오래된 열람 기록 삭제", "take old readings out of the access log")
    by = PLANNER
    before: Day
    count: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    gone: Annotated[tuple[_Position, ...], Field(max_length=MOST_GONE)] = ()

    @property
    def stream(self) -> str:
        return PRUNINGS


class AcknowledgeGap(Command):
    """Say what came of looking into a gap in the log of readings and refusals; it is sealed on over it."""

    name = "access.acknowledge"
    label = Bilingual("열람·거부 기록의 빈자리 확인", "acknowledge a gap in the log of readings and refusals")
    by = INSPECTOR
    first: _Position
    last: _Position
    note: FreeText

    @property
    def stream(self) -> str:
        return GAPS


class ExamineRow(Command):
    """Say what came of looking into a reading or refusal that is not what was written down. See facts.RowExamined."""

    name = "access.examine"
    label = Bilingual(
        "열람·거부 기록의 다른 내용 확인", "examine what differs in the log of readings and refusals"
    )
    by = INSPECTOR
    what: Differing
    number: _Position
    found: Sha256 | None = None
    note: FreeText

    @property
    def stream(self) -> str:
        return ROWS


AccessCommand = SignOff | Prune | AcknowledgeGap | ExamineRow
