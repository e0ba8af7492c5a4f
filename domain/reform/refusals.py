"""What a reform case does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class CaseEnteredAlready(Refusal):
    ko = "우수사례 {case}은(는) 이미 등록되었습니다. 고치려면 `donghaeng reform revise`를 쓰고, 다른 사례라면 다른 식별자를 쓰십시오."
    en = "The reform case {case} was entered before. Change it with `donghaeng reform revise`, or use another id for another case."


class CaseNotEntered(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 우수사례 {case}은(는) 등록되지 않았습니다. `donghaeng reform list`로 확인하십시오."
    en = "“{command}” is refused: the reform case {case} was never entered. See `donghaeng reform list`."


class CaseNotNow(Refusal):
    """`stage`: where the case stands; `allowed`: where it would have to."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 우수사례 {case}의 상태는 ‘{stage}’입니다. 이 명령은 ‘{allowed}’ 상태에서 내립니다."
    en = "“{command}” is refused: the reform case {case} is {stage}. It is given where a case is: {allowed}."


class CaseCheckedAlready(Refusal):
    ko = "우수사례 {case}은(는) 이미 확인되었습니다. 새 수치는 `donghaeng reform figures`로 등록하십시오."
    en = "The reform case {case} was confirmed before. Enter new figures with `donghaeng reform figures`."


class CaseYearNotOpen(Refusal):
    ko = "우수사례 {case}: {year}년 사업연도는 개시되지 않았습니다. 연도를 확인하거나 `donghaeng programme open`으로 개시하십시오."
    en = "The reform case {case}: nobody opened the programme of {year}. Check the year, or open it with `donghaeng programme open`."


class RevisionEmpty(Refusal):
    ko = "우수사례 {case}: 바꿀 내용이 없습니다. 이름, 유형, 수치, 이관, 내용, 증빙 가운데 바뀐 것을 지정하십시오."
    en = "The reform case {case}: nothing is to be changed. Give the name, category, figures, transfers, text or evidence that is other."


class FigureTurnedRound(Refusal):
    """A figure's day after is before its day before."""

    ko = "우수사례 {case}의 수치 ‘{figure}’: 이후 수치의 날짜({after})가 이전 수치의 날짜({before})보다 빠릅니다. 날짜를 확인하십시오."
    en = "The reform case {case}, figure “{figure}”: the figure after is of {after}, which is earlier than the one before ({before}). Check the days."


class MovedToItself(Refusal):
    ko = "우수사례 {case}: ‘{name}’의 이관 전과 후가 같은 기관({agency})입니다. 넘겨받은 기관을 지정하십시오."
    en = (
        "The reform case {case}: “{name}” cannot go from {agency} to itself. Name the agency that has it now."
    )


class PresentedAtNoMeeting(Refusal):
    ko = "우수사례 {case}: 회의 {meeting}은(는) 소집되지 않았거나 취소되었습니다. `donghaeng meeting list`로 확인하십시오."
    en = "The reform case {case}: the meeting {meeting} was never called, or was cancelled. See `donghaeng meeting list`."


class PresentedTooEarly(Refusal):
    ko = "우수사례 {case}: 회의 {meeting}은(는) {on}에 열립니다. 발표는 그날부터 기록합니다."
    en = "The reform case {case}: the meeting {meeting} is on {on}. That it was presented there is recorded from that day on."


class PresentedWithoutItem(Refusal):
    ko = "우수사례 {case}: 회의 {meeting}의 안건에 {item}번이 없습니다. `donghaeng meeting show {meeting}`로 확인하십시오."
    en = "The reform case {case}: the agenda of the meeting {meeting} has no item {item}. See `donghaeng meeting show {meeting}`."


class PresentedAlready(Refusal):
    ko = "우수사례 {case}은(는) 회의 {meeting}에서 이미 발표되었습니다. 다른 회의를 지정하십시오."
    en = "The reform case {case} was presented at the meeting {meeting} before. Name another meeting."


class TakenOverByOwner(Refusal):
    ko = "우수사례 {case}은(는) {agency}의 사례이므로 그 기관이 도입할 수 없습니다. 다른 기관을 지정하십시오."
    en = "The reform case {case} is {agency}'s own, which cannot take it over. Name another agency."


class TakenOverAlready(Refusal):
    ko = "우수사례 {case}: {agency}은(는) 이미 도입하였습니다. 그 기관의 새 수치는 `donghaeng reform figures`로 등록하십시오."
    en = "The reform case {case}: {agency} took it over before. Enter its new figures with `donghaeng reform figures`."


class NoFiguresOfAgency(Refusal):
    """`known`: whose figures the case takes."""

    ko = "우수사례 {case}: {agency}의 사례가 아니며 그 기관이 도입하지도 않았습니다. 수치를 등록할 수 있는 기관: {known}."
    en = "The reform case {case}: it is not {agency}'s, and {agency} did not take it over. Agencies with figures here: {known}."
