"""Values as people have them before them: texts from a file or stdin, stages, agencies and areas as the screen names them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import Refusal
from domain.task.deadline_kinds import DEADLINE_KINDS, deadline_label
from domain.task.stages import Stage
from scripts.cli.asked import answer_form

if TYPE_CHECKING:
    from store.log import Store
    from workflows.importing.folding import Directory

TaskId = Annotated[
    str, typer.Argument(metavar="TASK", help="The task's number, e.g. 2024-07. = 과제번호. 예: 2024-07")
]
_ID = re.compile(r"[a-z][a-z0-9-]*")


class NoSuchName(Refusal):
    """`known`: what there is."""

    ko = "‘{given}’(이)라는 이름은 없습니다. 가능한 값: {known}. 식별자는 gto처럼 영문 소문자로 적으십시오."
    en = (
        "Nothing goes by the name “{given}”. There are: {known}. An id is written in small letters, e.g. gto."
    )


class ManySuchNames(Refusal):
    """`ids`: what goes by it."""

    ko = "‘{given}’은(는) 둘 이상에 해당하는 이름입니다. 식별자로 적으십시오: {ids}."
    en = "Several go by the name “{given}”. Give the id: {ids}."


class AgencyWord(str):
    """An agency's id, or its name in either language."""

    __slots__ = ()


class AreaWord(str):
    """An area's id, or its name in either language."""

    __slots__ = ()


def stage(word: str) -> Stage:
    """A stage by its name in JSON, or as the screen shows it in either language. Raises typer.BadParameter."""
    folded = word.strip().casefold()
    for one in Stage:
        if folded in (one.value, one.say("ko"), one.say("en"), one.value.replace("_", " ")):
            return one
    lang = answer_form().lang
    names = ", ".join(repr(one.say(lang)) for one in Stage)
    raise typer.BadParameter(f"{word!r} is not one of {names}.")


def deadline_kind(word: str) -> str:
    """A kind of deadlines by its name in JSON, or as the screen shows it in either language; another word stays."""
    folded = word.strip().casefold()
    for kind in DEADLINE_KINDS:
        label = deadline_label(kind)
        if folded in (kind, label.ko.casefold(), label.en.casefold()):
            return kind
    return word


def text(word: str) -> str:
    """A free text: as it is typed, from a file as `@FILE`, or from stdin as `-`; `@@` begins one that begins with @.

    Raises typer.BadParameter.
    """
    if word == "-":
        return _decode(sys.stdin.buffer.read(), "-")
    if word.startswith("@@"):
        return word[1:]
    if word.startswith("@"):
        return _read(word[1:])
    return word


def choice(**shown: str) -> Callable[[str], str]:
    """One of a few words of the program, or what the field calls it: choice(officer="담당자")."""
    known = {folded: word for word, korean in shown.items() for folded in (word, korean)}

    def read(word: str) -> str:
        if word not in known:
            names = ", ".join(map(repr, shown.values() if answer_form().lang == "ko" else shown))
            raise typer.BadParameter(f"{word!r} is not one of {names}.")
        return known[word]

    return read


def _read(path: str) -> str:
    from pathlib import Path  # noqa: PLC0415 - few texts are in files

    from trail.files import MOST_TYPED, NotReadable, read_named  # noqa: PLC0415

    try:
        return _decode(read_named(Path(path), MOST_TYPED), path)
    except NotReadable as error:
        raise typer.BadParameter(error.say(answer_form().lang)) from None


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path} is not text in UTF-8.") from None


def ids_of(given: Mapping[str, Any], opened: Callable[[], AbstractContextManager[Store]]) -> dict[str, Any]:
    """What was typed, with ids in place of names. The store is `opened` where there is a name to look up.

    Raises NoSuchName, ManySuchNames.
    """
    if not any(_is_name(one) for value in given.values() for one in _each(value)):
        return {name: _plain(value, str) for name, value in given.items()}
    from workflows.importing.tasks import load_names, years_open  # noqa: PLC0415 - few give names

    with opened() as store:
        names = load_names(store, years_open(store))

    def look_up(word: str) -> str:
        if not _is_name(word):
            return str(word)
        return _find(names.agencies if isinstance(word, AgencyWord) else names.areas, word)

    return {name: _plain(value, look_up) for name, value in given.items()}


def agency_id(store: Store, name: str) -> str:
    """Of the agency that has this name, in either language. Raises NoSuchName, ManySuchNames."""
    from workflows.importing.tasks import load_names, years_open  # noqa: PLC0415 - few give names

    return _find(load_names(store, years_open(store)).agencies, name)


def agency_id_or_name(store: Store, word: str) -> str:
    """The id of what is given as an id or as a name. Raises NoSuchName, ManySuchNames."""
    word = word.strip()
    return agency_id(store, word) if _is_name(AgencyWord(word)) else word


def _each(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _is_name(word: Any) -> bool:
    return isinstance(word, AgencyWord | AreaWord) and _ID.fullmatch(word) is None


def _plain(value: Any, look_up: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_plain(one, look_up) for one in value]
    return look_up(value) if isinstance(value, AgencyWord | AreaWord) else value


def _find(known: Directory, word: str) -> str:
    ids = known.find(word).ids
    if not ids:
        raise NoSuchName(given=word[:60], known=known.ids)
    if len(ids) > 1:
        raise ManySuchNames(given=word[:60], ids=tuple(sorted(ids)))
    return next(iter(ids))


AgencyId = Annotated[
    str,
    typer.Argument(
        metavar="AGENCY",
        parser=AgencyWord,
        help="The agency's id, e.g. gto. = 기관의 식별자나 이름. 예: gto",
    ),
]
