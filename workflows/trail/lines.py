"""Exported entries as lines of JSON, and as lines of a table."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from domain.errors import Lang
from workflows.trail.about import About
from workflows.trail.columns import cells, heads
from workflows.trail.reading import TrailEntry


class Lines:
    """A JSON document a line."""

    as_csv: str | None = None

    def __init__(self, path: Path, lang: Lang) -> None:
        self._file = path.open("xb")
        self._encode = msgspec.json.Encoder().encode

    def write(self, entry: TrailEntry) -> None:
        self._file.write(self._encode(entry) + b"\n")

    def finish(self, about: About) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class Csv:
    """With a byte order mark, without which Excel takes Korean for something else."""

    as_csv: str | None = None

    def __init__(self, path: Path, lang: Lang) -> None:
        self._file = path.open("x", encoding="utf-8-sig", newline="")
        self._lines = csv.writer(self._file)
        self._lines.writerow(heads(lang))

    def write(self, entry: TrailEntry) -> None:
        self._lines.writerow(cells(entry))

    def finish(self, about: About) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()
