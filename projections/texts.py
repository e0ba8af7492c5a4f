"""How a free text is read where it is told: its words, or in words that there are none and why."""

from __future__ import annotations

from domain.errors import Lang
from store.texts import Ref, TextRead, TextState

_GONE = {
    TextState.REDACTED: ("(비공개 처리된 글, {fact}번 기록)", "(text redacted by fact {fact})"),
    TextState.MISSING: (
        "(글이 없으며 까닭을 적은 기록도 없습니다)",
        "(text is missing and no fact says why)",
    ),
    TextState.CHANGED: ("(본문이 봉인된 지문과 다릅니다)", "(text differs from its commitment)"),
}


def in_words(found: TextRead, lang: Lang) -> str:
    """The text itself only where it is the one that its fact was made with."""
    if found.body is not None:
        return found.body
    ko, en = _GONE[found.state]
    return (ko if lang == "ko" else en).replace("{fact}", str(found.fact))


def missing(ref: Ref) -> TextRead:
    """A look-up where there are no texts at all."""
    return TextRead(TextState.MISSING)
