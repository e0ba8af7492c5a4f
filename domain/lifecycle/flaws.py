"""What of a sound definition can never be: rules that never act, deadlines that nobody can meet. Found by search over its places.

What the model refuses is unsound for ever. These are looked for before a definition is adopted, so that what was adopted
before they were looked for stays readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from domain.errors import BadInput, Bilingual, Lang, Refusal
from domain.lifecycle.constancy import Constant, find_constant
from domain.lifecycle.domains import Giving
from domain.lifecycle.letters import check_templates
from domain.lifecycle.life import COMMANDS, Grant, ways_of
from domain.lifecycle.model import Definition
from domain.lifecycle.rules import DeadlineRule, TransitionRule
from domain.lifecycle.steps import StepRule
from domain.lifecycle.ways import Found, describe_way, search
from domain.roles import AGENCY_ROLES, Role
from domain.task.commands import Evaluate, Rate
from domain.task.deadline_kinds import DEADLINE_KINDS
from domain.task.lifecycle import leads_to
from domain.task.stages import NOT_PROPOSED, RATED, Place

_OF: dict[str, frozenset[Role]] = {"agency": AGENCY_ROLES, "city": frozenset({"planner", "department"})}
_NOWHERE = Bilingual("", "")
_THERE = Bilingual("가는 길", "the way there")


class Flaw(msgspec.Struct, frozen=True):
    """`entry`: which, e.g. "transitions[start_as_planned]"; `problem`: what is wrong with it; `way`: how a task gets there."""

    entry: str
    problem: Bilingual
    way: Bilingual

    def say(self, lang: Lang) -> str:
        return f"{self.entry}: {self.problem.say(lang)} ({_THERE.say(lang)}: {self.way.say(lang)})"


class DefinitionFlawed(Refusal):
    """`flaws`: all of them."""

    ko = "정의 {definition}에는 작동할 수 없는 것이 있습니다: {flaws}. 고친 뒤 `donghaeng definition check`로 다시 점검하십시오."
    en = "The definition {definition} says what can never be: {flaws}. Correct it and try `donghaeng definition check` again."


class _Flaws:
    def __init__(self, flaws: list[Flaw]) -> None:
        self._flaws = flaws

    def say(self, lang: Lang) -> str:
        return "; ".join(one.say(lang) for one in self._flaws)


def check_flaws(definition: Definition, locate: Callable[[str], Bilingual] = lambda _: _NOWHERE) -> None:
    """Raises DefinitionFlawed, and BadInput of a letter. `locate`: what is said of an entry's place, where it is read from a file."""
    check_words(definition, locate)
    if flaws := [_locate(one, locate(one.entry)) for one in find_flaws(definition)]:
        raise DefinitionFlawed(definition=definition.identity, flaws=_Flaws(flaws))


def check_words(definition: Definition, locate: Callable[[str], Bilingual]) -> None:
    """Raises BadInput of a letter that cannot go out. `locate`: as above."""
    try:
        check_templates(definition.letters)
    except BadInput as refusal:
        field, problem = str(refusal.details["field"]), refusal.details["problem"]
        assert isinstance(problem, Bilingual)
        raise BadInput(field=field, problem=_add(problem, locate(field))) from None


def _locate(flaw: Flaw, place: Bilingual) -> Flaw:
    return Flaw(flaw.entry, _add(flaw.problem, place), flaw.way)


def _add(problem: Bilingual, place: Bilingual) -> Bilingual:
    return Bilingual(problem.ko + place.ko, problem.en + place.en)


def find_flaws(definition: Definition) -> list[Flaw]:
    """In the order of the definition's entries."""
    found = search([NOT_PROPOSED], ways_of(definition.grants, definition.own))
    return [
        *_of_deadlines(definition, found),
        *_of_rules(definition, found),
        *_of_steps(definition, found),
        *_of_requirements(definition, found),
        *_of_lines(definition, found),
    ]


def _of_deadlines(by: Definition, found: Found) -> Iterator[Flaw]:
    for rule in by.deadlines:
        problem = _never_due(by, rule, found) or _never_met(by, rule)
        if problem is not None:
            yield _flaw(by, f"deadlines[{rule.kind}]", problem, rule.place, found)


