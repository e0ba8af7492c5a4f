"""One part as a process of its own: `python -m workers worker QUEUE` or `python -m workers ticker`."""

from __future__ import annotations

import sys

from trail.files import close_to_others
from workers.processes import run_part

if __name__ == "__main__":
    close_to_others()
    sys.exit(run_part(sys.argv[1:]))
