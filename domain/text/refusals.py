"""What a free text, or the lack of one, does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class NoSuchText(Refusal):
    ko = "글 {text}: 어떤 기록도 이 글을 가리키지 않습니다. 이력의 `--json`에서 글 번호를 확인하십시오."
    en = "No fact refers to the text {text}. See its id in a history with `--json`."


class RedactedAlready(Refusal):
    ko = "글 {text}: 이미 비공개 처리되었습니다. 더 할 일이 없습니다."
    en = "The text {text} has been redacted before. There is nothing to do."
