"""What a task's stage, its plan, or the year's list does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class NotAllowedNow(Refusal):
    """`allowed`: the commands that the stage and condition do allow."""

    ko = (
        "과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다: 현재 단계는 ‘{stage}’(상태: {condition})입니다. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "“{command}” is refused for task {task}: its stage is “{stage}” (condition: {condition}). "
        "Possible now: {allowed}."
    )


class AlreadyProposed(Refusal):
    """A number is proposed once. `allowed`: the commands that the stage and condition do allow."""

    ko = (
        "과제 {task}: 이미 제안된 번호이므로 다시 제안할 수 없습니다(현재 단계: {stage}, 상태: {condition}). "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "Task {task} has been proposed before and cannot be proposed again "
        "(its stage is “{stage}”, condition: {condition}). Possible now: {allowed}."
    )


class NeverProposed(Refusal):
    """`allowed`: what would make the task exist."""

    ko = (
        "과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다: 아직 제안되지 않았습니다. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = "“{command}” is refused: task {task} has not been proposed. Possible now: {allowed}."


class DatedBeforeLastStageChange(Refusal):
    """`at`: when the command is to have taken effect; `since`: the last change of stage or condition."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 현재 단계 ‘{stage}’(상태: {condition})의 "
        "시작 시각이 {since}입니다. 그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: its stage “{stage}” (condition: {condition}) "
        "began at {since}. Give a time from then on."
    )


class TaskNotListed(Refusal):
    ko = "과제 {task}을(를) 제안할 수 없습니다: {year}년 사업 목록에 없는 번호입니다. 먼저 목록에 등재해야 합니다."
    en = "Task {task} cannot be proposed: it is not on the list of {year}. It must be put on the list first."


class NotTheListedArea(Refusal):
    ko = "과제 {task}: 목록의 분야는 {listed}인데 {area}(으)로 제안되었습니다. {listed}(으)로 제안하십시오."
    en = "Task {task} is listed in the area {listed}, not {area}. Propose it in {listed}."


class NotTheListedLead(Refusal):
    ko = "과제 {task}: 목록의 주관기관은 {listed}인데 {lead}(으)로 제안되었습니다. {listed}만 제안할 수 있습니다."
    en = "Task {task} is listed under the lead of {listed}, not {lead}. Only {listed} can propose it."


class PlannedTooEarly(Refusal):
    """The year's list says that the task cannot begin before a day, and the plan does not say so."""

    ko = (
        "과제 {task}: 목록에 {listed} 이전에는 착수할 수 없다고 되어 있습니다. "
        "계획의 착수 제한일을 {listed} 또는 그 뒤로 적으십시오."
    )
    en = (
        "Task {task}: the year's list says that it cannot begin before {listed}. "
        "Give the plan a “not before” of {listed} or later."
    )


class LeadAmongPartners(Refusal):
    ko = "과제 {task}: 주관기관 {lead}은(는) 협력기관이 될 수 없습니다. 협력기관에서 빼십시오."
    en = "Task {task}: the lead agency {lead} cannot be one of the partners. Leave it out of them."


class PartnerTwice(Refusal):
    ko = "과제 {task}: 협력기관 {partner}이(가) 두 번 나옵니다. 하나만 남기십시오."
    en = "Task {task}: the partner {partner} occurs twice. Leave one of them."


class NothingRevised(Refusal):
    """Only a returned proposal may be answered without a change, by the reason alone."""

    ko = (
        "과제 {task}: 수정한 내용이 없습니다(현재 단계: {stage}, 상태: {condition}). "
        "제목, 소관부서, 협력기관, 추진계획, 요약 가운데 바꿀 것을 주십시오."
    )
    en = (
        "Task {task}: nothing is revised (its stage is “{stage}”, condition: {condition}). "
        "Give a new title, department, partners, plan or summary."
    )


class TooEarlyToStart(Refusal):
    """`on`: the day it was to start, in Seoul."""

    ko = (
        "과제 {task}: {on}에는 착수할 수 없습니다(현재 단계: {stage}). "
        "계획에 따라 {not_before}부터 착수할 수 있습니다."
    )
    en = "Task {task} cannot start on {on} (its stage is “{stage}”). Its plan allows a start from {not_before} on."


class UnknownIndicator(Refusal):
    """`indicators`: those of the plan."""

    ko = "과제 {task}: 추진계획에 없는 성과지표입니다({indicator}). 계획의 성과지표: {indicators}."
    en = "Task {task}: its plan has no indicator {indicator}. The plan's indicators: {indicators}."


class UnknownMilestone(Refusal):
    """`milestones`: those of the plan that are not reached yet."""

    ko = "과제 {task}: 추진계획에 없는 추진일정입니다({milestone}). 아직 남은 추진일정: {milestones}."
    en = "Task {task}: its plan has no milestone {milestone}. Milestones not reached yet: {milestones}."


