"""Writes down what is about to be asked, before it is asked, and what came of it: a file a client, a line an entry.

A client may be killed anywhere. What was to be done and has no line after it may or may not have been done.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any


class Ledger:
    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def put(self, what: str, **more: Any) -> None:
        """One line, on the disk when this returns. `t`: seconds of the machine's monotonic clock, one for all processes."""
        line = {"t": time.monotonic(), "pid": os.getpid(), "what": what, **more}
        os.write(self._file, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        os.fsync(self._file)
