"""Asking somebody else's server once: by TLS only whom the machine's authorities vouch for."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from workers.http_client import NoAddress, NoReply, TimeLimits, post


class _Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "Text/Plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(body + self.headers["Host"].encode())

    def log_message(self, *said: object) -> None:
        pass


class _Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that did not like the certificate


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x"
    made = "-addext subjectAltName=DNS:localhost -keyout key.pem -out crt.pem"
    subprocess.run([*words.split(), *made.split()], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "crt.pem"


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with _Quiet(("127.0.0.1", 0), _Echo) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_server_that_nobody_vouches_for_gets_nothing(port: int) -> None:
    with pytest.raises(NoReply, match="certificate"):
        post(f"https://localhost:{port}/", b"hello", "text/plain", seconds=10, most=100)


def test_a_server_that_the_machine_trusts_is_asked_by_its_name(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    reply = post(f"https://localhost:{port}/x", b"hello ", "text/plain", seconds=10, most=100)
    assert (reply.status, reply.kind, reply.body) == (200, "text/plain", f"hello localhost:{port}".encode())
    with pytest.raises(NoReply, match=r"127\.0\.0\.1"):
        post(f"https://127.0.0.1:{port}/x", b"hello ", "text/plain", seconds=10, most=100)


@pytest.mark.parametrize(("most", "enough"), [(4, False), (100, True)])
def test_no_more_is_read_than_is_wanted(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch, most: int, enough: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = f"https://localhost:{port}/"
    if enough:
        assert post(url, b"hello", "text/plain", seconds=10, most=most).status == 200
        return
    with pytest.raises(NoReply, match="more than 4 bytes") as refused:
        post(url, b"hello", "text/plain", seconds=10, most=most)
    assert refused.value.garbage


def test_without_time_nobody_is_asked() -> None:
    with pytest.raises(NoReply):
        post("http://127.0.0.1:1/", b"", "text/plain", seconds=0, most=1)


@pytest.mark.parametrize(("whole", "asked"), [(0.3, False), (30.0, True)], ids=["too late", "the control"])
def test_a_name_that_is_not_found_in_time_holds_nobody_up_and_nothing_was_begun(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch, whole: float, asked: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    found = Event()

    def slow(_: str) -> str:
        found.wait(None if not asked else 0.4)
        return "127.0.0.1"

    url, given = f"https://localhost:{port}/", {"seconds": TimeLimits(whole), "most": None, "judge": slow}
    try:
        if asked:
            assert post(url, b"hello", "text/plain", **given).status == 200
            return
        with pytest.raises(NoReply) as refused:
            post(url, b"hello", "text/plain", **given)
        assert not refused.value.begun
    finally:
        found.set()


@pytest.mark.parametrize(("whole", "connected"), [(0.2, False), (30.0, True)], ids=["late", "the control"])
def test_a_name_that_is_found_too_late_is_not_connected_to_any_more(whole: float, connected: bool) -> None:
    found, before = Event(), set(threading.enumerate())

    def slow(_: str) -> str:
        found.wait(0.4 if connected else None)
        return "127.0.0.1"

    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(NoReply):
            post(url, b"", "text/plain", seconds=TimeLimits(whole, step=0.1), most=None, judge=slow)
        found.set()
        for thread in set(threading.enumerate()) - before:
            thread.join()
        server.setblocking(False)
        if connected:
            server.accept()[0].close()
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999/", "https://127.0.0.1:x/", "http://[::1/", f"https://{'a' * 64}.example/"]
)
def test_to_what_is_no_address_nothing_ever_goes(url: str) -> None:
    with pytest.raises(NoAddress, match="no address") as refused:
        post(url, b"", "text/plain", seconds=5, most=1)
    assert not refused.value.begun


def test_who_took_the_question_and_says_nothing_may_have_all_of_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(NoReply) as refused:
            post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"", "text/plain", seconds=0.3, most=1)
        assert refused.value.begun
