"""Exported entries as a workbook: a cover that says what it is, and sheets with dates as dates and numbers as numbers."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.errors import Bilingual, Lang
from domain.seoul import SEOUL
from workflows.trail.about import About
from workflows.trail.columns import COLUMNS, cell, heads
from workflows.trail.reading import TrailEntry

_ROWS_A_SHEET = 1_000_000  # Excel takes 1,048,576 in one
_LONGEST_CELL = 32_767  # characters; Excel takes no more
_UNHELD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML has no letter for
_TIME = "yyyy-mm-dd hh:mm:ss"
_LABELS = 34.0  # width of the cover's first column
_WIDE = {"sentence": 80, "stream": 18, "kind": 24, "subject": 34, "command": 34}
_TITLE = Bilingual("감사 이력 내보내기", "Export of the audit trail")
_COVER, _FACTS = Bilingual("표지", "Cover"), Bilingual("기록", "Entries")
_SIMULATED = Bilingual("모의 자료: 실제 실적이 아님", "Simulated data: not what really happened")
_ALL = Bilingual("모든 기록", "all entries")
_ITSELF = Bilingual(
    "이 파일 자체의 SHA-256은 파일 안에 적을 수 없으므로 함께 만들어진 {0}.about.json에 있습니다. "
    "위의 SHA-256은 ‘기록’ 시트의 칸들을 같은 순서로 CSV(`trail export --format csv`)로 적은 것의 값으로, 시트가 그 뒤에 "
    "고쳐지지 않았는지를 이 파일만으로 다시 계산할 수 있습니다.",
    "This file cannot hold its own SHA-256: that stands in {0}.about.json, made with it. The one above is of the cells of "
    "the sheets of entries, written in the same order as CSV (as `trail export --format csv` does): whether a sheet was "
    "edited since can be computed again from this file alone.",
)
_UNPROVED = Bilingual(
    "이 표지는 누구의 서명도 아닙니다. 체크포인트의 서명은 봉인된 이력에 대한 것이며, 기록 하나하나의 증명은 `trail proof`와 `trail pack`이 만듭니다.",
    "This cover is nobody's signature. The checkpoint's signatures are on the sealed log; what proves single entries is made by "
    "`trail proof` and `trail pack`.",
)


class Workbook:
    """Rows go to a file beside it as they come, so that memory stays flat; another sheet every million rows."""

    def __init__(self, path: Path, lang: Lang) -> None:
        import xlsxwriter  # noqa: PLC0415 - it takes a tenth of a second to load

        from projections.report.sheets import Book  # noqa: PLC0415
        from projections.report.xlsx import options  # noqa: PLC0415

        path.touch(exist_ok=False)  # what cannot be written is to be known at the beginning
        self._lang = lang
        self._rows_in = tempfile.TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent)
        self._book = xlsxwriter.Workbook(
            str(path),
            {**options(), "in_memory": False, "constant_memory": True, "tmpdir": self._rows_in.name},
        )
        self._formats = {
            "head": self._book.add_format(
                {"bold": True, "bg_color": "#E4E4E4", "bottom": 1, "valign": "top"}
            ),
            "time": self._book.add_format({"num_format": _TIME, "align": "left", "valign": "top"}),
            "text": self._book.add_format({"valign": "top"}),
        }
        self._covers = Book(self._book, lang, _TITLE.say(lang), [], "")
        self._cover = self._covers.sheet(_COVER.say(lang), _TITLE.say(lang))
        self._csv = _Hashed()
        self._csv.add(heads(lang))
        self._row, self._page, self._pages, self._short = 0, self._sheet(1), 1, 0

    @property
    def as_csv(self) -> str:
        return self._csv.sha256

    def write(self, entry: TrailEntry) -> None:
        if self._row == _ROWS_A_SHEET:
            self._end()
            self._pages += 1
            self._row, self._page = 0, self._sheet(self._pages)
        self._row += 1
        written = []
        for at, name in enumerate(COLUMNS):
            value = getattr(entry, name)
            written.append(cell(value))
            self._put(at, value, written[-1])
        self._csv.add(written)

    def finish(self, about: About) -> None:
        self._end()
        cover, lang = self._cover, self._lang
        if about.simulated:
            cover.paragraph(_SIMULATED.say(lang))
        for label, value in self._describe(about):
            kind = "int" if isinstance(value, int) else "text"
            cover.pair(label.say(lang), value, kind)  # type: ignore[arg-type]
        cover.gap()
        for words in (_ITSELF, _UNPROVED):
            cover.paragraph(words.say(lang).format(about.file), soft=True)
        if self._short:
            cover.paragraph(_describe_shortened(self._short).say(lang))
        cover.heading(Bilingual("체크포인트", "Checkpoint").say(lang), 2)
        none = Bilingual("봉인된 것이 없음", "nothing was sealed").say(lang)
        for line in (about.checkpoint or none).splitlines():
            cover.pair("", line, "text")
        cover.columns.widths[0] = _LABELS
        cover.finish()
        self._book.close()

    def close(self) -> None:
        if not self._book.fileclosed:  # it stopped on the way
            self._book.fileclosed = True
            for page in self._book.worksheets():
                with suppress(OSError):
                    page.row_data_fh.close()
        self._rows_in.cleanup()

    def _describe(self, about: About) -> Iterator[tuple[Bilingual, int | str]]:
        asked = list(about.asked) or [(_ALL, "")]
        for name, value in asked:
            yield Bilingual(f"조건: {name.ko}", f"asked for: {name.en}"), value
        yield Bilingual("건수", "entries"), about.entries
        if about.first is not None and about.last is not None:
            yield Bilingual("첫 기록 번호", "first position"), about.first
            yield Bilingual("마지막 기록 번호", "last position"), about.last
        yield Bilingual("빠짐없음", "complete up to"), about.complete.up_to
        yield Bilingual("그 근거", "by which check"), about.complete.words.say(self._lang)
        yield Bilingual("만든 시각", "made"), cell(about.made_at)
        yield Bilingual("저장소", "store"), about.store
        yield Bilingual("SHA-256(CSV로)", "SHA-256 (as CSV)"), self.as_csv

    def _sheet(self, number: int) -> Any:
        name = _FACTS.say(self._lang)
        page = self._book.add_worksheet(name if number == 1 else f"{name} {number}")
        page.freeze_panes(1, 0)
        for at, (column, head) in enumerate(zip(COLUMNS, heads(self._lang), strict=True)):
            page.set_column(at, at, _WIDE.get(column, 19 if column.endswith("_at") else 13))
            page.write_string(0, at, head, self._formats["head"])
        return page

    def _end(self) -> None:
        self._page.autofilter(0, 0, max(self._row, 1), len(COLUMNS) - 1)

    def _put(self, at: int, value: Any, text: str) -> None:
        if value is None:
            return
        if isinstance(value, datetime):
            local = value.astimezone(SEOUL).replace(tzinfo=None, microsecond=0)
            self._page.write_datetime(self._row, at, local, self._formats["time"])
        elif isinstance(value, bool):
            self._page.write_boolean(self._row, at, value, self._formats["text"])
        elif isinstance(value, int):
            self._page.write_number(self._row, at, value, self._formats["text"])
        else:
            held = _UNHELD.sub("\ufffd", text)[:_LONGEST_CELL]
            self._short += held != text
            self._page.write_string(self._row, at, held, self._formats["text"])


class _Hashed:
    """The SHA-256 of what `--format csv` would write."""

    def __init__(self) -> None:
        self._line = io.StringIO(newline="")
        self._lines = csv.writer(self._line)
        self._sum = hashlib.sha256("\ufeff".encode())

    def add(self, row: list[str]) -> None:
        self._lines.writerow(row)
        self._sum.update(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


def _describe_shortened(count: int) -> Bilingual:
    return Bilingual(
        f"글이 너무 길거나 표에 쓸 수 없는 글자가 있어 {count}개 칸이 CSV와 다릅니다. 전체는 CSV나 JSON으로 내보내십시오.",
        f"Cells that hold less than the CSV, since a text is too long or has letters that no workbook holds: {count}. "
        "Export as CSV or JSON for all of it.",
    )
