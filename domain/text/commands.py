"""What can be asked of a free text."""

from __future__ import annotations

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import StreamName, Subject


class Redact(Command):
    """`text`: its id, as a fact refers to it. `appears_in`: the streams whose facts do."""

    name = "text.redact"
    label = Worded("글 비공개 처리", "redact the text")
    text: Subject
    appears_in: tuple[StreamName, ...] = ()

    @property
    def stream(self) -> str:
        return text_stream(self.text)


def text_stream(text: str) -> str:
    return f"text/{text}"
