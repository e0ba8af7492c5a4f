"""How a free text or an attached file is read where it is told: its words, or in words that there are none and why."""

from __future__ import annotations

from collections.abc import Mapping

from domain.attachments import say_size
from domain.errors import Bilingual, Lang
from domain.limits import legible
from domain.values import Attachment
from store.texts import Ref, TextRead, TextState

# what is wrong with a text, as a sentence without its subject in English
PROBLEMS: Mapping[TextState, Bilingual] = {
    TextState.MISSING: Bilingual(
        "글이 없으며 그 사유를 밝힌 기록도 없습니다", "is missing and no fact says why"
    ),
    TextState.CHANGED: Bilingual("본문이 봉인된 지문과 다릅니다", "differs from its commitment"),
}
# the same of a file
ATTACHMENT_PROBLEMS: Mapping[TextState, Bilingual] = {
    TextState.MISSING: Bilingual(
        "내용이 없으며 그 사유를 밝힌 기록도 없습니다", "is missing and no fact says why"
    ),
    TextState.CHANGED: Bilingual("내용이 봉인된 지문과 다릅니다", "differs from its commitment"),
}


def in_words(found: TextRead, lang: Lang) -> str:
    """The text itself only where it is the one that its fact was made with."""
    if found.body is not None:
        return legible(found.body)
    if found.state is TextState.REDACTED:
        return (
            f"(비공개 처리된 글, {found.fact}번 기록)"
            if lang == "ko"
            else f"(text redacted by fact {found.fact})"
        )
    said = PROBLEMS[found.state].say(lang)
    return f"({said})" if lang == "ko" else f"(text {said})"


def attachment_in_words(one: Attachment, found: TextRead, lang: Lang) -> str:
    """A file by its name and size; why it cannot be had, where that is so. `found`: as of the text that says its digest."""
    name, size = legible(one.name), say_size(one.size)
    told = f"{name}({size}" if lang == "ko" else f"{name} ({size}"
    if found.state is TextState.REDACTED:
        gone = Bilingual(f"비공개 처리됨, {found.fact}번 기록", f"redacted by fact {found.fact}")
        return f"{told}; {gone.say(lang)})"
    if found.state in PROBLEMS:
        return f"{told}; {ATTACHMENT_PROBLEMS[found.state].say(lang)})"
    return f"{told})"


def missing(ref: Ref) -> TextRead:
    """A look-up where there are no texts at all."""
    return TextRead(TextState.MISSING)
