"""A program of its own: writes the year's report of a store into a folder. Its clock, the store and the folder are arguments."""

from __future__ import annotations

import sys
from pathlib import Path

import time_machine

if __name__ == "__main__":
    clock, dsn, out = sys.argv[1:]
    with time_machine.travel(clock, tick=True):
        from projections.report.formats import FORMATS
        from projections.report.publishing import write_report
        from store.log import Store

        with Store.open(dsn) as store:
            write_report(store, 2024, list(FORMATS), "ko", Path(out))
