"""A worker of the post as a process, which waits where a test wants it to; see reminded_cities.Sender."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from domain.message import decider
from store.log import Store
from tests.workers.delivery.reminded_cities import City
from workers.delivery import sending
from workers.delivery.sending import Delivery
from workers.delivery.smtp import Mailer


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def waiting(first: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, after it has been waited for once."""
    told: list[str] = []

    def wait_and_do(*words: Any, **more: Any) -> Any:
        if os.environ["WAITS_AT"] == first and not told:
            told.append(first)
            say(first)
            sys.stdin.readline()
        return function(*words, **more)

    return wait_and_do


def answered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, after which is waited."""

    def do_and_wait(*words: Any) -> Any:
        found = function(*words)
        waiting("answered", lambda: None)()
        return found

    return do_and_wait


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    give = Delivery._give
    if os.environ.get("UNFENCED"):
        decider._check_fence = lambda *_: None  # type: ignore[assignment]
    renew = (lambda *_: True) if os.environ.get("ALWAYS_RENEWED") else sending.renew
    looks: list[object] = []

    def last_look(*words: Any) -> bool:
        looks.append(words)
        return bool((waiting("renew", renew) if len(looks) == 2 else renew)(*words))

    sending.renew = last_look
    if os.environ.get("UNSEEING"):
        sending.find_void = lambda *_: set()
    Delivery._one = waiting("claimed", Delivery._one)  # type: ignore[method-assign]
    Mailer.send = answered(waiting("dialogue", Mailer.send))  # type: ignore[method-assign]
    attempt, settle = waiting("attempt", give), waiting("settle", give)

    def given(post: Delivery, about: str, *commands: Any) -> None:
        by = attempt if commands[-1].name == "message.attempt" else settle
        by(post, about, *commands)

    Delivery._give = given  # type: ignore[method-assign]
    with Store.open(os.environ["DSN"]) as store:
        city = City(store, os.environ["DSN"], Path(os.environ["DATA"]))
        count = city.post(os.environ["SMTP"], lease=float(os.environ["LEASE"])).send_due()
    say(str(count))
