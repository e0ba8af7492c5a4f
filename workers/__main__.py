"""One part as a process of its own: `python -m workers worker QUEUE` or `python -m workers ticker`."""

from __future__ import annotations

import sys

from workers.parts import run_part

if __name__ == "__main__":
    sys.exit(run_part(sys.argv[1:]))
