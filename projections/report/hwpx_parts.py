"""What an HWPX paper is put together from, and how its file comes out with the same bytes every time.

The library numbers its objects at random and takes over an example's author and dates; both are replaced here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any

from hwpx import HwpxDocument

from projections.report.hwpx_contents import HP, add_page_numbers
from projections.report.letters import lines

HH = "{http://www.hancom.co.kr/hwpml/2011/head}"
ROOM = 478  # points between the margins
POINT = 100  # HWPUNIT in a point
PIXEL = 75  # HWPUNIT in a pixel of a picture as it is
BROADER = 1.14  # how much wider 한글's own fonts are than the report's
PLAIN = "바탕글"
TALLEST = 560.0  # points of height that a picture may take


class Paper:
    """A document under way and the looks that were used in it."""

    def __init__(self, document: HwpxDocument) -> None:
        self.document = document
        self.head = document.parts.headers[0]
        self._looks: dict[tuple[Any, ...], str] = {}
        self._headings: dict[str, Any] = {}
        self._contents: list[tuple[Any, str]] = []  # a line, and the heading that it names

    def margins(self, top: Sequence[str], foot: str) -> None:
        self.document.page.setup(
            paper_size="A4",
            margins_mm={"left": 20.6, "right": 20.6, "top": 20, "bottom": 15},
            header_margin_mm=max(10.0, 5.0 * len(top)),
            footer_margin_mm=10,
        )
        *banners, name = top
        self.document.page.set_header(
            content=[
                *(
                    {"align": "LEFT", "children": [{"text": text, "bold": True, "size": 9}]}
                    for text in banners
                ),
                {"align": "LEFT", "children": [{"text": name, "size": 8}]},
            ]
        )
        self.document.page.set_footer(
            content=[
                {
                    "align": "CENTER",
                    "children": [{"text": f"{foot}   ", "size": 8}, {"page_number": "page/total"}],
                }
            ]
        )

    def line(
        self, text: str, *, size: float, bold: bool = False, soft: bool = False, before: float = 0, after: float = 0,
        together: bool = False, new_page: bool = False, of: str | None = None,
    ) -> None:  # fmt: skip
        """One paragraph. `before`, `after`: points above and below. `together`: never parted from the next. `of`: the heading
        whose page it says at its end.
        """
        made = self.document.add_paragraph(
            text,
            style_id_ref=self._plain,
            para_pr_id_ref=self._shape(align="LEFT", before=before, after=after, together=together),
            char_pr_id_ref=self._letters(size, bold=bold, soft=soft),
        )
        if new_page:
            made.element.set("pageBreak", "1")
        if of is not None:
            made.para_pr_id_ref = self.head.ensure_paragraph_format(
                base_para_pr_id=made.para_pr_id_ref, tab_pr_id_ref=self._tab_of_pages
            )
            self._contents.append((made.element, of))

    def heading(self, text: str, depth: int, *, new_page: bool, identity: str) -> None:
        """`identity`: by which the contents refer to it."""
        letters = self._letters((16, 13, 11)[min(depth, 3) - 1], bold=True)
        made = self.document.add_heading(text, level=depth, char_pr_id_ref=letters)
        made.element.set("pageBreak", "1" if new_page else "0")
        made.para_pr_id_ref = self._shape(
            made.para_pr_id_ref, align="LEFT", before=14, after=5, together=True
        )
        self._headings[identity] = made.element

    def rows(self, pairs: Sequence[tuple[str, str]], widths: tuple[float, float], size: float) -> None:
        """What and how much, without a head."""
        room = ROOM / sum(widths)
        self._grid(
            list(map(list, pairs)), [width * room for width in widths], size, bold=[0], right=(False, False)
        )

    def table(
        self, heads: list[str], rows: list[list[str]], totals: list[list[str]],
        *, widths: list[float], right: list[bool], size: float,
    ) -> None:  # fmt: skip
        last = range(1 + len(rows), 1 + len(rows) + len(totals))
        made = self._grid([heads, *rows, *totals], widths, size, right=right, bold_rows=(0, *last))
        made.element.set("repeatHeader", "1")
        for cell in made.rows[0].cells:
            cell.element.set("header", "1")
            cell.element.set("borderFillIDRef", self._shaded)

    def picture(self, image: bytes, alt: str, room: float) -> None:
        """A PNG, shown at half its size and so twice as fine; its words are read to those who do not see it."""
        wide, high = int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
        points = min(0.75 * wide / 2, room, TALLEST * wide / high)
        made = self.document.add_picture(image, "png", width=round(points * POINT), align="LEFT", style=PLAIN)
        # What is cut from it is measured in its own pixels: nothing is.
        for name, right, bottom in (("imgClip", "right", "bottom"), ("imgDim", "dimwidth", "dimheight")):
            own = _part(made.element, name)
            own.set(right, str(wide * PIXEL))
            own.set(bottom, str(high * PIXEL))
        _part(made.element, "shapeComment").text = alt

    def finish(self, title: str, author: str, made: date, keyword: str) -> None:
        """What holds for the whole paper, and what the file says of itself."""
        for shape in self.head.element.iter(f"{HH}breakSetting"):
            shape.set("breakNonLatinWord", "KEEP_WORD")  # no Korean word is parted at a line's end
        for numbers in self.head.element.iter(f"{HH}paraHead"):
            numbers.text = ""  # a heading stands in the outline as it is, with no number before it
        self.head.mark_dirty()
        for section in self.document.sections:
            number_objects(section.element)
            section.mark_dirty()
        add_page_numbers(((line, self._headings[of]) for line, of in self._contents), ROOM * POINT)
        day = f"{made.isoformat()}T00:00:00Z"
        self.document.parts.clear_document_metadata(keep=("language",), timestamp=day)
        self.document.parts.set_document_metadata(
            title=title, creator=author, keyword=keyword, created_date=day, modified_date=day
        )
        self.document.parts.clear_preview()

    def preview(self, text: str, picture: bytes) -> None:
        """What a folder shows of the file: its first words, and its first page where there is a picture of it."""
        self.document.package.write("Preview/PrvText.txt", text.encode("utf-8"))
        if picture:
            self.document.package.write("Preview/PrvImage.png", picture)

    def _grid(
        self, rows: list[list[str]], widths: Sequence[float], size: float,
        *, right: Sequence[bool], bold: Sequence[int] = (), bold_rows: Sequence[int] = (),
    ) -> Any:  # fmt: skip
        rooms = [wide / size / BROADER - 0.85 for wide in widths]
        counts = [max(1, *(lines(text, room) for text, room in zip(row, rooms, strict=True))) for row in rows]
        heights = [
            round((count * size * 1.3 + 4) * POINT) for count in counts
        ]  # at least: the program makes room
        made = self.document.add_table(
            len(rows),
            len(widths),
            width=round(sum(widths) * POINT),
            height=sum(heights),
            style_id_ref=self._plain,
            border_fill_id_ref=self._lined,
        )
        made.set_treat_as_char(False)  # as a letter it could not go over a page's end
        made.set_column_widths(widths)
        for number, (row, texts) in enumerate(zip(made.rows, rows, strict=True)):
            for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                strong = at in bold or number in bold_rows
                self._cell(cell, text, size, bold=strong, align="RIGHT" if right[at] else "LEFT")
                cell.set_size(height=heights[number])
        return made

    def _cell(self, cell: Any, text: str, size: float, *, bold: bool, align: str) -> None:
        paragraph = cell.element.find(f"{HP}subList/{HP}p")
        paragraph.set("paraPrIDRef", self._shape(align=align, spacing=130))
        run = paragraph.find(f"{HP}run")
        run.set("charPrIDRef", self._letters(size, bold=bold))
        run.find(f"{HP}t").text = text
        side = str(round(size * 0.45 * POINT))
        for name, value in {"left": side, "right": side, "top": "141", "bottom": "141"}.items():
            _part(cell.element, "cellMargin").set(name, value)
        cell.element.set("hasMargin", "1")

    @cached_property
    def _plain(self) -> str:
        return str(self.document.styles.resolve(PLAIN).id)  # by name it would be looked up each time

    @cached_property
    def _tab_of_pages(self) -> str:
        return self.head.ensure_tab_definition(
            tab_stops=[{"pos": ROOM * POINT, "type": "RIGHT", "leader": "DASH"}], auto_tab_left=True
        )

    @cached_property
    def _lined(self) -> str:
        return self.document.styles.ensure_border_fill(border_color="#8A8A8A")

    @cached_property
    def _shaded(self) -> str:
        return self.document.styles.ensure_border_fill(border_color="#8A8A8A", fill_color="#E8E8E8")

    def _letters(self, size: float, *, bold: bool = False, soft: bool = False) -> str:
        key = ("letters", size, bold, soft)
        if key not in self._looks:
            color = "#5A5A5A" if soft else "#000000"
            self._looks[key] = self.document.styles.ensure_run(bold=bold, size=size, color=color)
        return self._looks[key]

    def _shape(
        self, base: str | None = None, *, align: str, before: float = 0, after: float = 0, spacing: int = 150,
        together: bool = False,
    ) -> str:  # fmt: skip
        key = ("shape", base, align, before, after, spacing, together)
        if key not in self._looks:
            self._looks[key] = self.head.ensure_paragraph_format(
                base_para_pr_id=base,
                alignment=align,
                line_spacing_percent=spacing,
                margins={"left": 0, "intent": 0, "prev": round(before * POINT), "next": round(after * POINT)},
                break_setting={"keepWithNext": together},
            )
        return self._looks[key]


def _part(element: Any, name: str) -> Any:
    found = element.find(f"{HP}{name}")
    assert found is not None, name
    return found


def number_objects(root: Any) -> None:
    """Objects numbered in their order, in place of at random, where two can draw the same number.

    A head or foot of the page stands twice under one number, and a third element refers to it by that.
    """
    stories: dict[tuple[str, str], str] = {}
    numbers = count(1)
    for element in root.iter():
        kind, old = str(element.tag).removeprefix(HP), element.get("id")
        if kind not in ("p", "tbl", "pic", "header", "footer"):
            continue
        new = stories.get((kind, old)) or str(next(numbers))
        if kind in ("header", "footer"):
            stories[kind, old] = new
        element.set("id", new)
        if element.get("instid") is not None:
            element.set("instid", new)
    for (kind, old), new in stories.items():
        for reference in root.iter(f"{HP}{kind}Apply"):
            if reference.get("idRef") == old:
                reference.set("idRef", new)


def stable(made: bytes) -> bytes:
    """The same file with no hour in it: parts in their order, `mimetype` first and not packed, as HWPX wants."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(result, "w") as new:
        for part in sorted(old.infolist(), key=lambda part: part.filename != "mimetype"):
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = part.compress_type, 0, 0
            new.writestr(entry, old.read(part))
    return result.getvalue()
