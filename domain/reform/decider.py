"""Every rule of reform cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.agency.refusals import AgencyNotRegistered
from domain.agency.rules import check_active
from domain.aggregate import Aggregate, DecisionContext
from domain.limits import ref_of
from domain.meeting.state import Meeting, MeetingStage
from domain.programme.state import Programme, ProgrammeStage
from domain.reform import commands as c
from domain.reform import facts
from domain.reform import refusals as refused
from domain.reform.facts import Measure, MovedOver
from domain.reform.state import REFORM, ReformCase, ReformStage
from domain.seoul import local_day
from domain.streams import agency_stream, meeting_stream, programme_stream
from domain.values import TextRef

_NOT_CHECKED = (ReformStage.ENTERED, ReformStage.RETURNED)
_ALLOWED: Mapping[type[c.OnReform], tuple[ReformStage, ...]] = {
    c.Revise: _NOT_CHECKED,
    c.Return: (ReformStage.ENTERED,),
    c.Confirm: (ReformStage.ENTERED,),
    c.Present: (ReformStage.CONFIRMED,),
    c.TakeOver: (ReformStage.CONFIRMED,),
    c.EnterFigures: (ReformStage.CONFIRMED,),
}


def decide(
    command: c.ReformCommand, case: ReformCase, context: DecisionContext
) -> tuple[facts.ReformFact, ...]:
    """Turn a command into facts, or refuse it."""
    if not isinstance(command, c.Enter):
        _check_stage(command, case, context)
    match command:
        case c.Enter():
            return (_enter(command, case, context),)
        case c.Revise():
            return (_revise(command, context),)
        case c.Return():
            return (facts.Returned(),)
        case c.Confirm():
            return (facts.Confirmed(),)
        case c.Present():
            return (_present(command, case, context),)
        case c.TakeOver():
            return (_take_over(command, case, context),)
        case c.EnterFigures():
            return (_enter_figures(command, case),)


def reads(command: c.ReformCommand, case: ReformCase) -> tuple[str, ...]:
    """The agencies that are named, the programme, the meeting."""
    match command:
        case c.Enter():
            return (programme_stream(command.year), *_agencies(command.agency, *_movers(command.transfers)))
        case c.Revise():
            return _agencies(*_movers(command.transfers))
        case c.Present():
            return (meeting_stream(command.meeting),)
        case c.TakeOver():
            return _agencies(command.agency)
    return ()


def _movers(transfers: Iterable[MovedOver]) -> tuple[str, ...]:
    return tuple(agency for one in transfers for agency in (one.from_agency, one.to_agency))


def _agencies(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(agency_stream, names)))


def _check_stage(command: c.OnReform, case: ReformCase, context: DecisionContext) -> None:
    """Now, and at the moment of a late entry."""
    then: ReformCase = case if context.then is None else context.then
    if ReformStage.UNKNOWN in (case.stage, then.stage):
        raise refused.CaseNotEntered(command=command.label, case=command.case)
    if isinstance(command, c.Confirm) and case.stage is ReformStage.CONFIRMED:
        raise refused.CaseCheckedAlready(case=command.case)
    allowed = _ALLOWED[type(command)]
    for one in (case, then):
        if one.stage not in allowed:
            raise refused.CaseNotNow(
                command=command.label, case=command.case, stage=one.stage, allowed=allowed
            )


def _enter(command: c.Enter, case: ReformCase, context: DecisionContext) -> facts.Entered:
    if case.stage is not ReformStage.UNKNOWN:
        raise refused.CaseEnteredAlready(case=command.case)
    programme: Programme = context.others[programme_stream(command.year)]
    if programme.stage is ProgrammeStage.UNKNOWN:
        raise refused.CaseYearNotOpen(case=command.case, year=command.year)
    check_active(command, command.agency, context.others[agency_stream(command.agency)])
    _check_content(command, context)
    return command.make_fact(facts.Entered, name=command.title, **_texts(command))


def _revise(command: c.Revise, context: DecisionContext) -> facts.Revised:
    _check_content(command, context)
    made = command.make_fact(facts.Revised, name=command.title, **_texts(command))
    if made == facts.Revised():
        raise refused.RevisionEmpty(case=command.case)
    return made


def _check_content(command: c.Enter | c.Revise, context: DecisionContext) -> None:
    _check_days(command.case, command.measures)
    for one in command.transfers:
        if one.from_agency == one.to_agency:
            raise refused.MovedToItself(case=command.case, name=one.name, agency=one.to_agency)
        if not context.others[agency_stream(one.from_agency)].registered:  # it may be no more by now
            raise AgencyNotRegistered(command=command.label, agency=one.from_agency)
        check_active(command, one.to_agency, context.others[agency_stream(one.to_agency)])


def _texts(command: c.Enter | c.Revise | c.TakeOver) -> dict[str, TextRef]:
    given = {"text": command.text, "evidence": command.evidence}
    return {name: ref_of(text) for name, text in given.items() if text is not None}


def _check_days(case: str, measures: Iterable[Measure]) -> None:
    for one in measures:
        if one.before_on is not None and one.after_on is not None and one.after_on < one.before_on:
            raise refused.FigureTurnedRound(
                case=case, figure=one.name, before=one.before_on, after=one.after_on
            )


def _present(command: c.Present, case: ReformCase, context: DecisionContext) -> facts.Presented:
    meeting: Meeting = context.others[meeting_stream(command.meeting)]
    if meeting.on is None or meeting.stage is MeetingStage.CANCELLED:
        raise refused.PresentedAtNoMeeting(case=command.case, meeting=command.meeting)
    if local_day(context.effective_at) < meeting.on:
        raise refused.PresentedTooEarly(case=command.case, meeting=command.meeting, on=meeting.on)
    if command.item is not None and command.item not in meeting.agenda:
        raise refused.PresentedWithoutItem(case=command.case, meeting=command.meeting, item=command.item)
    if command.meeting in case.presentations:
        raise refused.PresentedAlready(case=command.case, meeting=command.meeting)
    return command.make_fact(facts.Presented)


def _take_over(command: c.TakeOver, case: ReformCase, context: DecisionContext) -> facts.TakenOver:
    if command.agency == case.agency:
        raise refused.TakenOverByOwner(case=command.case, agency=command.agency)
    if command.agency in case.takers:
        raise refused.TakenOverAlready(case=command.case, agency=command.agency)
    check_active(command, command.agency, context.others[agency_stream(command.agency)])
    _check_days(command.case, command.measures)
    return command.make_fact(facts.TakenOver, **_texts(command))


def _enter_figures(command: c.EnterFigures, case: ReformCase) -> facts.Measured:
    known = (case.agency, *case.takers)
    if command.agency not in known:
        raise refused.NoFiguresOfAgency(case=command.case, agency=command.agency, known=known)
    _check_days(command.case, command.measures)
    return command.make_fact(facts.Measured)


AGGREGATE = Aggregate.on(REFORM, c.ReformCommand, decide, reads)
