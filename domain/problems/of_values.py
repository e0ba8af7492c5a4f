"""What is wrong with a value of ours: texts, ids, dates, amounts, plans."""

from __future__ import annotations

from collections.abc import Mapping

_TEXT = ("글자로 된 값이 필요합니다.", "text is needed.")

OF_VALUES: Mapping[str, tuple[str, str]] = {
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
    "position_id": (
        "시 직위 식별자는 영문 소문자로 시작하는 2~31자(영문 소문자, 숫자, -)입니다. 예: vice-mayor.",
        "a position's id is 2 to 31 of a-z, 0-9 and -, beginning with a letter, e.g. vice-mayor.",
    ),
    "area_id": (
        "분야 식별자는 영문 소문자로 시작하는 1~31자(영문 소문자, 숫자, -)입니다. 예: culture.",
        "an area's id is 1 to 31 of a-z, 0-9 and -, beginning with a letter, e.g. culture.",
    ),
    "function_or_facility": (
        "기능(function)과 시설(facility) 가운데 하나가 필요합니다.",
        "either a function or a facility is needed.",
    ),
    "below_least": ("{least}보다 작습니다.", "it is below {least}."),
    "above_most": ("{most}보다 큽니다.", "it is above {most}."),
    "file_name": (
        '파일 이름에 쓸 수 없는 글자(/ \\ : * ? " < > |)가 있거나 처음이나 끝에 점(.)이 있습니다. 이름을 바꾸십시오.',
        "the file's name holds one of / \\ : * ? \" < > |, or begins or ends with a dot. Give it another name.",
    ),
    "file_name_long": (
        "파일 이름이 UTF-8로 {max}바이트를 넘습니다. 짧게 바꾸십시오.",
        "the file's name is longer than {max} byte(s) in UTF-8. Make it shorter.",
    ),
    "file_kind": (
        "첨부할 수 있는 형식이 아닙니다. 이름이 다음 가운데 하나로 끝나야 합니다: {kinds}.",
        "no such file can be attached: its name has to end in one of {kinds}.",
    ),
    "file_content": (
        "파일의 내용이 이름의 확장자({ending})와 다릅니다. 그 형식으로 다시 저장하십시오.",
        "the file's content is not what its name's ending says ({ending}). Save it anew in that form.",
    ),
    "file_limit": (
        "첨부의 한계는 1부터 {max}까지의 정수(MB)입니다.",
        "the limit of an attachment is a whole number of MB from 1 to {max}.",
    ),
    "file_needed": (
        "파일이 필요합니다. --set 항목=@경로로 지정하십시오.",
        "a file is needed. Give it with --set FIELD=@PATH.",
    ),
    "file_not_asked": (
        "파일을 받는 항목이 아닙니다.",
        "the field takes no file.",
    ),
    "file_not_here": (
        "파일의 내용이 명령과 함께 오지 않았거나 명령이 말한 것과 다릅니다. 다시 첨부하십시오.",
        "the file's bytes did not come with the command, or are not those that it names. Attach it again.",
    ),
    "files_too_many": (
        "한 명령에 첨부할 수 있는 파일은 {max}개, 모두 {largest} MB까지입니다.",
        "one command attaches at most {max} file(s), of {largest} MB in all.",
    ),
    "no_such_choice": ("선택지에 없는 값입니다.", "it is none of the choices."),
    "yes_or_no": ("예와 아니요 가운데 하나가 필요합니다.", "either yes or no is needed."),
    "percent": ("백분율은 0에서 100까지입니다.", "a percentage is from 0 to 100."),
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
    "seat": (
        "회의에 부를 수 있는 것은 기관, 시 직위, 사람입니다. 예: agency/gto, position/vice-mayor, subject/식별자.",
        "invited are agencies, positions of the city's and persons, e.g. agency/gto, position/vice-mayor, subject/ID.",
    ),
    "follow_up": (
        "후속 조치는 task/2024-07, meeting/heads-2024-2#7(의결), definition/own/2, concern/night-buses처럼 적습니다.",
        "what follows is written as task/2024-07, meeting/heads-2024-2#7 (a decision), definition/own/2 or concern/night-buses.",
    ),
    "measure_empty": (
        "수치에는 이전 값이나 이후 값이 하나는 있어야 하며, 날짜는 값이 있는 쪽에만 적습니다.",
        "a figure has a value before or one after, or both, and a day only beside its value.",
    ),
    "time_of_day": ("시각은 14:00처럼 적습니다.", "a time of day is written as 14:00."),
    "share": (
        "정족수는 ‘more than 1/2’(과반수)나 ‘2/3’(3분의 2 이상)처럼 전체를 넘지 않게 적습니다.",
        "how many suffice is written as “more than 1/2” or “2/3”, and is no more than all.",
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
}
