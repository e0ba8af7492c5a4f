"""A witness that is killed after it has remembered and before it answers: `python dying_witness.py FOLDER < request`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import structlog

from trail.witness.app import add_checkpoint
from trail.witness.state import key_of


def die(*said: Any) -> Any:
    """The line `witness_cosigned` is said once all is on the disk, and before the answer."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    structlog.configure(processors=[die])
    add_checkpoint(folder, key_of(folder), sys.stdin.buffer.read())
