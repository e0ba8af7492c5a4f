"""What runs on the servers: the store, clocks, views, calendars, parts, jobs and the post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.english import many
from domain.errors import Refusal
from domain.seoul import local_day
from domain.task.commands import task_stream
from projections.positions import positions
from projections.reading import messages_open, notice_states, tasks_due, tasks_to_count
from store.log import Store
from workers.acted_on import Standing, standing
from workers.beats import ALIVE_SECONDS, silence
from workers.bootstrap import Engine
from workers.doctor.finding import Finding, unseen
from workers.parts import PARTS
from workers.sealing.place import trail_begun
from workers.settings import Settings
from workflows.calendars import calendars
from workflows.deadlines import basis_at, calendars_for, setting
from workflows.gone_webhooks import gone_webhooks

_CLOCK_SECONDS = 5.0
_NAMED = 5
_NEWEST = 500  # facts whose times are looked at
_SEALS = "worker automation"
_MOST_LAG = timedelta(seconds=30)


def store(engine: Engine) -> Iterator[Finding]:
    store = engine.store
    kind = ("모의 저장소", "simulated") if store.simulated else ("실제 저장소", "a real store")
    at = store.head().position
    yield Finding(
        "store", "ok", (f"{store.id}, {kind[0]}, 기록 {at:,}건", f"{store.id}, {kind[1]}, {at:,} facts")
    )
    yield _epoch(standing(store, engine.data))


def _epoch(found: Standing) -> Finding:
    if found.state == "current":
        return Finding("epoch", "ok", (f"{found.epoch}번째 시기", f"epoch {found.epoch}"))
    return Finding(
        "epoch",
        "wrong",
        (
            "복원된 저장소: 보내기, 봉인, 규칙에 따른 처리가 멈춰 있음",
            "the store was restored: nothing is sent, sealed or done by rule",
        ),
        (
            "내용을 확인한 뒤 `donghaeng epoch accept`로 이어 쓰십시오.",
            "Look at what it holds, then let it go on with `donghaeng epoch accept`.",
        ),
    )


def clocks(engine: Engine) -> Iterator[Finding]:
    yield from _one_time(engine)
    with engine.store.connection() as connection:
        before = datetime.now(UTC)
        row: Any = connection.execute("SELECT clock_timestamp()").fetchone()
    apart = abs((row[0] - before).total_seconds())
    if apart <= _CLOCK_SECONDS:
        yield Finding("clocks", "ok", (f"{apart:.1f}초 차이", f"{apart:.1f} s apart"))
        return
    yield Finding(
        "clocks",
        "wrong",
        (
            f"데이터베이스와 이 기계의 시계가 {apart:.0f}초 다름",
            f"the clocks of the database and of this machine are {apart:.0f} s apart",
        ),
        ("두 기계의 시각 동기화(NTP)를 확인하십시오.", "Look at the time synchronisation (NTP) of both."),
    )


def _one_time(engine: Engine) -> Iterator[Finding]:
    """In a store that is not simulated: that nobody has set its clock, and that the newest facts have one time."""
    if engine.store.simulated:
        return
    with engine.store.connection() as connection:
        row: Any = connection.execute(
            "SELECT clock IS NOT NULL OR known_at <> recorded_at FROM donghaeng.head"
        ).fetchone()
    if row[0]:
        yield Finding(
            "clocks",
            "wrong",
            (
                "모의 저장소가 아닌데 누가 저장소의 시계(donghaeng.head)를 바꾸어 아무것도 기록되지 않음",
                "this is no simulated store, and somebody has set its clock (donghaeng.head), so that nothing is recorded",
            ),
            (
                "누가 바꾸었는지 밝힌 뒤 데이터베이스 소유자로 `UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at`을 실행하십시오.",
                "Find out who did, then run `UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at` as the database's owner.",
            ),
        )
    newest = engine.store.rows_after(max(0, engine.store.head().position - _NEWEST), _NEWEST)
    wrong = [row[0] for row in newest if row[4] != row[5]]
    if wrong:
        yield Finding(
            "times",
            "wrong",
            (
                f"최근 기록 {len(newest):,}건 가운데 {len(wrong):,}건은 알려진 시각이 적힌 시각과 다름(처음: {wrong[0]}번 기록): 누가 날짜를 바꿈",
                f"of the newest {many(len(newest), 'fact')} {len(wrong):,} were known at another time than recorded, the first being event {wrong[0]}: somebody has set their dates",
            ),
            (
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
            (
                f"{year}년 달력이 없어 과제 {len(tasks)}건의 기한이 계산되지 않음: {_some(tasks)}",
                f"there is no calendar of {year}, and deadlines of {many(len(tasks), 'task')} wait: {_some(tasks)}",
            ),
            (f"donghaeng calendar open {year} --as planner",) * 2,
        )
    year = local_day(engine.store.now()).year
    if calendars(engine.store, [year])[year].provisional:
        yield Finding(
            "calendar",
            "warn",
            (
                f"{year}년 달력은 규칙으로 임시 개설된 것임",
                f"the calendar of {year} was opened by rule and is provisional",
            ),
            (f"donghaeng calendar open {year} --as planner",) * 2,
        )


def deadlines(engine: Engine) -> Iterator[Finding]:
    """A task whose deadlines cannot be counted anew has no reminders and no transitions."""
    stale = {task_stream(row.task) for row in tasks_to_count(engine.store)}
    streams = engine.store.load(sorted(stale)).streams if stale else {}
    known = calendars_for(engine.store, map(basis_at, streams.values()))
    for stream, facts in streams.items():
        try:
            setting(stream, facts, known, engine.store.id)
        except Refusal as refusal:
            yield Finding("deadlines", "wrong", _not_counted(stream, refusal))


def _not_counted(stream: str, refusal: Refusal) -> tuple[str, str]:
    return (
        f"{stream}: 기한을 계산할 수 없음: {refusal.say('ko')}",
        f"the deadlines of {stream} cannot be counted: {refusal.say('en')}",
    )


def _some(tasks: Sequence[str]) -> str:
    return ", ".join(tasks[:_NAMED]) + (" …" if len(tasks) > _NAMED else "")


def views(engine: Engine) -> Iterator[Finding]:
    for name, place in positions(engine.store).items():
        if place.state == "stopped":
            yield Finding(
                f"view {name}",
                "wrong",
                (
                    f"#{place.error_position} 앞에서 멈춤: {place.error}",
                    f"stopped before #{place.error_position}: {place.error}",
                ),
                (
                    "프로그램을 고쳐 다시 시작하거나, 그 기록을 건너뛰려면 `donghaeng views skip`을 쓰십시오.",
                    "Run a program that can fold the fact, or pass over it with `donghaeng views skip`.",
                ),
            )
            continue
        waited = _waited(engine.store, place.position) if place.lag else timedelta()
        if waited > _MOST_LAG:
            yield Finding(
                f"view {name}",
                "wrong",
                (
                    f"{place.lag:,}건, {waited.total_seconds():.0f}초 뒤처짐",
                    f"{many(place.lag, 'fact')} and {waited.total_seconds():.0f} s behind",
                ),
                ("작업자가 실행 중인지 확인하십시오.", "See whether a worker runs."),
            )
        else:
            yield Finding(f"view {name}", "ok", (f"#{place.position}", f"#{place.position}"))


def _waited(store: Store, position: int) -> timedelta:
    """For how long the first fact after a position has stood in the log."""
    with store.connection() as connection:
        row = connection.execute(
            "SELECT clock_timestamp() - recorded_at FROM donghaeng.facts WHERE position = %s", (position + 1,)
        ).fetchone()
    waited: timedelta = timedelta() if row is None else row[0]
    return waited


def parts(engine: Engine, *, written: bool = True) -> Iterator[Finding]:
    """Which of them were heard of. `written`: whether Redis takes what they say."""
    for words in PARTS:
        part = " ".join(words)
        if part == _SEALS and not trail_begun(engine.data):
            continue
        age = silence(engine.queues, part)
        if age is not None and age <= ALIVE_SECONDS:
            yield Finding(f"part {part}", "ok", (f"{age:.0f}초 전 확인", f"heard of {age:.0f} s ago"))
            continue
        if not written:
            yield unseen(
                f"part {part}", "Redis가 살아 있다는 표시를 받지 않음", "Redis takes no sign of life of it"
            )
            continue
        seen = ("실행 중이 아님", "it does not run")
        if age is not None:
            seen = (f"{age:.0f}초째 소식이 없음", f"nothing heard of it for {age:.0f} s")
        yield Finding(
            f"part {part}",
            "wrong",
            seen,
            (
                f"`donghaeng up` 또는 `donghaeng {part}`를 실행하십시오.",
                f"Run `donghaeng up` or `donghaeng {part}`.",
            ),
        )


def post(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Reminders that did not arrive, and those that wait for a mail server nobody has set."""
    states = notice_states(engine.store)
    lost = states.get("failed", 0) + states.get("unknown", 0)
    if lost:
        yield Finding(
            "post",
            "wrong",
            (f"전달되지 않았거나 결과를 모르는 알림 {lost}건", f"{many(lost, 'reminder')} failed or unknown"),
            (
                "`donghaeng notices --state failed`(또는 unknown)로 까닭을 보고, 고친 뒤 `donghaeng notice retry`를 실행하십시오.",
                "See why with `donghaeng notices --state failed` (or unknown), and after mending it `donghaeng notice retry`.",
            ),
        )
    if held := states.get("held", 0):
        yield Finding(
            "post",
            "warn",
            (
                f"복원 전에 보냈을 수 있어 보류된 알림 {held}건",
                f"{many(held, 'reminder is', 'reminders are')} held: they may have gone before the store was restored",
            ),
            (
                "`donghaeng notices --state held`를 보고 `donghaeng notice retry`나 `cancel`을 실행하십시오.",
                "Look with `donghaeng notices --state held`, then `donghaeng notice retry` or `cancel` each.",
            ),
        )
    waiting = messages_open(engine.store, engine.store.now(), ("mail",))
    if waiting and settings.smtp_url is None:
        yield Finding(
            "post",
            "warn",
            (
                f"메일 서버가 없어 기다리는 메시지 {waiting}건",
                f"{many(waiting, 'message waits', 'messages wait')}: no mail server is set",
            ),
            ("DONGHAENG_SMTP_URL을 정하십시오.", "Set DONGHAENG_SMTP_URL."),
        )
    elif not lost:
        yield Finding(
            "post",
            "ok",
            (
                f"보낸 알림 {states.get('sent', 0)}건",
                f"{many(states.get('sent', 0), 'reminder was', 'reminders were')} sent",
            ),
        )


