"""Queues of a store of their own, on the session's Valkey."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workers.recording_jobs import made_queues
from workers.queues import Queues
from workers.servers import Addresses


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the test's jobs write down that they ran."""
    path = tmp_path / "journal"
    path.touch()
    monkeypatch.setenv("JOURNAL", str(path))
    return path


@pytest.fixture
def queues(servers: Addresses, journal: Path) -> Queues:
    return made_queues(servers)
