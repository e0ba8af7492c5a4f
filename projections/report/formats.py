"""The formats that a report is written in, by name, and how a file says how to make it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from importlib import import_module
from pathlib import Path

import msgspec

from domain.errors import Lang, Refusal
from projections.report.document import LANGS, Document, Provenance
from projections.report.drawing import draw
from projections.report.recipe import Recipe, decode_recipe
from projections.report.recipe_places import of_hwpx, of_pdf, of_xlsx
from trail.json_bytes import BROKEN


class UnknownFormat(Refusal):
    ko = "‘{given}’ 형식은 없습니다. 쓸 수 있는 형식: {known}."
    en = "There is no format “{given}”. There are: {known}."


class NoReport(Refusal):
    """`file`: what was to be verified."""

    ko = "{file}에서 보고서의 근거(연도, 기록 번호)를 찾을 수 없습니다. 옆에 같은 연도의 report-YEAR.json을 두거나 원본 파일을 지정하십시오."
    en = "{file} does not say what it was made from (year, position). Put the year's report-YEAR.json beside it, or give the file as it was made."


class Format(msgspec.Struct, frozen=True):
    """`render`: the bytes of the file, the same from the same document; `bilingual`: one file holds both languages."""

    render: Callable[[Document, Lang], bytes]
    bilingual: bool = False


def _by(name: str) -> Callable[[Document, Lang], bytes]:
    """The function of the module that has its name: each format loads only its own parts, and only when it is asked for."""

    def render(document: Document, lang: Lang) -> bytes:
        if name != "as_json":
            draw(document, lang, narrow=name == "html")
        rendered: bytes = getattr(import_module(f"projections.report.{name}"), name)(document, lang)
        return rendered

    return render


FORMATS: Mapping[str, Format] = {
    "html": Format(_by("html")),
    "pdf": Format(_by("pdf")),
    "xlsx": Format(_by("xlsx")),
    "hwpx": Format(_by("hwpx")),
    "json": Format(_by("as_json"), bilingual=True),
}


def parse_formats(given: str) -> list[str]:
    """The formats of a list with commas, each once, in the order given. Raises UnknownFormat."""
    names = [name.strip() for name in given.split(",")]
    for name in names:
        if name not in FORMATS:
            raise UnknownFormat(given=name, known=tuple(FORMATS))
    return list(dict.fromkeys(names))


def file_name(year: int, form: str, lang: Lang) -> str:
    """`report-2024.ko.html`, or `report-2024.json` where one file holds both languages."""
    return f"report-{year}.{form}" if FORMATS[form].bilingual else f"report-{year}.{lang}.{form}"


def recipe_of(file: Path, content: bytes) -> tuple[str, Recipe]:
    """The file's format, and what it was made from: as it says itself, else as the JSON beside it says.

    Raises UnknownFormat, NoReport.
    """
    form = file.suffix.removeprefix(".")
    if form not in FORMATS:
        raise UnknownFormat(given=form, known=tuple(FORMATS))
    recipe = _RECIPES[form](content) or _beside(file)
    if recipe is None:
        raise NoReport(file=file)
    lang = next((lang for lang in LANGS if f".{lang}." in file.name), None)
    return form, msgspec.structs.replace(recipe, lang=recipe.lang or lang)


def _of_html(content: bytes) -> Recipe | None:
    found = re.search(rb'<meta name="donghaeng-report" content="([^"]*)">', content[:4096])
    try:
        return None if found is None else decode_recipe(unescape(found[1].decode()))
    except BROKEN:
        return None


def _of_json(content: bytes) -> Recipe | None:
    """From its own part of the file, so that a file which is damaged elsewhere can still be held against another."""
    found = re.search(rb'"provenance": ?(\{[^{}]{1,20000}\})', content)
    try:
        return None if found is None else Recipe.of(msgspec.json.decode(found[1], type=Provenance), None)
    except BROKEN:
        return None


def _beside(file: Path) -> Recipe | None:
    found = re.match(r"(report-\d+)\.", file.name)
    try:
        return None if found is None else _of_json((file.parent / f"{found[1]}.json").read_bytes())
    except OSError:
        return None


_RECIPES: Mapping[str, Callable[[bytes], Recipe | None]] = {
    "html": _of_html,
    "pdf": of_pdf,
    "xlsx": of_xlsx,
    "hwpx": of_hwpx,
    "json": _of_json,
}
