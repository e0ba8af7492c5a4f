"""Facts that were known at another time than they were recorded: only a simulated store has such.

Whether a store is simulated is in the name of its log, which is signed under every checkpoint and stands on paper. A log
of before that has it in its first fact: a simulated clock begins in the past, so there the two times differ.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from trail.bilingual import Bilingual
from trail.english import many
from trail.origin import Clock, clock_of
from trail.signed import clock
from trail.verdict import Verdict


class Two(msgspec.Struct, frozen=True):
    """A fact's two times, as its leaf has them: e.g. 2024-03-07T05:07:00.000000Z"""

    position: int
    known_at: str
    recorded_at: str

    @property
    def problem(self) -> Bilingual:
        """What is wrong with it where the store is not simulated."""
        known, recorded = (clock(datetime.fromisoformat(at)) for at in (self.known_at, self.recorded_at))
        return Bilingual(
            f"{self.position}번 기록이 {known}에 알려졌다고 하나 {recorded}에 적혔습니다. 모의 저장소가 아니면 두 시각은 같습니다(날짜 소급)",
            f"event {self.position} says it was known at {known}, and was recorded at {recorded}: in a store that is not "
            "simulated these are one time, so somebody has set its date",
        )


class TwoTimes(msgspec.Struct):
    """What leaves say of their times, as they pass. `first`: whether those of the log's first fact differ; None where it
    was not among them. `differing`: how many do; `earliest`: the first of these.
    """

    first: bool | None = None
    differing: int = 0
    earliest: Two | None = None

    def add(self, position: int, known_at: str, recorded_at: str) -> None:
        differs = known_at != recorded_at
        if position == 1:
            self.first = differs
        if differs:
            self.differing += 1
            self.earliest = self.earliest or Two(position, known_at, recorded_at)

    def clock(self, origin: str) -> Clock | None:
        """By which clock the log's facts are known, by its name or its first fact; None where neither says it."""
        said = clock_of(origin)
        if said is None and self.first is not None:
            return Clock.SIMULATED if self.first else Clock.REAL
        return said


def judge(verdict: Verdict, where: str, origin: str, found: TwoTimes) -> None:
    """Two times fail in a log of a store that is not simulated; where that is not said they are told."""
    if found.clock(origin) is Clock.REAL:
        if found.earliest is not None:
            verdict.fails(where, *_both(found.earliest.problem))
    elif clock_of(origin) is Clock.SIMULATED:
        verdict.remarks("log", *_both(SIMULATED))
    elif found.earliest is not None:
        verdict.remarks("log", *_both(_fault_of_clock(found)))


SIMULATED = Bilingual(
    "모의 저장소의 기록입니다. 보이는 날짜는 손으로 옮기는 시계의 것이며, 봉인이 묶는 것은 기록 시각입니다",
    "it is the log of a simulated store: the dates that are shown are those of a clock that is moved by hand; what is "
    "bounded by others is when a fact was recorded",
)


def _fault_of_clock(found: TwoTimes) -> Bilingual:
    assert found.earliest is not None
    at = found.earliest.position
    return Bilingual(
        f"기록 {found.differing:,}건은 인지 시각이 기록 시각과 다릅니다(처음: {at}번). 모의 저장소에서만 그럴 수 있는데, 이 기록의 이름은 모의인지 말하지 않습니다(이전 버전). 실제 저장소라면 그 날짜를 믿지 마십시오",
        f"{many(found.differing, 'fact was', 'facts were')} known at another time than recorded (the first is event {at}), "
        "as is so in a simulated store only, and the name of this log, which is of an older version, does not say whether "
        "its store is one. If it is a real store, do not rely on those dates",
    )


def _both(words: Bilingual) -> tuple[str, str]:
    return words.ko, words.en
