"""The servers: the schema, the rights of the application's role, the vault's key, Redis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from domain.errors import DonghaengError, Worded
from domain.particles import settled
from store.connecting import SCHEMA_VERSION, connect
from store.identity import schema_version
from workers.doctor.finding import Finding, said, unseen
from workers.guard import guard
from workers.queues import Queues
from workers.redis_health import RedisRefuses, probe, refusal, refuses
from workers.servers import Addresses
from workers.settings import Settings


def database(settings: Settings, addresses: Addresses) -> Iterator[Finding]:
    assert addresses.app_dsn is not None
    try:
        with connect(addresses.app_dsn) as connection:
            version = connection.info.server_version // 10_000
            yield Finding("database", "ok", (f"PostgreSQL {version}", f"PostgreSQL {version}"))
            yield from _schema(connection)
            yield from _rights(connection)
            yield from _vault_key(settings, connection)
    except DonghaengError as error:
        yield said("database", error)
    except psycopg.Error as error:
        yield unseen("database", str(error).splitlines()[0])


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
                settled(f"사람 {row[0]}명의 개인정보를 여는 키 {path}이(가) 이 기계에 없음"),
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
            yield Finding("redis", "ok", (f"{name} {version}", f"{name} {version}"))
    except RedisError as error:
        yield _refused(refusal(error)) if refuses(error) else _silent(error)


def _refused(refusal: RedisRefuses) -> Finding:
    said, todo = refusal.details["problem"], refusal.details["todo"]
    assert isinstance(todo, Worded)
    return Finding(
        "redis",
        "wrong",
        (f"Redis가 응답하지만 쓰기를 거부함: {said}", f"Redis answers and refuses to be written to: {said}"),
        (
            f"{todo.ko}. 그동안 명령은 처리되지만 화면과 알림이 늦어집니다.",
            f"{todo.en}. Commands go on meanwhile, views and reminders wait.",
        ),
    )


def _silent(error: RedisError) -> Finding:
    return Finding(
        "redis",
        "wrong",
        (f"Redis가 응답하지 않음: {error}", f"Redis does not answer: {error}"),
        (
            "Redis를 시작하십시오. 그동안 명령은 처리되지만 화면과 알림이 늦어집니다.",
            "Start Redis. Commands go on meanwhile, views and reminders wait.",
        ),
    )
