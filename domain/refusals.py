"""What is wrong with a value, in both languages: pydantic's errors and our own limits become `BadInput`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.errors import BadInput, Bilingual
from trail.english import fill_counts
from trail.particles import fill

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import PydanticCustomError

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
    "text_too_long": ("{max}자를 넘습니다.", "it is longer than {max} character(s)."),
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
    "own_name": (
        "이름은 영문 소문자로 시작하는 1~30자(영문 소문자, 숫자, _)입니다. 예: budget_review.",
        "a name is 1 to 30 of a-z, 0-9 and _, beginning with a letter, e.g. budget_review.",
    ),
    "reserved_name": (
        "‘{name}’: 요건 식이나 프로그램이 쓰는 이름입니다. 다른 이름을 지으십시오.",
        "“{name}” has a meaning in expressions or in the program. Give it another name.",
    ),
    "names_alike": (
        "‘{name}’: ‘{other}’와(과) 같거나 폭, 대소문자, 띄어쓰기만 다른 이름입니다. 다르게 지으십시오.",
        "“{name}” is “{other}”, or differs only by width, case or spaces. Name it otherwise.",
    ),
    "choices_needed": (
        "선택지는 type = choice인 항목에만, 그리고 반드시 있어야 합니다(현재 {type}).",
        "choices are needed where the type is choice, and must not stand where it is {type}.",
    ),
    "no_limits": (
        "{type} 항목에는 한계(least, most)를 둘 수 없습니다.",
        "a field of type {type} has no limits.",
    ),
    "limits_crossed": (
        "하한({least}): 상한({most})보다 큽니다.",
        "its least ({least}) is above its most ({most}).",
    ),
    "below_least": ("{least}보다 작습니다.", "it is below {least}."),
    "above_most": ("{most}보다 큽니다.", "it is above {most}."),
    "no_such_choice": ("선택지에 없는 값입니다.", "it is none of the choices."),
    "yes_or_no": ("예와 아니요 가운데 하나가 필요합니다.", "either yes or no is needed."),
    "percent": ("백분율은 0에서 100까지입니다.", "a percentage is from 0 to 100."),
    "place_not_own": (
        "‘{place}’: 프로그램에 있는 단계와 상태이거나 열린 단계 안의 위치가 아닙니다. 예: proposed/budget_review.",
        "“{place}” is a place that the program has, or lies in no open stage. Write e.g. proposed/budget_review.",
    ),
    "place_not_declared": (
        "‘{place}’: 정의의 places에 없는 위치입니다.",
        "the definition's places do not declare “{place}”.",
    ),
    "step_as_command": (
        "‘{step}’: 프로그램에 있는 명령의 이름입니다. 다른 이름을 지으십시오.",
        "“{step}” is what a command of the program is called. Give it another name.",
    ),
    "step_changes_stage": (
        "‘{frm}’에서 ‘{to}’(으)로: 절차는 단계 안에서만 옮깁니다. 단계는 프로그램의 명령이 바꿉니다.",
        "from “{frm}” to “{to}”: a step leads only within its stage. Stages are changed by the program's commands.",
    ),
    "step_suspends": (
        "중지와 재개는 프로그램의 명령만 할 수 있습니다. in_progress/suspended 대신 다른 위치를 쓰십시오.",
        "work is suspended and resumed by the program's commands alone. Use another place than in_progress/suspended.",
    ),
    "step_skips": (
        "‘{place}’: ‘{command}’ 없이 이르게 됩니다. 가는 길: {way}.",
        "a task would come to “{place}” without “{command}”. The way there: {way}.",
    ),
    "step_asks_by_rule": (
        "절차 ‘{step}’에는 필수 항목 ‘{field}’이(가) 있어 규칙이 진행할 수 없습니다.",
        "the step “{step}” needs the field “{field}”, which no rule can fill in.",
    ),
    "leads_elsewhere": (
        "‘{command}’ 명령은 {place}(으)로 이어집니다.",
        "“{command}” leads to {place}.",
    ),
    "no_such_guard": (
        "‘{command}’ 명령에는 ‘{guard}’ 조건이 없습니다.",
        "nothing like “{guard}” is checked of “{command}”.",
    ),
    "expression_character": (
        "{place}번째 글자 ‘{character}’: 요건 식에 쓸 수 없습니다. 따옴표 밖에는 영문자, 숫자, 연산자만 적으십시오.",
        "character {place} (“{character}”) cannot stand in an expression: outside quotes only ASCII letters, digits and operators.",
    ),
    "expression_too_many": (
        "‘{what}’: {max}번까지만 쓸 수 있습니다.",
        "“{what}” stands in it more than {max} time(s).",
    ),
    "expression_too_deep": (
        "괄호가 {max}겹을 넘습니다.",
        "its brackets are nested deeper than {max}.",
    ),
    "expression_nested_macro": (
        "‘{what}’: 다른 all, exists, exists_one, filter, map 안에 쓸 수 없습니다.",
        "“{what}” cannot stand inside another all, exists, exists_one, filter or map.",
    ),
    "expression_has": (
        "has()는 쓸 수 없습니다. 값이 있는지는 ‘이름.known’으로 확인하십시오.",
        "has() is not known here. Whether there is a value is asked by NAME.known.",
    ),
    "expression_pattern_typed": (
        "matches에는 따옴표로 묶은 정규식을 바로 적으십시오. 예: task.number.matches('-0[1-9]$').",
        "matches takes a pattern in quotes, typed there, e.g. task.number.matches('-0[1-9]$').",
    ),
    "expression_pattern": (
        "정규식은 {max}자 이내로 적으십시오. 횟수 지정(중괄호)과 \\\\p, 이스케이프 \\\\ 밖의 것은 쓸 수 없습니다.",
        "a pattern has at most {max} character(s), no counted repetition in braces, no \\\\p, and no escape but \\\\.",
    ),
    "expression_day": (
        "day에는 따옴표로 묶은 날짜를 바로 적으십시오. 예: day('2026-06-30').",
        "day takes a day in quotes, typed there, e.g. day('2026-06-30').",
    ),
    "expression_literal": (
        "{literal}: 값을 읽을 수 없습니다({problem}).",
        "{literal} cannot be read ({problem}).",
    ),
    "expression_not_bool": (
        "참이나 거짓이 나와야 하는데 {given}이(가) 나옵니다.",
        "it must give true or false, and gives {given}.",
    ),
    "expression_not_number": (
        "수가 나와야 하는데 {given}이(가) 나옵니다.",
        "it must give a number, and gives {given}.",
    ),
    "expression_constant": (
        "어떤 값도 확인하지 않아 결과가 늘 같습니다.",
        "it asks about nothing, so that it always says the same.",
    ),
    "expression_unknown_name": (
        "‘{name}’: 이 명령의 요건에서 쓸 수 있는 이름이 아닙니다. 비슷한 이름: {expected}.",
        "there is no “{name}” for a requirement of this command. There are for example: {expected}.",
    ),
    "expression_types": (
        "‘{what}’: {types}에 쓸 수 없습니다. 형식이 같은 값끼리 비교하십시오.",
        "“{what}” does not go with {types}. Compare values of one type.",
    ),
    "expression_unsound": (
        "{line}행 {column}번째 글자에서 읽을 수 없습니다({problem}).",
        "it cannot be read at line {line}, character {column} ({problem}).",
    ),
    "requirement_of_system": (
        "‘{command}’: 시스템만 내리는 명령이므로 요건을 둘 수 없습니다.",
        "“{command}” is given by the system alone, and nothing can be required of it.",
    ),
    "place_not_listed": (
        "{place}이(가) stages에 없습니다.",
        "{place} does not stand among the stages.",
    ),
    "unreachable": (
        "{place}에 이르는 명령이 없습니다. {way}",
        "no command leads to {place}: it can never be reached. {way}",
    ),
    "no_way_out": (
        "{place}에서 끝에 이르는 길이 없습니다. 가는 길: {way}. 거기에서 이르는 곳: {ahead}.",
        "there is no way out of {place} to an end. The way there: {way}. From there one comes to: {ahead}.",
    ),
    "cycle": (
        "규칙이 서로 순환합니다: {places}. 가는 길: {way}. 순환: {circle}.",
        "rules would chase a task round for ever: {places}. The way there: {way}. Then round: {circle}.",
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
        "{days}일째 알림은 기한({length})이 시작되기 전입니다.",
        "the rung of day {days} lies before the start of a deadline of {length}.",
    ),
    "ends_on_business_day": (
        "영업일로 세는 기간은 영업일에 끝나므로 roll을 적을 수 없습니다. 이 항목을 삭제하거나 unit을 바꾸십시오.",
        "a period of business days ends on one, and nothing moves. Leave this out, or give another unit.",
    ),
    "weights": (
        "평가항목의 가중치 합이 {total}%입니다. 합이 100%가 되게 하십시오.",
        "the criteria's weights come to {total} percent. Make them 100.",
    ),
    "criterion_of_task": (
        "평가항목의 점수는 과제의 값(task.…)만으로 정합니다. ‘{name}’을(를) 삭제하십시오.",
        "a criterion's score is made of the task's values (task.…) alone. Leave “{name}” out.",
    ),
    "criteria_unused": (
        "규칙으로 하는 평가(task.evaluate)가 transitions에 없어 쓰이지 않습니다. 규칙을 적거나 이 항목을 삭제하십시오.",
        "no rule gives task.evaluate, so that nobody would use this. Write such a rule, or leave this out.",
    ),
    "law_says": (
        "{law}에 정해져 있으므로 적을 수 없습니다. 이 항목을 삭제하거나 law를 삭제하십시오.",
        "{law} says that. Leave this out, or leave law out.",
    ),
    "law_counts_hours": (
        "{law}: {least}일보다 짧은 기간은 시간으로 세므로 영업일로 적을 수 없습니다.",
        "{law} counts less than {least} day(s) in hours, and not in business days.",
    ),
    "never_left": (
        "{stage} 단계 {condition} 상태를 끝낼 기한도 규칙도 없습니다. 가는 길: {way}.",
        "nothing is due and no rule acts while a task is {stage}, {condition}: it might stay so for ever. The way there: {way}.",
    ),
    "given_and_taken": (
        "give와 take 가운데 하나만 적으십시오.",
        "a step gives a command or takes a step, not both: leave one out.",
    ),
    "nothing_given": (
        "이 절차에는 give(명령)가 없어 쓸 수 없습니다. give를 적거나 이 항목을 삭제하십시오.",
        "the step gives no command, so that this has no place here. Say what it gives, or leave this out.",
    ),
    "no_such_role": (
        "‘{role}’: 명령을 내리는 역할이 아닙니다. 할 수 있는 값: {known}.",
        "“{role}” is no role that gives commands. These are: {known}.",
    ),
    "no_such_agency": (
        "‘{agency}’: 시나리오에 없는 기관이거나 기관에 속하지 않는 역할입니다. 있는 기관: {known}.",
        "“{agency}” is no agency of a scenario, or the role is of none. There are: {known}.",
    ),
    "day_too_early": (
        "{day}은(는) 앞 절차나 목록 등재의 날짜({before})보다 빠릅니다. 날짜 순서대로 적으십시오.",
        "{day} is before the step before it or the listing ({before}). Write the steps in the order of their days.",
    ),
    "day_outside": (
        "{day}은(는) 시나리오의 계획에서 너무 멉니다. {first}~{last} 안의 날짜를 적으십시오.",
        "{day} is too far from the scenario's plan. Give a day from {first} to {last}.",
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
        "수신자가 아닙니다. 예: agency/gto, programme/2024/planner.",
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
    "definition_name": (
        "정의의 이름은 영문 소문자로 시작하는 1~40자(영문 소문자, 숫자, -)입니다. 예: donghaeng-2024.",
        "a definition's name is 1 to 40 of a-z, 0-9 and -, beginning with a letter, e.g. donghaeng-2024.",
    ),
    "json_object": ("JSON 객체가 아닙니다.", "it is not a JSON object."),
    "item_id": (
        "식별자는 영문자나 숫자로 시작하는 1~40자(영문자, 숫자, _, -)입니다. 예: m1.",
        "an id is 1 to 40 letters a-z, digits, _ and -, beginning with a letter or digit, e.g. m1.",
    ),
    "month": ("달의 형식이 아닙니다. 예: 2024-05.", "it is not a month, e.g. 2024-05."),
    "id_twice": ("식별자 ‘{id}’: 중복됩니다.", "the id “{id}” occurs twice."),
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
        "종료일({end}): 시작일({start})보다 빠릅니다.",
        "it ends ({end}) before it starts ({start}).",
    ),
    "due_outside_plan": (
        "추진일정의 기한일({due}): 계획 기간({start}~{end}) 밖입니다.",
        "the due date {due} lies outside the plan ({start} to {end}).",
    ),
    "not_before_after_end": (
        "착수 제한일({not_before}): 계획의 종료일({end})보다 늦습니다.",
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


def validation_error(kind: str, at: str = "", **details: object) -> PydanticCustomError:
    """An error for a validator to raise. `at`: the place inside the value, e.g. "milestones[2].due"."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - who only reads has no values to look at

    return PydanticCustomError(kind, PROBLEMS[kind][1], {**details, "at": at})


def bad_input(error: ValueError, field: str = "") -> BadInput:
    """The first of pydantic's errors as our refusal; never repeats what was typed beyond a short piece.

    `field`: the path of the validated value itself, put before the error's own path. Raises any other error as it is.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - as above
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    if isinstance(error, ValidationError):
        return bad_inputs(error, field)[0]
    if not isinstance(error, PydanticCustomError):
        raise error
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


def _problem(kind: str, context: Mapping[str, Any], message: str) -> Bilingual:
    # what would be right is our own text, and told in full; so is what is worded in both languages
    short = {name: _short(str(value), 300 if name == "expected" else 60) for name, value in context.items()}
    if kind in PROBLEMS:
        ko, en = PROBLEMS[kind]
        said = {name: value for name, value in context.items() if isinstance(value, Bilingual)}
        return Bilingual(
            fill(ko, **{**short, **{name: value.ko for name, value in said.items()}}),
            fill_counts(en, **{**short, **{name: value.en for name, value in said.items()}}),
        )
    if "ko" in context:  # a reader of files that words its own faults
        return Bilingual(_short(str(context["ko"]), 200), _short(message, 200))
    return Bilingual(f"형식이 맞지 않습니다({kind}).", f"{_short(message, 200)} ({kind}).")


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
