"""A report's files in a folder: all of them whole, or none."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from domain.errors import Lang, Refusal
from projections.report.document import Document
from projections.report.formats import FORMATS, file_name
from projections.report.making import ReportProgress, report
from store.log import Store
from trail.files import problem_of


class ReportPlace(Refusal):
    """`problem`: what the system says."""

    ko = "{folder}에 보고서를 쓸 수 없습니다: {problem}. 아무것도 남기지 않았습니다. 쓸 수 있는 폴더를 --out으로 지정하십시오."
    en = "The report cannot be written to {folder}: {problem}. Nothing was left behind. Give a folder that can be written to with --out."


def write_report(
    store: Store,
    year: int,
    formats: Sequence[str],
    lang: Lang,
    out: Path,
    as_of: date | None = None,
    told: ReportProgress = lambda *_: None,
) -> tuple[Document, list[Path]]:
    """The year's report in these formats; what it says and where it lies. Raises ReportPlace and as `report`."""
    document, _ = report(store, year, as_of, told=told)
    files = {}
    for number, form in enumerate(formats, start=1):
        files[file_name(year, form, lang)] = FORMATS[form].render(document, lang)
        told(number, len(formats))
    return document, publish(out, files)


def publish(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files in place of older ones of their names, once all of them lie on the disk. Raises ReportPlace."""
    halves: list[tuple[Path, Path]] = []
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            half = folder / f".{name}.{secrets.token_hex(4)}.part"
            halves.append((half, folder / name))
            with half.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for half, whole in halves:
            half.replace(whole)
    except OSError as error:
        raise ReportPlace(folder=folder, problem=problem_of(error)) from None
    finally:
        for half, _ in halves:
            with suppress(OSError):
                half.unlink(missing_ok=True)
        for one in made:
            with suppress(OSError):  # where something lies in it, it stays
                one.rmdir()
    return [whole for _, whole in halves]
