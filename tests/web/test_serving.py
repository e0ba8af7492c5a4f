"""`donghaeng web` as a process: it serves on loopback and ends in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import httpx
import psycopg
import pytest

from tests.web.consoles import OFFICER, Desk, hidden
from web.cookies import SESSION
from web.serving import CannotListen, check_free
from workers.servers import Addresses

TOP = Path(__file__).parents[2]


def free_port() -> int:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


def as_url(dsn: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}&port={parts['port']}"


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_the_server_signs_in_and_ends_in_order(
    desk: Desk, servers: Addresses, app_dsn: str, tmp_path: Path, ended_by: signal.Signals
) -> None:
    assert servers.redis is not None
    port, code = free_port(), desk.code(OFFICER)
    settings = {
        "DATABASE_URL": as_url(app_dsn),
        "REDIS_URL": f"unix://{servers.redis['unix_socket_path']}",
        "DONGHAENG_DATA": str(tmp_path / "var"),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.cli.main", "web", "--port", str(port)],
        cwd=TOP,
        env=os.environ | settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False) as browser:
                assert wait_for(browser, process)
                shown = browser.get(f"/sign-in/{code}")
                answer = browser.post(
                    "/sign-in",
                    data={"code": hidden(shown.text, "code")},
                    headers={"origin": f"http://localhost:{port}"},
                )
                assert answer.status_code == 303
                secret = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
                page = browser.get("/tasks/2024-06", headers={"cookie": f"{SESSION}={secret}"})
                assert page.status_code == 200
                assert "content-security-policy" in page.headers
            process.send_signal(ended_by)
            assert process.wait(timeout=30) == 0
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()
            process.wait()


def wait_for(browser: httpx.Client, process: subprocess.Popen[str]) -> bool:
    """Whether it answers before a minute is over."""
    until = monotonic() + 60
    while monotonic() < until and process.poll() is None:
        try:
            return browser.get("/").status_code == 401
        except httpx.TransportError:
            sleep(0.1)
    return False


@pytest.mark.parametrize("address", ["nowhere", "1.2.3", "x" * 5000, "203.0.113.7"])
def test_an_address_on_which_nothing_can_listen_is_refused_before_anything_is_started(address: str) -> None:
    with pytest.raises(CannotListen, match=address[:20]):
        check_free(address, 8600)


def test_a_port_that_is_taken_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=str(port)):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)
