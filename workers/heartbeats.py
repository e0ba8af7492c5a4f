"""Signs of life: each part says in Redis that it is there. Only for people to look at; nothing depends on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import RedisError

from workers.queues import Queues

ALIVE_SECONDS = 15.0
_EVERY_SECONDS = 3.0
_KEPT_SECONDS = 3600


def send_heartbeat(queues: Queues, part: str) -> None:
    """Say that the part is there, and once that Redis takes it again where it did not. Never raises."""
    with suppress(RedisError):
        queues.redis.set(_key(queues, part), f"{time.time():.3f}", ex=_KEPT_SECONDS)
        queues.look_again()


@contextmanager
def send_heartbeats(queues: Queues, part: str) -> Iterator[None]:
    """Say so every three seconds while the block runs: RQ's own heartbeat may take minutes in an idle worker."""
    over = threading.Event()

    def go_on() -> None:
        send_heartbeat(queues, part)
        while not over.wait(_EVERY_SECONDS):
            send_heartbeat(queues, part)

    thread = threading.Thread(target=go_on, name="beats", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def silence(queues: Queues, part: str) -> float | None:
    """For how many seconds nothing was heard of a part; None where it never was. Raises redis's errors."""
    last = queues.redis.get(_key(queues, part))
    try:
        return None if last is None else max(0.0, time.time() - float(last))
    except ValueError:  # somebody else wrote there; the part's next word takes its place
        return None


def _key(queues: Queues, part: str) -> str:
    return f"donghaeng:{queues.store_id}:beat:{part}"
