"""Looks at everything a running Donghaeng stands on, and says of each thing what was seen and what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec
import psycopg
from redis import Redis
from redis.exceptions import RedisError

from domain.errors import DonghaengError, Lang, ServerUnreachable
from domain.seoul import local_day
from projections.positions import positions
from projections.reading import messages_open, notice_states, tasks_to_count
from store.connecting import SCHEMA_VERSION, connect
from store.identity import schema_version
from store.log import Store
from workers.acted_on import Standing, standing
from workers.beats import ALIVE_SECONDS, silence
from workers.bootstrap import Engine, open_engine, servers
from workers.guard import guard
from workers.parts import PARTS
from workers.sealing.place import trail_begun
from workers.servers import Addresses
from workers.settings import Settings
from workflows.calendars import calendars

State = Literal["ok", "warn", "wrong"]
_CLOCK_SECONDS = 5.0
_SEALS = "worker automation"
_LONGEST_UNSEALED = timedelta(minutes=2)
_MOST_LAG = timedelta(seconds=30)


class Finding(msgspec.Struct, frozen=True):
    """`seen`, `todo`: in Korean and English; `todo` is empty where nothing is to be done."""

    check: str
    state: State
    seen: tuple[str, str]
    todo: tuple[str, str] = ("", "")

    def say(self, lang: Lang) -> tuple[str, str]:
        place = 0 if lang == "ko" else 1
        return self.seen[place], self.todo[place]


def examined(settings: Settings) -> Iterator[Finding]:
    """Every finding, one after the other; what cannot be looked at says so, and the rest goes on."""
    yield from _disk(settings)
    yield from _keys(settings.data)
    with ExitStack() as held:
        addresses = None
        for with_redis in (True, False):
            try:
                addresses = held.enter_context(servers(settings, with_redis=with_redis))
                break
            except ServerUnreachable as error:
                if with_redis:
                    yield _said("servers", error)
        if addresses is None:
            return
        yield from _database(settings, addresses)
        if addresses.redis is None:
            return
        yield from _redis(addresses)
        try:
            engine = held.enter_context(open_engine(addresses, settings.data))
        except DonghaengError as error:
            yield _said("store", error)
            return
        checks = {
            check.__name__.strip("_"): check
            for check in (_store, _clocks, _views, _calendar, _parts, _jobs, _trail)
        }
        for name, check in (checks | {"post": partial(_post, settings)}).items():
            try:
                yield from check(engine)
            except DonghaengError as error:
                yield _said(name, error)
            except RedisError as error:
                yield _unseen(name, str(error))


def _said(check: str, error: DonghaengError) -> Finding:
    return Finding(check, "wrong", (error.say("ko"), error.say("en")))


def _unseen(check: str, problem: str) -> Finding:
    return Finding(
        check,
        "wrong",
        (f"확인할 수 없음: {problem}", f"it could not be looked at: {problem}"),
        ("위의 문제를 먼저 푸십시오.", "Solve what is above first."),
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free, least = usage.free // 2**20, settings.least_free_mb
    if free >= least:
        yield Finding("disk", "ok", (f"남은 공간 {free:,} MB", f"{free:,} MB free"))
        return
    yield Finding(
        "disk",
        "wrong",
        (
            f"{folder}에 {free:,} MB만 남음(기준 {least:,} MB)",
            f"only {free:,} MB free at {folder} (least: {least:,} MB)",
        ),
        (
            "공간을 늘리거나 오래된 백업·로그를 옮기십시오. 가득 차면 기록이 거부됩니다.",
            "Make room or move old backups and logs away; a full disk refuses every command.",
        ),
    )


def _keys(data: Path) -> Iterator[Finding]:
    folder = data / "keys"
    files = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    open_ones = [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in open_ones:
        mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
        yield Finding(
            "keys",
            "wrong",
            (
                f"{path}의 권한이 {mode}: 다른 사람도 읽을 수 있음",
                f"{path} has mode {mode}: others can read it",
            ),
            (f"chmod 600 {path}", f"chmod 600 {path}"),
        )
    if not open_ones:
        yield Finding("keys", "ok", (f"키 파일 {len(files)}개", f"{len(files)} key files"))


def _database(settings: Settings, addresses: Addresses) -> Iterator[Finding]:
    assert addresses.app_dsn is not None
    try:
        with connect(addresses.app_dsn) as connection:
            version = connection.info.server_version // 10_000
            yield Finding("database", "ok", (f"PostgreSQL {version}", f"PostgreSQL {version}"))
            yield from _schema(connection)
            yield from _rights(connection)
            yield from _vault_key(settings, connection)
    except DonghaengError as error:
        yield _said("database", error)
    except psycopg.Error as error:
        yield _unseen("database", str(error).splitlines()[0])


def _vault_key(settings: Settings, connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """Where there are details of persons, the key that opens them must be on this machine."""
    path = settings.vault_key or settings.data / "keys" / "vault.json"
    if path.is_file() or schema_version(connection) != SCHEMA_VERSION:
        return
    row: Any = connection.execute(
        "SELECT count(*) FROM donghaeng.facts WHERE kind = 'subject.registered'"
    ).fetchone()
    if row[0]:
        yield Finding(
            "vault key",
            "warn",
            (
                f"사람 {row[0]}명의 개인정보를 여는 키 {path}이(가) 이 기계에 없음",
                f"{path}, which opens the details of {row[0]} persons, is not on this machine",
            ),
            (
                "이 기계에서 개인정보를 쓴다면 그 파일을 가져오거나 DONGHAENG_VAULT_KEY로 가리키십시오.",
                "Where this machine deals with persons, bring the file here or point to it with DONGHAENG_VAULT_KEY.",
            ),
        )


def _schema(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    found = schema_version(connection) or "–"
    if found == SCHEMA_VERSION:
        yield Finding("schema", "ok", (f"스키마 {found}", f"schema {found}"))
        return
    newer = found > SCHEMA_VERSION and found != "–"
    yield Finding(
        "schema",
        "wrong",
        (
            f"스키마 {found}, 이 프로그램은 {SCHEMA_VERSION}",
            f"the schema is {found}, this program knows {SCHEMA_VERSION}",
        ),
        ("프로그램을 새 판으로 올리십시오.", "Bring the program up to date.")
        if newer
        else ("`donghaeng migrate`를 실행하십시오.", "Run `donghaeng migrate`."),
    )


def _rights(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    found = guard(connection)
    if found is None:
        return
    held = [*(f"role {one}" for one in found.role), *found.rights]
    if held:
        yield Finding(
            "rights",
            "wrong",
            (
                f"응용 역할이 기록을 바꿀 수 있음: {'; '.join(held)}",
                f"the application's role can change what is written: {'; '.join(held)}",
            ),
            (
                "DATABASE_URL을 donghaeng_app 역할의 로그인으로 바꾸고, 그 역할에 준 권한을 거두십시오(docs/operations.md).",
                "Point DATABASE_URL to a login of the role donghaeng_app, and revoke what that role was granted (docs/operations.md).",
            ),
        )
    if found.missing:
        yield Finding(
            "triggers",
            "wrong",
            (
                f"기록을 지키는 트리거가 꺼졌거나 없음: {', '.join(found.missing)}",
                f"triggers that guard what is written are off or gone: {', '.join(found.missing)}",
            ),
            (
                "누가 왜 껐는지 확인하고 소유자 계정으로 ALTER TABLE … ENABLE TRIGGER를 실행하십시오. 그동안의 기록은 감사 이력으로 검증하십시오.",
                "Find out who turned them off and why, turn them on as the owner (ALTER TABLE … ENABLE TRIGGER), and verify the trail for the time between.",
            ),
        )
    if not held and not found.missing:
        yield Finding(
            "rights",
            "ok",
            ("응용 역할은 기록을 바꿀 수 없음", "the application's role cannot change the log"),
        )


def _redis(addresses: Addresses) -> Iterator[Finding]:
    assert addresses.redis is not None
    try:
        with Redis(**addresses.redis, socket_timeout=2, socket_connect_timeout=2) as redis:
            info: Any = redis.info("server")
            name = "Valkey" if "valkey_version" in info else "Redis"
            version = info.get("valkey_version", info.get("redis_version"))
            yield Finding("redis", "ok", (f"{name} {version}", f"{name} {version}"))
    except RedisError as error:
        yield Finding(
            "redis",
            "wrong",
            (f"Redis가 응답하지 않음: {error}", f"Redis does not answer: {error}"),
            (
                "Redis를 시작하십시오. 그동안 명령은 처리되지만 화면과 알림이 늦어집니다.",
                "Start Redis. Commands go on meanwhile, views and reminders wait.",
            ),
        )


def _store(engine: Engine) -> Iterator[Finding]:
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


def _clocks(engine: Engine) -> Iterator[Finding]:
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


def _calendar(engine: Engine) -> Iterator[Finding]:
    """Without the calendar of a year nothing that is due in it can be counted."""
    waiting = [row for row in tasks_to_count(engine.store) if not row.calendars]
    year = local_day(engine.store.now()).year
    if waiting and not calendars(engine.store, [year])[year].version:
        yield Finding(
            "calendar",
            "warn",
            (
                f"{year}년 달력이 없어 과제 {len(waiting)}건의 기한이 계산되지 않음",
                f"there is no calendar of {year}, and the deadlines of {len(waiting)} tasks wait",
            ),
            (f"donghaeng calendar open {year} --as planner",) * 2,
        )


def _views(engine: Engine) -> Iterator[Finding]:
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
                    f"{place.lag:,} facts and {waited.total_seconds():.0f} s behind",
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


def _parts(engine: Engine) -> Iterator[Finding]:
    for words in PARTS:
        part = " ".join(words)
        if part == _SEALS and not trail_begun(engine.data):
            continue
        age = silence(engine.queues, part)
        if age is not None and age <= ALIVE_SECONDS:
            yield Finding(f"part {part}", "ok", (f"{age:.0f}초 전 확인", f"heard of {age:.0f} s ago"))
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


def _post(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Reminders that did not arrive, and those that wait for a mail server nobody has set."""
    states = notice_states(engine.store)
    lost = states.get("failed", 0) + states.get("unknown", 0)
    if lost:
        yield Finding(
            "post",
            "wrong",
            (f"전달되지 않았거나 결과를 모르는 알림 {lost}건", f"{lost} reminders failed or are unknown"),
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
                f"{held} reminders are held: they may have gone before the store was restored",
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
                f"{waiting} messages wait: no mail server is set",
            ),
            ("DONGHAENG_SMTP_URL을 정하십시오.", "Set DONGHAENG_SMTP_URL."),
        )
    elif not lost:
        yield Finding(
            "post",
            "ok",
            (f"보낸 알림 {states.get('sent', 0)}건", f"{states.get('sent', 0)} reminders were sent"),
        )


