"""What can be asked of a free text."""

from __future__ import annotations

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import StreamName, Subject
from domain.roles import PLANNER
from domain.streams import text_stream


class Redact(Command):
    """`text`: its id, as a fact refers to it. `appears_in`: the streams whose facts do."""

    name = "text.redact"
    label = Bilingual("글 비공개 처리", "redact the text")
    by = PLANNER
    irrevocable = Bilingual(
        "글 {text}의 본문이 삭제됩니다. 다시 볼 수 없고, 기록에는 지문만 남습니다.",
        "The text {text} is taken away for good; the facts keep its fingerprint alone.",
    )
    text: Subject
    appears_in: tuple[StreamName, ...] = ()

    @property
    def stream(self) -> str:
        return text_stream(self.text)
