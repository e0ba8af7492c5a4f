"""No letter is lost: what Korean computers write is shown, and what no font has is named."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable

import pytest
import typst
from fontTools.ttLib import TTFont

from projections.report.document import Document
from projections.report.drawing import png
from projections.report.html import html
from projections.report.letters import (
    FALLBACK,
    FAMILY,
    FONTS,
    MISSING,
    advances,
    clean,
    first_font,
    lacking,
    printable,
    printable_drawing,
)
from projections.report.pdf import pdf
from projections.report.unshown import list_unprintable
from projections.report.xlsx import xlsx
from tests.projections.report.awkward_documents import only
from tests.projections.report.pdf_structure import read, structure

RANGE = "3∼5월 문화마실(10:00∼12:00)"


def _letters_of_cp949() -> list[str]:
    """All that one or two bytes of it make, without those that nobody sees."""
    pairs = [bytes([first, second]) for first in range(0x81, 0xFF) for second in range(0x41, 0xFF)]
    found = {raw.decode("cp949", "ignore") for raw in [*(bytes([one]) for one in range(0x20, 0x7F)), *pairs]}
    return sorted(c for c in found if len(c) == 1 and unicodedata.category(c) not in ("Cc", "Cf"))


CP949 = _letters_of_cp949()


def test_the_whole_of_cp949_can_be_shown() -> None:
    assert len(CP949) > 17_000
    assert lacking("".join(CP949)) == []


def test_without_the_second_font_168_of_them_could_not() -> None:  # the control
    without = [letter for letter in CP949 if ord(letter) not in first_font()]

    assert len(without) == 168
    assert "∼" in without


def test_both_weights_have_the_same_letters() -> None:
    for family in ("PretendardGOV-{}.otf", "DonghaengSigns-{}.ttf"):
        regular, bold = (
            TTFont(FONTS / family.format(weight)).getBestCmap() for weight in ("Regular", "Bold")
        )
        assert regular.keys() == bold.keys()


def test_every_letter_of_cp949_has_a_shape_of_its_own_font() -> None:
    first, second = (TTFont(FONTS / name) for name in ("PretendardGOV-Bold.otf", "DonghaengSigns-Bold.ttf"))
    glyphs = {**second.getBestCmap(), **first.getBestCmap()}

    assert all(glyphs[ord(letter)] != ".notdef" for letter in CP949)


def test_a_page_with_all_of_cp949_holds_every_letter_as_text() -> None:
    # PDF/UA refuses a letter without a shape, so that it was made at all says that each has one
    said = "\n\n".join("".join(CP949[first : first + 40]).strip() for first in range(0, len(CP949), 40))
    page = '#set document(title: "t")\n#set text(font: json(bytes(sys.inputs.fonts)), fallback: false)\n#sys.inputs.said'
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    given = {"fonts": json.dumps([FAMILY, FALLBACK]), "said": said}
    made = typst.compile(
        page.encode(),
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=given,
        pdf_standards=["ua-1"],
    )

    shown = set(clean("".join(one.extract_text() for one in read(made).pages)))
    assert {clean(letter) for letter in CP949 if not letter.isspace()} - shown == set()
    with pytest.raises(typst.TypstError, match="could not be displayed"):  # the control
        typst.compile(
            page.encode(),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={**given, "fonts": json.dumps([FAMILY])},
            pdf_standards=["ua-1"],
        )


def test_a_range_mark_stays_one_on_paper() -> None:
    assert printable(RANGE) == RANGE
    assert RANGE in structure(pdf(only(RANGE), "ko")).text


def test_a_letter_that_no_font_has_is_named_on_the_paper_itself() -> None:
    document = only("가😀나")
    text = structure(pdf(document, "ko")).text

    assert list_unprintable(document, "ko") == ["😀"]
    assert "U+1F600 GRINNING FACE" in " ".join(text.split())
    assert "U+" not in structure(pdf(only("가나"), "ko")).text


def test_a_page_brings_the_second_font_where_it_is_needed() -> None:
    with_sign, without = html(only(RANGE), "ko").decode(), html(only("3월"), "ko").decode()
    found = re.findall(r'font-family: "([^"]+)"; font-weight: (\d+);.*?base64,([^)]+)\)', with_sign)

    assert [(family, weight) for family, weight, _ in found] == [
        (FAMILY, "400"),
        (FAMILY, "700"),
        (FALLBACK, "400"),
        (FALLBACK, "700"),
    ]
    assert 0x223C in TTFont(io.BytesIO(base64.b64decode(found[2][2]))).getBestCmap()
    assert f'font-family: "{FALLBACK}"; font-weight' not in without


def test_a_picture_shows_the_sign_and_not_a_box() -> None:
    def drawn(sign: str) -> bytes:
        return png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><text x="5" y="30" font-size="30" font-family="{FAMILY}, {FALLBACK}">{sign}</text></svg>'
        )

    assert len({drawn(sign) for sign in ("∼", "≒", MISSING, "\U000f0000", " ")}) == 5


@pytest.mark.parametrize("sign", ["\U0001fae8", "\ue000", "᠀"])
def test_a_letter_that_this_python_does_not_know_is_kept_or_shown_as_a_box(sign: str) -> None:
    assert clean(f"가{sign}나") == f"가{sign}나"
    assert printable(f"가{sign}나") in ("가□나", f"가{sign}나")


def test_what_never_is_a_letter_leaves_a_box_and_not_nothing() -> None:
    assert clean("가\ufffe나\ufdd0다") == "가□나□다"


def test_a_workbook_and_a_page_keep_what_no_font_has() -> None:
    document: Document = only("가😀나\ue000다")

    assert "가😀나\ue000다" in html(document, "ko").decode()
    with zipfile.ZipFile(io.BytesIO(xlsx(document, "ko"))) as book:
        assert any("가😀나\ue000다" in book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_how_wide_a_sign_is_comes_from_its_own_font() -> None:
    assert advances().keys() > first_font().keys()
    assert 0.2 < advances()[0x223C] < 1.2


def test_a_drawing_names_the_second_font_for_what_only_that_has() -> None:
    drawn = '<svg>\n<g title="3∼5"><text x="1">3∼5월 ≒♨</text></g>\n</svg>'

    assert printable_drawing(drawn) == (
        '<svg>\n<g title="3∼5"><text x="1">3<tspan font-family="Donghaeng Signs">∼</tspan>5월 '
        '<tspan font-family="Donghaeng Signs">≒♨</tspan></text></g>\n</svg>'
    )


@pytest.mark.parametrize("through", [printable_drawing, str])
def test_a_drawing_on_paper_shows_the_sign_only_so(through: Callable[[str], str]) -> None:  # with its control
    drawn = through(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20" font-family="{FAMILY}, {FALLBACK}">'
        "3∼5월</text></svg>"
    )
    page = '#set document(title: "t")\n#image(bytes(sys.inputs.drawn), format: "svg", alt: "a")'
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])

    def make() -> bytes:
        return typst.compile(
            page.encode(),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"drawn": drawn},
            pdf_standards=["ua-1"],
        )

    if through is str:
        with pytest.raises(typst.TypstError, match="could not be displayed"):
            make()
    else:
        assert "∼" in read(make()).pages[0].extract_text()
