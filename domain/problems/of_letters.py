"""What is wrong with a definition's letters, and with the days on which nobody is written to."""

from __future__ import annotations

from collections.abc import Mapping

OF_LETTERS: Mapping[str, tuple[str, str]] = {
    "letter_no_rung": (
        "{days}일째 알림이 이 알림 단계(ladder)에 없습니다.",
        "the ladder has no rung of day {days}.",
    ),
    "letter_twice": (
        "‘{ladder}’ 알림 단계의 같은 알림에 문안이 둘입니다. 하나만 남기십시오.",
        "another letter words the same reminders of the ladder “{ladder}”. Leave one out.",
    ),
    "letter_syntax": (
        "{line}행을 읽을 수 없습니다({problem}).",
        "it cannot be read at line {line} ({problem}).",
    ),
    "letter_unknown_name": (
        "{line}행의 ‘{name}’: 문안에 쓸 수 있는 값이 아닙니다. 쓸 수 있는 값: {expected}.",
        "line {line}: there is no value “{name}” for a letter. There are: {expected}.",
    ),
    "letter_not_allowed": (
        "{line}행의 ‘{what}’: 문안에 쓸 수 없습니다. 값, if, 비교(==, <), and, or, not과 필터 {filters}만 쓰십시오.",
        "line {line}: “{what}” cannot stand in a letter. Use values, if, comparisons (==, <), and, or, not, and the filters {filters} alone.",
    ),
    "letter_types": (
        "{line}행: {one}와(과) {other}는 함께 쓸 수 없습니다. 형식이 같은 값끼리 쓰십시오.",
        "line {line}: {one} does not go with {other}. Use values of one type.",
    ),
    "letter_prints_bool": (
        "{line}행: 예/아니요인 값은 그대로 적을 수 없습니다. if로 문장을 고르십시오.",
        "line {line}: what is yes or no is not written out. Choose a sentence by if.",
    ),
    "letter_too_much": (
        "값과 조건이 {max}개를 넘습니다. 문안을 줄이십시오.",
        "it has more than {max} parts. Make the letter shorter.",
    ),
    "letter_too_deep": (
        "조건이나 괄호가 {max}겹을 넘습니다.",
        "its conditions or brackets are nested deeper than {max}.",
    ),
    "letter_blank": (
        "예시 값으로 채우면 아무 말도 남지 않습니다. 값이 없을 때에도 남는 말을 적으십시오.",
        "filled with sample values it says nothing. Write something that stays where a value is absent.",
    ),
    "letter_too_long": (
        "예시 값으로 채우면 {max}자를 넘습니다. 문안을 줄이십시오.",
        "filled with sample values it is longer than {max} character(s). Make it shorter.",
    ),
    "quiet_day": (
        "날짜가 아닙니다. 해마다면 05-18, 한 해만이면 2027-10-04처럼 적으십시오.",
        "this is no day. Write 05-18 for each year, 2027-10-04 for one.",
    ),
    "quiet_two_forms": (
        "first와 last를 같은 형식으로 적으십시오(05-18 또는 2027-10-04).",
        "write first and last in one form, 05-18 or 2027-10-04.",
    ),
    "quiet_backwards": (
        "last가 first보다 앞섭니다.",
        "last lies before first.",
    ),
    "quiet_span_too_long": (
        "한 번에 {max}일까지만 정할 수 있습니다.",
        "a span is at most {max} day(s) long.",
    ),
    "quiet_too_many": (
        "한 해에 {max}일까지만 정할 수 있습니다. 그보다 많으면 알림이 제때 가지 않습니다.",
        "at most {max} day(s) of a year can be quiet, or reminders would come too late.",
    ),
}