def webhooks(engine: Engine) -> Iterator[Finding]:
    """Those that are off since their server said that it is gone."""
    for one in gone_webhooks(engine.store, local_day(engine.store.now())):
        yield Finding(
            f"webhook {one.agency}",
            "warn",
            (
                f"{one.agency}의 웹훅 서버가 더는 없다고 답하여(410) {one.on}에 주소를 껐음",
                f"the webhook of {one.agency} answered that it is gone (410); its address was turned off on {one.on}",
            ),
            (
                f"새 주소를 확인해 `donghaeng agency set-contact {one.agency} --webhook 주소`로 정하십시오. 담당자에게는 메일로 알립니다.",
                f"Find out the new address and set it with `donghaeng agency set-contact {one.agency} --webhook URL`; its people are told by mail.",
            ),
        )


def jobs(engine: Engine) -> Iterator[Finding]:
    failed = {name: count["failed"] for name, count in engine.queues.counts().items() if count["failed"]}
    if not failed:
        yield Finding("jobs", "ok", ("실패한 작업 없음", "no failed jobs"))
        return
    listed = ", ".join(f"{name} {count}" for name, count in failed.items())
    yield Finding(
        "jobs",
        "warn",
        (f"실패한 작업: {listed}", f"failed jobs: {listed}"),
        ("`donghaeng jobs list`로 확인하십시오.", "See `donghaeng jobs list`."),
    )
