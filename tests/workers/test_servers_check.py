"""Servers of one's own: what is checked before they are used, and what is said when they will not do."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import redis
from psycopg import conninfo
from structlog.testing import capture_logs

from domain.errors import ServerUnreachable
from store.errors import StoreTooOld, StoreUnreachable
from workers.servers import Addresses
from workers.servers.check_database import check_database
from workers.servers.check_redis import check_redis
from workers.servers.errors import NotAnAddress, RedisTooOld, RedisUnreachable

SECRET = "hush-6f1c"


@contextmanager
def served(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on a port of this machine that says what it is told to, to everybody who connects."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:
                    return
                with caller:
                    talk(caller)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def postgres_of(version: str) -> Callable[[socket.socket], None]:
    """PostgreSQL's side of the start of a conversation, as far as its version, and then silence."""

    def said(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    def talk(caller: socket.socket) -> None:
        while True:
            (length,) = struct.unpack("!i", caller.recv(4, socket.MSG_WAITALL))
            (asked,) = struct.unpack("!i", caller.recv(length - 4, socket.MSG_WAITALL)[:4])
            if asked >> 16 == 3:
                break
            caller.sendall(b"N")  # no encryption here
        settings = {"server_version": version, "client_encoding": "UTF8", "standard_conforming_strings": "on"}
        caller.sendall(said(b"R", struct.pack("!i", 0)))
        for name, value in settings.items():
            caller.sendall(said(b"S", f"{name}\0{value}\0".encode()))
        caller.sendall(said(b"Z", b"I"))
        caller.recv(1)

    return talk


def redis_of(version: str) -> Callable[[socket.socket], None]:
    """A Redis that answers INFO, knows no HELLO, and says OK to all else."""

    def talk(caller: socket.socket) -> None:
        said = caller.makefile("rb")
        while head := said.readline():
            words = [said.read(int(said.readline()[1:]) + 2).strip() for _ in range(int(head[1:]))]
            info = f"# Server\r\nredis_version:{version}\r\n".encode()
            answers = {b"INFO": b"$%d\r\n%s\r\n" % (len(info), info), b"HELLO": b"-ERR unknown command\r\n"}
            caller.sendall(answers.get(words[0], b"+OK\r\n"))

    return talk


def test_a_database_that_answers_is_taken_as_it_is(servers: Addresses) -> None:
    assert servers.owner_dsn is not None
    assert conninfo.conninfo_to_dict(check_database(servers.owner_dsn)) == conninfo.conninfo_to_dict(
        servers.owner_dsn
    )


def test_a_redis_that_answers_is_taken_as_arguments_of_the_client(servers: Addresses) -> None:
    assert servers.redis is not None
    with redis.Redis(**check_redis(f"unix://{servers.redis['unix_socket_path']}?db=3")) as client:
        assert client.ping()
        assert client.client_info()["db"] == 3


@pytest.mark.parametrize("version", ["9.6.24", "13.1", "14.18"])
def test_a_postgres_too_old_is_named_with_the_version_needed(version: str) -> None:
    with served(postgres_of(version)) as port, pytest.raises(StoreTooOld) as refused:
        check_database(f"postgresql://donghaeng:{SECRET}@127.0.0.1:{port}/donghaeng")
    for lang in ("ko", "en"):
        assert version.split(".", maxsplit=1)[0] in refused.value.say(lang)
        assert "15" in refused.value.say(lang)


@pytest.mark.parametrize("version", ["2.8.24", "5.0.14", "6.0.16"])
def test_a_redis_too_old_is_named_with_the_version_needed(version: str) -> None:
    with served(redis_of(version)) as port, pytest.raises(RedisTooOld) as refused:
        check_redis(f"redis://127.0.0.1:{port}/0")
    for lang in ("ko", "en"):
        assert version in refused.value.say(lang)
        assert "6.2" in refused.value.say(lang)


@pytest.mark.parametrize("version", ["6.2.0", "7.4.1", "10.0.0"])
def test_a_redis_new_enough_is_taken(version: str) -> None:
    with served(redis_of(version)) as port:
        assert check_redis(f"redis://127.0.0.1:{port}/0")["port"] == port


@pytest.mark.parametrize("url", ["nonsense", "mysql://h/db", "postgresql://h:no/db", "postgresql://h/d?x=1"])
def test_what_is_no_postgresql_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(NotAnAddress, match=r"DATABASE_URL.*postgresql://"):
        check_database(url)


@pytest.mark.parametrize("url", ["nonsense", "http://h/0", "redis://h:no/0", "redis://h/0?x=1"])
def test_what_is_no_redis_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(NotAnAddress, match=r"REDIS_URL.*rediss://"):
        check_redis(url)


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(StoreUnreachable):
        check_database(f"postgresql://127.0.0.1:{port}/donghaeng")
    with pytest.raises(RedisUnreachable):
        check_redis(f"redis://127.0.0.1:{port}/0")


@pytest.mark.slow
def test_a_server_that_falls_silent_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:  # connects, and never says a word
        port = listening.getsockname()[1]
        with pytest.raises(StoreUnreachable):
            check_database(f"postgresql://127.0.0.1:{port}/donghaeng")
        with pytest.raises(RedisUnreachable):
            check_redis(f"redis://127.0.0.1:{port}/0")


@pytest.mark.parametrize(
    ("check", "url"),
    [
        (check_database, f"postgresql://someone:{SECRET}@127.0.0.1:1/db"),
        (check_database, f"postgresql://someone:{SECRET}@host:no/db"),
        (check_database, f"postgresql://someone:{SECRET}@%zz/db"),
        (check_database, f"host=nowhere.invalid password='{SECRET}' user"),
        (check_database, f"postgresql://someone:{SECRET}/{SECRET}@host/db"),
        (check_redis, f"redis://someone:{SECRET}@127.0.0.1:1/0"),
        (check_redis, f"redis://someone:{SECRET}#{SECRET}@127.0.0.1:1/0"),
        (check_redis, f"redis://someone:{SECRET}@127.0.0.1:no/0"),
        (check_redis, f"redis://127.0.0.1:1/0?socket_timeout={SECRET}"),
        (check_redis, f"redis//someone:{SECRET}@127.0.0.1"),
    ],
)
def test_no_error_repeats_a_password(check: Callable[[str], object], url: str) -> None:
    with pytest.raises(ServerUnreachable) as refused:
        check(url)
    assert SECRET not in refused.value.say("ko")
    assert SECRET not in refused.value.say("en")
    assert refused.value.exit_code == 3


def test_a_redis_that_is_away_is_told_where_it_is_not_needed_and_refused_where_it_is() -> None:
    url = "redis://:secret@127.0.0.1:1/0"
    with capture_logs() as lines:
        assert check_redis(url, needed=False)["host"] == "127.0.0.1"
    assert [line["event"] for line in lines] == ["redis_away"]
    assert "secret" not in str(lines)
    with pytest.raises(RedisUnreachable):
        check_redis(url)
