"""What runs on the servers: the store, views, parts and jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.english import many
from projections.positions import positions
from store.log import Store
from workers.acted_on import Standing, standing
from workers.beats import ALIVE_SECONDS, silence
from workers.bootstrap import Engine
from workers.doctor.finding import Finding, unseen
from workers.parts import PARTS
from workers.sealing.place import trail_begun

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
