"""Every rule of lifecycle definitions as facts."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.definition import facts
from domain.definition.commands import Adopt, DefinitionCommand, Draft, Withdraw
from domain.definition.hashing import sha256_of
from domain.definition.refusals import (
    AdoptedAlready,
    AdoptedForThePast,
    NameInContent,
    NotAdopted,
)
from domain.definition.state import DEFINITION, Versions
from domain.lifecycle.content import content_of, parse_content
from domain.lifecycle.model import Definition
from domain.seoul import local_day


def decide(
    command: DefinitionCommand, versions: Versions, context: DecisionContext
) -> tuple[facts.DefinitionFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case Draft():
            drafted = _new(command, versions)
            content = content_of(drafted)
            return (facts.Drafted(drafted.version, content, sha256_of(content)),)
        case Adopt():
            return (_adopt(command, versions, context),)
        case Withdraw():
            identity = f"{command.definition}/{command.version}"
            if command.version not in versions.adopted:
                known = tuple(f"{command.definition}/{number}" for number in sorted(versions.adopted))
                raise NotAdopted(definition=identity, known=known or "–")
            versions.check_not_withdrawn(identity)
            return (facts.Withdrawn(command.version),)


def _adopt(command: Adopt, versions: Versions, context: DecisionContext) -> facts.Adopted:
    definition = _new(command, versions)
    content, first = content_of(definition), command.from_day or context.today
    if first < context.today:
        raise AdoptedForThePast(definition=definition.identity, day=first, today=context.today)
    return facts.Adopted(
        version=definition.version,
        content=content,
        sha256=sha256_of(content),
        from_day=first,
        programmes=tuple(sorted(set(command.programmes))),
    )


def _new(command: Draft | Adopt, versions: Versions) -> Definition:
    """What the command's content says, of a version that is not adopted."""
    definition = parse_content(command.content)
    if definition.name != command.definition:
        raise NameInContent(said=definition.name, definition=command.definition)
    if (known := versions.adopted.get(definition.version)) is not None:
        raise AdoptedAlready(
            definition=definition.identity,
            day=local_day(known.since),
            sha256=known.sha256,
            next=max(versions.adopted) + 1,
        )
    return definition


AGGREGATE = Aggregate.on(DEFINITION, DefinitionCommand, decide)
