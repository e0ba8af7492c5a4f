"""The columns of exported entries, and what a table's cell holds: nothing that the program opening it would run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.errors import Bilingual, Lang
from domain.seoul import SEOUL
from workflows.trail.reading import TrailEntry

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: dict[str, Bilingual] = {
    "position": Bilingual("기록 번호", "position"),
    "recorded_at": Bilingual("기록 시각", "recorded"),
    "effective_at": Bilingual("효력 시각", "effective"),
    "known_at": Bilingual("인지 시각", "known"),
    "late": Bilingual("지연 입력", "entered late"),
    "stream": Bilingual("대상", "stream"),
    "version": Bilingual("순번", "version"),
    "kind": Bilingual("종류", "kind"),
    "actor": Bilingual("행위자", "actor"),
    "subject": Bilingual("사람", "person"),
    "on_behalf_of": Bilingual("대신함", "on behalf of"),
    "behalf_subject": Bilingual("대신한 상대", "in place of (person)"),
    "mandate": Bilingual("대신한 근거", "by which mandate"),
    "via": Bilingual("경로", "via"),
    "authn": Bilingual("확인 방식", "known by"),
    "rule": Bilingual("규칙", "rule"),
    "rule_version": Bilingual("규칙 버전", "rule's version"),
    "cause": Bilingual("원인 기록", "cause"),
    "due": Bilingual("원인", "because of"),
    "ref": Bilingual("문서번호", "document"),
    "command": Bilingual("명령 번호", "command id"),
    "sentence": Bilingual("내용", "what happened"),
}


def heads(lang: Lang) -> list[str]:
    return [one.say(lang) for one in COLUMNS.values()]


def cells(entry: TrailEntry) -> Sequence[str]:
    return [cell(getattr(entry, name)) for name in COLUMNS]


def cell(value: Any) -> str:
    """A value as a table shows it; who opens the file must not run what somebody typed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
    return guard_cell(str(value))


def guard_cell(text: str) -> str:
    """The text as a cell that no table takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
