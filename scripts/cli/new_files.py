"""Forms written for people to fill in: never over another file, and whole."""

from __future__ import annotations

from pathlib import Path

from domain.errors import Refusal
from trail.files import problem_of


class FileExists(Refusal):
    """A form is never written over another file."""

    ko = "파일 {path}이(가) 이미 있습니다. 다른 이름을 지정하십시오."
    en = "The file {path} exists already. Give another name."


class NotWritable(Refusal):
    """The form cannot be written there."""

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
