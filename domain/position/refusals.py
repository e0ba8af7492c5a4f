"""What a position's entry, or the lack of one, does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class PositionNotDeclared(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 등록되지 않은 시 직위입니다({position}). `donghaeng position add`로 먼저 등록하십시오."
    en = "“{command}” is refused: the city has no position {position}. Declare it first with `donghaeng position add`."


class PositionNameUnchanged(Refusal):
    ko = "시 직위 {position}의 이름은 이미 ‘{name}’입니다. 바꿀 이름을 지정하십시오."
    en = "The position {position} is called “{name}” already. Give the new name."


class HoldsAlready(Refusal):
    ko = "{subject}은(는) 이미 시 직위 {position}에 있습니다. `donghaeng position show {position}`로 확인하십시오."
    en = "{subject} holds the position {position} already. See `donghaeng position show {position}`."


class HoldsNot(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: {subject}은(는) 시 직위 {position}에 있지 않습니다. 먼저 임명하십시오."
    en = "“{command}” is refused: {subject} does not hold the position {position}. Appoint that person first."


class PersonUnknown(Refusal):
    """Nobody was registered under this id."""

    ko = (
        "시 직위 {position}: {subject}은(는) 등록된 사람이 아닙니다. `donghaeng subject list`로 번호를 확인하거나 "
        "`donghaeng subject register`로 먼저 등록하십시오."
    )
    en = (
        "Position {position}: {subject} is nobody who was registered. Look the id up with `donghaeng subject list`, or "
        "register the person first with `donghaeng subject register`."
    )


class PersonGone(Refusal):
    """The person's details were erased."""

    ko = "시 직위 {position}: {subject}은(는) 개인정보가 파기된 사람입니다. 다시 등록하여 새 번호로 지정하십시오."
    en = "Position {position}: the details of {subject} were erased. Register the person anew and use the new id."


class ReleasedBeforeHeld(Refusal):
    """`at`: when the release is to have been; `since`: when the person came into the position."""

    ko = "시 직위 {position}: {subject}을(를) {at}(으)로 소급하여 해임할 수 없습니다: 임명이 {since}입니다. 그 이후의 시각을 지정하십시오."
    en = "Position {position}: {subject} cannot be released at {at}, before being appointed at {since}. Give a time from then on."


class DelegatesToSelf(Refusal):
    ko = "시 직위 {position}: 본인에게 위임할 수 없습니다. 다른 사람을 지정하십시오."
    en = "Position {position}: nobody delegates to himself. Name another person."


class DelegationUnending(Refusal):
    ko = "시 직위 {position}: 대결과 직무대리에는 종료일이 필요합니다. 종료일을 지정하거나 전결로 지정하십시오."
    en = "Position {position}: a proxy or substitute needs a last day. Give one, or delegate it as standing."


class DelegationTurnedRound(Refusal):
    ko = "시 직위 {position}: 종료일({ends})이 시작일({starts})이나 오늘({today})보다 빠릅니다. 날짜를 확인하십시오."
    en = "Position {position}: the last day {ends} is before the first day {starts} or today ({today}). Look at the dates."


class NoSuchDelegation(Refusal):
    ko = "시 직위 {position}: #{number} 위임은 없거나 이미 끝났습니다. `donghaeng position show {position}`로 확인하십시오."
    en = "Position {position}: there is no delegation #{number}, or it has ended. See `donghaeng position show {position}`."
