"""What happens at a meeting: it is opened, people come, something is decided or voted down, and is done later."""

from __future__ import annotations

from typing import Any

from domain.agency.rules import check_active
from domain.aggregate import DecisionContext
from domain.limits import ref_of
from domain.meeting import commands as c
from domain.meeting import facts
from domain.meeting import refusals as refused
from domain.meeting.agenda import check_item, describe_whose
from domain.meeting.facts import Attendee
from domain.meeting.state import Meeting
from domain.seoul import local_day
from domain.shares import count_needed, describe_share
from domain.streams import agency_stream, subject_stream
from domain.subject.state import Person
from domain.values import LocalText


def open_meeting(command: c.Open, meeting: Meeting, context: DecisionContext) -> facts.Opened:
    if not command.chairs:
        raise refused.NoChair(meeting=command.meeting)
    if len(command.chairs) > 1:
        raise refused.TwoChairs(meeting=command.meeting, chairs=command.chairs)
    (chair,) = command.chairs
    _check_people(command, command.present, context)
    there = {one.seat: one for one in command.present}
    _check_invited(command, there, chair, meeting)
    return facts.Opened(chair, tuple({chair: Attendee(chair), **there}.values()))


def record_joining(command: c.Join, meeting: Meeting, context: DecisionContext) -> facts.Joined:
    _check_people(command, command.present, context)
    for one in command.present:
        if one.seat in meeting.present:
            raise refused.SeatTaken(meeting=command.meeting, seat=one.seat)
    _check_invited(command, {one.seat: one for one in command.present}, None, meeting)
    return facts.Joined(command.present)


def decide_on(command: c.Decide, meeting: Meeting, context: DecisionContext) -> facts.Decided:
    """`carried_out` is what was worked out from `commands` (`context.step`), which are decided on when this stands."""
    if command.item is not None:
        check_item(command, command.item, meeting)
    _check_quorum(command, meeting)
    if command.vote is not None:
        _check_votes(command, command.vote, meeting)
        needed = _votes_needed(meeting)
        if command.vote.votes_for < needed:
            raise refused.NoMajority(**_describe_vote(command, command.vote, meeting))
    if command.agency is not None:
        check_active(command, command.agency, context.others[agency_stream(command.agency)])
    if command.due is None and not command.commands:
        raise refused.NobodyCarriesOut(meeting=command.meeting, wording=command.wording)
    day = local_day(context.effective_at)
    if command.due is not None and command.due < day:
        raise refused.DecidedForThePast(meeting=command.meeting, due=command.due, day=day)
    text = None if command.text is None else ref_of(command.text)
    return command.make_fact(
        facts.Decided,
        decision=len(context.history) + 1,
        text=text,
        carried_out=tuple(context.step or ()),
    )


def vote_down(command: c.VoteDown, meeting: Meeting, context: DecisionContext) -> facts.VotedDown:
    if command.item is not None:
        check_item(command, command.item, meeting)
    _check_quorum(command, meeting)
    _check_votes(command, command.vote, meeting)
    if command.vote.votes_for >= _votes_needed(meeting):
        told = _describe_vote(command, command.vote, meeting)
        raise refused.MajorityFound(
            **{name: told[name] for name in ("meeting", "wording", "votes_for", "needed")}
        )
    return command.make_fact(facts.VotedDown)


def finish_decision(
    command: c.FinishDecision, meeting: Meeting, context: DecisionContext
) -> facts.DecisionDone:
    decision = meeting.decisions.get(command.decision)
    if decision is None or decision.done:
        known = tuple(number for number, one in meeting.decisions.items() if not one.done)
        raise refused.NoSuchDecision(meeting=command.meeting, decision=command.decision, known=known or "–")
    then: Meeting = meeting if context.then is None else context.then
    if command.decision not in then.decisions:
        raise refused.DoneBeforeDecided(
            meeting=command.meeting, decision=command.decision, day=local_day(context.effective_at)
        )
    whose = decision.decided.agency
    if command.agency is not None and command.agency != whose:
        raise refused.DecisionOfAnother(
            meeting=command.meeting, decision=command.decision, whose=describe_whose(whose)
        )
    return facts.DecisionDone(command.decision, ref_of(command.result))


def _check_people(command: c.Open | c.Join, present: tuple[Attendee, ...], context: DecisionContext) -> None:
    named = (one for each in present for one in (each.subject, each.stands_in_for) if one is not None)
    for subject in named:
        person: Person = context.others[subject_stream(subject)]
        if not person.registered or person.erased:
            raise refused.SeatUnknown(meeting=command.meeting, seat=f"subject/{subject}")


def _check_invited(
    command: c.Open | c.Join, there: dict[str, Attendee], chair: str | None, meeting: Meeting
) -> None:
    """Whoever is in the chair need not be invited: the city sends another position where the chair's is away."""
    for seat in there:
        if seat != chair and seat not in meeting.members:
            raise refused.SeatNotInvited(meeting=command.meeting, seat=seat)


def _check_quorum(command: c.Decide | c.VoteDown, meeting: Meeting) -> None:
    assert meeting.called is not None, "its stage was checked"
    if meeting.seats_taken < meeting.seats_needed:
        raise refused.QuorumAbsent(
            command=command.label,
            meeting=command.meeting,
            members=len(meeting.members),
            present=meeting.seats_taken,
            needed=meeting.seats_needed,
            quorum=describe_share(meeting.called.terms.quorum),
        )


def _votes_needed(meeting: Meeting) -> int:
    assert meeting.called is not None, "its stage was checked"
    return count_needed(meeting.called.terms.majority, meeting.seats_taken)


def _check_votes(command: c.Decide | c.VoteDown, vote: facts.Vote, meeting: Meeting) -> None:
    if vote.cast > meeting.seats_taken:
        raise refused.MoreVotesThanPresent(
            meeting=command.meeting, cast=vote.cast, present=meeting.seats_taken
        )


def _describe_vote(command: c.Decide | c.VoteDown, vote: facts.Vote, meeting: Meeting) -> dict[str, Any]:
    assert meeting.called is not None, "its stage was checked"
    wording: LocalText = command.wording
    return {
        "meeting": command.meeting,
        "wording": wording,
        "present": meeting.seats_taken,
        "votes_for": vote.votes_for,
        "needed": _votes_needed(meeting),
        "majority": describe_share(meeting.called.terms.majority),
    }
