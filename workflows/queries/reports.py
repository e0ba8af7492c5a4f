"""A year's report as people ask for it: its files, the facts behind a figure, whether a file is what the facts make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from domain.errors import Bilingual, Lang
from projections.report.document import Figure, Kind, format_value
from projections.report.drilling import Behind, drill, figure_of
from projections.report.letters import describe_letter
from projections.report.making import ReportProgress, report
from projections.report.publishing import write_report
from projections.report.unshown import IN_FONTS_OF_OURS, list_unprintable
from projections.report.verifying import Verified, verify
from workflows.queries.inquiry import Inquiry

_PURPOSE = Bilingual("결산 보고서 작성", "the year-end report")


class ReportMade(msgspec.Struct, frozen=True):
    """`position`: of the last fact in it; `running`: the year is not over; `not_shown`: by name, the `letters` that no font
    of its pictures has; `banners`: what stands on every page.
    """

    files: list[str]
    position: int
    as_of: date | None
    running: bool
    simulated: bool
    not_shown: list[str]
    letters: list[str]
    banners: list[str]


class FigureRead(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure as the report has it. `value`: a day as ISO 8601; `said`: the same as people read it."""

    id: str
    label: Bilingual
    value: int | str | Bilingual | None
    kind: Kind
    facts: tuple[int, ...]
    said: str


class FigureExplained(msgspec.Struct, frozen=True):
    """`facts`: what stands behind the figure, in the order of the log."""

    figure: FigureRead
    facts: list[Behind]


def make_report(
    inquiry: Inquiry,
    year: int,
    formats: Sequence[str],
    out: Path,
    as_of: date | None = None,
    told: ReportProgress = lambda *_: None,
) -> ReportMade:
    """Write a year's report into a folder: all files whole, or none. Raises as `projections.report.publishing.write_report`.

    It leaves the program, so it is recorded as an export. What for is known unless something else is said.
    """
    inquiry.purpose = inquiry.purpose or _PURPOSE.say(inquiry.lang)
    inquiry.authorise("report", exported=True)
    document, files = write_report(inquiry.store, year, formats, inquiry.lang, out, as_of, told)
    made = document.provenance
    letters = list_unprintable(document, inquiry.lang) if IN_FONTS_OF_OURS & set(formats) else []
    return ReportMade(
        files=[str(path) for path in files],
        position=made.position,
        as_of=made.as_of,
        running=made.running,
        simulated=made.simulated,
        not_shown=[describe_letter(letter) for letter in letters],
        letters=letters,
        banners=[one.say(inquiry.lang) for one in document.banners],
    )


def explain_figure(inquiry: Inquiry, year: int, figure: str, as_of: date | None = None) -> FigureExplained:
    """The facts behind a figure of a year's report. Raises UnknownFigure, and as `report`."""
    inquiry.authorise("report")
    document, gathered = report(inquiry.store, year, as_of)
    found = figure_of(document, figure)
    return FigureExplained(_read(found, inquiry.lang), drill(inquiry.store, gathered, found, inquiry.lang))


def _read(figure: Figure, lang: Lang) -> FigureRead:
    value = figure.value.isoformat() if isinstance(figure.value, date) else figure.value
    said = format_value(figure.value, figure.kind, lang)
    return FigureRead(figure.id, figure.label, value, figure.kind, figure.facts, said)


def verify_report(inquiry: Inquiry, file: Path, told: ReportProgress = lambda *_: None) -> Verified:
    """Make a report's file again and compare. Raises as `projections.report.verifying.verify`."""
    inquiry.authorise("report")
    return verify(inquiry.store, file, told)
