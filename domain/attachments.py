"""Which files may be attached (첨부): their names and kinds. How large they may be says `domain.limits`; where their bytes lie,
`store/attachments.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from domain.errors import Bilingual
from domain.limits import (
    LARGEST_FILE,
    LARGEST_FILES,
    LONGEST_FILE_NAME,
    LONGEST_FILE_NAME_BYTES,
    MOST_FILES,
    check_line,
    check_once,
)
from domain.refusals import locate_errors, validation_error
from domain.values import Attachment, GivenFile, Paper

_HEAD = 8192  # bytes at the begin, by which the kind of a file is told
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HWPX = b"mimetypeapplication/hwp+zip"  # where a ZIP has its first member's name and content
_AT_HWPX = 30
_OFFICE = "application/vnd.openxmlformats-officedocument"
# what no other computer's files may be called, or may hold in their names
_UNFIT = re.compile(r'[/\\:*?"<>|]|^\.|\.$|^(con|prn|aux|nul|com[0-9]|lpt[0-9])\.', re.IGNORECASE)
_NOT_IN_TEXTS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileKind(NamedTuple):
    """`begins`: how its content does; None of a text."""

    media: str
    begins: bytes | None


KINDS: Mapping[str, FileKind] = {
    "pdf": FileKind("application/pdf", b"%PDF-"),
    "hwp": FileKind("application/x-hwp", _COMPOUND),
    "hwpx": FileKind("application/hwp+zip", _ZIP),
    "docx": FileKind(f"{_OFFICE}.wordprocessingml.document", _ZIP),
    "xlsx": FileKind(f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    "pptx": FileKind(f"{_OFFICE}.presentationml.presentation", _ZIP),
    "png": FileKind("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": FileKind("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": FileKind("image/jpeg", b"\xff\xd8\xff"),
    "csv": FileKind("text/csv", None),
    "txt": FileKind("text/plain", None),
}
_BEGINNINGS = tuple({kind.begins for kind in KINDS.values() if kind.begins is not None})
KINDS_IN_WORDS = ", ".join(KINDS)


def check_file_name(given: str) -> str:
    """A file's name as facts hold it: one line in NFC that every system can store, with the ending of a known kind."""
    name = check_line(unicodedata.normalize("NFC", given), longest=LONGEST_FILE_NAME)
    if len(name.encode()) > LONGEST_FILE_NAME_BYTES:
        raise validation_error("file_name_long", max=LONGEST_FILE_NAME_BYTES)
    if _UNFIT.search(name):
        raise validation_error("file_name")
    if _ending_of(name) not in KINDS:
        raise validation_error("file_kind", kinds=KINDS_IN_WORDS)
    return name


def check_papers(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Those that one command attaches: each name once, each and all within their limits."""
    if len(papers) > MOST_FILES or sum(one.file.size for one in papers) > LARGEST_FILES << 20:
        raise validation_error("files_too_many", max=MOST_FILES, largest=LARGEST_FILES)
    checked = []
    for number, one in enumerate(papers):
        with locate_errors(f"[{number}].name"):
            checked.append(Paper(check_file_name(one.name), one.file))
        if one.file.size > LARGEST_FILE << 20:
            raise validation_error("file_limit", f"[{number}]", max=LARGEST_FILE)
    check_once([one.name for one in checked], "[{}].name")
    return tuple(checked)


def attachments_of(papers: tuple[Paper, ...]) -> tuple[Attachment, ...]:
    """What the command handler has put in the place of a command's papers."""
    put: tuple[Any, ...] = papers
    assert all(isinstance(one, Attachment) for one in put), (
        "papers must be put aside before they are decided on"
    )
    return put


def find_media_type(name: str, content: bytes) -> str:
    """Of a file whose name was checked: its media type, where its content begins as its name's ending says."""
    ending, head = _ending_of(name), content[:_HEAD]
    kind = KINDS[ending]
    if not _begins_as(ending, kind, head):
        raise validation_error("file_content", ending=ending)
    return kind.media


def describe_file(content: bytes) -> GivenFile:
    """What a command says of a file whose bytes go beside it."""
    return GivenFile(size=len(content), sha256=sha256(content).hexdigest())


def pretend_content(name: str) -> bytes:
    """As little as a file of this name may hold: for who rehearses and has no file."""
    kind = KINDS.get(_ending_of(name), KINDS["txt"])
    filling = _HWPX if kind.media == KINDS["hwpx"].media else b""
    return (kind.begins or b"-").ljust(_AT_HWPX if filling else 0, b"\0") + filling


def say_size(size: int) -> str:
    """As people read it: 340 KB, 1.2 MB. Of use in both languages."""
    if size < 1 << 10:
        return f"{size} B"
    if size < 1 << 20:
        return f"{size / (1 << 10):.0f} KB"
    return f"{size / (1 << 20):.1f} MB"


def _ending_of(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""


def _begins_as(ending: str, kind: FileKind, head: bytes) -> bool:
    if kind.begins is None:
        return bool(head) and not head.startswith(_BEGINNINGS) and not _NOT_IN_TEXTS.search(head)
    is_hwpx = head[_AT_HWPX:].startswith(_HWPX)
    return head.startswith(kind.begins) and (kind.begins != _ZIP or is_hwpx is (ending == "hwpx"))


FILE_WANTED = Bilingual(f"@경로로 적은 파일({KINDS_IN_WORDS})", f"a file as @PATH ({KINDS_IN_WORDS})")