class MilestoneAlreadyReached(Refusal):
    """`milestones`: those of the plan that are not reached yet."""

    ko = "과제 {task}: 추진일정 {milestone}은(는) 이미 달성되었습니다. 아직 남은 추진일정: {milestones}."
    en = "Task {task}: the milestone {milestone} has been reached before. Not reached yet: {milestones}."


class NotALaterYear(Refusal):
    ko = "과제 {task}: {to_year}년으로 이월할 수 없습니다(현재 단계: {stage}). {year}년 뒤의 연도를 주십시오."
    en = "Task {task} cannot be carried over to {to_year} (its stage is “{stage}”). Give a year after {year}."


class PlanUnchanged(Refusal):
    ko = "과제 {task}: 지금 시행 중인 계획과 같아 변경할 것이 없습니다. 바꿀 내용을 주십시오."
    en = "Task {task}: the new plan is the one in force. Give what is to change."


class ReportedPartDropped(Refusal):
    """`what`: a milestone that was reached, or an indicator that figures were reported for."""

    ko = "과제 {task}: {what}은(는) 이미 보고되어 새 계획에서 뺄 수 없습니다. 새 계획에도 넣으십시오."
    en = "Task {task}: {what} has been reported on and cannot be left out of the new plan. Keep it in."


class NoPlanRequested(Refusal):
    ko = "과제 {task}: 승인을 기다리는 계획 변경이 없어 ‘{command}’ 명령을 받을 수 없습니다. 이력을 확인하십시오."
    en = "“{command}” is refused for task {task}: no new plan waits for a decision. See its history."


class AnotherPlanRequested(Refusal):
    """`given`: the request that was to be approved; `latest`: the version of the one that waits."""

    ko = "과제 {task}: {given} 뒤에 다른 계획 변경(#{latest})이 요청되었습니다. 새 요청을 확인하고 다시 실행하십시오."
    en = "Task {task}: after {given} another plan was asked for (#{latest}). Look at that one and try again."


class LeadsAlready(Refusal):
    ko = "과제 {task}: {lead}이(가) 이미 주관기관입니다. 다른 기관을 주십시오."
    en = "Task {task} is led by {lead} already. Name another agency."


class NotAPartner(Refusal):
    ko = "과제 {task}: {partner}은(는) 협업기관이 아니므로 해제할 수 없습니다. 협업기관: {partners}."
    en = "Task {task}: {partner} is not a partner and cannot be released. Its partners: {partners}."


class FactOfAnotherStream(Refusal):
    ko = (
        "과제 {task}: {fact}은(는) 다른 이력의 기록이므로 정정할 수 없습니다. 이 과제의 이력 번호를 주십시오."
    )
    en = "Task {task}: {fact} stands in another history and cannot be corrected here. Name a fact of this task."


class NoSuchFact(Refusal):
    ko = "과제 {task}: {fact} 기록이 없습니다. 이력의 마지막 번호는 {last}입니다."
    en = "Task {task} has no fact {fact}. The last number in its history is {last}."


class StageOver(Refusal):
    """The fact belongs to a stage that has ended."""

    ko = "과제 {task}: {fact} 뒤에 단계가 바뀌어 ‘{command}’ 명령을 받을 수 없습니다. 현재 단계의 기록만 고칠 수 있습니다."
    en = "“{command}” is refused for task {task}: its stage has changed since {fact}. Only facts of this stage can be."


class CorrectsACorrection(Refusal):
    ko = "과제 {task}: {fact}은(는) 그 자체가 정정이므로 정정할 수 없습니다. 정정을 취소하고 처음 기록을 정정하십시오."
    en = "Task {task}: {fact} is itself a correction. Cancel it, and correct the fact it is about."


class NothingToCorrect(Refusal):
    ko = "과제 {task}: {fact}에는 정정할 수치나 날짜가 없습니다. 보고나 착수 기록을 고르십시오."
    en = "Task {task}: {fact} holds no figure or date to correct. Name a report or the start."


class NothingToCorrectAnyMore(Refusal):
    ko = (
        "과제 {task}: {fact}에는 평가 뒤에 정정할 내용이 없습니다. 보고·착수·시민평가·평가 기록을 고르십시오."
    )
    en = "Task {task}: {fact} holds nothing to correct after the evaluation. Name a report, the start, the rating or the evaluation."


class CorrectedAlready(Refusal):
    """`correction`: the version of the one that stands."""

    ko = "과제 {task}: {fact}은(는) 이미 정정되었습니다(#{correction}). 그 정정을 먼저 취소하십시오."
    en = "Task {task}: {fact} has been corrected already (#{correction}). Cancel that correction first."


