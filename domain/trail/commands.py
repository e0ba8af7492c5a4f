"""What can be asked of the trail. The system records what was signed; people take care of the keys."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import Base64, ItemName, Line, SignedNote, Vkey
from domain.roles import PLANNER, SYSTEM
from domain.streams import COMPARED, KEYS

Size = Annotated[int, Field(ge=1, le=2**53)]


class OnKeys(Command):
    vkey: Vkey
    note: SignedNote

    @property
    def stream(self) -> str:
        return KEYS


class AddKey(OnKeys):
    name = "trail.add_key"
    label = Bilingual("감사 이력의 키 추가", "add a key of the trail")
    by = PLANNER


class RetireKey(OnKeys):
    name = "trail.retire_key"
    label = Bilingual("감사 이력의 키 폐지", "retire a key of the trail")
    by = PLANNER


class OnDay(Command):
    """`day`: in Seoul; a stream a day, so that none grows for ever. `size`: how many facts it is about."""

    day: date
    size: Size

    @property
    def stream(self) -> str:
        return f"trail/{self.day}"


class RecordSeal(OnDay):
    name = "trail.record_seal"
    label = Bilingual("봉인 기록", "record a seal")
    by = SYSTEM
    note: SignedNote
    root: Base64
    witnesses: Annotated[tuple[Line, ...], Field(max_length=100)]
    quorum: bool
    readings_size: Size | None = None
    readings_root: Base64 | None = None


class RecordTimestamp(OnDay):
    name = "trail.record_timestamp"
    label = Bilingual("시점확인 기록", "record a timestamp")
    by = SYSTEM
    note: SignedNote
    token: Base64
    at: datetime


class RecordMap(OnDay):
    name = "trail.record_map"
    label = Bilingual("이력별 건수 기록", "record the count of the streams")
    by = SYSTEM
    origin: Line
    streams: Size
    root: Base64


class OnComparison(Command):
    """`part`: of what was compared with the seals; see workflows.trail.alarms."""

    part: ItemName
    size: Size

    @property
    def stream(self) -> str:
        return COMPARED


class RecordDifference(OnComparison):
    name = "trail.record_difference"
    label = Bilingual("봉인과 다름 기록", "record a difference from what was sealed")
    by = SYSTEM
    what: ItemName
    position: Size | None = None
    row: Line | None = None


class RecordAgreement(OnComparison):
    name = "trail.record_agreement"
    label = Bilingual("봉인과 다시 같음 기록", "record that what differed is as it was sealed again")
    by = SYSTEM


TrailCommand = (
    AddKey | RetireKey | RecordSeal | RecordMap | RecordTimestamp | RecordDifference | RecordAgreement
)
