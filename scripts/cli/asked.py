"""How the answer is wanted, known from the words alone: before they are parsed, and where they cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import takewhile
from typing import Annotated, NamedTuple, cast, get_args

import typer

from trail.lang import Lang, lang_of_locale

LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="ko|en", help="Language; by default from LANG. = 언어. 적지 않으면 LANG을 따릅니다."
    ),
]


class Asked(NamedTuple):
    """`lang`: the reader's language; `as_json`: whether the answer is one JSON document."""

    lang: Lang
    as_json: bool = False


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


def answer_form() -> Asked:
    """What the words say that are run now; without any, what the environment says."""
    return _ASKED.get() or Asked(lang_of_locale())


def read_words(words: Sequence[str]) -> Asked:
    """`--lang` and `--json`, wherever they stand among the options; the last `--lang` counts."""
    options = list(takewhile(lambda word: word != "--", words))
    lang = lang_of_locale()
    for at, word in enumerate(options):
        name, _, value = word.partition("=")
        if name == "--lang":
            value = value or (options[at + 1] if at + 1 < len(options) else "")
            lang = "ko" if value == "ko" else "en" if value == "en" else lang
    return Asked(lang, "--json" in options)


@contextmanager
def answering(words: Sequence[str]) -> Iterator[Asked]:
    """While these words are parsed and carried out."""
    token = _ASKED.set(read_words(words))
    try:
        yield answer_form()
    finally:
        _ASKED.reset(token)


def check_lang(given: str | None) -> Lang:
    """The language of this `--lang`, or else of what else was typed, or of the environment. Raises typer.BadParameter."""
    if given is None:
        return answer_form().lang
    if given not in get_args(Lang):
        raise typer.BadParameter("--lang takes ko or en.")
    return cast(Lang, given)
