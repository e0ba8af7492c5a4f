"""What a meeting does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class MeetingCalledAlready(Refusal):
    ko = "회의 {meeting}은(는) 이미 소집되었습니다. 날짜가 바뀌었으면 `donghaeng meeting move`를 쓰고, 다른 회의라면 다른 식별자를 쓰십시오."
    en = "The meeting {meeting} was called before. Use `donghaeng meeting move` for another day, or another id for another meeting."


class MeetingNotCalled(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 회의 {meeting}은(는) 소집되지 않았습니다. `donghaeng meeting list`로 확인하십시오."
    en = "“{command}” is refused: the meeting {meeting} was never called. See `donghaeng meeting list`."


class MeetingNotNow(Refusal):
    """`stage`: where the meeting stands; `allowed`: where it would have to."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 회의 {meeting}의 상태는 ‘{stage}’입니다. 이 명령은 ‘{allowed}’ 상태에서 내립니다."
    en = (
        "“{command}” is refused: the meeting {meeting} is {stage}. It is given where a meeting is: {allowed}."
    )


class MeetingYearNotOpen(Refusal):
    ko = "회의 {meeting}: {year}년 사업연도는 진행 중이 아닙니다(현재 ‘{stage}’). 연도를 확인하거나 `donghaeng programme open`으로 개시하십시오."
    en = "The meeting {meeting}: the programme of {year} is not open ({stage}). Check the year, or open it with `donghaeng programme open`."


class MeetingSeriesUnknown(Refusal):
    """`known`: those of the definition."""

    ko = "회의 {meeting}: 정의 {definition}에 회의체 ‘{series}’이(가) 없습니다. 가능한 값: {known}. 정의의 [meetings]를 확인하십시오."
    en = "The meeting {meeting}: the definition {definition} has no series “{series}”. There are: {known}. Look at its [meetings]."


class MeetingDayUnchanged(Refusal):
    ko = "회의 {meeting}: 날짜, 시각, 장소가 이미 그대로입니다. 바꿀 것을 지정하십시오."
    en = (
        "The meeting {meeting} is on that day, at that time and in that place already. Say what is to change."
    )


class InvitedAlready(Refusal):
    ko = "회의 {meeting}: {seat}은(는) 이미 초청되었습니다. 초청하지 않은 곳을 지정하십시오."
    en = "The meeting {meeting}: {seat} is invited already. Name who is not."


class SeatUnknown(Refusal):
    """`seat`: an agency, a position or a person that nobody entered, or that is no more."""

    ko = "회의 {meeting}: {seat}은(는) 등록되지 않았거나 더는 없습니다. `donghaeng agency list`, `donghaeng position list`, `donghaeng subject list`로 확인하십시오."
    en = "The meeting {meeting}: {seat} was never entered, or is no more. See `donghaeng agency list`, `donghaeng position list` or `donghaeng subject list`."


class SeatNotInvited(Refusal):
    ko = "회의 {meeting}: {seat}은(는) 초청 대상이 아닙니다. `donghaeng meeting invite`로 먼저 초청하십시오."
    en = "The meeting {meeting}: {seat} is not invited. Invite it first with `donghaeng meeting invite`."


class SeatTaken(Refusal):
    ko = "회의 {meeting}: {seat}은(는) 이미 참석한 것으로 기록되었습니다. `donghaeng meeting show {meeting}`로 확인하십시오."
    en = "The meeting {meeting}: {seat} is on record as present. See `donghaeng meeting show {meeting}`."


class AgendaOver(Refusal):
    """`until`: the last day for items; `day`: on which this one is put in."""

    ko = "회의 {meeting}: 안건은 {until}까지 제출할 수 있었습니다(제출일 {day}). 다음 회의에 제출하거나 총괄부서에 회의 변경을 요청하십시오."
    en = "The meeting {meeting}: items could be put in until {until}, and this is {day}. Put it in for the next meeting, or ask the planner to move this one."


class NoSuchItem(Refusal):
    """`known`: the numbers of those on the agenda."""

    ko = "회의 {meeting}: {item}번 안건이 없습니다. 있는 안건: {known}."
    en = "The meeting {meeting} has no item {item}. On the agenda are: {known}."