def _jobs(engine: Engine) -> Iterator[Finding]:
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


def _trail(engine: Engine) -> Iterator[Finding]:
    """Whether the log is sealed, with whom, and how far behind that is."""
    from workers.sealing.standing import standing_of  # noqa: PLC0415 - ciphers take a tenth of a second to load

    if not trail_begun(engine.data):
        yield Finding(
            "trail",
            "ok",
            ("이 기계에서는 봉인하지 않음", "this machine seals nothing"),
            (
                "감사 이력은 `donghaeng trail init`으로 시작합니다.",
                "A trail begins with `donghaeng trail init`.",
            ),
        )
        return
    found = standing_of(engine)
    todo = ("`donghaeng trail status`로 확인하십시오.", "Look with `donghaeng trail status`.")
    for one in found.disagreements:
        yield Finding(
            "trail witness",
            "wrong",
            (f"{one['witness']}: {one['ko']}", f"{one['witness']}: {one['en']}"),
            (
                f"무엇이 바뀌었는지 밝힌 뒤 `donghaeng trail acknowledge {one['witness']}`를 실행하십시오.",
                f"Find out what was changed, then run `donghaeng trail acknowledge {one['witness']}`.",
            ),
        )
    if found.alarm is not None:
        yield Finding("trail", "wrong", (found.alarm["ko"], found.alarm["en"]), todo)
    elif found.quorum is False:
        yield Finding(
            "trail",
            "wrong",
            (
                f"증인 {len(found.witnesses)}곳만 공동서명함(필요 {found.needed}곳)",
                f"only {len(found.witnesses)} witnesses cosigned, {found.needed} are needed",
            ),
            todo,
        )
    elif found.behind_since is not None and datetime.now(UTC) - found.behind_since > _LONGEST_UNSEALED:
        yield Finding(
            "trail",
            "wrong",
            (f"봉인되지 않은 기록 {found.behind:,}건", f"{found.behind:,} facts are not sealed"),
            ("작업자가 실행 중인지 확인하십시오.", "See whether a worker runs."),
        )
    elif not found.asked:
        yield Finding(
            "trail",
            "warn",
            (f"기록 {found.sealed:,}건 봉인, 증인 없음", f"{found.sealed:,} facts sealed, without witnesses"),
            (
                "증인이 없는 봉인은 아무것도 증명하지 않습니다. `donghaeng trail policy`로 정하십시오.",
                "A seal without witnesses proves nothing. Set some with `donghaeng trail policy`.",
            ),
        )
    else:
        said = f"{found.sealed:,}", ", ".join(found.witnesses)
        yield Finding(
            "trail", "ok", (f"기록 {said[0]}건 봉인({said[1]})", f"{said[0]} facts sealed ({said[1]})")
        )
