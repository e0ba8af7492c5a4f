"""The sentences of histories, from the stored samples of every fact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Lang
from domain.fact import Fact
from domain.register import FACTS, upcast
from domain.values import Attachment
from projections.sentences.all import SENTENCES
from projections.sentences.narration import Narration
from projections.texts import attachment_in_words
from store.texts import TextRead, TextState

_SAMPLES = Path(__file__).parents[2] / "tests" / "domain" / "samples"
_ACTOR = {"ko": "광주관광공사 담당자", "en": "an officer of Gwangju Tourism Organization"}
_AGENCY = {"ko": "광주관광공사", "en": "Gwangju Tourism Organization"}
_TEXT = {"ko": "관광객이 늘어남", "en": "more visitors came"}


def histories() -> Iterator[tuple[str, str, str]]:
    """(name of the sample, Korean, English) of each, by its newest version."""
    newest = {kind: f"{kind}.v{fact.schema_version}.json" for kind, fact in FACTS.items()}
    for kind, name in sorted(newest.items()):
        path = _SAMPLES / name
        if path.exists():
            yield name, _tell(kind, path, "ko"), _tell(kind, path, "en")


def _tell(kind: str, path: Path, lang: Lang) -> str:
    fields = upcast(FACTS[kind], FACTS[kind].schema_version, json.loads(path.read_text(encoding="utf-8")))
    fact: Fact = msgspec.convert(fields, FACTS[kind])
    plan = getattr(fact, "plan", None)
    return SENTENCES[kind](
        Narration(fact, _ACTOR[lang], lambda ref: _text(ref, lang), lambda _: _AGENCY[lang], lang, plan)
    )


def _text(ref: Any, lang: Lang) -> str:
    if isinstance(ref, Attachment):
        return attachment_in_words(ref, TextRead(TextState.COMMITTED), lang)
    return _TEXT[lang]
