"""The manifest of an export: whose history, how far, and the sum of every file. Released: fields are only added."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from domain.errors import Bilingual
from projections.exports.errors import ExportOfOtherVersion, NotAnExport
from trail.files import problem_of
from trail.json_bytes import BROKEN

NAME = "manifest.json"
FORM, VERSION = "donghaeng-export", 1
LEFT_OUT = ("texts", "vault", "commands", "accesses", "refused", "keys")
_MOST_BYTES = 16 * 1024 * 1024
_FACTS = re.compile(r"facts/\d{4}\.jsonl", re.ASCII)
_ROWS = re.compile(r"views/[a-z_]{1,60}/(\d{4}|rows)\.jsonl", re.ASCII)

Format = Literal["jsonl", "parquet"]


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """`path`: within the folder; `sha256`: hex. `first`, `last`: the positions of a file of facts."""

    path: str
    rows: int
    bytes: int
    sha256: str
    first: int | None = None
    last: int | None = None


class Manifest(msgspec.Struct, frozen=True):
    """`store`: the origin's id; `last`: the position up to which, from 1; `root`: RFC 6962, over the facts' leaves.

    `as_of`: the moment before which it was known, None for all. `schema`: of the database; `code`: which program.
    """

    form: str
    version: int
    format: Format
    store: str
    simulated: bool
    as_of: datetime | None
    last: int
    last_known_at: datetime
    root: str
    schema: str
    code: str
    files: tuple[File, ...]
    left_out: tuple[str, ...] = LEFT_OUT

    @property
    def of_facts(self) -> tuple[File, ...]:
        """The files of facts, in the order of the log."""
        return tuple(
            sorted((one for one in self.files if one.first is not None), key=lambda one: one.first or 0)
        )


class _Head(msgspec.Struct):
    """What every version of a manifest begins with."""

    form: str
    version: int


def read_manifest(folder: Path) -> Manifest:
    """Raises NotAnExport, ExportOfOtherVersion."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
        head = msgspec.json.decode(content, type=_Head)
        if head.form != FORM:
            raise NotAnExport(
                path=folder,
                problem=Bilingual(f"form이 {head.form[:40]}입니다", f"its form is {head.form[:40]}"),
            )
        if head.version != VERSION:
            raise ExportOfOtherVersion(path=folder, found=head.version, known=VERSION)
        return msgspec.json.decode(content, type=Manifest)
    except OSError as error:
        said = problem_of(error)
        problem = Bilingual(f"{NAME}: {said.ko}", f"{NAME}: {said.en}")
        raise NotAnExport(path=folder, problem=problem) from None
    except BROKEN as error:
        raise NotAnExport(path=folder, problem=f"{NAME}: {error}") from None


def check_fact_files(folder: Path, manifest: Manifest) -> list[tuple[File, Path]]:
    """The files of facts, which follow one another without a hole. Raises NotAnExport."""
    found, last = [], 0
    for one in manifest.of_facts:
        if not _FACTS.fullmatch(one.path):
            raise NotAnExport(path=folder, problem=f"{NAME}: {one.path[:80]}")
        if one.first != last + 1 or one.last != last + one.rows:
            problem = Bilingual(
                f"{last + 1}번부터 이어지지 않습니다", f"there is a hole after position {last}"
            )
            raise NotAnExport(path=folder / one.path, problem=problem)
        last += one.rows
        found.append((one, folder / one.path))
    if last != manifest.last or not last:
        raise NotAnExport(
            path=folder,
            problem=Bilingual(
                f"기록 {manifest.last}건 가운데 {last}건만 들어 있습니다",
                f"it holds {last} of {manifest.last} fact(s)",
            ),
        )
    return found


def check_row_files(folder: Path, manifest: Manifest) -> list[tuple[File, Path]]:
    """The other files: the views' rows. Raises NotAnExport."""
    others = [one for one in manifest.files if one.first is None]
    for one in others:
        if not _ROWS.fullmatch(one.path):
            raise NotAnExport(path=folder, problem=f"{NAME}: {one.path[:80]}")
    return [(one, folder / one.path) for one in others]
