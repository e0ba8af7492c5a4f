"""An approval line (결재선) opened and signed: who has to sign by the definition, whose turn it is, and the facts this comes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual, Label, Lang
from domain.lifecycle.inputs import Asked
from domain.lifecycle.life import COMMANDS
from domain.lifecycle.lines import LineEntry, turns_of
from domain.lifecycle.model import Definition
from domain.position.facts import Position
from domain.roles import CITY_ROLES, ROLES
from domain.streams import position_stream
from domain.task import facts
from domain.task import refusals_of_lines as refused
from domain.task.lining import Object, OnLine, Sign, WithdrawLine
from domain.task.on_task import OnTask
from domain.task.open_line import OpenLine
from domain.task.state import Task
from domain.task.stepping import TakeStep
from domain.values import LocalText, Signatory
from store.envelope import Actor, spell_actor
from store.recorded import RecordedFact
from workflows.definitions.requiring import Look, LookedAt
from workflows.definitions.stepping import Taken, label_of
from workflows.texts import read_asked, write_asked

_ENDS: dict[type[facts.OfTask], Bilingual] = {
    facts.LineSigned: Bilingual("서명 완료", "all have signed"),
    facts.LineObjected: Bilingual("반려됨", "somebody objected"),
    facts.LineWithdrawn: Bilingual("회수됨", "it was withdrawn"),
    facts.LineLapsed: Bilingual("과제가 변경되어 실효됨", "it lapsed, the task being changed"),
}


class Whose(NamedTuple):
    """Those whose turn it is, each with its entry."""

    waited_for: Sequence[Signatory]

    def say(self, lang: Lang) -> str:
        gap = "" if lang == "ko" else " "
        return ", ".join(f"{one.label.say(lang)}{gap}({one.entry})" for one in self.waited_for)


class Signer(NamedTuple):
    """Who signs: `right` in whose place, where the actor acts for another. `day`: on which."""

    actor: Actor
    right: Actor
    day: date


class _Signature(NamedTuple):
    """`holder`, `mandate`: where a delegate signs for who holds a position."""

    entry: Signatory
    holder: str | None = None
    mandate: str | None = None


def open_line(
    by: Definition, command: OnTask, task: Task, taken: Taken | None, asked: Asked, look: Look
) -> facts.LineOpened | None:
    """That the command is asked for; None where nobody has to sign for it. Refuses what nobody could sign or tell."""
    name = command.step if isinstance(command, TakeStep) else command.name
    if name not in by.lines:
        return None
    label: Label = command.label if taken is None else label_of(taken.step)
    counted = [*_counting(by, name, command, label, asked)]
    if not counted:
        return None
    if task.line is not None:
        raise refused.LineOpenAlready(
            task=command.task,
            command=label,
            what=task.line.label,
            line=task.line.number,
            whose=Whose(task.line.waited_for),
        )
    turns = turns_of(by.lines[name], counted)
    texts: tuple[Any, ...] = ()
    fields = ""
    if taken is None:
        fields, texts = write_asked(command)
    fact = facts.LineOpened(
        definition=by.identity,
        command=command.name,
        step=None if taken is None else taken.step.step,
        label=LocalText(ko=command.label.ko, en=command.label.en) if taken is None else taken.step.label,
        signatories=tuple(_signatories([one.entries for one in turns], command, label, look)),
        needed=tuple(one.needed for one in turns),
        asked=fields,
        texts=texts,
        form=() if taken is None else taken.fact.form,
        plan_version=task.plan_version,
    )
    return replace(fact, sha256=hash_of(fact))


def command_of(fact: facts.LineOpened, task: str) -> OnTask:
    """What was asked for, with its texts where they lie."""
    if fact.step is not None:
        return TakeStep(task=task, step=fact.step)
    return read_asked(COMMANDS[fact.command], fact.asked, fact.texts)


def hash_of(fact: facts.LineOpened) -> str:
    """SHA-256 of the fact as JSON, without this itself."""
    return hashlib.sha256(msgspec.json.encode(replace(fact, sha256=""), order="sorted")).hexdigest()


def _counting(by: Definition, name: str, command: OnTask, label: Label, asked: Asked) -> Iterator[LineEntry]:
    """The entries whose condition holds."""
    for entry, condition in by.conditions(name):
        answer = None if condition is None else condition.answer(asked)
        if answer is not None and answer.value is None:
            raise refused.LineNotTold(
                task=command.task,
                definition=by.identity,
                command=label,
                entry=entry.entry,
                when=entry.when,
                problem=answer.problem,
                inputs=LookedAt(answer.inputs),
            )
        if answer is None or answer.value:
            yield entry


def _signatories(
    turns: Sequence[Sequence[LineEntry]], command: OnTask, label: Label, look: Look
) -> Iterator[Signatory]:
    at = {one.entry: number for number, turn in enumerate(turns, start=1) for one in turn}
    for number, turn in enumerate(turns, start=1):
        for one in turn:
            yield Signatory(
                entry=one.entry,
                turn=number,
                kind=one.kind,
                label=_label(one, command, label, look),
                role=one.role,
                position=one.position,
                returns_to=None if one.returns_to is None else at.get(one.returns_to),
            )


def _label(one: LineEntry, command: OnTask, label: Label, look: Look) -> LocalText:
    """What people call the role, or the position; somebody has to be in that."""
    if one.position is None:
        title = ROLES[one.role or "system"].title
        return LocalText(ko=title.ko, en=title.en)
    position: Position = look(position_stream(one.position))
    if position.name is None or not position.holders:
        raise refused.LineVacant(task=command.task, command=label, position=one.position)
    return position.name


def find_line_fact(
    command: OnLine, task: Task, signer: Signer, history: Sequence[RecordedFact[Any]], look: Look
) -> facts.OfTask:
    """What the command comes to. Refuses who is not asked, and what is not open."""
    line = task.line
    if line is None:
        raise refused.NoLineOpen(task=command.task, command=command.label, ended=_how_ended(history))
    told: dict[str, Any] = {"task": command.task, "what": line.label, "line": line.number}
    if command.line not in (None, line.number):
        raise refused.AnotherLine(**told, given=command.line)
    if isinstance(command, WithdrawLine):
        if not _is_same(history[line.number - 1].envelope.actor, signer.actor):
            raise refused.NotWhoAsked(**told)
        return facts.LineWithdrawn(line=line.number)
    one = _signature(line, signer, look, told)
    said: dict[str, Any] = {
        "line": line.number,
        "entry": one.entry.entry,
        "label": one.entry.label,
        "sha256": line.sha256,
        "holder": one.holder,
        "mandate": one.mandate,
    }
    if isinstance(command, Object):
        return facts.LineObjected(**said, returns_to=one.entry.returns_to)
    assert isinstance(command, Sign), "there is nothing else"
    return facts.LineSigned(**said)


def _signature(line: OpenLine, signer: Signer, look: Look, told: dict[str, Any]) -> _Signature:
    """As which of those whose turn it is. Refuses anybody else."""
    if (found := _first(line.waited_for, signer, look)) is not None:
        return found
    whose = Whose(line.waited_for)
    who = _describe_signer(signer.right)
    signed = [one for one in line.signatories if one.entry in line.signed]
    if _first(signed, signer, look) is not None:
        raise refused.SignedAlready(**told, who=who, whose=whose)
    raise refused.NotYourTurn(**told, who=who, whose=whose)


def _describe_signer(actor: Actor) -> Bilingual:
    title, typed = ROLES[actor.role].title, spell_actor(actor)
    return Bilingual(f"{title.ko}({typed})", f"the {title.en} ({typed})")


def _first(entries: Sequence[Signatory], signer: Signer, look: Look) -> _Signature | None:
    found = (_as_one(one, signer, look) for one in entries)
    return next((one for one in found if one is not None), None)


def _as_one(one: Signatory, signer: Signer, look: Look) -> _Signature | None:
    """As a role, in which one acts; as a position, which one holds that day or is let sign for."""
    if one.position is None:
        return _Signature(one) if signer.right.role == one.role else None
    subject = signer.actor.subject
    if signer.actor.role not in CITY_ROLES or subject is None:
        return None
    position: Position = look(position_stream(one.position))
    if subject in position.holders:
        return _Signature(one)
    given = position.mandate_of(subject, signer.day)
    if given is None:
        return None
    return _Signature(one, given.holder, f"{position_stream(one.position)}#{given.number}")


def _is_same(asker: Actor, actor: Actor) -> bool:
    return (asker.role, asker.agency) == (actor.role, actor.agency) and asker.subject in (None, actor.subject)


def _how_ended(history: Sequence[RecordedFact[Any]]) -> Bilingual:
    last = next((one for one in reversed(history) if type(one.fact) in _ENDS), None)
    if last is None:
        return Bilingual("결재선이 시작된 적이 없음", "none was ever begun")
    said = _ENDS[type(last.fact)]
    return Bilingual(f"#{last.version} {said.ko}", f"#{last.version}: {said.en}")
