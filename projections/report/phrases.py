"""The few words that a page itself needs, and what stands behind a report, in sentences of one line."""

from __future__ import annotations

from domain.errors import Bilingual, Lang
from projections.report.document import Kind, Provenance, Value, format_value
from trail.english import many

REPORT = Bilingual("결산 보고서", "Year-end report")
CONTENTS = Bilingual("차례", "Contents")
TABLE = Bilingual("표", "Table")
CHART = Bilingual("그림", "Chart")
CHART_DATA = Bilingual("그림 자료", "Chart data")
EMPTY = Bilingual("해당 사항 없음.", "There is nothing to list.")
COVER = Bilingual("표지", "Cover")
NOT_SHOWN = Bilingual("□로 표시한 글자(글꼴에 없음)", "Printed as □, since no font has it")
BASIS = Bilingual("이 보고서의 근거", "What this report rests on")


def in_words(value: Value, kind: Kind, lang: Lang) -> str:
    """A figure that stands alone, with its unit."""
    text = format_value(value, kind, lang)
    if not isinstance(value, int):
        return text
    if kind == "krw":
        return f"{text}원" if lang == "ko" else f"KRW {text}"
    if kind == "days":
        return f"{text}일" if lang == "ko" else f"{text} day{'' if value == 1 else 's'}"
    return text


def basis(made: Provenance, lang: Lang) -> list[tuple[str, str]]:
    """(what, which) of everything that makes the same report again."""
    none = Bilingual("없음", "none").say(lang)
    sealed = Bilingual("봉인되지 않음", "not sealed").say(lang)
    rows = [
        (Bilingual("기준일", "As of"), made.as_of.isoformat()),
        (Bilingual("대상 기록 수", "Facts looked at"), f"{made.position:,}"),
        (
            Bilingual("봉인된 기록 수", "Facts sealed"),
            sealed if made.sealed is None else f"{made.sealed:,}",
        ),
        (Bilingual("봉인의 루트 해시", "Root hash of the seal"), made.root or sealed),
        (Bilingual("첫 기록의 해시 (SHA-256)", "Hash of the first fact (SHA-256)"), made.log or none),
        (Bilingual("과제 수명주기 정의", "Lifecycle definitions"), ", ".join(made.definitions) or none),
        (Bilingual("달력", "Calendars"), ", ".join(made.calendars) or none),
        (Bilingual("프로그램 버전", "Code version"), made.code),
        (Bilingual("잠금 파일 (SHA-256)", "Lock file (SHA-256)"), made.lock),
    ]
    return [(what.say(lang), which) for what, which in rows]


def stamp(made: Provenance, lang: Lang) -> str:
    """What the foot of every page says. Hashes stand at the end, among what the report rests on."""
    if lang == "ko":
        return f"{made.as_of.isoformat()} 기준 · 기록 {made.position:,}건"
    return f"as of {made.as_of.isoformat()} · {many(made.position, 'fact')}"
