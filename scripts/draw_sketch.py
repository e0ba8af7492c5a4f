"""`python -m scripts.draw_sketch` draws the command line's words for a fast start, where that is to be done; `scripts/setup` runs it."""

from __future__ import annotations

import time

from scripts.cli import sketch_file


def draw_anew() -> None:
    """From the commands themselves. Raises OSError where this user cannot write there."""
    began = time.time_ns()
    from scripts.cli.main import CONTENTS  # noqa: PLC0415 - nothing of it is needed where the sketch is right

    drawn = {name: entry.draw(name) for name, entry in CONTENTS.items()}
    sketch_file.write_sketch(drawn, sketch_file.list_modules(), before=began)


if __name__ == "__main__" and sketch_file.read_sketch() is None:
    draw_anew()
