"""A definition to look at: in words, or as a document. Its diagrams are `diagrams.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from domain.calendar.periods import LAWS, describe_length
from domain.errors import Bilingual, Lang
from domain.lifecycle.life import COMMANDS, Grant, places_of
from domain.lifecycle.lines import LineEntry, turns_of
from domain.lifecycle.model import Definition
from domain.lifecycle.quiet_days import QuietDays
from domain.lifecycle.rules import DeadlineRule
from domain.lifecycle.steps import StepRule
from domain.lifecycle.ways import describe_place
from domain.roles import ROLES, Role
from domain.task.deadline_kinds import deadline_label
from domain.task.line_words import kind_label
from domain.task.stages import NOT_PROPOSED, Condition, Place, Stage
from projections.labels import grade_label
from projections.sentences.narration import deadline_in_words
from workflows.definitions.concerns import describe_concerns
from workflows.definitions.entry_words import WHEN, WHO, name_whom
from workflows.definitions.meetings import describe_meetings
from workflows.definitions.money import describe_money

_MET_BY = Bilingual("이행", "met by")
_ALSO, _DUE = Bilingual("그 밖의 명령", "also"), Bilingual("기한", "due")
_REQUIRED = Bilingual("요건", "required")
_LINE = Bilingual("결재선", "approval line")
_BACK = Bilingual("반려하면", "an objection goes back to")
_CRITERIA = Bilingual("평가항목", "criteria")
_STEP, _REASON = Bilingual("절차", "step"), Bilingual("사유 필수", "needs a reason")
_OPTIONAL = Bilingual("선택 항목", "may be left out")
_REMINDERS, _BY_RULE, _GRADES = (
    Bilingual("알림", "reminders"),
    Bilingual("규칙", "by rule"),
    Bilingual("등급", "grades"),
)
_LETTER, _SENDER = Bilingual("문안", "letter"), Bilingual("보내는 이름", "from")
_OTHERS = Bilingual("그 밖의 모든 알림", "all others")
_QUIET = Bilingual("알림을 보내지 않는 날", "quiet days")


def in_words(one: Definition, lang: Lang) -> list[str]:
    """Place by place: the commands that move a task and who may give them, what is due and reminded, what happens by rule."""
    lines = [one.identity]
    for place in (NOT_PROPOSED, *one.places_in_order):
        moves = [(grant, to) for grant in one.grants.values() for frm, to in grant.moves if frm == place]
        due, acts = [*_due_at(one, place, lang)], [*_acts_at(one, place, lang)]
        if due or acts or moves or one.steps_at.get(place):
            lines.append(f"\n{place_label(place, lang, one)}")
            lines += [*_ways_at(one, place, moves, lang), *_others_at(one, place, lang), *due, *acts]
    return [
        *lines,
        *_describe_scores(one, lang),
        *_describe_letters(one, lang),
        *describe_meetings(one, lang),
        *describe_money(one.money, lang),
        *describe_concerns(one, lang),
    ]


def _describe_letters(one: Definition, lang: Lang) -> Iterator[str]:
    """In whose words which reminders go, and when none do."""
    for each in one.letters:
        rungs = ", ".join(f"{days:+d}" for days in each.days) or _OTHERS.say(lang)
        sender = "" if each.sender is None else f"; {_SENDER.say(lang)} {each.sender.say(lang)}"
        yield f"\n{_LETTER.say(lang)}: {each.letter} ({each.ladder} {rungs}{sender})"
        yield f"  {each.subject.say(lang)}"
        yield from (f"  | {said}" for said in each.text.say(lang).split("\n"))
    if one.quiet_days:
        yield f"\n{_QUIET.say(lang)}:"
        yield from (f"  {say_span(each)} {each.label.say(lang)}" for each in one.quiet_days)


def say_span(one: QuietDays) -> str:
    return one.first if one.last is None else f"{one.first}~{one.last}"


def _describe_scores(one: Definition, lang: Lang) -> Iterator[str]:
    """What a score is made of, and what it is worth."""
    if one.criteria:
        yield f"\n{_CRITERIA.say(lang)}:"
        yield from (f"  {each.label.say(lang)} {each.weight}%: {each.score}" for each in one.criteria)
    if one.grades:
        yield f"\n{_GRADES.say(lang)}: {', '.join(f'{grade_label(each.grade, each.label).say(lang)} ≥ {each.least}' for each in one.grades)}"


def _ways_at(
    one: Definition, place: Place, moves: Sequence[tuple[Grant, Place]], lang: Lang
) -> Iterator[str]:
    """The commands that lead on from there, and the steps that are taken there."""
    for grant, to in moves:
        yield f"  {grant.command.label.say(lang)} → {place_label(to, lang, one)}  ({_conditions(grant, lang)})"
        yield from _describe_required(one, grant.command.name, lang)
    for step in one.steps_at.get(place, ()):
        yield from _describe_step(one, step, place, lang)


def _others_at(one: Definition, place: Place, lang: Lang) -> Iterator[str]:
    """The commands that may be given there and lead nowhere else."""
    there = [grant for grant in one.grants.values() if place in grant.places and not _moves(grant, place)]
    if there:
        yield f"  {_ALSO.say(lang)}: {', '.join(grant.command.label.say(lang) for grant in there)}"
    for grant in there:
        if required := _describe_required(one, grant.command.name, lang):
            yield f"  {grant.command.label.say(lang)}"
            yield from required


def _describe_step(one: Definition, step: StepRule, place: Place, lang: Lang) -> Iterator[str]:
    """A step with where it leads and who takes it, and its form."""
    to = step.leads_to(place)
    leads = "" if to == place else f" → {place_label(to, lang, one)}"
    reason = f"; {_REASON.say(lang)}" if step.needs_reason else ""
    yield f"  {_STEP.say(lang)}: {step.label.say(lang)} [{step.step}]{leads}  ({name_roles(step.by, lang)}{reason})"
    for each in step.form:
        optional = "" if each.required else f"; {_OPTIONAL.say(lang)}"
        yield f"    {each.label.say(lang)} [{each.field}]: {each.wanted.say(lang)}{optional}"
    yield from _describe_required(one, step.step, lang)


def _describe_required(one: Definition, name: str, lang: Lang) -> list[str]:
    """What the definition requires of the command or step, and what it says where that does not hold; who signs for it."""
    return [*_describe_line(one, name, lang)] + [
        f"    {_REQUIRED.say(lang)}: {each.that} — {each.otherwise.say(lang)}"
        for each in one.requirements.get(name, ())
    ]


def _describe_line(one: Definition, name: str, lang: Lang) -> Iterator[str]:
    """Turn by turn, who signs before it is carried out, and on which condition."""
    line = one.lines.get(name, ())
    for number, turn in enumerate(turns_of(line, line), start=1):
        several = [_describe_entry(each, lang) for each in turn.entries]
        few = turn.needed < len(several)
        needed = Bilingual(f" (이 중 {turn.needed}명)", f" ({turn.needed} of them)").say(lang) if few else ""
        yield f"    {_LINE.say(lang)} {number}: {', '.join(several)}{needed}"


def _describe_entry(one: LineEntry, lang: Lang) -> str:
    who = one.position if one.role is None else ROLES[one.role].title.say(lang)
    when = "" if one.when is None else f", {one.when}"
    back = f", {_BACK.say(lang)} {one.returns_to}" if one.returns_to is not None else ""
    return f"{kind_label(one.kind).say(lang)} {who} [{one.entry}{when}{back}]"


def _due_at(one: Definition, place: Place, lang: Lang) -> Iterator[str]:
    for deadline in one.deadlines:
        if deadline.place != place:
            continue
        name = deadline_in_words(deadline.kind, None, None, lang, one.kind_labels.get(deadline.kind))
        counted, who = describe_counted(one, deadline, lang), WHO[deadline.who].say(lang)
        met = _describe_met(one, deadline, lang)
        yield f"  {_DUE.say(lang)}: {name} ({counted}; {who}{met}) — {_basis_of(deadline, lang)}"
        if rungs := one.rungs(deadline.kind):
            told = ", ".join(
                f"{rung.days:+d} {'/'.join(name_whom(to, lang) for to in rung.to)}" for rung in rungs
            )
            yield f"    {_REMINDERS.say(lang)}: {told}"


def describe_counted(one: Definition, rule: DeadlineRule, lang: Lang) -> str:
    """From what and how long: "each month's end + 5 business days", "계획 종료일: 10영업일 전"."""
    start = rule.counted_from
    said, length = start.describe(one.labels).say(lang), describe_length(rule.within, rule.counting).say(lang)
    if start.day is not None:
        return said
    return f"{said}: {length}" if rule.before else f"{said} + {length}"


def _describe_met(one: Definition, rule: DeadlineRule, lang: Lang) -> str:
    if rule.fulfilling is None:
        return ""
    return f"; {_MET_BY.say(lang)}: {rule.fulfilling.describe_step(one.labels).say(lang)}"


def _basis_of(deadline: DeadlineRule, lang: Lang) -> str:
    law = "" if deadline.law is None else f" ({LAWS[deadline.law].label.say(lang)})"
    return f"{deadline.basis.say(lang)}{law}"


def _acts_at(one: Definition, place: Place, lang: Lang) -> Iterator[str]:
    for act in one.transitions:
        if act.place == place:
            step = one.step(act.command)
            command = COMMANDS[act.command].label if step is None else step.label
            due = (
                ""
                if act.deadline is None
                else f", {deadline_label(act.deadline, one.kind_labels.get(act.deadline)).say(lang)}"
            )
            when = f"{WHEN[act.when].say(lang)}{due}"
            yield f"  {_BY_RULE.say(lang)}: {act.rule} → {command.say(lang)} ({when}) — {act.basis.say(lang)}"


def as_document(one: Definition) -> dict[str, Any]:
    """The definition with all that it grants, also where its file says nothing of it, as the file would say it."""
    stages: dict[Stage, list[Condition]] = {}
    for place in places_of(one.stages):  # its own stand in a list of their own
        stages.setdefault(place.stage, []).append(place.condition)
    return one.model_dump(mode="json") | {
        "stages": [
            {"stage": stage, "open": stage.is_open, "conditions": conditions}
            for stage, conditions in stages.items()
        ],
        "commands": [
            {
                "command": name,
                "by": grant.by,
                "from": list(map(str, grant.places)),
                "to": next((str(to) for _, to in grant.moves), None),
                "guards": grant.command.guards,
                "requirements": [each.model_dump(mode="json") for each in one.requirements.get(name, ())],
                "line": [each.model_dump(mode="json") for each in one.lines.get(name, ())],
            }
            for name, grant in one.grants.items()
        ],
        "steps": [step.model_dump(mode="json", by_alias=True) for step in one.steps],
    }


def place_label(place: Place, lang: Lang, by: Definition) -> str:
    """As screens call it."""
    return describe_place(place, by.own.names).say(lang)


def _moves(grant: Grant, place: Place) -> bool:
    return any(frm == place for frm, _ in grant.moves)


def _conditions(grant: Grant, lang: Lang) -> str:
    guards = f"; {', '.join(grant.command.guards)}" if grant.command.guards else ""
    return f"{name_roles(grant.by, lang)}{guards}"


def name_roles(roles: Sequence[Role], lang: Lang) -> str:
    return ", ".join(ROLES[one].title.say(lang) for one in roles)
