"""Every rule of the city's positions."""

from __future__ import annotations

from datetime import date

from domain.aggregate import Aggregate, DecisionContext
from domain.position import commands as c
from domain.position import facts
from domain.position import refusals as refused
from domain.position.facts import POSITION, Position
from domain.seoul import Moment
from domain.streams import subject_stream
from domain.subject.state import Person


def decide(
    command: c.PositionCommand, position: Position, context: DecisionContext
) -> tuple[facts.PositionFact, ...]:
    """Turn a command into facts, or refuse it."""
    return (_decide(command, position, context),)


def reads(command: c.PositionCommand, position: Position) -> tuple[str, ...]:
    """The person who is appointed or signs for another."""
    match command:
        case c.Appoint():
            return (subject_stream(command.subject),)
        case c.Delegate():
            return (subject_stream(command.delegate),)
    return ()


def _decide(command: c.PositionCommand, position: Position, context: DecisionContext) -> facts.PositionFact:
    then: Position = position if context.then is None else context.then
    if isinstance(command, c.Declare):
        if then.name == command.title:
            raise refused.PositionNameUnchanged(position=command.position, name=command.title)
        return facts.Declared(name=command.title)
    for one in (position, then):
        if one.name is None:
            raise refused.PositionNotDeclared(command=command.label, position=command.position)
    match command:
        case c.Appoint():
            _check_person(command, command.subject, context)
            if command.subject in position.holders or command.subject in then.holders:
                raise refused.HoldsAlready(position=command.position, subject=command.subject)
            return facts.Appointed(subject=command.subject)
        case c.Release():
            _check_holds(command, command.subject, position)
            if command.subject not in then.holders:
                raise refused.ReleasedBeforeHeld(
                    position=command.position,
                    subject=command.subject,
                    at=Moment(context.effective_at),
                    since=Moment(position.holders[command.subject]),
                )
            return facts.Released(subject=command.subject)
        case c.Delegate():
            return _delegate(command, position, context)
        case c.EndDelegation():
            if command.number not in position.delegations:
                raise refused.NoSuchDelegation(position=command.position, number=command.number)
            return facts.DelegationEnded(number=command.number)
    raise AssertionError(command)


def _delegate(command: c.Delegate, position: Position, context: DecisionContext) -> facts.Delegated:
    _check_holds(command, command.holder, position)
    if command.delegate == command.holder:
        raise refused.DelegatesToSelf(position=command.position)
    _check_person(command, command.delegate, context)
    if command.mandate != "standing" and command.ends is None:
        raise refused.DelegationUnending(position=command.position)
    ends = command.ends or date.max
    if ends < command.starts or ends < context.today:
        raise refused.DelegationTurnedRound(
            position=command.position, starts=command.starts, ends=ends, today=context.today
        )
    return command.make_fact(facts.Delegated, number=len(context.history) + 1)


def _check_holds(command: c.OnPosition, subject: str, position: Position) -> None:
    if subject not in position.holders:
        raise refused.HoldsNot(command=command.label, position=command.position, subject=subject)


def _check_person(command: c.OnPosition, subject: str, context: DecisionContext) -> None:
    person: Person = context.others[subject_stream(subject)]
    if not person.registered:
        raise refused.PersonUnknown(position=command.position, subject=subject)
    if person.erased:
        raise refused.PersonGone(position=command.position, subject=subject)


AGGREGATE = Aggregate.on(POSITION, c.PositionCommand, decide, reads)
