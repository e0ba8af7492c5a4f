"""Where a trail's files are read: a folder, a static file server, a zip. What is read is limited and never run."""

from __future__ import annotations

import stat
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from trail.bilingual import Bilingual, Refusal
from trail.errors import NotTrusted
from trail.files import problem_of, resolve_path

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

MOST_FILES = 500_000
MOST_BYTES = 4 << 30  # a pack's files together
MOST_IN_A_FILE = 64 << 20


class CannotBeRead(NotTrusted):
    """A file or a pack that is damaged, too large, or made to do harm."""


class NoSuchTrail(Refusal):
    """`where` holds neither a trail nor a pack."""

    ko = "{where}에서 감사 이력이나 증거 묶음을 찾지 못했습니다: {problem}. 경로나 주소를 확인하십시오."
    en = "There is neither a trail nor a pack at {where}: {problem}. Check the path or address."


class Source(Protocol):
    """A trail's files by their paths, e.g. tile/0/000."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none. Raises CannotBeRead."""

    def names(self) -> Sequence[str] | None:
        """Every file there is, in order; None where that cannot be asked."""


class Folder:
    """Files below a folder; links that lead out of it are not followed."""

    def __init__(self, top: Path) -> None:
        self._top = resolve_path(top)
        self._within: set[Path] = set()  # folders that were looked at: a trail has two files for 256 facts

    def read(self, path: str) -> bytes | None:
        file = self._top / path
        try:
            if not file.is_file():
                return None
            if not self._is_within(file):
                raise _unreadable(path, "폴더 밖을 가리킵니다", "it leads out of the folder")
            if file.stat().st_size > MOST_IN_A_FILE:
                raise _too_large(path)
            return file.read_bytes()
        except OSError as error:
            problem = problem_of(error)
            raise _unreadable(
                path, f"읽을 수 없습니다({problem.ko})", f"it cannot be read ({problem.en})"
            ) from None

    def _is_within(self, file: Path) -> bool:
        folder = file.parent
        if (
            ".." in file.parts
            or file.is_symlink()
            or not (folder in self._within or resolve_path(folder).is_relative_to(self._top))
        ):
            return resolve_path(file).is_relative_to(self._top)
        self._within.add(folder)
        return True

    def names(self) -> Sequence[str]:
        return sorted(
            str(PurePosixPath(file.relative_to(self._top)))
            for file in self._top.rglob("*")
            if file.is_file() or file.is_symlink()
        )


class Server:
    """Files below a URL. What does not answer is an error, not a missing file. `seconds`: within which one has to be there."""

    def __init__(self, prefix: str, seconds: float = 300) -> None:
        from urllib3 import PoolManager, Retry, Timeout  # noqa: PLC0415 - few trails are read over the network

        self._prefix, self._seconds = prefix.rstrip("/"), seconds
        self._pool = PoolManager(timeout=Timeout(connect=10, read=30), retries=Retry(2, redirect=2))

    def read(self, path: str) -> bytes | None:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - as above

        url = f"{self._prefix}/{path}"
        try:
            with self._pool.request("GET", url, preload_content=False) as answer:
                if answer.status in (404, 410):
                    return None
                if answer.status != 200:
                    raise _unreadable(
                        url, f"서버가 {answer.status}로 응답했습니다", f"the server answered {answer.status}"
                    )
                found = self._body(url, answer)
        except (HTTPError, OSError) as error:
            reason = type(error).__name__
            raise _unreadable(
                url, f"가져올 수 없습니다({reason})", f"it cannot be fetched ({reason})"
            ) from None
        return found

    def _body(self, url: str, answer: BaseHTTPResponse) -> bytes:
        found, until = bytearray(), time.monotonic() + self._seconds
        while part := answer.read1(1 << 16):
            found += part
            if len(found) > MOST_IN_A_FILE:
                raise _too_large(url)
            if time.monotonic() > until:
                raise _unreadable(
                    url,
                    f"{self._seconds:.0f}초 안에 오지 않았습니다",
                    f"it did not come within {self._seconds:.0f} s",
                )
        return bytes(found)

    def names(self) -> None:
        return None


class Zip:
    """A zip's files, after its directory was looked over: names, kinds and sizes."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self._archive, self._where = archive, where
        self._members = _check_members(archive.infolist(), where)

    def read(self, path: str) -> bytes | None:
        member = self._members.get(path)
        if member is None:
            return None
        try:
            with self._archive.open(member) as file:
                found = file.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise _unreadable(path, "zip 안에서 손상되었습니다", "it is damaged in the zip") from None
        if len(found) != member.file_size:
            raise _unreadable(path, "zip 안에서 손상되었습니다", "it is damaged in the zip")
        return found

    def names(self) -> Sequence[str]:
        return sorted(self._members)


@contextmanager
def open_source(where: str) -> Iterator[Source]:
    """A folder, a URL's prefix or a zip. Raises NoSuchTrail, CannotBeRead."""
    if where.startswith(("http://", "https://")):
        yield Server(where)
        return
    path = Path(where)
    if path.is_dir():
        yield Folder(path)
        return
    if not path.is_file():
        raise NoSuchTrail(where=where, problem=Bilingual("해당 파일이 없습니다", "there is no such file"))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _unreadable(where, "zip이 아니거나 잘렸습니다", "it is no zip file, or it is cut off") from None
    with archive:
        yield Zip(archive, where)


def _check_members(members: Sequence[zipfile.ZipInfo], where: str) -> Mapping[str, zipfile.ZipInfo]:
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
        raise _too_large(where)
    found: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = member.filename
        if member.is_dir():
            continue
        if not safe(name) or stat.S_ISLNK(member.external_attr >> 16):
            raise _unreadable(
                where, f"‘{name[:80]}’은(는) 폴더 밖을 가리킵니다", f"“{name[:80]}” leads out of it"
            )
        if name in found:
            raise _unreadable(where, f"‘{name[:80]}’이(가) 두 번 있습니다", f"“{name[:80]}” is in it twice")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unreadable(
                where,
                f"‘{name[:80]}’의 압축 방식을 받지 않습니다. 보통의 zip(deflate)으로 다시 묶으십시오",
                f"“{name[:80]}” is packed in a way that is not taken; zip it again the ordinary way (deflate)",
            )
        if member.file_size > MOST_IN_A_FILE or member.flag_bits & 1:
            raise _too_large(name[:80])
        found[name] = member
    return found


def safe(name: str) -> bool:
    """Whether a name stays within its folder, on any system."""
    parts = name.split("/")
    return (
        0 < len(name) <= 400
        and not any(part in ("", ".", "..") for part in parts)
        and all(" " < c != "\\" and c not in ":\x7f" for c in name)
    )


def _too_large(where: str) -> CannotBeRead:
    return _unreadable(where, "허용된 것보다 큽니다", "it is larger than what is taken")


def _unreadable(where: str, ko: str, en: str) -> CannotBeRead:
    return CannotBeRead(where=where, problem=Bilingual(ko, en))


def open_sealed_folder(folder: Path) -> Source:
    """The trail that was sealed there. Raises NoSuchTrail."""
    if not (folder / "checkpoint").is_file():
        problem = Bilingual("봉인된 적이 없습니다", "nothing was sealed yet; run `donghaeng trail seal`")
        raise NoSuchTrail(where=str(folder), problem=problem)
    return Folder(folder)