class ItemIsWithdrawn(Refusal):
    ko = "‘{command}’ 명령을 받을 수 없습니다: 회의 {meeting}의 {item}번 안건 ‘{title}’은(는) 철회되었습니다. 다른 안건을 지정하십시오."
    en = "“{command}” is refused: item {item} “{title}” of the meeting {meeting} was withdrawn. Name another item."


class ItemOfAnother(Refusal):
    """`whose`: whose item it is."""

    ko = "회의 {meeting}: {item}번 안건은 {whose}의 것입니다. 제출한 기관이나 총괄부서가 철회합니다."
    en = "The meeting {meeting}: item {item} is of {whose}. Who put it in withdraws it, or the planner."


class ItemOfNoConcern(Refusal):
    ko = "회의 {meeting}: 현안 {concern}은(는) 제기되지 않았습니다. `donghaeng concern list`로 확인하십시오."
    en = "The meeting {meeting}: the concern {concern} was never raised. See `donghaeng concern list`."


class ItemTwice(Refusal):
    ko = "회의 {meeting}: {item}번 안건이 순서에 두 번 있습니다. 한 번씩만 적으십시오."
    en = "The meeting {meeting}: item {item} stands in the order twice. Name each once."


class NoChair(Refusal):
    ko = "회의 {meeting}: 의장이 없습니다. 개회할 때 --chair로 의장을 지정하십시오."
    en = "The meeting {meeting} has nobody in the chair. Say who is, with --chair, when it is opened."


class TwoChairs(Refusal):
    """`chairs`: who is named."""

    ko = "회의 {meeting}: 의장은 한 사람입니다({chairs}). --chair를 하나만 지정하십시오."
    en = "The meeting {meeting} has one chair, and these are named: {chairs}. Give --chair once."


class QuorumAbsent(Refusal):
    """`present` of `members` are there, `needed` have to be, by `quorum`."""

    ko = (
        "‘{command}’ 명령을 받을 수 없습니다: 회의 {meeting}의 의사정족수가 차지 않았습니다(구성원 {members} 가운데 {present} 참석, {needed} 필요: {quorum}). "
        "나중에 온 참석자는 `donghaeng meeting join`으로 기록하십시오."
    )
    en = (
        "“{command}” is refused: the meeting {meeting} has no quorum: {present} of {members} are there, {needed} are needed ({quorum}). "
        "Record who came later with `donghaeng meeting join`."
    )


class MoreVotesThanPresent(Refusal):
    ko = "회의 {meeting}: 표가 {cast}표인데 참석한 구성원은 {present}입니다. 표수를 확인하십시오."
    en = "The meeting {meeting}: {cast} votes were cast, and {present} of its members are there. Check the votes."


class NoMajority(Refusal):
    """`votes_for` of `present` voted for it, `needed` have to, by `majority`."""

    ko = (
        "회의 {meeting}: ‘{wording}’은(는) 가결되지 않았습니다(참석 {present}, 찬성 {votes_for}, {needed} 필요: {majority}). "
        "부결은 `donghaeng meeting vote-down`으로 기록하십시오."
    )
    en = (
        "The meeting {meeting}: “{wording}” is not carried: {votes_for} of {present} voted for it, {needed} are needed ({majority}). "
        "Record that with `donghaeng meeting vote-down`."
    )


class MajorityFound(Refusal):
    ko = "회의 {meeting}: ‘{wording}’은(는) 가결되었습니다(찬성 {votes_for}, {needed} 필요). `donghaeng meeting decide`로 기록하십시오."
    en = "The meeting {meeting}: “{wording}” is carried: {votes_for} voted for it, {needed} are needed. Record it with `donghaeng meeting decide`."


class NobodyCarriesOut(Refusal):
    """Neither a command nor a last day: nobody would ever see that it is not done."""

    ko = "회의 {meeting}: 의결 ‘{wording}’에 이행 기한(--until)도 바로 처리할 명령(--approve, --command)도 없습니다. 하나를 지정하십시오."
    en = "The meeting {meeting}: the decision “{wording}” has neither a last day (--until) nor a command that it gives (--approve, --command). Give one."


