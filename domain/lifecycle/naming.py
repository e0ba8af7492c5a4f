"""How a definition names what is its own: places, steps, fields, choices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from domain.errors import Bilingual, Lang
from domain.limits import check_title
from domain.refusals import validation_error
from domain.task.stages import OWN_NAME
from domain.values import LocalText

_LANGS: tuple[Lang, ...] = ("ko", "en")
# words of CEL, and what an expression asks about a step beside its fields
RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "package",
        "namespace",
        "null",
        "return",
        "true",
        "var",
        "void",
        "while",
        "known",
        "on",
    ]
)


def _check_own_name(name: str) -> str:
    if not OWN_NAME.fullmatch(name):
        raise validation_error("own_name")
    if name in RESERVED:
        raise validation_error("reserved_name", name=name)
    return name


def _check_both(said: LocalText) -> LocalText:
    if said.en is None:
        raise validation_error("missing", "en")
    return check_title(said)


OwnName = Annotated[str, AfterValidator(_check_own_name)]
BothLanguages = Annotated[LocalText, AfterValidator(_check_both)]


def alike(said: str) -> str:
    """The same for names that differ only by width, case or spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", said).casefold())


def check_names(
    named: Iterable[tuple[str, LocalText]], at: str, key: str, taken: Iterable[LocalText] = ()
) -> None:
    """Refuse an id that stands twice, and a name that reads as another does. `taken`: names that there are already."""
    named, ids = list(named), set[str]()
    for number, (name, _) in enumerate(named):
        if name in ids:
            raise validation_error("id_twice", f"{at}[{number}].{key}", id=name)
        ids.add(name)
    check_alike(((f"{at}[{number}].label", label) for number, (_, label) in enumerate(named)), taken)


def check_alike(labels: Iterable[tuple[str, LocalText]], taken: Iterable[LocalText | Bilingual] = ()) -> None:
    """Refuse a name that reads as another does. `labels`: each with its entry; `taken`: names that there are already."""
    said = {(lang, alike(one.say(lang))): one.say(lang) for one in taken for lang in _LANGS}
    for at, label in labels:
        for lang in _LANGS:
            seen = (lang, alike(label.say(lang)))
            if seen in said:
                raise validation_error("names_alike", f"{at}.{lang}", name=label.say(lang), other=said[seen])
            said[seen] = label.say(lang)