def _never_due(by: Definition, rule: DeadlineRule, found: Found) -> Bilingual | None:
    if rule.place not in found:
        return Bilingual("이 단계와 상태에 이르는 과제가 없음", "no task comes to stand there")
    start = rule.counted_from
    if start.deadline is not None and (other := by.rule(start.deadline)) is not None:
        return _never_due(by, other, found)
    if start.taken is not None and (step := by.step(start.taken.step)) is not None:
        after = search([step.leads_to(place) for place in step.at], ways_of(by.grants, by.own))
        if rule.place not in after:
            return Bilingual(
                f"절차 {step.step}을(를) 진행한 뒤에 이 단계와 상태에 이르는 과제가 없음",
                f"no task comes to stand there after the step {step.step}",
            )
    if rule.place == NOT_PROPOSED and rule.start != "condition" and start.day is None:
        return Bilingual(
            "제안되지 않은 과제에는 계획이 없어 기산점이 없음",
            "a task that was not proposed has no plan to count from",
        )
    return None


def _never_met(by: Definition, rule: DeadlineRule) -> Bilingual | None:
    owing = _OF[rule.who]
    if rule.start == "line_turn":
        return None if _is_signed_there(by, rule) else _NO_LINE
    if rule.fulfilling is not None:
        return _never_fulfilled(by, rule, owing)
    if any(owing.intersection(grant.by) and _meets(grant, rule) for grant in by.grants.values()):
        return None
    if any(owing.intersection(one.by) and _leaves(one, rule) for one in by.steps):
        return None
    for one in by.transitions:  # by rule, and not because it was missed
        late = one.when == "deadline_passed" and one.deadline == rule.kind
        if one.place == rule.place and not late and _is_met_by_rule(by, one, rule):
            return None
    return Bilingual(
        "의무자가 내릴 수 있는 명령으로는 이행할 수 없음",
        "nothing that who owes it may do there meets it",
    )


def _never_fulfilled(by: Definition, rule: DeadlineRule, owing: frozenset[Role]) -> Bilingual | None:
    """Whether nobody who owes it, nor a rule, takes the step by which it is met."""
    step = None if rule.fulfilling is None else by.step(rule.fulfilling.step)
    if step is None or owing.intersection(step.by):
        return None
    for one in by.transitions:
        late = one.when == "deadline_passed" and one.deadline == rule.kind
        if one.place == rule.place and one.command == step.step and not late:
            return None
    return Bilingual(
        "이행하는 절차를 의무자가 진행할 수 없음", "who owes it may not take the step that fulfils it"
    )


_NO_LINE = Bilingual(
    "이 단계와 상태에는 의무자가 결재하는 결재선이 없음", "no approval line is signed there by who owes it"
)


def _is_signed_there(by: Definition, rule: DeadlineRule) -> bool:
    """Whether a command or step that is given there has a line with an entry on that side."""
    for name, line in by.lines.items():
        sides = {"agency" if one.role in AGENCY_ROLES else "city" for one in line}
        if rule.place in _places_of(by, name) and rule.who in sides:
            return True
    return False


def _places_of(by: Definition, name: str) -> tuple[Place, ...]:
    """Where a step or command is given; nowhere, where nobody may give it."""
    if (step := by.step(name)) is not None:
        return tuple(step.at)
    grant = by.grants.get(name)
    return () if grant is None else tuple(grant.places)


def _is_met_by_rule(by: Definition, one: TransitionRule, rule: DeadlineRule) -> bool:
    if (step := by.step(one.command)) is not None:
        return _leaves(step, rule)
    return _meets(by.grants[one.command], rule)


def _leaves(step: StepRule, rule: DeadlineRule) -> bool:
    """Whether the step leads out of the place, which meets a deadline of a kind of the definition's own."""
    leads_on = any(place == rule.place for place, _ in step.moves)
    return leads_on and rule.kind not in DEADLINE_KINDS


def _meets(grant: Grant, rule: DeadlineRule) -> bool:
    """Whether the command is given there, and the deadline is met by it; one of a kind of its own is met by leaving the place."""
    if rule.place not in grant.places:
        return False
    kind, command = DEADLINE_KINDS.get(rule.kind), grant.command
    if kind is None:
        return leads_to(command, rule.place) != rule.place
    typed = f"{kind.command or ''} ".startswith(f"{command.as_typed()} ")
    return typed or (command.makes is not None and command.makes in kind.met_by)


