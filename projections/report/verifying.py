"""A report's file held against the same report made again: the same bytes, or the first difference by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import msgspec

from domain.errors import Bilingual, Refusal
from projections.report.document import LANGS, Document
from projections.report.formats import FORMATS, recipe_of
from projections.report.in_archives import hwpx_parts, xlsx_parts
from projections.report.in_texts import html_parts, json_parts
from projections.report.making import ReportProgress, log_of, program, report
from projections.report.minutes import minutes
from projections.report.recipe import Recipe
from store.log import Store
from trail.files import read_named

_MOST_BYTES = 50 * 1024 * 1024
_LONGEST, _SHORT = 160, 12  # letters shown of what differs, and of a hash


class OtherFacts(Refusal):
    """`log`, `here`: the first letters of the first fact's hash, as the file says and in this store."""

    ko = "{file}은(는) 다른 저장소의 기록으로 만든 보고서입니다(첫 기록의 해시: 파일에는 {log}, 이 저장소는 {here}). 여기서는 확인할 수 없으며, 파일이 바뀌었다는 뜻은 아닙니다. 그 기록이 있는 자료 폴더를 --data로 지정하십시오. 예: donghaeng report verify {file} --data var/demo"
    en = "{file} was made from another store's facts (hash of the first one: the file says {log}, here it is {here}). It cannot be verified here; that does not mean that it was changed. Give the data folder with those facts by --data, e.g. donghaeng report verify {file} --data var/demo"


class ReportDiffers(Refusal):
    """`where`: the first difference, a figure where it is in one; `file`, `again`: what stands there."""

    ko = "{file}은(는) 같은 기록으로 다시 만든 보고서와 다릅니다. {made}첫 차이: {where}: 파일에는 ‘{had}’, 다시 만들면 ‘{again}’."
    en = "{file} is not what the same facts make. {made}First difference: {where}: the file says “{had}”, made again it is “{again}”."


class Verified(msgspec.Struct, frozen=True):
    file: str
    format: str
    recipe: Recipe
    bytes: int


def make_again(store: Store, recipe: Recipe, told: ReportProgress) -> Document:
    """A year's report, or a meeting's minutes."""
    if recipe.meeting:
        return minutes(store, recipe.meeting, recipe.position)
    return report(store, recipe.year, recipe.as_of, recipe.position, told)[0]


def verify(store: Store, file: Path, told: ReportProgress = lambda *_: None) -> Verified:
    """Make the report again, up to the same fact, and compare.

    Raises NotReadable, UnknownFormat, NoReport, OtherFacts, ReportDiffers, and what `report` raises.
    """
    content = read_named(file, _MOST_BYTES)
    form, recipe = recipe_of(file, content)
    if recipe.log not in ("", here := log_of(store)):
        raise OtherFacts(file=file, log=recipe.log[:_SHORT], here=here[:_SHORT] or "–")
    document = make_again(store, recipe, told)
    again = FORMATS[form].render(document, recipe.lang or LANGS[0])
    if again == content:
        return Verified(str(file), form, recipe, len(content))
    where, had, has = difference(form, content, again)
    raise ReportDiffers(
        file=file,
        made=_describe_other_program(recipe),
        where=where,
        had=_short(had, has),
        again=_short(has, had),
    )


def _short(said: str | Bilingual, other: str | Bilingual) -> str | Bilingual:
    """So much of it that what differs from the other stands in it."""
    if isinstance(said, Bilingual) or isinstance(other, Bilingual) or len(said) <= _LONGEST:
        return said
    start = max(0, _first_difference(said, other) - _LONGEST // 2)
    return ("…" if start else "") + said[start : start + _LONGEST]


def _describe_other_program(recipe: Recipe) -> Bilingual:
    now = program()
    if recipe.code == now:
        return Bilingual("", "")
    return Bilingual(
        f"만든 프로그램({recipe.code})이 지금 것({now})과 다릅니다. ",
        f"It was made by {recipe.code}, this is {now}. ",
    )


def difference(form: str, content: bytes, again: bytes) -> tuple[str, str | Bilingual, str | Bilingual]:
    """Where two files of a format first differ, and what stands there in each: a figure before anything else."""
    parts = _PARTS.get(form)
    if parts is not None and (found := list(parts(content))):
        for one, other in zip_longest(found, parts(again), fillvalue=("", "")):
            if one[0] == other[0] and one != other:
                return one[0], one[1], other[1]
            if one != other:  # a place more, or less, or of another name
                return other[0] or one[0], _with_place(*one), _with_place(*other)
    at = _first_difference(content, again)
    line = content.count(b"\n", 0, at) + 1
    had, has = (_printable(one[max(0, at - 30) : at + 60]) for one in (content, again))
    return f"byte {at}, line {line}", had, has


def _first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _with_place(where: str, what: str | Bilingual) -> str | Bilingual:
    return f"{where}: {what}" if where and isinstance(what, str) else what


def _printable(part: bytes) -> str:
    """What cannot be seen is written out; letters that the cutting halved are left out."""
    whole = re.sub(rb"^[\x80-\xbf]{1,3}|[\xc0-\xff][\x80-\xbf]{0,2}$", b"", part)
    text = whole.decode("utf-8", "backslashreplace")
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text
    )


_PARTS: dict[str, Callable[[bytes], Iterator[tuple[str, str | Bilingual]]]] = {
    "html": html_parts,
    "json": json_parts,
    "xlsx": xlsx_parts,
    "hwpx": hwpx_parts,
}
