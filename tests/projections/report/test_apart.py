"""Work in a process of its own: what it makes comes back, and a process that ends early is an error with a name."""

from __future__ import annotations

import os
import signal

import pytest

from projections.report.apart import NotMadeApart, apart


def twice(text: str) -> bytes:
    return (text * 2).encode()


def process() -> bytes:
    return str(os.getpid()).encode()


def fails() -> bytes:
    raise ValueError("that is why")


def killed() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def test_what_it_makes_comes_back_from_another_process() -> None:
    assert apart(twice, "가😀") == "가😀가😀".encode()
    assert int(apart(process)) != os.getpid()


@pytest.mark.parametrize(("make", "why"), [(fails, "that is why"), (killed, "signal 9")])
def test_a_process_that_ends_early_is_named_with_why(make: object, why: str) -> None:
    with pytest.raises(NotMadeApart, match=why):
        apart(make)  # type: ignore[arg-type]
