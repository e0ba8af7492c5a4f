"""Files written for people, forms to fill in and what was attached: never over another file, and whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from domain.errors import Refusal
from trail.files import problem_of


class FileExists(Refusal):
    """What is written is never written over another file."""

    ko = "파일 {path}이(가) 이미 있습니다. 다른 이름을 지정하십시오."
    en = "The file {path} exists already. Give another name."


class NotWritable(Refusal):
    """It cannot be written there."""

    ko = "파일 {path}을(를) 쓸 수 없습니다: {problem}."
    en = "The file {path} cannot be written: {problem}."


def write_new(path: Path, content: bytes) -> None:
    """Raises FileExists, NotWritable."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise FileExists(path=path) from None
    except OSError as error:
        raise NotWritable(path=path, problem=problem_of(error)) from None


@contextmanager
def appear_new(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that gets its name once all went well, and else is not there. Raises FileExists, NotWritable."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            _refuse_existing(path)
            yield file
        _refuse_existing(path)
        part.rename(path)
    except OSError as error:
        raise NotWritable(path=path, problem=problem_of(error)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise FileExists(path=path)
