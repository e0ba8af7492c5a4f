"""What the values that a field can only have are called in Korean; in English they are words already."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Lang, Worded
from domain.values import LocalText

# what an inbox waits for
WAITS: Mapping[str, Worded] = {
    "propose": Worded("제안", "propose it"),
    "revise": Worded("수정·보완", "answer the return"),
    "start": Worded("착수", "start the work"),
    "report": Worded("추진상황 보고", "report progress"),
    "decide": Worded("승인 여부 결정", "decide on it"),
    "replan": Worded("계획 변경 결정", "decide on a new plan"),
    "resume": Worded("재개 여부 결정", "let it go on"),
    "evaluate": Worded("평가", "evaluate it"),
    "rate": Worded("시민평가 결과 입력", "enter the citizens' rating"),
}
_OFFICES = {
    "officer": "담당자",
    "substitute": "직무대리자",
    "head": "기관장",
    "planner": "시 총괄부서",
    "department": "시 소관부서",
}
_CHANNELS = {"mail": "메일", "webhook": "웹훅"}
_KOREAN: Mapping[str, Mapping[str, str]] = {
    "channel": _CHANNELS,
    "contacts": _CHANNELS | _OFFICES,
    "form": {"standing": "전결", "proxy": "대결"},
    "office": _OFFICES,
    "post": _OFFICES,
    "to": _OFFICES,
    "waits": {name: said.ko for name, said in WAITS.items()},
    "what": {"function": "기능", "facility": "시설"},
    "who": {"agency": "기관", "city": "시"},
    "why": {"moved": "기한이 바뀌었거나 끝남", "person": "사람이 취소", "readdressed": "받을 사람이 바뀜"},
}
Areas = Mapping[str, LocalText]  # the names of a programme's areas by id


def called(field: str, value: str, lang: Lang) -> str:
    """The value of a field as people call it; one that is not known here stands for itself."""
    return _KOREAN.get(field, {}).get(value, value) if lang == "ko" else value


def area_called(area: str, areas: Areas, lang: Lang) -> str:
    """An area by its programme's own name in Korean, where that is known; else by its id, which is what is typed."""
    return areas[area].ko if lang == "ko" and area in areas else area
