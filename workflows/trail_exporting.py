"""The entries that a search finds, all of them, as a file: whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from domain.errors import Lang, Refusal
from domain.seoul import SEOUL
from projections.trail.searching import Filters
from store.log import Store
from workflows.trail_completeness import Complete, complete_by_facts
from workflows.trail_reading import Entry, compared_now, pages

Format = Literal["jsonl", "csv", "xlsx"]
_A_PAGE = 500
_ROWS_A_SHEET = 1_000_000
_LONGEST_CELL = 32_767  # characters; Excel takes no more
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: dict[str, tuple[str, str]] = {
    "position": ("기록 번호", "position"),
    "recorded_at": ("기록 시각", "recorded"),
    "effective_at": ("효력 시각", "effective"),
    "known_at": ("인지 시각", "known"),
    "late": ("늦은 입력", "entered late"),
    "stream": ("대상", "stream"),
    "version": ("순번", "version"),
    "kind": ("종류", "kind"),
    "actor": ("행위자", "actor"),
    "subject": ("사람", "person"),
    "on_behalf_of": ("대신함", "on behalf of"),
    "behalf_subject": ("대신한 상대", "in place of (person)"),
    "mandate": ("대신한 근거", "by which mandate"),
    "via": ("경로", "via"),
    "authn": ("확인 방식", "known by"),
    "rule": ("규칙", "rule"),
    "rule_version": ("규칙 판", "rule's version"),
    "cause": ("원인 기록", "cause"),
    "due": ("원인", "because of"),
    "ref": ("문서번호", "document"),
    "command": ("명령 번호", "command id"),
    "sentence": ("내용", "what happened"),
}


class ExportExists(Refusal):
    ko = "{file}이(가) 이미 있습니다. 내보내기는 있는 파일을 덮어쓰지 않습니다. 다른 이름을 주십시오."
    en = "{file} exists. An export is never written over another file. Give another name."


class ExportPlace(Refusal):
    """`problem`: what the system says."""

    ko = "{file}에 쓸 수 없습니다: {problem}. 아무것도 남기지 않았습니다."
    en = "{file} cannot be written: {problem}. Nothing was left behind."


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What an export is, as it stands beside it in a file of its own.

    `criteria`: the filters that were given; `sha256`: of the file, in hex; `checkpoint`: the sealed log's at that time,
    signed and cosigned; None where nothing was sealed.
    """

    file: str
    format: Format
    criteria: dict[str, Any]
    entries: int
    sha256: str
    complete: Complete
    made_at: datetime
    checkpoint: str | None


class Writer(Protocol):
    def write(self, entry: Entry) -> None: ...

    def finish(self) -> None:
        """All is written."""

    def close(self) -> None:
        """Whether it is whole or not."""


def export(
    store: Store,
    filters: Filters,
    form: Format,
    out: Path,
    lang: Lang,
    progress: Callable[[int, int], None] = lambda done, of: None,
    checkpoint: str | None = None,
) -> Exported:
    """Write all entries found, the newest first, up to the log's end as it is now, and beside them what they are.

    All entries are compared with the facts first. `progress(done, of)`: positions passed, first so and then written.
    Memory stays flat. Raises ExportExists, ExportPlace, NotAllThere, EntriesDiffer.
    """
    about = out.with_name(f"{out.name}.about.json")
    for path in (out, about):
        if path.exists():
            raise ExportExists(file=path)
    head = store.head().position
    compared = compared_now(store, _counting(progress, head))
    head = compared.up_to
    count = 0
    with whole(out) as part:
        with closing(_WRITERS[form](part, lang)) as writer:
            for page in pages(store, filters, lang, head + 1, _A_PAGE):
                for entry in page:
                    writer.write(entry)
                count += len(page)
                progress(2 * head - page[-1].position, 2 * head)
            writer.finish()
        with part.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    given = {name: value for name, value in msgspec.structs.asdict(filters).items() if value}
    found = Exported(
        file=out.name,
        format=form,
        criteria=given,
        entries=count,
        sha256=sha256,
        complete=complete_by_facts(store, compared),
        made_at=store.now(),
        checkpoint=checkpoint,
    )
    try:
        with whole(about) as part:
            part.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    except BaseException:
        out.unlink()  # whole or not at all
        raise
    return found


def _counting(progress: Callable[[int, int], None], head: int) -> Callable[[int], None]:
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        progress(done, 2 * head)

    return tick


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A file beside the one asked for, which takes its name once it is complete and on the disk."""
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.link(part, out)  # unlike a renaming, it never replaces what came there meanwhile
    except FileExistsError:
        raise ExportExists(file=out) from None
    except OSError as error:
        raise ExportPlace(file=out, problem=error.strerror or str(error)) from None
    finally:
        with suppress(OSError):
            part.unlink()


class _Lines:
    """A JSON document a line."""

    def __init__(self, path: Path, lang: Lang) -> None:
        self._file = path.open("xb")
        self._encode = msgspec.json.Encoder().encode

    def write(self, entry: Entry) -> None:
        self._file.write(self._encode(entry) + b"\n")

    def finish(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class _Csv:
    """With a byte order mark, without which Excel takes Korean for something else."""

    def __init__(self, path: Path, lang: Lang) -> None:
        self._file = path.open("x", encoding="utf-8-sig", newline="")
        self._lines = csv.writer(self._file)
        self._lines.writerow(_heads(lang))

    def write(self, entry: Entry) -> None:
        self._lines.writerow(_cells(entry))

    def finish(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """Another sheet every million rows; Excel takes no more in one."""

    def __init__(self, path: Path, lang: Lang) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - it takes a tenth of a second to load
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

        path.touch(exist_ok=False)  # what cannot be written is to be known at the beginning
        self._path, self._heads, self._illegal = path, _heads(lang), ILLEGAL_CHARACTERS_RE
        self._book = Workbook(write_only=True)
        self._rows = _ROWS_A_SHEET

    def write(self, entry: Entry) -> None:
        if self._rows == _ROWS_A_SHEET:
            self._sheet = self._book.create_sheet(f"{len(self._book.worksheets) + 1}")
            self._sheet.append(self._heads)
            self._rows = 0
        self._sheet.append([self._illegal.sub("\ufffd", cell)[:_LONGEST_CELL] for cell in _cells(entry)])
        self._rows += 1

    def finish(self) -> None:
        if not self._book.worksheets:
            self._book.create_sheet("1").append(self._heads)
        self._book.save(self._path)

    def close(self) -> None:
        for sheet in self._book.worksheets:
            if not sheet.closed:  # as saving does
                sheet.close()


_WRITERS: dict[Format, Callable[[Path, Lang], Writer]] = {"jsonl": _Lines, "csv": _Csv, "xlsx": _Xlsx}


def _heads(lang: Lang) -> list[str]:
    return [ko if lang == "ko" else en for ko, en in COLUMNS.values()]


def _cells(entry: Entry) -> Sequence[str]:
    return [_cell(getattr(entry, name)) for name in COLUMNS]


def _cell(value: Any) -> str:
    """A value as a table shows it; who opens the file must not run what somebody typed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
    return guarded(str(value))


def guarded(text: str) -> str:
    """The text as a cell that no table takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