def _of_rules(by: Definition, found: Found) -> Iterator[Flaw]:
    first: dict[Any, str] = {}
    for rule in by.transitions:
        before = first.setdefault((rule.place, rule.when, rule.deadline), rule.rule)
        problem = _never_acts(by, rule, before, found)
        if problem is not None:
            yield _flaw(by, f"transitions[{rule.rule}]", problem, rule.place, found)


def _never_acts(by: Definition, rule: TransitionRule, before: str, found: Found) -> Bilingual | None:
    if before != rule.rule:
        return Bilingual(
            f"같은 날 규칙 {before}이(가) 항상 먼저 작동함",
            f"the rule {before} always acts first on that day",
        )
    due = None if rule.deadline is None else by.rule(rule.deadline)
    if due is not None and (why := _never_due(by, due, found)) is not None:
        return Bilingual(f"기한 {due.kind}: {why.ko}", f"the deadline {due.kind}: {why.en}")
    rating = by.grants.get(Rate.name)
    if rule.when == "rated" and (rating is None or RATED not in rating.places):
        return Bilingual(
            "시민평가 결과를 입력할 수 있는 역할이 없음", "nobody may enter the rating that it waits for"
        )
    if COMMANDS.get(rule.command) is Evaluate and rule.when != "rated":
        return Bilingual(
            "점수가 있어야 평가할 수 있으므로 when = rated여야 함",
            "it can evaluate only by a score: it needs when = rated",
        )
    return None


def _of_steps(by: Definition, found: Found) -> Iterator[Flaw]:
    """Steps that nobody takes: the system alone may, and no rule does."""
    for one in by.steps:
        ruled = any(rule.command == one.step for rule in by.transitions)
        if set(one.by) == {"system"} and not ruled:
            problem = Bilingual(
                "시스템만 진행할 수 있는데 진행하는 규칙이 없음",
                "the system alone may take it, and no rule does",
            )
            yield _flaw(by, f"steps[{one.step}]", problem, one.at[0], found)


def _of_requirements(by: Definition, found: Found) -> Iterator[Flaw]:
    """Those that are true, or not, whatever their inputs are: they ask nothing, or forbid what the definition gives."""
    for name in by.requirements:
        giving = _giving(by, name)
        for number, (_, expression) in enumerate(by.expressions(name) if giving is not None else ()):
            assert giving is not None
            constant = find_constant(expression, by.vocabulary_for(name), giving)
            if constant is not None:
                entry = f"{'steps' if by.step(name) else 'commands'}[{name}].requirements[{number}].that"
                yield _flaw(by, entry, _describe_constant(constant), giving.places[0], found)


def _giving(by: Definition, name: str) -> Giving | None:
    """Of a step or command; None of one that nobody may give."""
    fields = {f"steps.{one.step}.{each.field}": each for one in by.steps for each in one.form}
    if (step := by.step(name)) is not None:
        return Giving(step.by, step.at, fields | {f"form.{each.field}": each for each in step.form})
    grant = by.grants.get(name)
    return None if grant is None else Giving(grant.by, grant.places, fields)


def _describe_constant(constant: Constant) -> Bilingual:
    ko, en = (
        ", ".join(f"{name}: {one.describe().say(lang)}" for name, one in constant.domains.items())
        for lang in ("ko", "en")
    )
    if constant.is_true == "always":
        return Bilingual(
            f"값이 무엇이든 항상 참임({ko})", f"it is always true, whatever is asked about ({en})"
        )
    return Bilingual(
        f"값이 무엇이든 참이 될 수 없음({ko})", f"it is never true, whatever is asked about ({en})"
    )


def _of_lines(by: Definition, found: Found) -> Iterator[Flaw]:
    """Entries that repeat: who has signed is asked again for the same."""
    for name, line in by.lines.items():
        before: dict[Any, str] = {}
        for one in line:
            first = before.setdefault((one.signer, one.when), one.entry)
            if first != one.entry:
                places = _places_of(by, name)
                entry = f"{'commands' if by.step(name) is None else 'steps'}[{name}].line[{one.entry}]"
                problem = Bilingual(
                    f"{first}와(과) 같은 결재자가 같은 조건으로 되풀이됨",
                    f"the same signs under the same condition as {first}",
                )
                yield _flaw(by, entry, problem, places[0] if places else NOT_PROPOSED, found)


def _flaw(by: Definition, entry: str, problem: Bilingual, place: Place, found: Found) -> Flaw:
    way = describe_way(place, found, by.own.names) if place in found else Bilingual("없음", "none")
    return Flaw(entry, problem, way)
