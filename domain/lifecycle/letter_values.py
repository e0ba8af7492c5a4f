"""What a definition's letters may say of a deadline: every value by its name, with what it is and a sample. Said once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from domain.errors import Bilingual, Lang

ValueType = Literal["text", "int", "bool"]
Values = Mapping[str, str | int | bool]


class LetterValue(NamedTuple):
    """`sample`: as it may be; `absent`: whether a text of it may be empty, and is so in a letter of the least."""

    name: str
    type: ValueType
    label: Bilingual
    sample: Bilingual | int | bool
    absent: bool = False


def _text(name: str, label: tuple[str, str], sample: tuple[str, str], *, absent: bool = False) -> LetterValue:
    return LetterValue(name, "text", Bilingual(*label), Bilingual(*sample), absent)


LETTER_VALUES: tuple[LetterValue, ...] = (
    _text("city", ("시", "the city"), ("광주광역시", "Gwangju")),
    _text("agency", ("담당 기관", "the agency that answers for it"), ("광주관광공사", "Gwangju Tourism")),
    _text("office", ("수신자의 자리", "the recipient's office"), ("담당자", "the officer")),
    _text("name", ("수신자의 이름", "the recipient's name"), ("김동행", "Kim Donghaeng"), absent=True),
    _text("task", ("과제 번호", "the task's number"), ("2027-07", "2027-07")),
    _text("title", ("과제명", "the task's title"), ("축제 관람 동행", "Going to the festival together")),
    _text("what", ("기한이 있는 일", "what is due"), ("1분기 추진상황 보고", "the progress report for Q1")),
    _text("due", ("기한일", "the day until which it is due"), ("2027. 4. 15.(목)", "Thu 15 April 2027")),
    _text(
        "was",
        ("전에 알린 기한일", "the day told before"),
        ("2027. 4. 8.(목)", "Thu 8 April 2027"),
        absent=True,
    ),
    _text("left", ("남은 기간", "how long it is to go"), ("3영업일 남음", "3 business days left")),
    LetterValue("days_left", "int", Bilingual("남은 영업일 수", "business days to go, 0 when over"), 3),
    LetterValue("days_over", "int", Bilingual("지난 영업일 수", "business days since it was due"), 0),
    _text("owing", ("이행할 곳", "who is to do it"), ("광주관광공사", "Gwangju Tourism"), absent=True),
    _text(
        "to_do",
        ("하실 일", "what is to be done"),
        ("추진상황을 입력하십시오.", "Enter how the work goes."),
        absent=True,
    ),
    _text("basis", ("근거", "by which rule"), ("운영지침 제9조", "Guideline, article 9"), absent=True),
    _text("definition", ("정의의 이름과 버전", "the definition"), ("donghaeng-2024/3", "donghaeng-2024/3")),
    _text(
        "where",
        ("처리 화면의 주소 또는 명령", "the task's page, or the command"),
        ("https://donghaeng.city.example/tasks/2027-07", "https://donghaeng.city.example/tasks/2027-07"),
    ),
    _text(
        "contact",
        (
            "총괄부서의 주소(총괄부서에 보내는 글에는 없음)",
            "the planner's address; none in what goes to the planner",
        ),
        ("planner@city.example", "planner@city.example"),
        absent=True,
    ),
    _text(
        "told",
        ("이전 알림", "whom was told before"),
        ("2027. 4. 14.(수) 담당자", "Wed 14 April 2027 the officer"),
        absent=True,
    ),
    LetterValue(
        "is_late", "bool", Bilingual("늦게 보내는 알림인지", "whether the reminder comes late"), False
    ),
    LetterValue("stands_in", "bool", Bilingual("직무대리로서 받는지", "whether its reader stands in"), False),
)

BY_NAME: Mapping[str, LetterValue] = {one.name: one for one in LETTER_VALUES}


class Samples(NamedTuple):
    """What letters are tried with: each once with all that there may be, and once with the least. `over`: past the day."""

    ahead: tuple[Values, ...]
    over: tuple[Values, ...]


def make_samples(lang: Lang) -> Samples:
    """In one language."""
    full: dict[str, str | int | bool] = {
        one.name: one.sample.say(lang) if isinstance(one.sample, Bilingual) else one.sample
        for one in LETTER_VALUES
    }
    nothing: dict[str, str | int | bool] = {one.name: "" for one in LETTER_VALUES if one.absent}
    today: dict[str, str | int | bool] = {"left": Bilingual("오늘까지", "today").say(lang), "days_left": 0}
    left = Bilingual("2영업일 지남", "2 business days overdue").say(lang)
    over = full | {"left": left, "days_left": 0, "days_over": 2, "is_late": True, "stands_in": True}
    return Samples((full, full | nothing | today), (over, over | nothing))
