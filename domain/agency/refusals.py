"""What an agency's entry, or the lack of one, does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class AgencyAlreadyRegistered(Refusal):
    """`agency`, `name`: who stands there under this id."""

    ko = "기관 {agency}: 이미 ‘{name}’(으)로 등록되어 있어 다시 등록할 수 없습니다. 다른 식별자로 등록하십시오."
    en = "The agency {agency} is already registered as “{name}” and cannot be registered again. Use another id."


class AgencyNotRegistered(Refusal):
    """`command` names an agency that nobody registered."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 등록되지 않은 기관입니다({agency}). 먼저 기관을 등록하십시오."
    en = "“{command}” is refused: the agency {agency} is not registered. Register it first."


class AgencyMergedAway(Refusal):
    """`successor`: the agency that answers in its place."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: {agency}은(는) {successor}에 통합되었습니다. 그 기관을 지정하십시오."
    en = "“{command}” is refused: {agency} was merged into {successor}. Name that agency instead."


class AgencyClosed(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: {agency}은(는) 폐지된 기관입니다. 다른 기관을 지정하십시오."
    en = "“{command}” is refused: the agency {agency} was closed. Name another agency."


class NameUnchanged(Refusal):
    ko = "기관 {agency}의 이름은 이미 ‘{name}’입니다. 바꿀 이름을 지정하십시오."
    en = "The agency {agency} is called “{name}” already. Give the new name."


class MergesIntoItself(Refusal):
    ko = "기관 {agency}을(를) 그 자신에 통합할 수 없습니다. 다른 기관을 지정하십시오."
    en = "The agency {agency} cannot be merged into itself. Name another agency."


class MergesInCircle(Refusal):
    ko = "기관 {agency}을(를) {into}에 통합할 수 없습니다: {into}이(가) 이미 {agency}에 통합되었습니다. 이력을 확인하십시오."
    en = "{agency} cannot be merged into {into}: that one was merged into {agency} before. See its history."


class TransfersToItself(Refusal):
    ko = "기관 {agency}의 기능·시설을 그 자신에게 이관할 수 없습니다. 다른 기관을 지정하십시오."
    en = "{agency} cannot transfer anything to itself. Name another agency."


class AppointsUnknown(Refusal):
    """Nobody was registered under this id, so nobody could be told who is in the post."""

    ko = (
        "기관 {agency}: {subject}은(는) 등록된 사람이 아니어서 지정할 수 없습니다. `donghaeng subject list`로 번호를 확인하거나 "
        "`donghaeng subject register`로 먼저 등록하십시오."
    )
    en = (
        "{subject} is nobody who was registered and cannot be appointed at {agency}. Look the id up with "
        "`donghaeng subject list`, or register the person first with `donghaeng subject register`."
    )


class AppointsErased(Refusal):
    ko = "기관 {agency}: {subject}은(는) 개인정보가 파기된 사람이어서 지정할 수 없습니다. 다시 등록하여 새 번호로 지정하십시오."
    en = "The details of {subject} were erased: nobody can be appointed at {agency} under that id. Register the person anew and use the new id."


class AppointedAlready(Refusal):
    ko = "기관 {agency}: {subject}은(는) 이미 {post}입니다. 이력을 확인하십시오."
    en = "{subject} holds the post “{post}” of {agency} already. See its history."


class HasAHead(Refusal):
    """`head`: the subject in the post."""

    ko = "기관 {agency}의 기관장은 이미 {head}입니다. 먼저 해제하십시오."
    en = "The agency {agency} has a head already ({head}). Release that person first."


class NotInPost(Refusal):
    ko = "기관 {agency}: {subject}은(는) {post}이(가) 아니므로 ‘{command}’ 명령을 받을 수 없습니다. 먼저 지정하십시오."
    en = "“{command}” is refused: {subject} is not {post} of {agency}. Appoint that person first."


class StandsForSelf(Refusal):
    """`command`: a substitution or a delegation."""

    ko = "기관 {agency}: 본인이 본인을 대신할 수 없어 ‘{command}’ 명령을 받을 수 없습니다. 다른 사람을 지정하십시오."
    en = "“{command}” is refused for {agency}: nobody stands in for himself. Name another person."


class SpanTurnedRound(Refusal):
    ko = "기관 {agency}: 종료일({ends})이 시작일({starts})보다 빠릅니다. 날짜를 확인하십시오."
    en = "For {agency}: the span ends on {ends}, before it starts on {starts}. Look at the dates."


class SpanInPast(Refusal):
    ko = "기관 {agency}: 기간이 이미 {ends}에 끝났습니다(오늘 {today}). 끝나지 않은 기간을 지정하십시오."
    en = "For {agency}: the span ended on {ends} already (today is {today}). Give one that has not ended."


class TwoAtOnce(Refusal):
    """`number`: of the substitution that covers some of the days."""

    ko = (
        "기관 {agency}: {starts}~{ends}에는 이미 다른 직무대리(#{number})가 있습니다. 그것을 먼저 끝내십시오."
    )
    en = "For {agency} there is another substitution (#{number}) within {starts} to {ends}. End that one first."


class StandInCircle(Refusal):
    """`day`: the first on which the duties would come back to `giver`, by way of `taker` and those who follow."""

    ko = (
        "기관 {agency}: {day}에는 {taker}의 직무가 {giver}에게 돌아와 서로를 대신하게 되므로 "
        "‘{command}’ 명령을 받을 수 없습니다. 기간을 바꾸거나 다른 사람을 지정하십시오."
    )
    en = (
        "“{command}” is refused for {agency}: on {day} the duties of {taker} come back to {giver}, in a circle. "
        "Give other days or name another person."
    )


class ProxyWithoutEnd(Refusal):
    ko = "기관 {agency}: 대결에는 종료일이 필요합니다. 종료일을 지정하거나 전결로 지정하십시오."
    en = "For {agency}: a proxy decision needs a last day. Give one, or delegate it as standing."


class NothingToEnd(Refusal):
    """`number`: of a substitution or delegation that does not exist or has ended."""

    ko = "기관 {agency}: #{number}은(는) 없거나 이미 끝나 ‘{command}’ 명령을 받을 수 없습니다. 이력을 확인하십시오."
    en = "“{command}” is refused for {agency}: there is no #{number}, or it has ended. See its history."


class ContactUnchanged(Refusal):
    ko = "{agency}의 연락처는 이미 {address}입니다. 바꿀 것이 없습니다."
    en = "The contact of {agency} is {address} already. There is nothing to change."


class ReleasedBeforeAppointed(Refusal):
    """`at`: when the release is to have been; `since`: when the person came into the post."""

    ko = (
        "기관 {agency}: {subject}을(를) {at}(으)로 소급하여 해제할 수 없습니다: {post} 임명이 {since}입니다. "
        "그 이후의 시각을 지정하십시오."
    )
    en = (
        "Agency {agency}: {subject} cannot be released at {at}, before being appointed {post} at {since}. "
        "Give a time from then on."
    )
