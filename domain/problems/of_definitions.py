"""What is wrong with a lifecycle definition."""

from __future__ import annotations

from collections.abc import Mapping

OF_DEFINITIONS: Mapping[str, tuple[str, str]] = {
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
    "role_or_position": (
        "결재선의 각 항목에는 role(역할)과 position(시 직위) 가운데 하나만 필요합니다.",
        "an entry of an approval line needs either a role or a position of the city's.",
    ),
    "needed_of": (
        "needed = {needed}: 함께 결재하는 묶음(group)의 첫 항목에만, 묶음의 수({count}) 이하로 적을 수 있습니다.",
        "needed = {needed} stands with the first entry of a group, and is at most as many as that has ({count}).",
    ),
    "returns_nowhere": (
        "‘{entry}’: 같은 결재선에서 앞에 있는 항목이 아닙니다.",
        "“{entry}” is no earlier entry of the same approval line.",
    ),
    "line_by_rule": (
        "‘{command}’: 규칙이 처리하므로 결재선을 둘 수 없습니다.",
        "“{command}” is done by a rule and cannot have an approval line.",
    ),
    "line_not_here": (
        "‘{command}’: 결재선을 둘 수 없는 명령입니다. 제안된 뒤 종료되지 않은 과제에 사람이 내리는 명령에만 둘 수 있습니다. 제안은 절차에 결재선을 두고 그 절차를 승인의 요건으로 하십시오.",
        "“{command}” cannot have an approval line: only what people do with a task that is proposed and not over. For a proposal put it on a step, and require that step of the approval.",
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
        "‘{name}’: 여기서 쓸 수 있는 이름이 아닙니다. 예: {expected}.",
        "there is no “{name}” that may be asked about here. There are for example: {expected}.",
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
        "{place}: 정의의 stages(단계)나 places(위치)에 없습니다.",
        "{place} stands neither among the stages nor among the places.",
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
    "climbs_nowhere": (
        "‘{step}’: 알림을 받을 수 있는 곳이 아닙니다. 쓸 수 있는 값: {known}, position/시 직위.",
        "“{step}” is nobody who is reminded. There are: {known}, and position/ID of a position of the city's.",
    ),
    "ends_on_business_day": (
        "영업일로 세는 기간은 영업일에 끝나므로 roll을 적을 수 없습니다. 이 항목을 삭제하거나 unit을 바꾸십시오.",
        "a period of business days ends on one, and nothing moves. Leave this out, or give another unit.",
    ),
    "weights": (
        "평가항목의 가중치 합이 {total}%입니다. 합이 100%가 되게 하십시오.",
        "the criteria's weights come to {total} percent. Make them 100.",
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
    "no_such_start": (
        "‘{name}’: 기산점이 아닙니다. 쓸 수 있는 값: {known}, steps.절차, steps.절차.항목, deadlines.기한, 12-15(매년 그날).",
        "nothing is counted from “{name}”. There are: {known}, steps.STEP, steps.STEP.FIELD, deadlines.KIND, 12-15 (that day of each year).",
    ),
    "no_day_of_year": (
        "{day}: 해마다 있는 날이 아닙니다. 예: 12-15.",
        "not every year has a day {day}. Give one as 12-15.",
    ),
    "no_such_step": (
        "정의에 ‘{step}’ 절차(steps)가 없습니다.",
        "the definition has no step “{step}”.",
    ),
    "no_such_field": (
        "‘{step}’ 절차의 서식에 ‘{field}’ 항목이 없습니다.",
        "the form of the step “{step}” has no field “{field}”.",
    ),
    "field_no_date": (
        "‘{field}’: 날짜(date)가 아니라 {type} 항목이어서 기산할 수 없습니다.",
        "“{field}” is no date but of the type {type}: no day follows from it.",
    ),
    "circle_of_deadlines": (
        "기한이 서로를 기준으로 하여 끝나지 않습니다: {circle}.",
        "these deadlines are counted from each other: {circle}.",
    ),
    "too_long_before": (
        "앞선 기간을 모두 더하면 1년이 넘습니다: {chain}. 기간을 줄이십시오.",
        "together they lie more than a year before: {chain}. Make them shorter.",
    ),
    "day_itself": (
        "매년 정해진 날에는 그날이 기한이므로 within = 0이어야 합니다. 다른 날이 기한이면 그날을 적으십시오.",
        "a day of each year is itself the day that it is due: within has to be 0. For another day name that one.",
    ),
    "nth_of_part": (
        "어느 달·분기·반기에나 있는 날이어야 합니다: 1 이상 {most} 이하.",
        "each month, quarter or half-year has to have such a day: 1 to {most}.",
    ),
    "before_needed": (
        "다른 기한을 기준으로 하면 그 전의 기간만 적을 수 있습니다: before = true를 적으십시오.",
        "from another deadline only a span before it is counted: write before = true.",
    ),
    "not_ahead": (
        "{name}: 미리 알 수 있는 날이 아니어서 그 전의 기간을 둘 수 없습니다.",
        "{name} is not known ahead, so that nothing can be due before it.",
    ),
    "counted_back": (
        "역산하는 기간에는 적을 수 없습니다. 이 항목을 삭제하십시오.",
        "a span before a day is counted back from it. Leave this out.",
    ),
    "met_by_step": (
        "‘{name}’: 기한을 이행하는 절차는 steps.절차 또는 steps.절차.항목으로 적습니다.",
        "“{name}” is no step: write steps.STEP or steps.STEP.FIELD.",
    ),
    "met_by_needed": (
        '{name}: 되풀이되는 기한이므로 무엇으로 이행하는지 적어야 합니다. 예: met_by = "steps.절차".',
        'what is due at {name} is due again and again: say what fulfils it, e.g. met_by = "steps.STEP".',
    ),
    "met_by_program": (
        "‘{deadline}’ 기한은 프로그램이 정한 명령으로 이행합니다. 이 항목을 삭제하거나 kind를 다른 이름으로 지으십시오.",
        "the program knows by what “{deadline}” is met. Leave this out, or give the deadline another kind.",
    ),
    "kind_of_program": (
        "‘{deadline}’ 기한의 이름은 프로그램이 정합니다. 이 항목을 삭제하거나 kind를 다른 이름으로 지으십시오.",
        "the program has a name for “{deadline}”. Leave this out, or give the deadline another kind.",
    ),
    "met_by_itself": (
        "{name}부터 세는 기한은 보고로 이행합니다. 이 항목을 삭제하거나 다른 기산점을 쓰십시오.",
        "what is counted from {name} is met by reports. Leave this out, or count from something else.",
    ),
    "met_by_no_part": (
        "{name}부터 세는 기한은 되풀이되지 않으므로 항목 없이 steps.절차로 적으십시오.",
        "what is counted from {name} does not recur: write steps.STEP, without a field.",
    ),
    "not_taken_there": (
        "‘{step}’: {stage} 단계 {condition} 상태에서 진행하는 절차가 아닙니다.",
        "the step “{step}” is not taken while a task is {stage}, {condition}.",
    ),
    "never_left": (
        "{place}에 걸린 기한도 규칙도 없어 과제가 끝없이 머물 수 있습니다. 가는 길: {way}.",
        "nothing is due and no rule acts while a task is {place}: it might stay so for ever. The way there: {way}.",
    ),
    "given_and_taken": (
        "give와 take 가운데 하나만 적으십시오.",
        "a step gives a command or takes a step, not both: leave one out.",
    ),
}
