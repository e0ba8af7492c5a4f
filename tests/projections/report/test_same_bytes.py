"""The same document comes out with the same bytes, whenever, wherever and by whichever process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hwpx import HwpxDocument
from xlsxwriter import Workbook

from projections.report.formats import FORMATS
from projections.report.hwpx_parts import number_objects
from tests.projections.report.awkward_documents import awkward

TOP = Path(__file__).parents[3]


def rendered(clock: str, zone: str, seed: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.projections.report.render_program", clock],
        cwd=TOP,
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def test_two_processes_with_other_clocks_zones_and_hash_seeds_write_the_same_bytes() -> None:
    one = rendered("2025-01-02T03:04:05Z", "Asia/Seoul", "1")
    other = rendered("2031-11-12T13:14:15Z", "America/New_York", "2")

    assert len(one) == 6
    assert one == other


@pytest.mark.parametrize("form", FORMATS)
def test_after_other_reports_in_the_same_process_the_bytes_are_the_same(form: str) -> None:
    render = FORMATS[form].render
    first = render(awkward(tasks=4), "ko")
    render(awkward(tasks=2), "en")
    assert render(awkward(tasks=4), "ko") == first


def test_with_one_set_of_options_the_library_would_write_a_second_workbook_otherwise() -> None:  # the control
    options = {"default_format_properties": {"font_name": "맑은 고딕", "font_size": 10}}

    def styles() -> bytes:
        made = io.BytesIO()
        Workbook(made, options).close()
        return ZipFile(made).read("xl/styles.xml")

    assert styles() != styles()


def test_as_the_library_writes_it_hwpx_would_differ_each_time() -> None:  # the control
    def written() -> bytes:
        document = HwpxDocument.new()
        document.add_paragraph("가")
        document.add_paragraph("나")
        return ZipFile(io.BytesIO(document.to_bytes())).read("Contents/section0.xml")

    assert written() != written()


def test_objects_that_drew_the_same_number_get_their_own_and_a_head_keeps_who_refers_to_it() -> None:
    space = "http://www.hancom.co.kr/hwpml/2011/paragraph"
    drawn = """<s xmlns="{0}"><header id="7"/><headerApply idRef="7"/><p id="7"/><p id="9"/><pic id="9" instid="9"/>
    <footer id="5"/><footerApply idRef="5"/><header id="7"/></s>"""
    root = ElementTree.fromstring(drawn.format(space))

    number_objects(root)

    found = [(element.tag.split("}")[1], *element.attrib.values()) for element in root]
    assert found == [
        ("header", "1"),
        ("headerApply", "1"),
        ("p", "2"),
        ("p", "3"),
        ("pic", "4", "4"),
        ("footer", "5"),
        ("footerApply", "5"),
        ("header", "1"),
    ]
