"""What is wrong with the form of a value, by the names that pydantic gives its errors."""

from __future__ import annotations

from collections.abc import Mapping

_NUMBER = ("정수가 필요합니다.", "a whole number is needed.")
_TEXT = ("글자로 된 값이 필요합니다.", "text is needed.")
_DATE = ("날짜가 아닙니다. YYYY-MM-DD 형식으로 적으십시오.", "it is not a date. Write it as YYYY-MM-DD.")
_LIST = ("목록이 필요합니다.", "a list is needed.")
_OBJECT = ("이름과 값으로 된 항목이 필요합니다.", "named values are needed.")
_CHARACTERS = ("쓸 수 없는 글자가 있습니다.", "it holds characters that cannot be stored.")

OF_FORMS: Mapping[str, tuple[str, str]] = {
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
    "string_too_short": ("{min_length}자 이상이어야 합니다.", "it needs {min_length} character(s) or more."),
    "string_too_long": ("{max_length}자를 넘습니다.", "it is longer than {max_length} character(s)."),
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
