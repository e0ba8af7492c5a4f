"""The ground that lives are lived on, in the tests' own servers, and a mail server for all of one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from scripts.random_lives.place import Ground, TimedSink, ground_on
from scripts.random_lives.running import quiet
from tests.data_folders import data_folder
from workers.delivery.sink import mail_sink
from workers.servers import Addresses


@pytest.fixture(scope="session")
def lives_folder() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def ground(servers: Addresses, lives_folder: Path) -> Ground:
    return ground_on(servers, lives_folder)


@pytest.fixture
def sink() -> Iterator[TimedSink]:
    quiet()
    with mail_sink(TimedSink()) as sink:
        assert isinstance(sink, TimedSink)
        yield sink
    structlog.reset_defaults()
