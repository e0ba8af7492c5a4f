"""Errors and phrases in two languages. What one of them says stands with it."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from trail.english import fill_counts, settle_counts
from trail.lang import Lang
from trail.particles import fill, resolve_particles


class DonghaengError(Exception):
    """An error with a sentence in Korean and in English: what was refused, why, and what to do.

    The templates `ko` and `en` are filled with the keyword arguments; a value that has `say(lang)` words itself.
    A particle that is open in `ko`, as in “{task}을(를)”, is settled by the value before it; so is an ending in `en`, as in
    “{count} fact(s)”. `in_json`: which of them JSON has by themselves beside the sentence.
    """

    exit_code: ClassVar[int] = 1
    in_json: ClassVar[tuple[str, ...]] = ()
    ko: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.say("en"))

    @property
    def name(self) -> str:
        return type(self).__name__

    def say(self, lang: Lang) -> str:
        details = {key: in_language(value, lang) for key, value in self.details.items()}
        return fill(self.ko, **details) if lang == "ko" else fill_counts(self.en, **details)


class Refusal(DonghaengError):
    """The command was understood and not carried out; nothing was written."""


class ServerUnreachable(DonghaengError):
    """A server cannot be had. Subclasses say which, why and what to do."""

    exit_code = 3


class Bilingual(msgspec.Struct, frozen=True):
    """What the program says, in both languages; open particles in the Korean and open endings in the English are settled."""

    ko: str
    en: str

    def __post_init__(self) -> None:
        if "(" in self.ko:
            msgspec.structs.force_setattr(self, "ko", resolve_particles(self.ko))
        if "(" in self.en:
            msgspec.structs.force_setattr(self, "en", settle_counts(self.en))

    def say(self, lang: Lang) -> str:
        return self.ko if lang == "ko" else self.en


def in_language(value: object, lang: Lang) -> str:
    """A detail in the reader's language: labels say themselves, sequences are listed."""
    say = getattr(value, "say", None)
    if say is not None:
        return str(say(lang))
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(in_language(item, lang) for item in value) or ("없음" if lang == "ko" else "none")
    return str(value)
