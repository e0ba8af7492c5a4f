"""Every rule of policy concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from domain.agency.rules import check_active
from domain.aggregate import Aggregate, DecisionContext
from domain.calendar.reckoning import business_days_after
from domain.concern import commands as c
from domain.concern import facts
from domain.concern import refusals as refused
from domain.concern.facts import stream_followed
from domain.concern.following import check_follows, check_there
from domain.concern.state import CONCERN, Concern, ConcernStage
from domain.limits import ref_of
from domain.programme.state import Programme, ProgrammeStage
from domain.seoul import local_day
from domain.streams import agency_stream, calendar_stream, programme_stream, task_stream

_YEARS = 4  # of whose calendars, from the programme's on, the span for opinions may be


def decide(
    command: c.ConcernCommand, concern: Concern, context: DecisionContext
) -> tuple[facts.ConcernFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Raise):
        return (_raise(command, concern, context),)
    _check_stage(command, concern, context)
    return (_DECIDE[type(command)](command, concern, context),)


def _check_stage(command: c.OnConcern, concern: Concern, context: DecisionContext) -> None:
    then: Concern = concern if context.then is None else context.then
    if concern.raised is None or then.raised is None:
        raise refused.ConcernNotRaised(command=command.label, concern=command.concern)
    allowed = _ALLOWED[type(command)]
    if concern.stage not in allowed:
        raise refused.ConcernNotNow(
            command=command.label, concern=command.concern, stage=concern.stage, allowed=allowed
        )


def _raise(command: c.Raise, concern: Concern, context: DecisionContext) -> facts.Raised:
    if concern.raised is not None:
        raise refused.ConcernRaisedAlready(concern=command.concern)
    programme: Programme = context.others[programme_stream(command.year)]
    if programme.stage is not ProgrammeStage.OPEN or programme.definition is None:
        raise refused.ConcernYearNotOpen(concern=command.concern, year=command.year, stage=programme.stage)
    invited = _check_agencies(command, command.agency, command.invited, context)
    tasks = tuple(dict.fromkeys(command.tasks))
    for task in tasks:
        check_there(command, task_stream(task), context)
    rules = context.definition_of(programme.definition).concerns
    terms = facts.Terms(opinion_days=rules.opinion_business_days, review_days=rules.review_days)
    return command.make_fact(
        facts.Raised,
        name=command.title,
        question=ref_of(command.question),
        until=_last_day(command.year, terms, context),
        definition=programme.definition,
        terms=terms,
        tasks=tasks,
        invited=invited,
    )


def _check_agencies(
    command: c.OnConcern, own: str | None, invited: tuple[str, ...], context: DecisionContext
) -> tuple[str, ...]:
    """Refuse agencies that are not there; the rest, each once."""
    for agency in (*invited, *(() if own is None else (own,))):
        check_active(command, agency, context.others[agency_stream(agency)])
    return tuple(dict.fromkeys(invited))


def _last_day(year: int, terms: facts.Terms, context: DecisionContext) -> date:
    """For the opinions of a round that opens today."""
    calendars = {one: context.others[calendar_stream(one)] for one in _calendar_years(year)}
    return business_days_after(calendars, local_day(context.effective_at), terms.opinion_days).due


def _calendar_years(year: int) -> range:
    return range(year, year + _YEARS)


def _give_opinion(command: c.GiveOpinion, concern: Concern, context: DecisionContext) -> facts.OpinionGiven:
    _check_agencies(command, command.agency, (), context)
    day = local_day(context.effective_at)
    if concern.until is not None and day > concern.until:
        raise refused.OpinionsOver(concern=command.concern, until=concern.until, day=day)
    number = len(context.history) + 1
    return facts.OpinionGiven(number, concern.round, ref_of(command.text), command.agency)


def _add_alternative(
    command: c.AddAlternative, concern: Concern, context: DecisionContext
) -> facts.AlternativeAdded:
    _check_agencies(command, command.agency, (), context)
    texts = {
        name: None if (said := getattr(command, name)) is None else ref_of(said)
        for name in ("effects", "risks", "sources")
    }
    number = max(concern.alternatives, default=0) + 1
    return command.make_fact(facts.AlternativeAdded, name=command.title, alternative=number, **texts)


def _check_alternative(command: c.DropAlternative | c.Choose, concern: Concern) -> None:
    number, known = command.alternative, concern.standing or "–"
    if number not in concern.alternatives:
        raise refused.NoSuchAlternative(concern=command.concern, alternative=number, known=known)
    if concern.alternatives[number].dropped:
        raise refused.AlternativeIsDropped(
            command=command.label,
            concern=command.concern,
            alternative=number,
            title=concern.alternatives[number].added.name,
            known=known,
        )


def _drop_alternative(
    command: c.DropAlternative, concern: Concern, context: DecisionContext
) -> facts.AlternativeDropped:
    _check_alternative(command, concern)
    return facts.AlternativeDropped(command.alternative)


def _open_round(command: c.OpenRound, concern: Concern, context: DecisionContext) -> facts.RoundOpened:
    assert concern.raised is not None, "its stage was checked"
    invited = _check_agencies(command, None, command.invited, context)
    until = _last_day(concern.raised.year, concern.raised.terms, context)
    return facts.RoundOpened(round=concern.round + 1, until=until, invited=invited)


def _choose(command: c.Choose, concern: Concern, context: DecisionContext) -> facts.Chosen:
    assert concern.raised is not None, "its stage was checked"
    _check_alternative(command, concern)
    day = local_day(context.effective_at)
    if concern.until is not None and day <= concern.until:
        raise refused.OpinionsMayCome(concern=command.concern, until=concern.until, day=day)
    return facts.Chosen(command.alternative, day + timedelta(days=concern.raised.terms.review_days))


def _defer(command: c.Defer, concern: Concern, context: DecisionContext) -> facts.Deferred:
    day = local_day(context.effective_at)
    if command.until <= day:
        raise refused.DeferredToThePast(concern=command.concern, until=command.until, day=day)
    return facts.Deferred(command.until)


def _link(command: c.Link, concern: Concern, context: DecisionContext) -> facts.Linked:
    if command.follow_up in concern.follow_ups:
        raise refused.LinkedAlready(concern=command.concern, what=command.follow_up)
    check_there(command, command.follow_up, context)
    check_follows(command, concern, context)
    return facts.Linked(command.follow_up)


def _review(command: c.Review, concern: Concern, context: DecisionContext) -> facts.Reviewed:
    assert concern.review_on is not None, "its stage was checked"
    today = local_day(context.effective_at)
    if today < concern.review_on:
        raise refused.ReviewNotYet(concern=command.concern, day=concern.review_on, today=today)
    return facts.Reviewed(command.came, ref_of(command.text))


_DECIDE: Mapping[type, Callable[[Any, Concern, DecisionContext], facts.ConcernFact]] = {
    c.GiveOpinion: _give_opinion,
    c.AddAlternative: _add_alternative,
    c.DropAlternative: _drop_alternative,
    c.OpenRound: _open_round,
    c.Choose: _choose,
    c.Defer: _defer,
    c.Drop: lambda command, concern, context: facts.Dropped(),
    c.Link: _link,
    c.Review: _review,
}
_OPEN = (ConcernStage.OPEN,)
_UNSETTLED = (ConcernStage.OPEN, ConcernStage.DEFERRED)
_ALLOWED: Mapping[type, tuple[ConcernStage, ...]] = {
    **dict.fromkeys((c.GiveOpinion, c.Choose, c.Defer), _OPEN),
    **dict.fromkeys((c.AddAlternative, c.DropAlternative, c.OpenRound, c.Drop), _UNSETTLED),
    c.Link: tuple(stage for stage in ConcernStage if stage is not ConcernStage.UNKNOWN),
    c.Review: (ConcernStage.CHOSEN,),
}


def reads(command: c.ConcernCommand, concern: Concern) -> tuple[str, ...]:
    """The year's programme, whom and what it is about, and the calendars by which a day is counted."""
    agencies = tuple(
        agency_stream(one)
        for one in (*getattr(command, "invited", ()), getattr(command, "agency", None))
        if one is not None
    )
    match command:
        case c.Raise():
            years = map(calendar_stream, _calendar_years(command.year))
            return (programme_stream(command.year), *agencies, *map(task_stream, command.tasks), *years)
        case c.OpenRound() if concern.raised is not None:
            return (*agencies, *map(calendar_stream, _calendar_years(concern.raised.year)))
        case c.Link():
            return (stream_followed(command.follow_up),)
    return agencies


AGGREGATE = Aggregate.on(CONCERN, c.ConcernCommand, decide, reads)
