"""Work done in a process of its own: the memory it takes goes with it, whatever a library keeps for the next time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def apart(make: Callable[..., bytes], *given: object) -> bytes:
    """What `make(*given)` returns or raises. `make` is a module's function; all that goes in and out can be pickled."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(make, *given).result()
