"""Clocks, calendars, and the deadlines that are counted by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from domain.errors import Bilingual, Refusal
from domain.seoul import local_day
from domain.streams import task_stream
from projections.deadlines import tasks_due, tasks_to_count
from store.looking_up import clock_is_set
from trail.english import many
from trail.stored import KNOWN_AT, POSITION, RECORDED_AT
from workers.engine import Engine
from workers.finding import Finding, command_text
from workflows.automation.deadlines import basis_at, calendars_for, setting
from workflows.calendars import calendars
from workflows.definitions.adopted import definitions_of

_CLOCK_SECONDS = 5.0
_NAMED = 5
_NEWEST = 500  # facts whose times are looked at


def clocks(engine: Engine) -> Iterator[Finding]:
    yield from _one_time(engine)
    with engine.store.connection() as connection:
        before = datetime.now(UTC)
        row: Any = connection.execute("SELECT clock_timestamp()").fetchone()
    apart = abs((row[0] - before).total_seconds())
    if apart <= _CLOCK_SECONDS:
        yield Finding("clocks", "ok", Bilingual(f"{apart:.1f}초 차이", f"{apart:.1f} s apart"))
        return
    yield Finding(
        "clocks",
        "wrong",
        Bilingual(
            f"데이터베이스와 이 컴퓨터의 시계가 {apart:.0f}초 다름",
            f"the clocks of the database and of this machine are {apart:.0f} s apart",
        ),
        Bilingual(
            "두 컴퓨터의 시각 동기화(NTP)를 확인하십시오.", "Look at the time synchronisation (NTP) of both."
        ),
    )


def _one_time(engine: Engine) -> Iterator[Finding]:
    """In a store that is not simulated: that nobody has set its clock, and that the newest facts have one time."""
    if engine.store.simulated:
        return
    with engine.store.connection() as connection:
        is_set = clock_is_set(connection)
    if is_set:
        yield Finding(
            "clocks",
            "wrong",
            Bilingual(
                "모의 저장소가 아닌데 누가 저장소의 시계(donghaeng.head)를 바꾸어 아무것도 기록되지 않음",
                "this is no simulated store, and somebody has set its clock (donghaeng.head), so that nothing is recorded",
            ),
            Bilingual(
                "누가 바꾸었는지 밝힌 뒤 데이터베이스 소유자로 `UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at`을 실행하십시오.",
                "Find out who did, then run `UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at` as the database's owner.",
            ),
        )
    newest = engine.store.rows_after(max(0, engine.store.head().position - _NEWEST), _NEWEST)
    wrong = [row[POSITION] for row in newest if row[RECORDED_AT] != row[KNOWN_AT]]
    if wrong:
        yield Finding(
            "times",
            "wrong",
            Bilingual(
                f"최근 기록 {len(newest):,}건 가운데 {len(wrong):,}건은 인지 시각이 기록 시각과 다름(처음: {wrong[0]}번 기록): 누가 날짜를 바꿈",
                f"of the newest {many(len(newest), 'fact')} {len(wrong):,} were known at another time than recorded, the first being event {wrong[0]}: somebody has set their dates",
            ),
            Bilingual(
                "누가 바꾸었는지 밝히고, 아직 봉인되지 않았으면 known_at을 recorded_at으로 되돌리십시오.",
                "Find out who did; where it is not sealed yet, set known_at to recorded_at again.",
            ),
        )


def calendar(engine: Engine) -> Iterator[Finding]:
    """Without the calendar of a year nothing that is due in it can be counted; one opened by rule is to be confirmed."""
    waiting: dict[int, list[str]] = {}
    for row in tasks_due(engine.store):
        for year in sorted({one.year for one in row.waiting}):
            waiting.setdefault(year, []).append(row.task)
    for year, tasks in sorted(waiting.items()):
        yield Finding(
            "calendar",
            "wrong",
            Bilingual(
                f"{year}년 달력이 없어 과제 {len(tasks)}건의 기한이 계산되지 않음: {_some(tasks)}",
                f"there is no calendar of {year}, and deadlines of {many(len(tasks), 'task')} wait: {_some(tasks)}",
            ),
            command_text(f"donghaeng calendar open {year} --as planner"),
        )
    year = local_day(engine.store.now()).year
    if calendars(engine.store, [year])[year].provisional:
        yield Finding(
            "calendar",
            "warn",
            Bilingual(
                f"{year}년 달력은 규칙으로 임시 개설된 것임",
                f"the calendar of {year} was opened by rule and is provisional",
            ),
            command_text(f"donghaeng calendar open {year} --as planner"),
        )


def deadlines(engine: Engine) -> Iterator[Finding]:
    """A task whose deadlines cannot be counted anew has no reminders and no transitions."""
    stale = {task_stream(row.task) for row in tasks_to_count(engine.store)}
    streams = engine.store.load(sorted(stale)).streams if stale else {}
    known = calendars_for(engine.store, map(basis_at, streams.values()))
    for stream, facts in streams.items():
        try:
            setting(stream, facts, known, definitions_of(engine.store), engine.store.id)
        except Refusal as refusal:
            yield Finding("deadlines", "wrong", _describe_uncounted(stream, refusal))


def _describe_uncounted(stream: str, refusal: Refusal) -> Bilingual:
    return Bilingual(
        f"{stream}: 기한을 계산할 수 없음: {refusal.say('ko')}",
        f"the deadlines of {stream} cannot be counted: {refusal.say('en')}",
    )


def _some(tasks: Sequence[str]) -> str:
    return ", ".join(tasks[:_NAMED]) + (" …" if len(tasks) > _NAMED else "")
