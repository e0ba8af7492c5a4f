"""A report on paper says itself what it was made from, so that it can be made again from the file alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from domain.errors import Lang
from projections.report.document import Document
from projections.report.formats import NoReport, recipe_of
from projections.report.hwpx import hwpx
from projections.report.pdf import pdf
from projections.report.recipe import Recipe
from projections.report.xlsx import xlsx
from tests.projections.report.awkward_documents import awkward

RENDERS: list[Callable[[Document, Lang], bytes]] = [pdf, xlsx, hwpx]


@pytest.mark.parametrize("render", RENDERS, ids=lambda render: render.__name__)
def test_a_file_alone_says_what_it_was_made_from(
    tmp_path: Path, render: Callable[[Document, Lang], bytes]
) -> None:
    report = awkward(tasks=1)
    file = tmp_path / f"anything.{render.__name__}"

    form, recipe = recipe_of(file, render(report, "ko"))

    assert form == render.__name__
    assert recipe == Recipe.of(report.provenance, "ko")


def zipped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("pdf", b""),
        ("pdf", b"%PDF-1.7 <pdf:Keywords>{}</pdf:Keywords>"),
        ("pdf", b"<pdf:Keywords>\xff\xfe</pdf:Keywords>"),
        ("xlsx", b"no zip"),
        ("xlsx", zipped("other.xml", b"")),
        ("xlsx", zipped("docProps/core.xml", b"<cp:keywords>a, b</cp:keywords>")),
        ("hwpx", zipped("Contents/content.hpf", b"x" * (1 << 21))),
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, form: str, content: bytes) -> None:
    with pytest.raises(NoReport):
        recipe_of(tmp_path / f"anything.{form}", content)
