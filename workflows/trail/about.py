"""What an export of the trail is, said in the file where that has a place for it, and in a file beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from domain.errors import Bilingual, Refusal
from domain.seoul import SEOUL
from workflows.trail.completeness import Complete

Format = Literal["jsonl", "csv", "xlsx"]

CRITERIA: Mapping[str, Bilingual] = {
    "task": Bilingual("과제", "task"),
    "year": Bilingual("사업연도", "year"),
    "agency": Bilingual("기관", "agency"),
    "kinds": Bilingual("종류", "kind"),
    "role": Bilingual("행위자의 역할", "actor's role"),
    "actor": Bilingual("행위자", "actor"),
    "subject": Bilingual("행위자(사람 번호)", "actor's id"),
    "behalf": Bilingual("대신한 대상", "on behalf of"),
    "behalf_role": Bilingual("대신한 대상의 역할", "on behalf of the role"),
    "behalf_subject": Bilingual("대신한 대상(사람 번호)", "on behalf of the person"),
    "rules": Bilingual("규칙", "rule"),
    "cause": Bilingual("원인 기록", "cause"),
    "command": Bilingual("명령 번호", "command id"),
    "recorded_from": Bilingual("기록 시각, 부터", "recorded from"),
    "recorded_until": Bilingual("기록 시각, 전까지", "recorded before"),
    "effective_from": Bilingual("효력 시각, 부터", "effective from"),
    "effective_until": Bilingual("효력 시각, 전까지", "effective before"),
    "text": Bilingual("글에 포함된 말", "letters in a text"),
    "stated": Bilingual("효력 시각을 밝힌 것만", "only with a time stated"),
    "for_another": Bilingual("대신한 것만", "only on behalf of others"),
    "by_people": Bilingual("사람이 한 것만", "only by people"),
    "unnamed": Bilingual("사람을 밝히지 않은 것만", "only where no person is named"),
}


class ExportPlace(Refusal):
    """`problem`: what the system says."""

    ko = "{file}에 쓸 수 없습니다: {problem}. 아무것도 남기지 않았습니다."
    en = "{file} cannot be written: {problem}. Nothing was left behind."


class About(msgspec.Struct, frozen=True, kw_only=True):
    """`criteria`: the filters that were given; `first`, `last`: positions of the oldest and newest entry, None without any.

    `store`: its id; `checkpoint`: the sealed log's at that time, signed and cosigned; None where nothing was sealed.
    """

    file: str
    format: Format
    criteria: dict[str, Any]
    entries: int
    first: int | None
    last: int | None
    complete: Complete
    made_at: datetime
    store: str
    simulated: bool
    checkpoint: str | None

    @property
    def asked(self) -> Iterator[tuple[Bilingual, str]]:
        """What was asked for, a line each."""
        for name, value in self.criteria.items():
            yield CRITERIA[name], _spell_value(value)


def _spell_value(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "✓" if value is True else str(value)
