"""Jobs that write down that they ran, and queues that have them on their list."""

from __future__ import annotations

import os
import secrets
import time
import uuid
from pathlib import Path

from workers.queues import Queues
from workers.servers import Addresses


def note(line: str) -> None:
    with Path(os.environ["JOURNAL"]).open("a", encoding="utf-8") as journal:
        journal.write(f"{line}\n")


def fail() -> None:
    raise RuntimeError("as it was asked to")


def note_slowly(line: str, seconds: float) -> None:
    note(f"{line}-begun")
    time.sleep(seconds)
    note(f"{line}-ended")


def called_back(job: object, *rest: object) -> None:
    note("called-back")


JOBS = {name: f"tests.workers.recording_jobs.{name}" for name in ("note", "fail", "note_slowly")}


def made_queues(servers: Addresses) -> Queues:
    """Queues with a new store id and key, and the test's jobs on their list."""
    assert servers.redis is not None
    return Queues(servers.redis, uuid.uuid4().hex, secrets.token_bytes(32), JOBS)
