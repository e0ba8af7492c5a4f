"""A scenario played: what was given on each day, how the task then stood, and in what that is other than was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

import msgspec

from domain.errors import Bilingual, Refusal
from domain.lifecycle.model import Definition
from domain.roles import AGENCY_ROLES
from domain.seoul import FIRST_HOUR, SEOUL, midnight
from domain.task.facts import DeadlinesSet, StepTaken
from domain.task.stages import NOT_PROPOSED, Place, Stage
from store.envelope import Actor
from workflows.command_envelope import CommandEnvelope
from workflows.scenarios.files import (
    DueExpected,
    ReminderExpected,
    Scenario,
    ScenarioStep,
    make_command,
    place_in,
    pretend_files,
)
from workflows.scenarios.rehearsal import Rehearsal, Reminder, moment_of_step
from workflows.scenarios.words import LEAD, TEXT, holder_of

_NONE = Bilingual("없음", "none")
_DONE = Bilingual("처리됨", "carried out")
LABELS = {
    "place": Bilingual("단계와 상태", "stage and condition"),
    "deadlines": Bilingual("기한", "deadlines"),
    "reminders": Bilingual("알림", "reminders"),
    "rules": Bilingual("규칙 처리", "done by rule"),
    "rule_refused": Bilingual("거부된 규칙 처리", "refused to a rule"),
    "grade": Bilingual("등급", "grade"),
    "refused": Bilingual("거부", "refusal"),
    "scenario": Bilingual("시나리오", "scenario"),
}


class Failure(msgspec.Struct, frozen=True):
    """`step`: from 1; `on`: its day. `what`: place, deadlines, reminders, rules, rule_refused, grade, refused, or scenario where it could not
    go on; `expected`, `found`: as the file would say it, only what differs; `ko`, `en`: all of that in words.
    """

    scenario: str
    step: int
    on: date
    what: str
    expected: str
    found: str
    ko: str
    en: str

    def say(self, lang: str) -> str:
        return self.ko if lang == "ko" else self.en


class Played(msgspec.Struct, frozen=True):
    """`passed`: places, deadlines, rules and commands that the task passed through, by what they are."""

    failures: tuple[Failure, ...]
    passed: dict[str, frozenset[str]]


class _Span(msgspec.Struct, frozen=True):
    """What was done until now, to be set against what is done by the next step."""

    rules: int
    refused: int
    reminders: int


def play(definition: Definition, scenario: Scenario, days_off: Iterable[date] = ()) -> Played:
    """Live through the scenario under the definition."""
    life, failures = rehearse(definition, scenario, days_off)
    return Played(tuple(failures), _trace(life))


def rehearse(
    definition: Definition, scenario: Scenario, days_off: Iterable[date] = ()
) -> tuple[Rehearsal, list[Failure]]:
    """The task's life, as far as it goes: it ends where a command is refused or carried out against expectation."""
    begin = datetime.combine(scenario.begins, time(FIRST_HOUR), SEOUL)
    life = Rehearsal(definition, scenario.task, {*days_off, *scenario.days_off}, begin)
    failures: list[Failure] = []
    for number, step in enumerate(scenario.steps):
        before = _Span(len(life.acted), len(life.refused_rules), len(life.reminders))
        try:
            refusal = _take(life, scenario, step, number)
        except Refusal as error:
            failures.append(_fail(scenario, number, "scenario", _NONE, _word(error)))
            break
        if (refusal is None) is not (step.refused is None) or (refusal and refusal.name != step.refused):
            expected = _DONE if step.refused is None else Bilingual(step.refused, step.refused)
            found = _DONE if refusal is None else _word(refusal)
            failures.append(_fail(scenario, number, "refused", expected, found))
            break
        failures += _compare(life, scenario, number, before)
    return life, failures


def _take(life: Rehearsal, scenario: Scenario, step: ScenarioStep, number: int) -> Refusal | None:
    """Let the days pass until the step, and give its command; the refusal, where it is refused. Raises NeverEnds."""
    life.advance(step.on)
    life.now = max(life.now, moment_of_step(step.on, number))
    if step.command is None:
        return None
    command = make_command(scenario, step)
    envelope = CommandEnvelope(
        command=command,
        files=pretend_files(command),
        actor=_actor(life, step.by or ""),
        via="cli",
        reason=TEXT,
        effective_at=None if step.effective is None else midnight(step.effective),
    )
    try:
        life.decide(envelope)
    except Refusal as refusal:
        return refusal
    life.follow()
    return None


