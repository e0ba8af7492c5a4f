"""What is wrong with a value, in both languages: pydantic's errors and our own limits become `BadInput`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from domain.errors import BadInput, Worded
from domain.particles import filled

_NUMBER = ("정수가 필요합니다.", "a whole number is needed.")
_TEXT = ("글자로 된 값이 필요합니다.", "text is needed.")
_DATE = ("날짜가 아닙니다. YYYY-MM-DD 형식으로 적으십시오.", "it is not a date. Write it as YYYY-MM-DD.")
_LIST = ("목록이 필요합니다.", "a list is needed.")
_OBJECT = ("이름과 값으로 된 항목이 필요합니다.", "named values are needed.")
_CHARACTERS = ("쓸 수 없는 글자가 있습니다.", "it holds characters that cannot be stored.")

PROBLEMS: Mapping[str, tuple[str, str]] = {
    # our own limits
    "text_type": _TEXT,
    "text_empty": ("비어 있습니다.", "it is empty."),
    "text_too_long": ("{max}자를 넘습니다.", "it is longer than {max} characters."),
    "text_control": (
        "보이지 않거나 글 방향을 바꾸는 글자, 제어 문자처럼 쓸 수 없는 글자가 있습니다. 지우고 다시 쓰십시오.",
        "it holds control characters, or characters that nobody sees or that turn the reading direction. Take them out.",
    ),
    "task_id": (
        "과제 번호는 연도와 두세 자리 번호입니다. 예: 2024-07.",
        "a task's number is the year and two or three digits, e.g. 2024-07.",
    ),
    "quarter": ("분기는 연도와 분기로 적습니다. 예: 2024-Q1.", "a quarter is written as 2024-Q1."),
    "agency_id": (
        "기관 식별자는 영문 소문자로 시작하는 2~31자(영문 소문자, 숫자, -)입니다. 예: gto.",
        "an agency's id is 2 to 31 of a-z, 0-9 and -, beginning with a letter, e.g. gto.",
    ),
    "area_id": (
        "분야 식별자는 영문 소문자로 시작하는 1~31자(영문 소문자, 숫자, -)입니다. 예: culture.",
        "an area's id is 1 to 31 of a-z, 0-9 and -, beginning with a letter, e.g. culture.",
    ),
    "function_or_facility": (
        "기능(function)과 시설(facility) 가운데 하나가 필요합니다.",
        "either a function or a facility is needed.",
    ),
    "no_such_condition": (
        "{stage} 단계에는 {condition} 상태가 없습니다.",
        "a task is never {condition} while {stage}.",
    ),
    "no_such_command": (
        "‘{command}’: {stage} 단계 {condition} 상태에서는 내릴 수 없는 명령입니다.",
        "“{command}” is never given while a task is {stage}, {condition}.",
    ),
    "deadline_needed": (
        "when = {when}에는 deadline이 필요하거나, 있으면 안 됩니다.",
        "with when = {when} a deadline is needed, or must not stand here.",
    ),
    "not_known_here": (
        "{name}: {stage} 단계 {condition} 상태의 과제에는 없는 값입니다.",
        "{name}: a task that is {stage}, {condition} has no such thing.",
    ),
    "no_such_deadline": (
        "같은 단계와 상태에 ‘{deadline}’ 기한이 없습니다.",
        "there is no deadline “{deadline}” in the same stage and condition.",
    ),
    "open_or_over": (
        "{stage} 단계가 열려 있는지 끝났는지가 맞지 않습니다.",
        "whether a task is open while {stage} stands otherwise.",
    ),
    "unknown_command": (
        "‘{command}’: 과제에 내릴 수 있는 명령이 아닙니다.",
        "“{command}” is no command about a task.",
    ),
    "role_may_not": (
        "{role}은(는) ‘{command}’ 명령을 내릴 수 없습니다. 정의는 허용된 것을 줄일 수만 있습니다.",
        "the {role} may not give “{command}”: a definition can only take away what is permitted.",
    ),
    "no_such_place": (
        "‘{place}’: 그런 단계나 상태는 없습니다. 예: proposed/returned.",
        "“{place}” is no stage, or none with that condition, e.g. proposed/returned.",
    ),
    "leads_elsewhere": (
        "‘{command}’ 명령은 {place}(으)로 이어집니다.",
        "“{command}” leads to {place}.",
    ),
    "no_such_guard": (
        "‘{command}’ 명령에는 ‘{guard}’ 조건이 없습니다.",
        "nothing like “{guard}” is checked of “{command}”.",
    ),
    "place_not_listed": (
        "{place}이(가) stages에 없습니다.",
        "{place} does not stand among the stages.",
    ),
    "unreachable": (
        "{place}에 이르는 명령이 없습니다.",
        "no command leads to {place}: it can never be reached.",
    ),
    "no_way_out": (
        "{place}에서 끝에 이르는 길이 없습니다.",
        "there is no way out of {place} to an end.",
    ),
    "cycle": (
        "규칙끼리 돌고 돕니다: {places}.",
        "rules would chase a task round for ever: {places}.",
    ),
    "rule_may_not": (
        "시스템이 여기서 ‘{command}’ 명령을 내릴 수 있다고 commands에 적혀 있지 않습니다.",
        "the commands do not say that the system may give “{command}” here.",
    ),
    "not_by_rule": (
        "‘{command}’ 명령은 규칙으로 내릴 수 없습니다.",
        "“{command}” cannot be given by rule.",
    ),
    "grades_incomplete": (
        "마지막 등급의 least는 0이어야 합니다.",
        "the last grade's least score must be 0, so that every score has a grade.",
    ),
    "no_such_ladder": (
        "‘{ladder}’ 알림 단계가 없습니다.",
        "there is no ladder “{ladder}”.",
    ),
    "climbs_to_nobody": (
        "{days}일째 알림을 받을 사람이 없습니다: 시가 할 일이면 department나 planner가 있어야 합니다.",
        "the rung of day {days} climbs to nobody: what the city owes is for the department or the planner.",
    ),
    "rung_before_start": (
        "{days}일째 알림: 기한이 {within}영업일이어서 그 전에 시작되지도 않습니다.",
        "the rung of day {days} lies before the start of a deadline of {within} business days.",
    ),
    "never_left": (
        "{stage} 단계 {condition} 상태를 끝낼 기한도 규칙도 없습니다.",
        "nothing is due and no rule acts while a task is {stage}, {condition}: it might stay so for ever.",
    ),
    "subject": (
        "사람의 식별자는 32자리 16진수입니다(`donghaeng subject register`가 만듭니다).",
        "a person's id is 32 hex digits, as `donghaeng subject register` makes it.",
    ),
    "decision": (
        "위임할 수 있는 결정이 아닙니다. 할 수 있는 것: {known}.",
        "it is not a decision that can be delegated. These can: {known}.",
    ),
    "hex": ("식별자는 32자리 16진수입니다.", "an id is 32 hex digits."),
    "recipient": (
        "받는 이가 아닙니다. 예: agency/gto, programme/2024/planner.",
        "it is no recipient, e.g. agency/gto or programme/2024/planner.",
    ),
    "mail_address": (
        "메일 주소가 아닙니다. 영문과 숫자로 된 주소를 적으십시오. 예: office@gto.example.",
        "it is not a mail address in ASCII, e.g. office@gto.example.",
    ),
    "webhook_url": (
        "웹훅 주소가 아닙니다. https://로 시작하고 사용자 이름이나 #이 없어야 합니다.",
        "it is not a webhook's address: https://, without a user name or a fragment.",
    ),
    "vkey": ("공개키의 형식(이름+번호+키)이 아닙니다.", "it is no public key (name+id+key)."),
    "base64": ("base64가 아닙니다.", "it is not base64."),
    "signed_note": ("서명된 글의 형식이 아닙니다.", "it is no signed note."),
    "sha256": ("SHA-256은 64자리 16진수입니다.", "a SHA-256 is 64 hex digits."),
    "stream": ("이력의 이름이 아닙니다. 예: task/2024-07.", "it is not a stream's name, e.g. task/2024-07."),
    "fact_name": (
        "기록 번호는 ‘과제#이력 번호’입니다. 예: task/2024-07#5.",
        "a fact is named by its stream and number in the history, e.g. task/2024-07#5.",
    ),
    "item_id": (
        "식별자는 영문자나 숫자로 시작하는 1~40자(영문자, 숫자, _, -)입니다. 예: m1.",
        "an id is 1 to 40 letters a-z, digits, _ and -, beginning with a letter or digit, e.g. m1.",
    ),
    "month": ("달의 형식이 아닙니다. 예: 2024-05.", "it is not a month, e.g. 2024-05."),
    "id_twice": ("식별자 ‘{id}’: 두 번 나옵니다.", "the id “{id}” occurs twice."),
    "too_many": ("{max}개를 넘습니다.", "there are more than {max}."),
    "krw": (
        "금액은 0 이상 {max} 이하의 정수(원)입니다.",
        "an amount is a whole number of KRW from 0 to {max}.",
    ),
    "decimal": (
        "소수점 위 15자리, 아래 6자리까지의 십진수입니다. 예: 12.5.",
        "it is a decimal number of up to 15 digits before the point and 6 after, e.g. 12.5.",
    ),
    "score": ("점수는 0에서 100까지입니다. 예: 87.5.", "a score is a number from 0 to 100, e.g. 87.5."),
    "year_range": ("연도는 {min}년에서 {max}년까지입니다.", "the year is from {min} to {max}."),
    "end_before_start": (
        "끝나는 날({end}): 시작하는 날({start})보다 빠릅니다.",
        "it ends ({end}) before it starts ({start}).",
    ),
    "due_outside_plan": (
        "일정일({due}): 계획 기간({start}~{end}) 밖입니다.",
        "the due date {due} lies outside the plan ({start} to {end}).",
    ),
    "not_before_after_end": (
        "착수 제한일({not_before}): 계획이 끝나는 날({end})보다 늦습니다.",
        "work may not start before {not_before}, but the plan ends on {end}.",
    ),
    "phases_overlap": (
        "앞 단계가 끝난({end}) 다음 날부터 시작해야 합니다(현재 {start}).",
        "it starts on {start}, but the phase before it ends on {end}.",
    ),
    "phase_outside_years": (
        "계획의 연도({first}~{last}) 밖입니다.",
        "it lies outside the years of the plan ({first} to {last}).",
    ),
    # pydantic's
    "missing": ("값이 빠졌습니다.", "it is missing."),
    "extra_forbidden": ("여기에 없는 항목입니다.", "there is no such field here."),
    "json_invalid": ("JSON 형식이 아닙니다({error}).", "it is not JSON ({error})."),
    "json_type": ("JSON 형식이 아닙니다.", "it is not JSON."),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": ("수가 너무 큽니다.", "the number is too large."),
    "finite_number": ("유한한 수가 아닙니다.", "it is not a finite number."),
    "greater_than": ("{gt}보다 커야 합니다.", "it must be greater than {gt}."),
    "greater_than_equal": ("{ge} 이상이어야 합니다.", "it must be {ge} or more."),
    "less_than": ("{lt}보다 작아야 합니다.", "it must be less than {lt}."),
    "less_than_equal": ("{le} 이하여야 합니다.", "it must be {le} or less."),
    "string_type": _TEXT,
    "string_unicode": _CHARACTERS,
    "string_too_short": ("{min_length}자 이상이어야 합니다.", "it needs {min_length} characters or more."),
    "string_too_long": ("{max_length}자를 넘습니다.", "it is longer than {max_length} characters."),
    "string_pattern_mismatch": (
        "정해진 형식이 아닙니다({pattern}).",
        "it does not have the form {pattern}.",
    ),
    "too_short": ("{min_length}개 이상이어야 합니다.", "there must be {min_length} or more."),
    "too_long": ("{max_length}개를 넘습니다.", "there are more than {max_length}."),
    "literal_error": ("다음 가운데 하나여야 합니다: {expected}.", "it must be one of {expected}."),
    "enum": ("다음 가운데 하나여야 합니다: {expected}.", "it must be one of {expected}."),
    "bool_type": ("true 또는 false가 필요합니다.", "true or false is needed."),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": ("일시가 아닙니다.", "it is not a date and time."),
    "datetime_parsing": ("일시가 아닙니다.", "it is not a date and time."),
    "datetime_from_date_parsing": ("일시가 아닙니다.", "it is not a date and time."),
    "timezone_aware": ("시간대가 빠졌습니다.", "its time zone is missing."),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "uuid_type": ("UUID가 아닙니다.", "it is not a UUID."),
    "uuid_parsing": ("UUID가 아닙니다.", "it is not a UUID."),
}


def wrong(kind: str, at: str = "", **details: object) -> PydanticCustomError:
    """An error for a validator to raise. `at`: the place inside the value, e.g. "milestones[2].due"."""
    return PydanticCustomError(kind, PROBLEMS[kind][1], {**details, "at": at})


def bad_input(error: ValidationError | PydanticCustomError, field: str = "") -> BadInput:
    """The first of pydantic's errors as our refusal; never repeats what was typed beyond a short piece.

    `field`: the path of the validated value itself, put before the error's own path.
    """
    if isinstance(error, ValidationError):
        return bad_inputs(error, field)[0]
    context = dict(error.context or {})
    return _bad_input((field,), error.type, context, error.message())


def bad_inputs(error: ValidationError, field: str = "") -> list[BadInput]:
    """All of pydantic's errors, each as a refusal, in the order of the fields."""
    return [
        _bad_input((field, *one["loc"]), one["type"], dict(one.get("ctx", {})), one["msg"])
        for one in error.errors(include_url=False, include_input=False)
    ]


