"""What runs on the servers: the store, views, parts and jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.errors import Bilingual
from domain.positions import position_label
from projections.damage import misshapen
from projections.view import View
from projections.views import VIEWS, positions
from store.log import Store
from store.looking_up import age_of_fact
from trail.english import many
from workers.engine import Engine
from workers.finding import Finding, finding_of_unseen
from workers.heartbeats import ALIVE_SECONDS, silence
from workers.processes import PARTS
from workers.restore_guard import StoreState, state_of_store
from workers.trail_folder import has_trail

_SEALS = "worker automation"
_MOST_LAG = timedelta(seconds=30)


def store(engine: Engine) -> Iterator[Finding]:
    store = engine.store
    kind = (
        Bilingual("모의 저장소", "simulated") if store.simulated else Bilingual("실제 저장소", "a real store")
    )
    at = store.head().position
    yield Finding(
        "store",
        "ok",
        Bilingual(f"{store.id}, {kind.ko}, 기록 {at:,}건", f"{store.id}, {kind.en}, {at:,} fact(s)"),
    )
    yield _epoch(state_of_store(store, engine.data))


def _epoch(found: StoreState) -> Finding:
    if found.state == "current":
        return Finding("epoch", "ok", Bilingual(f"{found.epoch}번째 시기", f"epoch {found.epoch}"))
    return Finding(
        "epoch",
        "wrong",
        Bilingual(
            f"되돌아간 저장소(백업 복원이나 장애 조치): {found.position}번에서 끝나는데 {found.acted_on or '?'}번까지 처리됨. 명령을 받지 않고 보내기, 봉인, 규칙에 따른 처리가 멈춰 있음",
            f"the store went back (restored, or a failover): it ends at no. {found.position} and was acted on up to no. {found.acted_on or '?'}; it takes no commands, and nothing is sent, sealed or done by rule",
        ),
        Bilingual(
            "잃은 기록을 되찾거나, 내용을 확인한 뒤 `donghaeng epoch accept`로 계속 사용하십시오(docs/operations.md).",
            "Bring back what is lost, or look at what it holds and let it go on with `donghaeng epoch accept` (docs/operations.md).",
        ),
    )


def views(engine: Engine) -> Iterator[Finding]:
    misshapen_now = _misshapen(engine.store)
    for name, place in positions(engine.store).items():
        if place.damaged:
            yield _finding_of_damage(name, place.error or "", stopped=True)
            continue
        if (problem := misshapen_now.get(name)) is not None:
            yield _finding_of_damage(name, problem, stopped=False)
            continue
        if place.state == "stopped":
            yield Finding(
                f"view {name}",
                "wrong",
                Bilingual(
                    f"{place.error_position}번 앞에서 멈춤: {place.error}",
                    f"stopped before no. {place.error_position}: {place.error}",
                ),
                Bilingual(
                    "프로그램을 고쳐 다시 시작하거나, 그 기록을 건너뛰려면 `donghaeng views skip`을 쓰십시오.",
                    "Run a program that can fold the fact, or pass over it with `donghaeng views skip`.",
                ),
            )
            continue
        waits = _waits(engine.store, place.position) if place.lag else timedelta()
        if waits > _MOST_LAG:
            yield Finding(
                f"view {name}",
                "wrong",
                Bilingual(
                    f"{place.lag:,}건, {waits.total_seconds():.0f}초 뒤처짐",
                    f"{many(place.lag, 'fact')} and {waits.total_seconds():.0f} s behind",
                ),
                Bilingual("작업자가 실행 중인지 확인하십시오.", "See whether a worker runs."),
            )
        else:
            yield Finding(f"view {name}", "ok", position_label(place.position))


def _misshapen(store: Store) -> dict[str, str]:
    """What is wrong with tables that are not as they are to be, by view and tally, also where nobody has met them yet."""
    with store.connection() as connection:
        found = [(view, misshapen(connection, view)) for view in VIEWS.values()]
    return {name: problem for view, problem in found if problem is not None for name in _names(view)}


def _names(view: View) -> list[str]:
    return [one.name for one in view.tables]


def _finding_of_damage(name: str, problem: str, *, stopped: bool) -> Finding:
    base = next(one.name for one in VIEWS.values() if name in _names(one))
    ko, en = ("표가 손상되어 멈춤", "stopped, since its table is damaged")
    if not stopped:
        ko, en = ("표가 손상됨", "its table is damaged")
    return Finding(
        f"view {name}",
        "wrong",
        Bilingual(f"{ko}: {problem}", f"{en}: {problem}"),
        Bilingual(
            f"기록에서 다시 만드십시오: `donghaeng views rebuild {base}`. 디스크도 확인하십시오(docs/operations.md).",
            f"Make it anew from the facts with `donghaeng views rebuild {base}`, and look at the disk (docs/operations.md).",
        ),
    )


def _waits(store: Store, position: int) -> timedelta:
    """For how long the first fact after a position has stood in the log."""
    with store.connection() as connection:
        return age_of_fact(connection, position + 1)


def parts(engine: Engine, *, written: bool = True) -> Iterator[Finding]:
    """Which of them were heard of. `written`: whether Redis takes what they say."""
    for words in PARTS:
        part = " ".join(words)
        if part == _SEALS and not has_trail(engine.data):
            continue
        age = silence(engine.queues, part)
        if age is not None and age <= ALIVE_SECONDS:
            yield Finding(
                f"part {part}", "ok", Bilingual(f"{age:.0f}초 전 확인", f"heard of {age:.0f} s ago")
            )
            continue
        if not written:
            yield finding_of_unseen(
                f"part {part}", "Redis가 동작 신호를 받지 않음", "Redis takes no sign of life of it"
            )
            continue
        seen = Bilingual("실행 중이 아님", "it does not run")
        if age is not None:
            seen = Bilingual(f"{age:.0f}초째 응답이 없음", f"nothing heard of it for {age:.0f} s")
        yield Finding(
            f"part {part}",
            "wrong",
            seen,
            Bilingual(
                f"`donghaeng up` 또는 `donghaeng {part}`를 실행하십시오.",
                f"Run `donghaeng up` or `donghaeng {part}`.",
            ),
        )


def jobs(engine: Engine) -> Iterator[Finding]:
    failed = {name: count["failed"] for name, count in engine.queues.counts().items() if count["failed"]}
    if not failed:
        yield Finding("jobs", "ok", Bilingual("실패한 작업 없음", "no failed jobs"))
        return
    listed = ", ".join(f"{name} {count}" for name, count in failed.items())
    yield Finding(
        "jobs",
        "warn",
        Bilingual(f"실패한 작업: {listed}", f"failed jobs: {listed}"),
        Bilingual("`donghaeng jobs list`로 확인하십시오.", "See `donghaeng jobs list`."),
    )