def _actor(life: Rehearsal, by: str) -> Actor:
    """Of an agency where the role is of one: by default of that which leads the task."""
    office, _, position = by.partition(":")
    role, _, agency = office.partition("@")
    subject = holder_of(position) if position else None
    if role not in AGENCY_ROLES:
        return Actor(role=role, subject=subject)  # type: ignore[arg-type]
    return Actor(role=role, agency=agency or life.state.lead or LEAD, subject=subject)


def _compare(life: Rehearsal, scenario: Scenario, number: int, before: _Span) -> Iterator[Failure]:
    step = scenario.steps[number]
    for rule, refusal in life.refused_rules[before.refused :]:
        said = _word(refusal)
        found = Bilingual(f"{rule}: {said.ko}", f"{rule}: {said.en}")
        yield _fail(scenario, number, "rule_refused", _NONE, found)
    place = life.state.place
    if step.place is not None and place_in(step.place) != place:
        yield _fail(scenario, number, "place", _plain(step.place), _plain(spell_place(place)))
    row = life.row
    due = [] if row is None else [(one.kind, one.item, one.due) for one in row.deadlines]
    yield from _differ(
        scenario, number, "deadlines", _spell(step.deadlines), [spell_due(*one) for one in due]
    )
    reminded = life.reminders[before.reminders :]
    yield from _differ(scenario, number, "reminders", _spell(step.reminders), map(spell_reminder, reminded))
    yield from _differ(scenario, number, "rules", step.rules, life.acted[before.rules :])
    if step.grade is not None and step.grade != life.state.grade:
        found = _NONE if life.state.grade is None else _plain(life.state.grade)
        yield _fail(scenario, number, "grade", _plain(step.grade), found)


def _spell(expected: Sequence[DueExpected] | Sequence[ReminderExpected] | None) -> list[str] | None:
    if expected is None:
        return None
    return [
        spell_due(one.kind, one.item, one.due)
        if isinstance(one, DueExpected)
        else spell_reminder(Reminder(one.on, one.kind, one.item, one.to))
        for one in expected
    ]


def spell_due(kind: str, item: str | None, due: date) -> str:
    return f"{kind} {item} {due}" if item else f"{kind} {due}"


def spell_reminder(one: Reminder) -> str:
    return f"{spell_due(one.kind, one.item, one.on)} {'/'.join(one.to)}"


def spell_place(place: Place) -> str:
    """As scenarios write it."""
    return str(Stage.LISTED) if place == NOT_PROPOSED else str(place)


def _differ(
    scenario: Scenario, number: int, what: str, expected: Iterable[str] | None, found: Iterable[str]
) -> Iterator[Failure]:
    """What is expected and not there, and what is there and not expected."""
    if expected is None:
        return
    missing, surplus = sorted(expected), sorted(found)
    for one in [*missing]:
        if one in surplus:
            missing.remove(one)
            surplus.remove(one)
    if missing or surplus:
        yield _fail(scenario, number, what, _list(missing), _list(surplus))


def _list(several: Sequence[str]) -> Bilingual:
    return _plain(", ".join(several)) if several else _NONE


def _plain(said: str) -> Bilingual:
    return Bilingual(said, said)


def _word(refusal: Refusal) -> Bilingual:
    return Bilingual(f"{refusal.name}: {refusal.say('ko')}", f"{refusal.name}: {refusal.say('en')}")


def _fail(scenario: Scenario, number: int, what: str, expected: Bilingual, found: Bilingual) -> Failure:
    step, label = scenario.steps[number], LABELS[what]
    given = f" {step.said}" if step.said else ""
    return Failure(
        scenario=scenario.name,
        step=number + 1,
        on=step.on,
        what=what,
        expected=expected.en,
        found=found.en,
        ko=f"{scenario.name}, 절차 {number + 1}({step.on}{given}): {label.ko}: 예상 {expected.ko}, 실제 {found.ko}",
        en=f"{scenario.name}, step {number + 1} ({step.on}{given}): {label.en}: expected {expected.en}, found {found.en}",
    )


def _trace(life: Rehearsal) -> dict[str, frozenset[str]]:
    counts = [one.fact for one in life.facts if isinstance(one.fact, DeadlinesSet)]
    return {
        "places": frozenset(map(spell_place, life.places)),
        "deadlines": frozenset(one.kind for count in counts for one in count.deadlines),
        "transitions": frozenset(life.acted),
        "commands": frozenset(life.given),
        "steps": frozenset(one.fact.step for one in life.facts if isinstance(one.fact, StepTaken)),
    }
