"""The witness as a program of its own: started, flooded with garbage, killed, told to end, run twice."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from waitress import wasyncore
from waitress.server import TcpWSGIServer

from tests.trail.witness.test_answers import LOG_KEPT, body, last_size, submit
from tests.workers.sealing.forked_logs import ORIGIN, Log
from trail.note import Note, signature_lines
from trail.witness.app import MOST_BYTES, application
from trail.witness.errors import BadListen
from trail.witness.evidence import load_evidence
from trail.witness.serving import listening, server_on
from trail.witness.state import key_of, load_seen, make_witness, trust
from workers.http_client import NoReply, Reply, post

TOP = Path(__file__).parents[3]
DONGHAENG = [sys.executable, "-m", "scripts.cli.main"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "witness"
    make_witness(made, "witness.example/1")
    trust(made, LOG_KEPT.vkey)
    return made


@contextmanager
def running(folder: Path, said: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The witness's URL and its process; there is no store, no Redis and no data folder for it."""
    # nothing of ours may be needed: what these name is not there
    away = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}
    words = [*DONGHAENG, "witness", "--folder", str(folder), "--listen", "127.0.0.1:0", "--json"]
    with (
        said.open("ab") as stderr,
        subprocess.Popen(
            words,
            cwd=TOP,
            env={**os.environ, **away, "DONGHAENG_DATA": "/nowhere"},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"], process
        finally:
            process.kill()


def sent(url: str, old: int, size: int, log: Log = LOG_KEPT) -> Reply:
    given = body(old, log.note(size), log.proof(old, size))
    return post(f"{url}/add-checkpoint", given, "text/plain", seconds=20, most=10_000)


def test_it_cosigns_and_ends_when_it_is_told_to(folder: Path, tmp_path: Path) -> None:
    for old, told in ((0, signal.SIGTERM), (1, signal.SIGINT)):
        with running(folder, tmp_path / "said") as (url, process):
            reply = sent(url, old, old + 1)
            note = Note(LOG_KEPT.note(old + 1).text, signature_lines(reply.body.decode(), "answer"))
            assert (reply.status, key_of(folder).verifier.signature_on(note) is not None) == (200, True)
            process.send_signal(told)
            assert process.wait(20) == 0
    lines = (tmp_path / "said").read_text().splitlines()
    assert ["witness_cosigned" in line for line in lines] == [True, True]


def requests() -> list[bytes]:
    """What no honest client sends."""
    start = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
    return [
        b"\0\xff\xfe" * 1000 + b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /add-checkpoint HTTP/9.9\r\n\r\n",
        start + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
        start + b"Content-Length: -1\r\n\r\n",
        start + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        start + b"Content-Length: %d\r\n\r\n" % (MOST_BYTES + 1),
        start + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        start + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
        start + b"Transfer-Encoding: gzip\r\n\r\n",
        start + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        start + b"Content-Length: 5\r\n\r\n\xff\xff\xff\xff\xff",
        start + b"Content-Length: 100\r\n\r\nhalf of it",
        b"POST http://elsewhere/add-checkpoint?x=%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        b"POST http://[bad HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        b"POST /%ff%fe/../add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    ]


def test_garbage_is_answered_with_a_refusal_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with running(folder, said) as (url, process):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        answers: list[bytes] = []
        for given in requests():
            answers.append(_answer_to(given, address))
        assert [one[:60] for one in answers if one and not one.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 501", b"HTTP/1.0 501"))] == []  # fmt: skip
        assert sum(1 for one in answers if one) >= 12
        assert sent(url, 0, 5).status == 200
        process.terminate()
        assert process.wait(20) == 0
    assert b"Traceback" not in b"".join(answers)
    assert "Traceback" not in said.read_text()


def _answer_to(given: bytes, address: tuple[str, int]) -> bytes:
    with socket.create_connection(address, timeout=20) as client:
        with suppress(ConnectionError):  # answered and closed before all of it was sent
            client.sendall(given)
        with suppress(OSError):  # or before we said that this is all
            client.shutdown(socket.SHUT_WR)
        return _all_of(client)


def _all_of(client: socket.socket) -> bytes:
    came = b""
    try:
        while more := client.recv(65_536):
            came += more
    except ConnectionError:
        pass
    return came


@pytest.mark.parametrize(("after", "closed"), [(5, False), (11, True)])
def test_who_says_nothing_is_not_waited_for(folder: Path, after: int, closed: bool) -> None:
    assert _closed_after(folder, after, b"") is closed


@pytest.mark.parametrize(("after", "closed"), [(50, False), (61, True)])
def test_who_sends_a_byte_now_and_then_is_ended_too(folder: Path, after: int, closed: bool) -> None:
    assert _closed_after(folder, after, b"POST /add-") is closed


def _closed_after(folder: Path, seconds: int, given: bytes) -> bool:
    """Whether a connection that is so old is closed. `given`: what came last, just before."""
    server = server_on(socket.create_server(("127.0.0.1", 0)), application(folder, key_of(folder)))
    try:
        with socket.create_connection(("127.0.0.1", int(server.effective_port)), timeout=20) as client:
            client.sendall(given)
            while not server.active_channels or (given and _channel(server).request is None):
                wasyncore.loop(timeout=0.02, map=server._map, count=1)
            later = time.time() + seconds
            if given:
                _channel(server).last_activity = later - 1
            server.maintenance(later)
            return bool(_channel(server).will_close)
    finally:
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map)


def _channel(server: Any) -> Any:
    [channel] = server.active_channels.values()
    return channel


def test_killed_between_remembering_and_answering_it_never_signs_another_past(folder: Path) -> None:
    assert submit(folder, 0, 5).status == 200
    given = body(5, LOG_KEPT.note(20), LOG_KEPT.proof(5, 20))
    program = [sys.executable, str(Path(__file__).with_name("dying_witness.py")), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    died = subprocess.run(
        program, check=False, input=given, cwd=TOP, env=environment, capture_output=True, timeout=60
    )
    assert (died.returncode, died.stdout) == (-signal.SIGKILL, b"")
    assert last_size(folder) == 20
    fork = Log(LOG_KEPT.key, fork=6)
    assert submit(folder, 5, 20, fork).status == 409
    assert submit(folder, 20, 20, fork).status == 422
    assert submit(folder, 20, 20).status == 200  # the log asks again and gets what it missed


def test_killed_at_any_moment_it_remembers_all_that_it_signed(folder: Path, tmp_path: Path) -> None:
    signed = 0
    for pause in (0.05, 0.3):
        with running(folder, tmp_path / "said") as (url, process):
            killer = Thread(target=lambda process=process, pause=pause: (time.sleep(pause), process.kill()))
            killer.start()
            try:
                while signed < 299:
                    old = last_size(folder)
                    if sent(url, old, old + 1).status == 200:
                        signed = old + 1
            except NoReply:
                pass
            killer.join()
            process.wait(20)
        assert last_size(folder) in (signed, signed + 1)


def test_two_programs_on_one_folder_never_sign_two_pasts(folder: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        urls = [stack.enter_context(running(folder, tmp_path / name))[0] for name in ("a", "b")]
        forks = [Log(LOG_KEPT.key, fork=number) for number in range(8)]
        answers: list[tuple[int, int]] = []

        def ask(number: int) -> None:
            answers.append((sent(urls[number % 2], 0, 10, forks[number]).status, number))

        _at_once(ask, len(forks))
    assert sorted(status for status, _ in answers) == [200] + [409] * 7
    [winner] = [number for status, number in answers if status == 200]
    assert str(load_seen(folder, ORIGIN)).startswith(str(forks[winner].note(10)))
    assert len(load_evidence(folder)) == 7


@contextmanager
def dripping(address: tuple[str, int], many: int) -> Iterator[list[socket.socket]]:
    """Connections that send a byte a second until the end: of headers, of bodies, or nothing after an answer."""
    start = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
    begins = (start + b"X: ", start + b"Content-Length: 9999\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    over = Event()
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(address, timeout=20)) for _ in range(many)]

        def drip() -> None:
            while not over.wait(1):
                for number, client in enumerate(clients):
                    if number % 3 != 2:
                        with suppress(OSError):
                            client.send(b"y")

        for number, client in enumerate(clients):
            client.send(begins[number % 3])
        thread = Thread(target=drip)
        thread.start()
        try:
            yield clients
        finally:
            over.set()
            thread.join()


@contextmanager
def serving(folder: Path, protected: bool, connections: int) -> Iterator[str]:
    """The URL of a server with so many places; unprotected it is waitress as it comes, that accepts no more then."""
    taken = socket.create_server(("127.0.0.1", 0), backlog=1024)
    server = server_on(taken, application(folder, key_of(folder)), connections)
    if not protected:
        server.readable = partial(TcpWSGIServer.readable, server)
    over = Event()

    def run() -> None:
        while not over.is_set():
            wasyncore.loop(0.05, True, server._map, 1)

    thread = Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        over.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map)


ORDINARY = 5.0  # seconds; what our own log waits for a witness


def honest(url: str, old: int, size: int) -> Reply:
    given = body(old, LOG_KEPT.note(size), LOG_KEPT.proof(old, size))
    return post(f"{url}/add-checkpoint", given, "text/plain", seconds=ORDINARY, most=10_000)


def test_four_hundred_dripping_clients_do_not_keep_an_honest_log_out(folder: Path, tmp_path: Path) -> None:
    with running(folder, tmp_path / "said") as (url, _):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with dripping(address, 400):
            for old, size in ((0, 5), (5, 8), (8, 300)):
                assert honest(url, old, size).status == 200


def asked_again(url: str, old: int, size: int) -> Reply:
    """As our own log does, which asks anew with each seal: once in a while one that is honest makes room too."""
    for _ in range(2):
        with suppress(NoReply):
            return honest(url, old, size)
    return honest(url, old, size)


def test_however_many_drip_the_oldest_of_them_makes_room(folder: Path) -> None:
    with serving(folder, True, 20) as url, dripping(("127.0.0.1", int(url.rpartition(":")[2])), 60):
        assert [asked_again(url, old, size).status for old, size in ((0, 5), (5, 8))] == [200, 200]


def test_without_that_they_do_keep_it_out(folder: Path) -> None:
    """The control."""
    with (
        serving(folder, False, 20) as url,
        dripping(("127.0.0.1", int(url.rpartition(":")[2])), 60),
        pytest.raises(NoReply),
    ):
        honest(url, 0, 5)


def _at_once(ask: Callable[[int], None], many: int) -> None:
    threads = [Thread(target=ask, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("listen", ["", "8470", "x:y", "127.0.0.1:", "127.0.0.1:65536", "no.such.host.invalid:1", "127.0.0.1:-1"])  # fmt: skip
def test_an_address_that_is_none_is_refused(folder: Path, listen: str) -> None:
    with pytest.raises(BadListen), listening(folder, key_of(folder), listen):
        pass


def test_an_address_that_is_taken_is_refused(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BadListen, match="in use"), listening(folder, key_of(folder), listen):
            pass
