"""An English report has no Hangul but what people typed, in whatever format it is written."""

from __future__ import annotations

import io
import re
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from domain.errors import Lang
from domain.units import say_amount, unit_label
from projections.report import annex
from projections.report.composing import compose
from projections.report.document import Document
from projections.report.formats import FORMATS
from projections.report.gathering import gather
from store.recorded import RecordedFact
from tests.projections.report.two_years import MADE, TEXTS, both_years, reported
from tests.texts_by_hand import looked_up

HANGUL = re.compile(r"[ㄱ-ㆎ가-힣]")
TYPED = "뷁"  # in place of each letter of Hangul that people typed
UNITS = re.compile(rb'("unit":)"[^"]*"')


def disguise(text: str) -> str:
    return HANGUL.sub(TYPED, text)


def disguised(recorded: RecordedFact[Any], unit: str) -> RecordedFact[Any]:
    """The fact as if people had typed other names and titles; `unit`: of indicators."""
    told = disguise(msgspec.json.encode(recorded.fact).decode()).encode()
    told = UNITS.sub(rb'\1"' + unit.encode() + b'"', told)
    return replace(recorded, fact=msgspec.json.decode(told, type=type(recorded.fact)))


def report_of(unit: str) -> Document:
    facts = [disguised(one, unit) for one in both_years()]
    return compose(gather(facts, 2024), looked_up({key: disguise(said) for key, said in TEXTS.items()}), MADE)


def words_of(form: str, document: Document, lang: Lang) -> str:
    """All that is written in the file: of an archive the parts that are read, without the names of fonts and styles."""
    content = FORMATS[form].render(document, lang)
    if form == "pdf":
        reader = PdfReader(io.BytesIO(content))
        outline = " ".join(str(one) for one in reader.metadata.values())  # type: ignore[union-attr]
        return outline + "".join(page.extract_text() for page in reader.pages)
    if form == "html":
        return content.decode()
    read = re.compile(
        {
            "xlsx": r"(sharedStrings|workbook|core|app|sheet\d+|chart\d+|drawing\d+)\.xml$",
            "hwpx": r"section\d+\.xml$|PrvText\.txt$|content\.hpf$",
        }[form]
    )
    with ZipFile(io.BytesIO(content)) as archive:
        parts = "".join(archive.read(one).decode() for one in archive.namelist() if read.search(one))
    return re.sub(r'((type|font)?face|name)="[^"]*"|<name val="[^"]*"/>', "", parts)


def found_in(told: str) -> list[str]:
    """What is Hangul and nobody typed it, with what stands round it."""
    return [
        told[max(0, one.start() - 30) : one.end() + 30] for one in HANGUL.finditer(told) if one[0] != TYPED
    ]


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "json"])
def test_an_english_report_has_no_hangul_of_the_program(form: str) -> None:
    told = words_of(form, report_of("건"), "en")
    assert found_in(told) == []
    assert TYPED in told
    assert "cases" in told


def test_what_people_typed_as_a_unit_stays_where_there_is_no_word_for_it() -> None:
    assert f"{TYPED}{TYPED}" in words_of("html", report_of(TYPED * 2), "en")
    assert unit_label("뭉치").en == "뭉치"
    assert (say_amount("1", "건").en, say_amount("2", "건").en, say_amount("2", "건").ko) == (
        "1 case",
        "2 cases",
        "2건",
    )
    assert say_amount("3", "%").en == "3%"


def test_the_control_a_unit_as_it_is_typed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_typed(value: str, unit: str) -> Any:
        return replace(say_amount(value, unit), en=f"{value}{unit}")

    monkeypatch.setattr(annex, "say_amount", as_typed)
    assert found_in(words_of("html", report_of("건"), "en"))


def test_the_control_a_korean_report_has_hangul() -> None:
    assert found_in(words_of("html", reported(both_years()), "ko"))
