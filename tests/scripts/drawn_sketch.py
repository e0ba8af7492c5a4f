"""A sketch of the command line as the modules are now, in a place of its own, whatever `.venv` holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SKETCH = "share/donghaeng/sketch.json"


def look_in(prefix: Path) -> str:
    """What a process runs first to find its sketch there."""
    return f"import sys; sys.prefix = {str(prefix)!r}; "


def draw_in(prefix: Path) -> Path:
    """As `scripts/setup` has it drawn; gives the file."""
    run = "import runpy; runpy.run_module('scripts.draw_sketch', run_name='__main__')"
    subprocess.run([sys.executable, "-c", look_in(prefix) + run], check=True)
    return prefix / SKETCH
