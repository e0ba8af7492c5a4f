"""What a task may refuse when something of it is to change: its plan, its agencies, what was reported, its holds, its deadlines."""

from __future__ import annotations

from domain.errors import Refusal


class PlanUnchanged(Refusal):
    ko = "과제 {task}: 지금 시행 중인 계획과 같아 변경할 것이 없습니다. 바꿀 내용을 지정하십시오."
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
    ko = "과제 {task}: {lead}이(가) 이미 주관기관입니다. 다른 기관을 지정하십시오."
    en = "Task {task} is led by {lead} already. Name another agency."


class NotAPartner(Refusal):
    ko = "과제 {task}: {partner}은(는) 협업기관이 아니므로 해제할 수 없습니다. 협업기관: {partners}."
    en = "Task {task}: {partner} is not a partner and cannot be released. Its partners: {partners}."


class FactOfAnotherStream(Refusal):
    ko = "과제 {task}: {fact}은(는) 다른 이력의 기록이므로 정정할 수 없습니다. 이 과제의 이력 번호를 지정하십시오."
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
    ko = "과제 {task}: {fact}의 값과 같아 정정할 것이 없습니다. 바른 값을 지정하십시오."
    en = "Task {task}: {fact} says the same already. Give the right values."


class StartedInFuture(Refusal):
    ko = "과제 {task}: 착수일 {on}은(는) 아직 오지 않았습니다(오늘 {today}). 지난 날짜를 지정하십시오."
    en = (
        "Task {task} cannot have started on {on}, which has not come yet (today is {today}). Give a past day."
    )


class NotACorrection(Refusal):
    ko = "과제 {task}: {fact}은(는) 정정이 아니므로 취소할 수 없습니다. 정정의 이력 번호를 지정하십시오."
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
    en = "Task {task} has moved on since its deadlines were counted (from {seen} fact(s) to {found}). Count again."


class CalendarChanged(Refusal):
    """The calendar has changed since the deadlines were counted."""

    ko = "과제 {task}: 기한을 계산한 뒤에 {year}년 달력이 바뀌었습니다. 다시 계산하십시오."
    en = "Task {task}: the calendar of {year} has changed since the deadlines were counted. Count again."


class DecidedBeforeRequested(Refusal):
    """`at`: when the decision is to have taken effect; `since`: when the new plan was asked for."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 계획 변경 요청이 {since}입니다. "
        "그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the new plan was asked for at {since}. "
        "Give a time from then on."
    )


class RequestOutdone(Refusal):
    """A request for a plan of before another plan, request or decision. `since`: when that was."""

    ko = (
        "과제 {task}의 ‘{command}’ 요청은 {at}(으)로 소급할 수 없습니다: {since}에 이미 다른 계획이 정해졌거나 "
        "요청되었습니다. 그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot be asked for at {at}: another plan was settled or asked for at {since}. "
        "Give a time from then on."
    )


class ReleasedBeforeAdded(Refusal):
    """`since`: when the agency came to take part."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 그 기관은 {since}부터 협업기관입니다. "
        "그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the agency is a partner since {since}. "
        "Give a time from then on."
    )


class LeadsBeforePartner(Refusal):
    """A hand-over of before the agency came to be a partner, which it still is. `since`: when it came to be."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 그 기관은 {since}부터 협업기관입니다. "
        "주관기관 담당자가 먼저 해제하거나(`task release-partner`), 그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the agency is a partner since {since}. "
        "Let the lead's officer release it first (`task release-partner`), or give a time from then on."
    )


class HeldBeforeLifted(Refusal):
    """A hold of before the last one was lifted would hold nothing. `since`: when that was."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: {since}에 보존 지정이 해제되었습니다. "
        "그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the last hold was lifted at {since}. "
        "Give a time from then on."
    )


class LiftedBeforeHeld(Refusal):
    """`since`: when the hold was placed."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 보존 지정이 {since}입니다. "
        "그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: the hold was placed at {since}. "
        "Give a time from then on."
    )
