"""What a task may refuse when it is to move."""

from __future__ import annotations

from domain.errors import Refusal


class NotAllowedNow(Refusal):
    """`allowed`: the commands that whoever gave it could give there now."""

    ko = (
        "과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다: 현재 단계는 ‘{stage}’(상태: {condition})입니다. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "“{command}” is refused for task {task}: its stage is “{stage}” (condition: {condition}). "
        "Possible now: {allowed}."
    )


class AlreadyProposed(Refusal):
    """A number is proposed once. `allowed`: the commands that whoever gave it could give there now."""

    ko = (
        "과제 {task}: 이미 제안된 번호이므로 다시 제안할 수 없습니다(현재 단계: {stage}, 상태: {condition}). "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "Task {task} has been proposed before and cannot be proposed again "
        "(its stage is “{stage}”, condition: {condition}). Possible now: {allowed}."
    )


class NeverProposed(Refusal):
    """`allowed`: what whoever gave it could do about that."""

    ko = (
        "과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다: 아직 제안되지 않았습니다. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = "“{command}” is refused: task {task} has not been proposed. Possible now: {allowed}."


class DatedBeforeLastStageChange(Refusal):
    """`at`: when the command is to have taken effect; `since`: the last change of stage or condition."""

    ko = (
        "과제 {task}의 ‘{command}’ 명령은 {at}(으)로 소급할 수 없습니다: 현재 단계 ‘{stage}’(상태: {condition})의 "
        "시작 시각이 {since}입니다. 그 이후의 시각을 지정하십시오."
    )
    en = (
        "“{command}” for task {task} cannot take effect at {at}: its stage “{stage}” (condition: {condition}) "
        "began at {since}. Give a time from then on."
    )


class NoRequestLapses(Refusal):
    """Nobody was asked for the proposal, or the year is still open."""

    ko = "과제 {task}의 제안 요청은 소멸되지 않습니다: 요청이 없거나 {year}년 사업이 마감되지 않았습니다. 마감 뒤에 다시 실행하십시오."
    en = "No request for the proposal of task {task} lapses: there is none, or the year {year} is open. Try again once it is closed."


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
    ko = "과제 {task}: 주관기관 {lead}은(는) 협업기관이 될 수 없습니다. 협업기관에서 빼십시오."
    en = "Task {task}: the lead agency {lead} cannot be one of the partners. Leave it out of them."


class PartnerTwice(Refusal):
    ko = "과제 {task}: 협업기관 {partner}이(가) 중복됩니다. 하나만 남기십시오."
    en = "Task {task}: the partner {partner} occurs twice. Leave one of them."


class NothingRevised(Refusal):
    """Only a returned proposal may be answered without a change, by the reason alone."""

    ko = (
        "과제 {task}: 수정한 내용이 없습니다(현재 단계: {stage}, 상태: {condition}). "
        "과제명, 소관부서, 협업기관, 추진계획, 요약 가운데 바꿀 것을 지정하십시오."
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
    ko = "과제 {task}: {to_year}년으로 이월할 수 없습니다(현재 단계: {stage}). {year}년 뒤의 연도를 지정하십시오."
    en = "Task {task} cannot be carried over to {to_year} (its stage is “{stage}”). Give a year after {year}."


class PeriodOutside(Refusal):
    """A report is of a quarter between the start of the work and today. `first`, `last`: those quarters."""

    ko = "과제 {task}: {period}에는 보고할 실적이 없습니다. {first}부터 {last}까지의 분기를 지정하십시오."
    en = "Task {task}: there is nothing to report of {period}. Give a quarter from {first} to {last}."


class RatedAlready(Refusal):
    """The citizens rate once."""

    ko = "과제 {task}의 시민평가 결과({score}점)는 이미 입력되었습니다. `donghaeng task history {task}`로 확인하십시오."
    en = "The citizens' rating of task {task} is entered already: {score} point(s). Look with `donghaeng task history {task}`."
