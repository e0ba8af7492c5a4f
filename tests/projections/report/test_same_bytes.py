"""The same document comes out with the same bytes, whenever, wherever and by whichever process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from hwpx import HwpxDocument

TOP = Path(__file__).parents[3]


def rendered(clock: str, zone: str, seed: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.projections.report.renders_of_the_tests", clock],
        cwd=TOP,
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def test_two_processes_with_other_clocks_zones_and_hash_seeds_write_the_same_bytes_in_little_memory() -> None:
    *one, own, childrens = rendered("2025-01-02T03:04:05Z", "Asia/Seoul", "1")
    *other, _, _ = rendered("2031-11-12T13:14:15Z", "America/New_York", "2")

    assert len(one) == 6
    assert one == other
    assert int(own) < 200
    assert int(childrens) < 200


def test_as_the_library_writes_it_hwpx_would_differ_each_time() -> None:  # the control
    def written() -> bytes:
        document = HwpxDocument.new()
        document.add_paragraph("가")
        document.add_paragraph("나")
        return ZipFile(io.BytesIO(document.to_bytes())).read("Contents/section0.xml")

    assert written() != written()
