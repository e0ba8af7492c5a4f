"""The few words that a page itself needs, and what stands behind a report, in sentences of one line."""

from __future__ import annotations

from domain.errors import Lang
from projections.report.document import Kind, Provenance, Value, Words, shown

CONTENTS = Words("차례", "Contents")
FIGURE = Words("항목", "Figure")
VALUE = Words("값", "Value")
TABLE = Words("표", "Table")
CHART = Words("그림", "Chart")
CHART_DATA = Words("그림 자료", "Chart data")
EMPTY = Words("해당하는 것이 없습니다.", "There is nothing to list.")
COVER = Words("표지", "Cover")
NOT_SHOWN = Words("□로 찍은 글자(글꼴에 없음)", "Printed as □, since no font has it")
BASIS = Words("이 보고서의 근거", "What this report rests on")


def spoken(value: Value, kind: Kind, lang: Lang) -> str:
    """A figure that stands alone, with its unit."""
    text = shown(value, kind, lang)
    if not isinstance(value, int):
        return text
    if kind == "krw":
        return f"{text}원" if lang == "ko" else f"KRW {text}"
    if kind == "days":
        return f"{text}일" if lang == "ko" else f"{text} day{'' if value == 1 else 's'}"
    return text


def basis(made: Provenance, lang: Lang) -> list[tuple[str, str]]:
    """(what, which) of everything that makes the same report again."""
    none = Words("없음", "none").say(lang)
    sealed = Words("봉인되지 않음", "not sealed").say(lang)
    rows = [
        (Words("기준일", "As of"), made.as_of.isoformat()),
        (Words("본 기록의 수", "Facts looked at"), f"{made.position:,}"),
        (Words("봉인된 기록의 수", "Facts sealed"), sealed if made.sealed is None else f"{made.sealed:,}"),
        (Words("봉인의 뿌리 해시", "Root hash of the seal"), made.root or sealed),
        (Words("첫 기록의 해시 (SHA-256)", "Hash of the first fact (SHA-256)"), made.log or none),
        (Words("과제 수명주기 정의", "Lifecycle definitions"), ", ".join(made.definitions) or none),
        (Words("달력", "Calendars"), ", ".join(made.calendars) or none),
        (Words("프로그램 판", "Code version"), made.code),
        (Words("잠금 파일 (SHA-256)", "Lock file (SHA-256)"), made.lock),
    ]
    return [(what.say(lang), which) for what, which in rows]


def stamp(made: Provenance, lang: Lang) -> str:
    """What the foot of every page says."""
    sealed = f" · {made.root[:16]}…" if made.root else ""
    if lang == "ko":
        return f"{made.as_of.isoformat()} 기준 · 기록 {made.position:,}건{sealed} · {made.code}"
    return f"as of {made.as_of.isoformat()} · {made.position:,} facts{sealed} · {made.code}"
