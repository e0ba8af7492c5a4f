"""Every rule of persons' entries."""

from __future__ import annotations

from domain.aggregate import Aggregate, Command, DecisionContext
from domain.subject import commands as c
from domain.subject import facts
from domain.subject import refusals as refused
from domain.subject.state import SUBJECT, Person


def decide(
    command: c.SubjectCommand, person: Person, context: DecisionContext
) -> tuple[facts.SubjectFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Register):
        if person.registered:
            raise refused.SubjectRegisteredAlready(subject=command.subject)
        return (facts.Registered(),)
    if not person.registered:
        raise refused.SubjectNotRegistered(subject=command.subject, command=command.label)
    if person.erased:
        raise refused.SubjectErased(subject=command.subject, command=command.label)
    if isinstance(command, c.Change):
        return (facts.Changed(fields=command.fields),)
    if isinstance(command, c.ChooseLanguage):
        return (facts.LanguageChosen(lang=command.lang),)
    check_not_held(command, context)
    return (facts.Erased(),)


def reads(command: c.SubjectCommand, person: Person) -> tuple[str, ...]:
    """What speaks of the person, lest it be on hold."""
    return command.appears_in if isinstance(command, c.Erase) else ()


def check_not_held(command: Command, context: DecisionContext) -> None:
    """Refuse to take away anything that a task on legal hold speaks of."""
    for stream, state in context.others.items():
        if (basis := getattr(state, "hold", None)) is not None:
            raise refused.HeldByLaw(command=command.label, stream=stream, basis=basis)


AGGREGATE = Aggregate.on(SUBJECT, c.SubjectCommand, decide, reads)