class DecidedForThePast(Refusal):
    ko = "회의 {meeting}: 이행 기한 {due}이(가) 의결한 날({day})보다 빠릅니다. 날짜를 확인하십시오."
    en = "The meeting {meeting}: {due} is before the day of the decision ({day}). Check the day."


class DecisionNotCarriedOut(Refusal):
    """`wording`: of which decision; `what`: the command that was refused; `problem`: why, in its own words."""

    ko = "회의 {meeting}의 의결 ‘{wording}’을(를) 기록하지 않았습니다. 의결에 따른 ‘{what}’ 명령({about})이 거부되었습니다: {problem}"
    en = "The decision “{wording}” of the meeting {meeting} was not recorded, since the command “{what}” ({about}) that it gives is refused: {problem}"


class GivesNoSuchCommand(Refusal):
    """`given`: what was typed as a command's name."""

    ko = "‘{given}’(이)라는 명령은 없습니다. 이름은 task.approve처럼 적습니다(docs/commands.md)."
    en = "There is no command “{given}”. A name is written as task.approve (docs/commands.md)."


class GivesFromOutside(Refusal):
    """What is about the meeting itself, or does more than a fact says, is given by itself."""

    ko = "‘{command}’은(는) 의결로 바로 처리할 수 없는 명령입니다. 회의 자체, 사람, 글, 토큰, 감사에 대한 명령은 따로 내리십시오."
    en = "A decision cannot carry out “{command}”: what is about a meeting, persons, texts, tokens or the trail is given by itself."


class GivesUnderLine(Refusal):
    ko = "‘{command}’ 명령은 정의에 따라 결재선을 거칩니다. 명령을 따로 상신하고, 의결은 이행 기한(--until)을 두어 기록하십시오."
    en = "By its definition “{command}” goes by an approval line. Ask for it by itself, and record the decision with a last day (--until)."


class NoSuchDecision(Refusal):
    """`known`: the numbers of those that are not done."""

    ko = "회의 {meeting}: 이행할 의결 #{decision}이(가) 없습니다. 이행되지 않은 의결: {known}."
    en = "The meeting {meeting} has no decision #{decision} that is still to be carried out. Those are: {known}."


class DoneBeforeDecided(Refusal):
    """`day`: on which it is said to have been done."""

    ko = "회의 {meeting}: 의결 #{decision}은(는) {day}에 아직 의결되지 않았습니다. --effective-at을 의결한 뒤의 시각으로 지정하십시오."
    en = "The meeting {meeting}: decision #{decision} was not decided yet on {day}. Give an --effective-at after it was."


class DecisionOfAnother(Refusal):
    ko = "회의 {meeting}: 의결 #{decision}은(는) {whose}이(가) 이행합니다. 그 기관이나 총괄부서가 완료를 기록합니다."
    en = "The meeting {meeting}: {whose} carries out the decision #{decision}, and says when it is done, or the planner does."


class ObjectionsOver(Refusal):
    ko = "회의 {meeting}: 회의록에 대한 이의는 {until}까지 제기할 수 있었습니다(오늘 {day}). 총괄부서에 회의록을 다시 회람하도록 요청하십시오."
    en = "The meeting {meeting}: its minutes could be objected to until {until}, and this is {day}. Ask the planner to circulate them again."


class NoSuchObjection(Refusal):
    """`known`: the numbers of those that are open."""

    ko = "회의 {meeting}: 처리할 이의 #{objection}이(가) 없습니다. 남은 이의: {known}."
    en = "The meeting {meeting} has no open objection #{objection}. Open are: {known}."


class ObjectionsOpen(Refusal):
    ko = "회의 {meeting}: 처리하지 않은 이의({objections})가 있어 회의록을 확정할 수 없습니다. `donghaeng meeting settle`로 먼저 처리하십시오."
    en = "The meeting {meeting}: its minutes cannot be confirmed while objections are open: {objections}. Settle them first with `donghaeng meeting settle`."


class ObjectionsMayCome(Refusal):
    ko = "회의 {meeting}: 이의 제기 기간({until}까지)이 끝나지 않아 회의록을 확정할 수 없습니다(오늘 {day}). 기간이 지난 뒤 확정하십시오."
    en = "The meeting {meeting}: its minutes may be objected to until {until}, and this is {day}. Confirm them after that."
