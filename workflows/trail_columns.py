"""The columns of exported entries, and what a table's cell holds: nothing that the program opening it would run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.errors import Lang
from domain.seoul import SEOUL
from workflows.trail_reading import Entry

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: dict[str, tuple[str, str]] = {
    "position": ("기록 번호", "position"),
    "recorded_at": ("기록 시각", "recorded"),
    "effective_at": ("효력 시각", "effective"),
    "known_at": ("인지 시각", "known"),
    "late": ("늦은 입력", "entered late"),
    "stream": ("대상", "stream"),
    "version": ("순번", "version"),
    "kind": ("종류", "kind"),
    "actor": ("행위자", "actor"),
    "subject": ("사람", "person"),
    "on_behalf_of": ("대신함", "on behalf of"),
    "behalf_subject": ("대신한 상대", "in place of (person)"),
    "mandate": ("대신한 근거", "by which mandate"),
    "via": ("경로", "via"),
    "authn": ("확인 방식", "known by"),
    "rule": ("규칙", "rule"),
    "rule_version": ("규칙 판", "rule's version"),
    "cause": ("원인 기록", "cause"),
    "due": ("원인", "because of"),
    "ref": ("문서번호", "document"),
    "command": ("명령 번호", "command id"),
    "sentence": ("내용", "what happened"),
}


def heads(lang: Lang) -> list[str]:
    return [ko if lang == "ko" else en for ko, en in COLUMNS.values()]


def cells(entry: Entry) -> Sequence[str]:
    return [cell(getattr(entry, name)) for name in COLUMNS]


def cell(value: Any) -> str:
    """A value as a table shows it; who opens the file must not run what somebody typed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
    return guarded(str(value))


def guarded(text: str) -> str:
    """The text as a cell that no table takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
