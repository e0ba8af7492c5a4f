"""What a year's programme does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class ProgrammeNotOpen(Refusal):
    """`stage`: never opened, or closed already."""

    ko = (
        "{year}년 사업에는 ‘{command}’ 명령을 내릴 수 없습니다: 현재 상태는 ‘{stage}’입니다. "
        "진행 중인 연도에만 할 수 있습니다."
    )
    en = "“{command}” is refused: the programme of {year} is {stage}. It is possible while a programme is open."


class ProgrammeAlreadyOpened(Refusal):
    """A year is opened once; closed years stay closed."""

    ko = "{year}년 사업은 이미 개시되었습니다(현재 상태: {stage}). 개시는 한 번만 할 수 있습니다."
    en = "The programme of {year} has been opened before (it is {stage} now). A year is opened once."


class AreaTwice(Refusal):
    ko = "{year}년 사업을 개시할 수 없습니다: 분야 {area}이(가) 두 번 나옵니다. 하나만 남기십시오."
    en = "The programme of {year} cannot be opened: the area {area} occurs twice. Leave one of them."


class UnknownArea(Refusal):
    """`areas`: what the year has."""

    ko = "과제 {task}: {year}년 사업에 없는 분야입니다({area}). 선택할 수 있는 분야: {areas}."
    en = "Task {task}: the programme of {year} has no area {area}. Its areas: {areas}."


class TaskOfAnotherYear(Refusal):
    ko = "과제 {task}: {year}년 사업의 번호가 아닙니다. 번호는 {year}-(으)로 시작해야 합니다."
    en = "Task {task} is not of the programme of {year}. Its number must begin with {year}-."


class TaskAlreadyListed(Refusal):
    ko = "과제 {task}: 이미 {year}년 목록에 ‘{title}’(으)로 있습니다. 다른 번호로 등재하십시오."
    en = "Task {task} is on the list of {year} already, as “{title}”. Use another number."


class TasksStillOpen(Refusal):
    """`tasks`: which, each with its stage."""

    ko = (
        "{year}년 사업을 마감할 수 없습니다: 끝나지 않은 과제가 있습니다({tasks}). "
        "평가, 이월, 중단, 반려, 철회 가운데 하나로 끝낸 뒤 마감하십시오."
    )
    en = (
        "The programme of {year} cannot be closed: tasks are still open ({tasks}). "
        "Evaluate, carry over, discontinue, reject or withdraw them first."
    )


class ContactUnchanged(Refusal):
    ko = "{office}의 연락처는 이미 {address}입니다. 바꿀 것이 없습니다."
    en = "The contact of the {office} is {address} already. There is nothing to change."
