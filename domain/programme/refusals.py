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
    ko = "{year}년 사업을 개시할 수 없습니다: 분야 {area}이(가) 중복됩니다. 하나만 남기십시오."
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
    """`tasks`: which, each with its stage, and how whoever asked could end it."""

    ko = (
        "{year}년 사업을 마감할 수 없습니다: 끝나지 않은 과제가 있습니다({tasks}). "
        "각 과제를 적힌 명령으로 끝낸 뒤 마감하십시오. 명령이 적히지 않은 과제는 주관기관이 먼저 처리해야 합니다."
    )
    en = (
        "The programme of {year} cannot be closed: tasks are still open ({tasks}). End each of them first, by what "
        "stands beside it; where nothing does, it is the lead agency's turn."
    )


class AreaKnown(Refusal):
    """`name`: what it is called."""

    ko = "{year}년 사업에는 분야 {area}(‘{name}’)이(가) 이미 있습니다. 이름을 바꾸려면 `programme rename-area`를 쓰십시오."
    en = "The programme of {year} has the area {area} (“{name}”) already. To rename it, use `programme rename-area`."


class NoSuchArea(Refusal):
    """`areas`: what the year has."""

    ko = "{year}년 사업에 없는 분야입니다({area}). 있는 분야: {areas}. 새로 두려면 `programme add-area`를 쓰십시오."
    en = "The programme of {year} has no area {area}. Its areas: {areas}. To add one, use `programme add-area`."


class NotListed(Refusal):
    ko = "과제 {task}: {year}년 목록에 없어 고칠 수 없습니다. `programme add-task`로 먼저 등재하십시오."
    en = "Task {task} is not on the list of {year}, so nothing of it can be changed. List it first, with `programme add-task`."


class ListedAndProposed(Refusal):
    """The list only says what may be proposed. `allowed`: what whoever asked could do about the task instead."""

    ko = (
        "과제 {task}: 이미 제안되어(현재 단계: {stage}) 목록에서는 고칠 수 없습니다. "
        "지금 할 수 있는 명령: {allowed}. 제안된 내용은 주관기관이 고칩니다."
    )
    en = (
        "Task {task} has been proposed (its stage is “{stage}”), so the list cannot change it any more. "
        "Possible now: {allowed}. What was proposed is for its lead agency to change."
    )


class NothingChanged(Refusal):
    ko = "‘{command}’: 지금 값과 같아 바꿀 것이 없습니다. 바꿀 내용을 지정하십시오."
    en = "“{command}” is refused: everything given is so already. Give what is to change."


class ContactUnchanged(Refusal):
    ko = "{office}의 연락처는 이미 {address}입니다. 바꿀 것이 없습니다."
    en = "The contact of the {office} is {address} already. There is nothing to change."
