"""A program of its own: writes the report on paper in each format and prints a hash of each. Its clock is an argument."""

from __future__ import annotations

import hashlib
import sys

import time_machine

from tests.projections.report.awkward_documents import awkward

if __name__ == "__main__":
    with time_machine.travel(sys.argv[1], tick=True):
        from projections.report.hwpx import hwpx
        from projections.report.pdf import pdf
        from projections.report.xlsx import xlsx

        for render in (pdf, xlsx, hwpx):
            for lang, tasks in (("ko", 30), ("en", 4)):
                made = render(awkward(tasks=tasks), lang)
                sys.stdout.write(f"{render.__name__}.{lang} {hashlib.sha256(made).hexdigest()}\n")
