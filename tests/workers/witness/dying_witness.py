"""A witness that is killed after it has remembered and before it answers: `python dying_witness.py FOLDER < request`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from projections.trail.note import SignerKey
from workers.witness.app import add_checkpoint
from workers.witness.state import key_of


class Dying(SignerKey, frozen=True):
    """A key that is not lived to be used."""

    def sign(self, text: str, at: int = 0) -> None:  # type: ignore[override]
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    key = key_of(folder)
    add_checkpoint(folder, Dying(key.name, key.algorithm, key.raw), sys.stdin.buffer.read())
