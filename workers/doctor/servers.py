"""The servers: the schema, the rights of the application's role, the vault's key, Redis."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from domain.errors import Bilingual, DonghaengError
from domain.subject.facts import Registered
from store.connecting import SCHEMA_VERSION, Connection, connect
from store.connecting import server_message as in_one_line
from store.holders import holders
from store.identity import schema_version
from store.looking_up import count_of_kind
from trail.particles import resolve_particles
from workers.bootstrap import kinds_of
from workers.finding import Finding, finding_of, finding_of_unseen
from workers.guard import guard
from workers.queues import Queues
from workers.redis_health import RedisRefuses, probe, refusal, refuses
from workers.servers import Addresses
from workers.servers.troubles import AT_ONCE, LONGEST_REST_SECONDS, log_of, name_of_server, trouble_of
from workers.settings import Settings

_HELD_SECONDS = 1.0
_ENDED = """
    SELECT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS one
        WHERE s.setrole = 0 AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND one ~ '^idle_in_transaction_session_timeout=[^0]')"""


def restarts(settings: Settings) -> Iterator[Finding]:
    """Whether one of the servers in the data folder keeps ending."""
    for kind in kinds_of(settings):
        found = trouble_of(settings.data, kind)
        if found is None or found.times <= AT_ONCE:
            continue
        name, log = name_of_server(kind), log_of(settings.data, kind)
        yield Finding(
            name,
            "wrong",
            Bilingual(
                f"{found.times}번 이어서 끝났거나 시작하지 못함: {found.problem}",
                f"ended or did not start {found.times} time(s) in a row: {found.problem}",
            ),
            Bilingual(
                f"원인을 고치십시오. 길어야 {LONGEST_REST_SECONDS:.0f}초 뒤 저절로 다시 시작합니다 (기록: {log}).",
                f"Mend the cause; it is started again by itself after at most {LONGEST_REST_SECONDS:.0f} s (log: {log}).",
            ),
        )


def database(settings: Settings, addresses: Addresses) -> Iterator[Finding]:
    assert addresses.app_dsn is not None
    try:
        with connect(addresses.app_dsn) as connection:
            version = connection.info.server_version // 10_000
            yield Finding("database", "ok", Bilingual(f"PostgreSQL {version}", f"PostgreSQL {version}"))
            yield from _schema(connection)
            yield from _rights(connection)
            yield from _lock(connection)
            yield from _vault_key(settings, connection)
    except DonghaengError as error:
        yield _stopping(error) if "shutting down" in error.say("en") else finding_of("database", error)
    except psycopg.Error as error:
        yield finding_of_unseen("database", in_one_line(error))


def _stopping(error: DonghaengError) -> Finding:
    problem = str(error.details.get("problem"))
    return Finding(
        "database",
        "wrong",
        Bilingual(
            f"멈추라는 지시를 받고 기존 연결이 끝나기를 기다림(새 연결을 받지 않음): {problem}",
            f"told to stop, it waits for the sessions that it has and takes no new ones: {problem}",
        ),
        Bilingual(
            "함께 오는 서버면 몇 초 안에 저절로 다시 시작합니다. 따로 운영하는 서버면 `pg_ctl stop -m fast`로 멈춘 뒤 다시 시작하십시오.",
            "One that comes along is started again by itself within seconds. Your own: stop it with `pg_ctl stop -m fast`, and start it.",
        ),
    )


def _lock(connection: Connection) -> Iterator[Finding]:
    """Whether one and the same transaction holds the log's lock for a second, and whether such a one will be ended."""
    if schema_version(connection) != SCHEMA_VERSION:
        return
    if found := holders(connection):
        time.sleep(_HELD_SECONDS)
        still = {(one.pid, one.transaction) for one in holders(connection)}
        found = [one for one in found if (one.pid, one.transaction) in still]
    if found:
        listed = ", ".join(map(str, found))
        yield Finding(
            "lock",
            "wrong",
            Bilingual(
                f"기록의 잠금을 쥐고 있는 세션: {listed}", f"the log's lock is held by session {listed}"
            ),
            Bilingual(
                "가져오기 같은 긴 작업이면 기다리십시오. 아니면 관리자 계정으로 SELECT pg_terminate_backend(PID)를 실행하십시오.",
                "If it is something long such as an import, wait; else run SELECT pg_terminate_backend(PID) as a superuser.",
            ),
        )
    row: Any = connection.execute(_ENDED).fetchone()
    if not row[0]:
        yield Finding(
            "waits",
            "warn",
            Bilingual(
                "잠금을 쥐고 쉬는 세션을 서버가 끝내도록 설정되어 있지 않음",
                "the server is not set to end sessions that hold a lock and do nothing",
            ),
            Bilingual(
                "데이터베이스 소유자로 `donghaeng migrate`를 실행하십시오.",
                "Run `donghaeng migrate` as the database's owner.",
            ),
        )


