"""`donghaeng follow`: whole lines, each fact once, through lost connections, until it is told to end."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.errors import DonghaengError
from scripts.cli.follow import Following
from scripts.cli.run import Run
from store.accesses import accesses
from store.bulk import export_facts
from store.errors import StoreUnreachable
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.store.fact_batches import put
from workers.environment import Secret
from workflows.lookups import agency_names

TOP = Path(__file__).parents[2]
WHY = ("--as", "planner", "--reason", "기관 시스템에 전달")
PATIENCE = 30.0


class Follower:
    """A process that follows, and what it has said so far."""

    def __init__(self, *words: str, out: Any = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scripts.cli.main", "follow", *words],
            cwd=TOP,
            stdout=subprocess.PIPE if out is None else out,
            stderr=subprocess.PIPE,
        )
        self.out, self.err = bytearray(), bytearray()
        streams = ((self.process.stdout, self.out), (self.process.stderr, self.err))
        self._readers = [threading.Thread(target=self._read, args=pair) for pair in streams if pair[0]]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Any, into: bytearray) -> None:
        while some := stream.read1():
            into += some

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, (self.out.decode(), self.err.decode())
            time.sleep(0.05)

    def end(self, with_signal: int | None = signal.SIGINT) -> int:
        if with_signal is not None:
            self.process.send_signal(with_signal)
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code


@pytest.fixture
def follower() -> Iterator[Callable[..., Follower]]:
    begun: list[Follower] = []

    def begin(*words: str, **out: Any) -> Follower:
        begun.append(Follower(*words, **out))
        return begun[-1]

    yield begin
    for one in begun:
        if one.process.poll() is None:
            one.process.kill()
            one.end(None)


def lines(store: Store) -> bytes:
    return b"".join(line + b"\n" for line in export_facts(store.rows_after(0, 10_000)))


def test_it_gives_the_lines_of_the_export_as_they_come_through_a_lost_connection(
    cli: Cli, store: Store, owner_dsn: str, follower: Callable[..., Follower]
) -> None:
    put(store, count=3)
    following = follower("--from", "1", "--json", *WHY)
    following.until(lambda: following.out.count(b"\n") == 3)
    put(store, first=4)
    following.until(lambda: following.out.count(b"\n") == 4)
    name = conninfo_to_dict(owner_dsn)["dbname"]
    with psycopg.connect(make_conninfo(owner_dsn, dbname="postgres"), autocommit=True) as owner:
        owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'donghaeng'",
            (name,),
        )
        following.until(lambda: b"goes on by itself" in following.err)
        owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    following.until(lambda: b"answers again" in following.err)
    put(store, first=5, count=2)
    following.until(lambda: following.out.count(b"\n") == 6)
    assert following.end() == 0
    assert bytes(following.out) == lines(store), "each fact once, whole, as it is stored"
    assert following.err.count(b"cannot be reached") == 1, "once, however often it tried"
    (recorded,) = accesses(store)
    assert (recorded.reading, recorded.exported, recorded.purpose) == ("history", True, WHY[-1])


def test_it_says_in_words_what_comes_from_now_on_without_free_texts(
    cli: Cli, store: Store, follower: Callable[..., Follower]
) -> None:
    put(store, count=2)
    following = follower(*WHY, "--lang", "ko")
    following.until(lambda: len(accesses(store)) == 1)
    versions = itertools.count(3)

    def comes() -> bool:
        put(store, first=next(versions), percent=40)  # it may have begun behind one or two
        return b"\n" in following.out

    following.until(comes)
    assert following.end(signal.SIGTERM) == 0
    told = [line.split() for line in following.out.decode().splitlines()]
    first = int(told[0][0])
    assert [int(line[0]) for line in told] == list(range(first, first + len(told)))
    assert first > 2
    assert {line[3] for line in told} == {"task/2024-07"}
    assert all("40%" in " ".join(line) for line in told)


def test_it_ends_without_a_word_when_nobody_reads_and_with_one_when_the_disk_is_full(
    cli: Cli, store: Store, follower: Callable[..., Follower]
) -> None:
    put(store, count=2)
    read, write = os.pipe()
    with open("/dev/full", "wb") as full:
        following = follower("--from", "1", "--json", *WHY, out=full)
    unread = follower("--from", "1", *WHY, out=write)
    os.close(write)
    os.close(read)
    assert (unread.end(None), bytes(unread.err)) == (0, b"")
    assert following.end(None) == 1
    assert b"--from 1" in following.err
    assert b"Traceback" not in following.err
    assert b"Exception" not in following.err


def test_interrupted_before_a_pipe_that_is_full_it_ends_with_a_whole_line(
    cli: Cli, store: Store, follower: Callable[..., Follower]
) -> None:
    put(store, count=2000)
    read, write = os.pipe()
    following = follower("--from", "1", "--json", *WHY, out=write)
    os.close(write)
    with open(read, "rb") as pipe:
        following.until(lambda: len(accesses(store)) == 1)
        time.sleep(1.0)
        following.process.send_signal(signal.SIGINT)
        printed = pipe.read()
    assert following.end(None) == 0
    assert printed.endswith(b"\n")
    assert lines(store).startswith(printed)
    assert 100 < printed.count(b"\n") < 2000


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--as", "planner"), "ExportNeedsReason"),
        (("--as", "officer@gto", "--reason", "시험"), "ReadingNotPermitted"),
        (("--from", "9", *WHY), "LogWentBack"),
    ],
)
def test_what_it_does_not_do_is_refused_by_name(cli: Cli, store: Store, words: Any, named: str) -> None:
    put(store, count=2)
    said = cli("follow", *words, "--json")
    assert (said.exit_code, document(said)["error"]["name"]) == (1, named)
    assert not [one for one in accesses(store) if named != "LogWentBack"]


def test_a_page_of_which_a_part_could_not_be_told_goes_on_where_it_was(
    cli: Cli, store: Store, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    put(store, count=3)
    run = Run(actor="planner", reason="시험", lang="ko")
    with run.engine() as engine:
        decode, failing = engine.store.decode, iter([False, True])

        def decoded(row: Any) -> Any:
            if next(failing, False):
                raise StoreUnreachable(problem="gone")
            return decode(row)

        engine.store.decode = decoded  # type: ignore[method-assign]
        Following(run, engine, 0, Meanwhile(lambda: None)).go_on()
    told = capsysbinary.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == [b"1", b"2", b"3"]


def test_agencies_names_are_folded_again_only_where_a_page_tells_of_one(
    cli: Cli, store: Store, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folded: list[int] = []

    def counted(asked: Store) -> Any:
        folded.append(following.position)
        return agency_names(asked)

    def register() -> None:
        assert cli("agency", "register", "gto", "--name", "광주관광공사", "--as", "planner").exit_code == 0

    monkeypatch.setattr("scripts.cli.follow.agency_names", counted)
    put(store, count=3)
    run = Run(actor="planner", reason="시험", lang="ko")
    with run.engine() as engine:
        meanwhile = Meanwhile(lambda: put(store, first=4), register, lambda: put(store, first=5))
        following = Following(run, engine, 0, meanwhile)
        following.go_on()
    assert folded == [0, 4], "at the start, and before the agency's fact is told"
    assert "광주관광공사".encode() in capsysbinary.readouterr().out.splitlines()[4], "the control"


class Meanwhile(Event):
    """What happens while it waits for more, and then the end."""

    def __init__(self, *happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = iter(happens)

    def wait(self, timeout: float | None = None) -> bool:
        happens = next(self._happens, self.set)
        happens()
        return self.is_set()


@pytest.mark.parametrize(("right", "refused"), [(0.0, "TokenRevoked"), (3600.0, None)])
def test_who_follows_is_asked_for_the_right_again(
    cli: Cli,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    right: float,
    refused: str | None,
) -> None:
    """With the control: within the time for which a right holds nobody asks."""
    given = document(cli("token", "create", "--role", "planner", "--days", "1", "--as", "planner", "--json"))
    stands = store.head().position

    def revoke() -> None:
        assert cli("token", "revoke", given["id"], "--as", "planner").exit_code == 0

    run = Run(as_json=True, reason="시험")
    run.settings.token = Secret(given["token"])
    with run.engine() as engine:
        following = Following(run, engine, 0, Meanwhile(revoke), right)
        found = None
        try:
            following.go_on()
        except DonghaengError as error:
            found = error.name
    assert found == refused
    printed = capsysbinary.readouterr().out.count(b"\n")
    assert printed == following.position == (stands if refused else store.head().position)
