"""What a policy concern does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class ConcernRaisedAlready(Refusal):
    ko = "현안 {concern}은(는) 이미 제기되었습니다. 의견은 `donghaeng concern give-opinion`으로 내고, 다른 현안이라면 다른 식별자를 쓰십시오."
    en = "The concern {concern} was raised before. Give an opinion with `donghaeng concern give-opinion`, or use another id for another concern."


class ConcernNotRaised(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 현안 {concern}은(는) 제기되지 않았습니다. `donghaeng concern list`로 확인하십시오."
    en = "“{command}” is refused: the concern {concern} was never raised. See `donghaeng concern list`."


class ConcernNotNow(Refusal):
    """`stage`: where the concern stands; `allowed`: where it would have to."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 현안 {concern}의 상태는 ‘{stage}’입니다. 이 명령은 ‘{allowed}’ 상태에서 내립니다."
    en = (
        "“{command}” is refused: the concern {concern} is {stage}. It is given where a concern is: {allowed}."
    )


class ConcernYearNotOpen(Refusal):
    ko = "현안 {concern}: {year}년 사업연도는 진행 중이 아닙니다(현재 ‘{stage}’). 연도를 확인하거나 `donghaeng programme open`으로 개시하십시오."
    en = "The concern {concern}: the programme of {year} is not open ({stage}). Check the year, or open it with `donghaeng programme open`."


class OpinionsOver(Refusal):
    ko = "현안 {concern}: 의견은 {until}까지 낼 수 있었습니다(오늘 {day}). 총괄부서에 추가 의견 수렴(`donghaeng concern open-round`)을 요청하십시오."
    en = "The concern {concern}: opinions could be given until {until}, and this is {day}. Ask the planner for another round (`donghaeng concern open-round`)."


class OpinionsMayCome(Refusal):
    ko = "현안 {concern}: 의견 제출 기간({until}까지)이 끝나지 않아 대안을 채택할 수 없습니다(오늘 {day}). 기간이 지난 뒤 채택하십시오."
    en = "The concern {concern}: opinions may be given until {until}, and this is {day}. Choose an alternative after that."


class NoSuchAlternative(Refusal):
    """`known`: the numbers of those that were not dropped."""

    ko = "현안 {concern}: 대안 {alternative}은(는) 없습니다. 남은 대안: {known}."
    en = "The concern {concern} has no alternative {alternative}. Its alternatives are: {known}."


class AlternativeIsDropped(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 현안 {concern}의 대안 {alternative}(‘{title}’)은(는) 제외되었습니다. 남은 대안: {known}. 다시 검토하려면 새 대안으로 제시하십시오."
    en = "“{command}” is refused: alternative {alternative} (“{title}”) of the concern {concern} was dropped. What is left: {known}. Add it as a new one if it is to be looked at again."


class DeferredToThePast(Refusal):
    ko = "현안 {concern}: 다시 다룰 날 {until}이(가) 오늘({day})보다 뒤여야 합니다. 날짜를 확인하십시오."
    en = "The concern {concern} is deferred until {until}, which has to come after this day ({day}). Check the day."


class NothingThere(Refusal):
    """`what`: a stream, and a decision's number behind it where it is one."""

    ko = "현안 {concern}: {what}은(는) 없습니다. 식별자를 확인하여 task/2024-07, meeting/heads-2024-2#7, definition/own/2, concern/night-buses처럼 적으십시오."
    en = "The concern {concern}: there is no {what}. Check the id, e.g. task/2024-07, meeting/heads-2024-2#7, definition/own/2, concern/night-buses."


class LinkedAlready(Refusal):
    ko = "현안 {concern}: {what}은(는) 이미 후속 조치로 연결되었습니다. 다른 것을 지정하십시오."
    en = "The concern {concern}: {what} is linked already. Name something else."


class ConcernsInCircle(Refusal):
    """`what`: the concern that was to follow, though it was raised no later."""

    ko = "현안 {concern}: {what}은(는) 이 현안보다 먼저 제기되어 후속 현안이 될 수 없습니다(현안이 서로 꼬리를 물게 됩니다). 먼저 제기된 현안에 이 현안을 연결하십시오."
    en = "The concern {concern}: {what} was not raised after it, so that it cannot follow from it: concerns would follow from each other in a circle. Link the later one to the earlier one."


class ReviewNotYet(Refusal):
    ko = "현안 {concern}: 사후 점검은 {day}부터 할 수 있습니다(오늘 {today}). 그날 이후에 점검하십시오."
    en = "The concern {concern} is reviewed from {day} on, and this is {today}. Review it then."