def _bad_input(
    location: tuple[int | str, ...], kind: str, context: Mapping[str, Any], message: str
) -> BadInput:
    path = _path(location, str(context.get("at", "")))
    return BadInput(field=path or "input", problem=_problem(kind, context, message))


def _problem(kind: str, context: Mapping[str, Any], message: str) -> Worded:
    # what would be right is our own text, and told in full
    short = {name: _short(str(value), 300 if name == "expected" else 60) for name, value in context.items()}
    if kind in PROBLEMS:
        ko, en = PROBLEMS[kind]
        return Worded(filled(ko, **short), en.format(**short))
    if "ko" in context:  # a reader of files that words its own faults
        return Worded(_short(str(context["ko"]), 200), _short(message, 200))
    return Worded(f"형식이 맞지 않습니다({kind}).", f"{_short(message, 200)} ({kind}).")


def _path(location: tuple[int | str, ...], at: str) -> str:
    """E.g. plan.milestones[2].due."""
    path = ""
    for part in (*location, at):
        if isinstance(part, int):
            path += f"[{part}]"
        elif part:
            path += _short(part) if part.startswith("[") else f".{_short(part)}"
    return path.removeprefix(".")


def _short(text: str, limit: int = 60) -> str:
    """A piece of what may be foreign input, safe to print."""
    clean = "".join(character if character.isprintable() else "�" for character in text[:limit])
    return clean + ("…" if len(text) > limit else "")
