"""Files that must not be lost: whole or as they were before, and there after a loss of power. And files of others."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trail.bilingual import Bilingual, Refusal

HALF = ".new"
MOST_BYTES = 20 * 1024 * 1024  # of a file that somebody hands in
# of one that somebody wrote: as JSON or TOML it takes thirty times as much once it is read
MOST_TYPED = 2 * 1024 * 1024
_PROBLEMS: Mapping[int, Bilingual] = {
    errno.ENOENT: Bilingual("해당 파일이나 폴더가 없음", "there is no such file or folder"),
    errno.EACCES: Bilingual("권한이 없음", "you have no right to it"),
    errno.EPERM: Bilingual("허용되지 않음", "that is not allowed"),
    errno.EROFS: Bilingual("읽기 전용", "nothing may be written there"),
    errno.EEXIST: Bilingual("이미 있음", "it is there already"),
    errno.EISDIR: Bilingual("폴더임", "it is a folder"),
    errno.ENOTDIR: Bilingual("폴더가 아님", "it is not a folder"),
    errno.ENOTEMPTY: Bilingual("비어 있지 않음", "it is not empty"),
    errno.ELOOP: Bilingual("자기 자신을 가리키는 링크", "a link that leads to itself"),
    errno.ENAMETOOLONG: Bilingual("이름이 너무 김", "its name is too long"),
    errno.ENOSPC: Bilingual("디스크 공간 부족", "the disk is full"),
    errno.EDQUOT: Bilingual("디스크 할당량 초과", "the disk quota is used up"),
    errno.EIO: Bilingual("디스크 입출력 오류", "the disk does not answer as it should"),
    errno.EMFILE: Bilingual("열린 파일이 너무 많음", "too many files are open"),
}


class NotReadable(Refusal):
    """A file that somebody names is not there, or may not be read."""

    ko = "파일 {path}을(를) 읽을 수 없습니다: {problem}. 경로와 권한을 확인하십시오."
    en = "The file {path} cannot be read: {problem}. Check the path and its rights."


class NotUtf8(Refusal):
    """A file that is to be a text is none that we can read."""

    ko = "파일 {path}이(가) UTF-8 글이 아닙니다({problem}). UTF-8로 저장한 뒤 다시 시도하십시오."
    en = "The file {path} is no UTF-8 text ({problem}). Save it as UTF-8 and try again."


class FileFails(Refusal):
    """The system does not do with a file what is needed of it."""

    ko = "파일 {path}을(를) 쓸 수 없어 명령을 마치지 못했습니다: {problem}. 경로와 권한, 남은 공간을 확인하십시오."
    en = "The command could not be finished, since the file {path} cannot be used: {problem}. Check its path, rights and the space left."


@contextmanager
def name_failing_file() -> Iterator[None]:
    """What no command foresaw of a file ends it in words. Raises FileFails for an OSError that names a file."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            raise
        raise FileFails(path=error.filename, problem=problem_of(error)) from None


def close_to_others() -> None:
    """What this process and its children make is its user's alone: files 0600, folders 0700, wherever they lie.

    A program calls it once, first of all.
    """
    os.umask(0o077)


def write_safely(path: Path, content: bytes, mode: int = 0o600) -> None:
    """The file whole or not at all, on the disk before this returns. One writer at a time. Raises OSError."""
    new = path.with_name(path.name + HALF)
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    force_folder(path.parent)


def read_foreign(path: Path, most: int = MOST_BYTES) -> bytes:
    """What somebody hands in, whatever lies there, a device without an end too. Raises OSError, TooLarge."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge(most, path)
    return content


def read_named(path: Path, most: int = MOST_BYTES) -> bytes:
    """The same, for who is told in words what is wrong with the file. Raises NotReadable."""
    try:
        return read_foreign(path, most)
    except OSError as error:
        raise NotReadable(path=path, problem=problem_of(error)) from None


def read_text(path: Path) -> str:
    """What a file that somebody names says, in UTF-8. Raises NotReadable, NotUtf8."""
    given = read_named(path)
    if given.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotUtf8(path=path, problem="UTF-16")
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(path=path, problem=f"byte {error.start}") from None


class TooLarge(OSError):
    """More than a reader takes. `most`: bytes."""

    def __init__(self, most: int, path: Path) -> None:
        super().__init__(errno.EFBIG, f"it is larger than {most >> 20} MB", str(path))
        self.most = most


def resolve_path(path: Path) -> Path:
    """Where it really lies. Raises OSError, also where a link leads to itself."""
    try:
        return path.resolve()
    except RuntimeError:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None


def problem_of(error: OSError) -> Bilingual:
    """What the system said of a file, in the reader's language where the problem is a known one."""
    if isinstance(error, TooLarge):
        return Bilingual(f"{error.most >> 20} MB보다 큼", f"it is larger than {error.most >> 20} MB")
    said = error.strerror or type(error).__name__
    return _PROBLEMS.get(error.errno or 0, Bilingual(said, said))


def force_folder(folder: Path) -> None:
    """What was made, renamed or removed in the folder is on the disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
