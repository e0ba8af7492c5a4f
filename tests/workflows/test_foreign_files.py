"""Whatever somebody hands in is read within a stated size, however much lies there, and refused in words beyond it."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import Refusal
from projections.report.verifying import verify
from store.log import Store
from trail.files import MOST_BYTES, NotReadable, read_foreign
from workflows.definitions.templates import NotADefinition, read_definition
from workflows.importing.sheets import NotATable, TooManyRows, read_sheet
from workflows.programme_file import read_programme
from workflows.what_if.rules import read_scoring

Read = Callable[[Path], object]

READERS: list[tuple[str, Read, type[Refusal]]] = [
    ("programme.json", read_programme, NotReadable),
    ("definition.toml", read_definition, NotADefinition),
    ("scoring.toml", read_scoring, NotReadable),
    ("scoring.json", read_scoring, NotReadable),
    ("sheet.csv", lambda path: read_sheet(path, ["번호"], ["번호"]), NotATable),
    ("sheet.xlsx", lambda path: read_sheet(path, ["번호"], ["번호"]), NotATable),
]
NAMES = [name for name, _, _ in READERS]


@pytest.mark.parametrize(("name", "read", "refused"), READERS, ids=NAMES)
def test_a_file_that_is_too_large_is_refused_by_its_size(
    name: str, read: Read, refused: type[Refusal], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.touch()
    with path.open("r+b") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(refused, match=r"larger than|too large"):
        read(path)


@pytest.mark.parametrize(("name", "read", "refused"), READERS, ids=NAMES)
def test_just_as_large_as_may_be_it_is_refused_for_what_it_holds(
    name: str, read: Read, refused: type[Refusal], tmp_path: Path
) -> None:
    """The control: it is the size that was refused, and nothing else."""
    path = tmp_path / name
    path.write_bytes(b"\0" * 1000)
    with pytest.raises(Refusal) as told:
        read(path)
    assert not re.search("larger than|too large", told.value.say("en"))


def test_what_has_no_end_is_read_to_the_limit_and_no_further(store: Store) -> None:
    with pytest.raises(OSError, match="larger than 1 MB"):
        read_foreign(Path("/dev/zero"), 1 << 20)
    assert (
        len(read_foreign(Path("/proc/self/stat"))) > 100
    )  # of which the size is 0, and which is read all the same
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotReadable):
        verify(store, Path("/dev/zero"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700 * 1024  # KiB


@pytest.mark.parametrize("filling", [b",", b"\n", b";", b"a,\n"])
def test_a_sheet_of_nothing_but_signs_is_refused_before_it_is_taken_apart(
    filling: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(filling * 1_100_000)
    with pytest.raises(TooManyRows):
        read_sheet(path, ["번호"], ["번호"])
