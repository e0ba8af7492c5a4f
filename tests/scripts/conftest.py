"""The command line in this process, on a database of the test's own."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
import structlog
from click.testing import Result
from typer.main import get_command
from typer.testing import CliRunner

from scripts.cli.main import app
from workers.servers import Addresses

Cli = Callable[..., Result]
ANNOUNCED = Path(__file__).parents[2] / "data" / "programme-2024.json"


@pytest.fixture(scope="package", autouse=True)
def built_once() -> Iterator[None]:
    """The tree of all commands takes 70 ms to build, longer than most of them take."""
    with patch("typer.testing._get_command", cache(get_command)):
        yield


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """A command sets up the process that it believes to be its own: its log lines, its polite end, its umask."""
    told, mask = signal.getsignal(signal.SIGTERM), os.umask(0)
    os.umask(mask)
    yield
    os.umask(mask)
    signal.signal(signal.SIGTERM, told)
    structlog.reset_defaults()


@pytest.fixture
def cli(
    servers: Addresses, owner_dsn: str, app_dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Cli:
    """Runs `donghaeng …` with the servers' addresses in the environment."""
    assert servers.redis is not None
    monkeypatch.setenv("DATABASE_URL", app_dsn)
    monkeypatch.setenv("DATABASE_OWNER_URL", owner_dsn)
    vault = psycopg.conninfo.make_conninfo(app_dsn, user="donghaeng_vault")
    monkeypatch.setenv("VAULT_DATABASE_URL", vault)
    monkeypatch.setenv("REDIS_URL", f"unix://{servers.redis['unix_socket_path']}")
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("DONGHAENG_AS", raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


@pytest.fixture
def loaded(cli: Cli) -> Cli:
    """The same, with the announced programme loaded."""
    assert cli("load", str(ANNOUNCED), "--as", "planner").exit_code == 0
    return cli


def document(result: Result) -> Any:
    """The one JSON document on stdout."""
    return json.loads(result.stdout)
