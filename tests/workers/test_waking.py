"""Waking from a thread: no command waits for it, and nothing that was asked for is forgotten."""

from __future__ import annotations

import os
import threading

from workers.waking import Waker


def test_what_is_asked_for_is_woken_and_flush_waits_for_it() -> None:
    woken: list[str] = []
    waker = Waker(lambda name, trace: woken.append(name))
    waker.ask("task_board")
    waker.flush()
    assert woken == ["task_board"]


def test_many_askings_while_one_is_under_way_are_one_more() -> None:
    woken: list[str] = []
    slow = threading.Event()

    def wake(name: str, trace: str | None) -> None:
        woken.append(name)
        slow.wait(5)

    waker = Waker(wake)
    waker.ask("a")
    while not woken:
        pass
    for _ in range(100):
        waker.ask("a")
    slow.set()
    waker.flush()
    assert woken == ["a", "a"]


def test_flush_does_not_wait_for_ever_on_a_redis_that_hangs() -> None:
    never = threading.Event()
    waker = Waker(lambda name, trace: never.wait(30))
    waker.ask("a")
    waker.flush(patience=0.05)
    never.set()


def test_a_forked_process_wakes_too() -> None:
    reading, writing = os.pipe()
    waker = Waker(lambda name, trace: os.write(writing, name.encode()))
    waker.ask("p")
    waker.flush()
    assert os.read(reading, 1) == b"p"
    child = os.fork()
    if child == 0:
        waker.ask("c")
        waker.flush()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 1) == b"c"