def _vault_key(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """Where there are details of persons, the key that opens them must be on this machine."""
    path = settings.vault_key or settings.data / "keys" / "vault.json"
    if path.is_file() or schema_version(connection) != SCHEMA_VERSION:
        return
    if persons := count_of_kind(connection, Registered.kind):
        yield Finding(
            "vault key",
            "warn",
            Bilingual(
                resolve_particles(f"사람 {persons}명의 개인정보를 여는 키 {path}이(가) 이 컴퓨터에 없음"),
                f"{path}, which opens the details of {persons} person(s), is not on this machine",
            ),
            Bilingual(
                "이 컴퓨터에서 개인정보를 쓴다면 그 파일을 가져오거나 DONGHAENG_VAULT_KEY로 가리키십시오.",
                "Where this machine deals with persons, bring the file here or point to it with DONGHAENG_VAULT_KEY.",
            ),
        )


def _schema(connection: Connection) -> Iterator[Finding]:
    found = schema_version(connection) or "–"
    if found == SCHEMA_VERSION:
        yield Finding("schema", "ok", Bilingual(f"스키마 {found}", f"schema {found}"))
        return
    newer = found > SCHEMA_VERSION and found != "–"
    yield Finding(
        "schema",
        "wrong",
        Bilingual(
            f"스키마 {found}, 이 프로그램은 {SCHEMA_VERSION}",
            f"the schema is {found}, this program knows {SCHEMA_VERSION}",
        ),
        Bilingual("프로그램을 새 버전으로 업그레이드하십시오.", "Bring the program up to date.")
        if newer
        else Bilingual("`donghaeng migrate`를 실행하십시오.", "Run `donghaeng migrate`."),
    )


def _rights(connection: Connection) -> Iterator[Finding]:
    found = guard(connection)
    if found is None:
        return
    held = [*(f"role {one}" for one in found.role), *found.rights]
    if held:
        yield Finding(
            "rights",
            "wrong",
            Bilingual(
                f"응용 역할이 기록을 바꿀 수 있음: {'; '.join(held)}",
                f"the application's role can change what is written: {'; '.join(held)}",
            ),
            Bilingual(
                "DATABASE_URL을 donghaeng_app 역할의 로그인으로 바꾸고, 그 역할에 준 권한을 거두십시오(docs/operations.md).",
                "Point DATABASE_URL to a login of the role donghaeng_app, and revoke what that role was granted (docs/operations.md).",
            ),
        )
    if found.missing:
        yield Finding(
            "triggers",
            "wrong",
            Bilingual(
                f"기록을 지키는 트리거가 꺼졌거나 없음: {', '.join(found.missing)}",
                f"triggers that guard what is written are off or gone: {', '.join(found.missing)}",
            ),
            Bilingual(
                "누가 왜 껐는지 확인하고 소유자 계정으로 ALTER TABLE … ENABLE TRIGGER를 실행하십시오. 그동안의 기록은 감사 이력으로 검증하십시오.",
                "Find out who turned them off and why, turn them on as the owner (ALTER TABLE … ENABLE TRIGGER), and verify the trail for the time between.",
            ),
        )
    if not held and not found.missing:
        yield Finding(
            "rights",
            "ok",
            Bilingual("응용 역할은 기록을 바꿀 수 없음", "the application's role cannot change the log"),
        )


def redis(addresses: Addresses, queues: Queues | None) -> Iterator[Finding]:
    """Whether it answers, and takes what is written. `queues`: of the store; None where there is none."""
    assert addresses.redis is not None
    try:
        with Redis(**addresses.redis, socket_timeout=2, socket_connect_timeout=2) as redis:
            if queues is not None:
                probe(redis, queues.store_id)
            info: Any = redis.info("server")
            name = "Valkey" if "valkey_version" in info else "Redis"
            version = info.get("valkey_version", info.get("redis_version"))
            yield Finding("redis", "ok", Bilingual(f"{name} {version}", f"{name} {version}"))
        if queues is not None:
            yield from _findings_of_spoiled(queues.find_spoiled())
    except RedisError as error:
        yield _finding_of_refusal(refusal(error)) if refuses(error) else _silent(error)


def _findings_of_spoiled(keys: list[str]) -> Iterator[Finding]:
    if not keys:
        return
    listed = ", ".join(keys)
    yield Finding(
        "redis keys",
        "warn",
        Bilingual(
            f"다른 프로그램이 손상시킨 대기열 키: {listed}",
            f"keys of the queues are not of their type, somebody else wrote them: {listed}",
        ),
        Bilingual(
            "다음 작업 때 저절로 고쳐집니다. 계속되면 이 Redis에 누가 쓰는지 확인하십시오(docs/operations.md).",
            "They are healed by the next wake-up. If they come again, find out who else writes to this Redis (docs/operations.md).",
        ),
    )


def _finding_of_refusal(refusal: RedisRefuses) -> Finding:
    said, todo = refusal.details["problem"], refusal.details["todo"]
    assert isinstance(todo, Bilingual)
    return Finding(
        "redis",
        "wrong",
        Bilingual(
            f"Redis가 응답하지만 쓰기를 거부함: {said}", f"Redis answers and refuses to be written to: {said}"
        ),
        Bilingual(
            f"{todo.ko}. 그동안 명령은 처리되지만 화면과 알림이 늦어집니다.",
            f"{todo.en}. Commands go on meanwhile, views and reminders wait.",
        ),
    )


def _silent(error: RedisError) -> Finding:
    return Finding(
        "redis",
        "wrong",
        Bilingual(f"Redis가 응답하지 않음: {error}", f"Redis does not answer: {error}"),
        Bilingual(
            "Redis를 시작하십시오. 그동안 명령은 처리되지만 화면과 알림이 늦어집니다.",
            "Start Redis. Commands go on meanwhile, views and reminders wait.",
        ),
    )