class NotSaidThere(Refusal):
    """`what`: percent, on, or an indicator."""

    ko = "과제 {task}: {fact}에는 {what} 값이 없어 정정할 수 없습니다. 그 기록에 있는 값만 고칠 수 있습니다."
    en = "Task {task}: {fact} says nothing of {what}. Only what it said can be corrected."


class CorrectsNothing(Refusal):
    ko = "과제 {task}: {fact}의 값과 같아 정정할 것이 없습니다. 바른 값을 주십시오."
    en = "Task {task}: {fact} says the same already. Give the right values."


class StartedInFuture(Refusal):
    ko = "과제 {task}: 착수일 {on}은(는) 아직 오지 않았습니다(오늘 {today}). 지난 날짜를 주십시오."
    en = (
        "Task {task} cannot have started on {on}, which has not come yet (today is {today}). Give a past day."
    )


class NotACorrection(Refusal):
    ko = "과제 {task}: {fact}은(는) 정정이 아니므로 취소할 수 없습니다. 정정의 이력 번호를 주십시오."
    en = "Task {task}: {fact} is not a correction and cannot be cancelled. Name a correction."


class CancelledAlready(Refusal):
    ko = "과제 {task}: {fact} 정정은 이미 취소되었습니다. 더 할 일이 없습니다."
    en = "Task {task}: the correction {fact} has been cancelled before. There is nothing to do."


class HeldAlready(Refusal):
    """`basis`: of the hold that is in force."""

    ko = "과제 {task}: 이미 보존 지정되어 있습니다(근거: {basis}). 근거를 바꾸려면 먼저 해제하십시오."
    en = "Task {task} is on legal hold already (basis: {basis}). Lift it first to name another."


class NotHeld(Refusal):
    ko = "과제 {task}: 보존 지정되어 있지 않아 해제할 것이 없습니다."
    en = "Task {task} is not on legal hold; there is nothing to lift."


class DeadlinesOutdated(Refusal):
    """The task has moved on since its deadlines were counted."""

    ko = "과제 {task}: 기한을 계산한 뒤에 이력이 늘었습니다({seen}건에서 {found}건으로). 다시 계산하십시오."
    en = "Task {task} has moved on since its deadlines were counted (from {seen} facts to {found}). Count again."


class CalendarChanged(Refusal):
    """The calendar has changed since the deadlines were counted."""

    ko = "과제 {task}: 기한을 계산한 뒤에 {year}년 달력이 바뀌었습니다. 다시 계산하십시오."
    en = "Task {task}: the calendar of {year} has changed since the deadlines were counted. Count again."


class PeriodOutside(Refusal):
    """A report is of a quarter between the start of the work and today. `first`, `last`: those quarters."""

    ko = "과제 {task}: {period}에는 보고할 실적이 없습니다. {first}부터 {last}까지의 분기를 주십시오."
    en = "Task {task}: there is nothing to report of {period}. Give a quarter from {first} to {last}."


class RatedAlready(Refusal):
    """The citizens rate once."""

    ko = "과제 {task}의 시민평가 결과({score}점)는 이미 입력되었습니다. `donghaeng task history {task}`로 확인하십시오."
    en = "The citizens' rating of task {task} is entered already: {score} points. Look with `donghaeng task history {task}`."


class DecidedBeforeRequested(Refusal):
    """`at`: when the decision is to have taken effect; `since`: when the new plan was asked for."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 계획 변경 요청이 {since}입니다. "
        "그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the new plan was asked for at {since}. "
        "Give a time from then on."
    )


class RequestOutdone(Refusal):
    """A request for a plan of before another plan, request or decision. `since`: when that was."""

    ko = (
        "과제 {task}의 ‘{command}’ 요청은 {at}(으)로 소급할 수 없습니다: {since}에 이미 다른 계획이 정해졌거나 "
        "요청되었습니다. 그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot be asked for at {at}: another plan was settled or asked for at {since}. "
        "Give a time from then on."
    )


class ReleasedBeforeAdded(Refusal):
    """`since`: when the agency came to take part."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 그 기관은 {since}부터 협업기관입니다. "
        "그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the agency is a partner since {since}. "
        "Give a time from then on."
    )


class LeadsBeforePartner(Refusal):
    """A hand-over of before the agency came to be a partner, which it still is. `since`: when it came to be."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 그 기관은 {since}부터 협업기관입니다. "
        "협업기관에서 먼저 해제하거나 그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the agency is a partner since {since}. "
        "Release it first, or give a time from then on."
    )


class HeldBeforeLifted(Refusal):
    """A hold of before the last one was lifted would hold nothing. `since`: when that was."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: {since}에 보존 지정이 해제되었습니다. "
        "그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the last hold was lifted at {since}. "
        "Give a time from then on."
    )


class LiftedBeforeHeld(Refusal):
    """`since`: when the hold was placed."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 보존 지정이 {since}입니다. "
        "그 이후의 시각을 주십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the hold was placed at {since}. "
        "Give a time from then on."
    )
