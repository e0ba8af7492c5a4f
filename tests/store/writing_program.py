"""A program that appends to streams to which others append at the same time: `python -m … DSN NUMBER`."""

from __future__ import annotations

import os
import random
import sys

from store.errors import StreamConflict
from store.log import Store
from tests.store.fact_batches import put

EACH = 40
STREAMS = [f"task/2024-0{number}" for number in range(1, 6)]


def write_some(own: Store, number: int) -> None:
    """Append EACH batches, trying again on the new version after a lost race."""
    chance = random.Random(number)
    for _ in range(EACH):
        stream, count = chance.choice(STREAMS), chance.randint(1, 3)
        while True:
            try:
                put(own, stream, first=len(own.read(stream)) + 1, count=count)
                break
            except StreamConflict:
                continue


if __name__ == "__main__":
    with Store.open(sys.argv[1]) as store:
        os.write(1, b"ready\n")
        sys.stdin.readline()
        write_some(store, int(sys.argv[2]))
