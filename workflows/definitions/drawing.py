"""A definition to look at: in words, or as a Mermaid state diagram."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Lang, Worded
from projections.sentences.telling import deadline_named
from workflows.definitions.life import COMMANDS, START, CommandRule, Place
from workflows.definitions.model import Definition

STARTS: Mapping[str, Worded] = {
    "condition": Worded("그 상태가 된 날", "the day it came to be so"),
    "final_report": Worded("최종 보고일", "the final report"),
    "plan_start": Worded("계획 시작일", "the plan's first day"),
    "plan_end": Worded("계획 종료일", "the plan's end"),
    "quarter_end": Worded("분기 말일", "each quarter's end"),
    "milestone_due": Worded("일정일", "each milestone's day"),
}
WHO: Mapping[str, Worded] = {"agency": Worded("기관", "the agency"), "city": Worded("시", "the city")}


def in_words(one: Definition, lang: Lang) -> list[str]:
    """Place by place: the commands that move a task and who may give them, what is due and reminded, what happens by rule."""
    korean = lang == "ko"
    lines = [one.identity]
    for place in [START, *(place for stage in one.stages for place in stage.places)]:
        due = [rule for rule in one.deadlines if (rule.stage, rule.condition) == place]
        acts = [rule for rule in one.transitions if (rule.stage, rule.condition) == place]
        moves = [(rule, to) for rule in one.commands for frm, to in rule.moves if frm == place]
        if not due and not acts and not moves:
            continue
        lines.append(f"\n{_said(place, lang)}")
        for rule, to in moves:
            label = COMMANDS[rule.command].label.say(lang)
            lines.append(f"  {label} → {_said(to, lang)}  ({_conditions(rule)})")
        if others := [
            rule for rule in one.commands if place in rule.found_places and not _moves(rule, place)
        ]:
            mark = "그 밖의 명령" if korean else "also"
            lines.append(f"  {mark}: {', '.join(COMMANDS[rule.command].label.say(lang) for rule in others)}")
        for deadline in due:
            name = deadline_named(deadline.kind, None, lang)
            days = f"{deadline.within}영업일" if korean else f"{deadline.within} business days"
            mark = "기한" if korean else "due"
            start, who = STARTS[deadline.start].say(lang), WHO[deadline.who].say(lang)
            lines.append(f"  {mark}: {name} ({start} + {days}; {who}) — {deadline.basis.say(lang)}")
            if rungs := one.rungs(deadline.kind):
                told = ", ".join(f"{rung.days:+d} {'/'.join(rung.to)}" for rung in rungs)
                lines.append(f"    {'알림' if korean else 'reminders'}: {told}")
        for act in acts:
            mark = "규칙" if korean else "by rule"
            lines.append(f"  {mark}: {act.rule} → {act.command} — {act.basis.say(lang)}")
    if one.grades:
        told = ", ".join(f"{each.grade} ≥ {each.least}" for each in one.grades)
        lines.append(f"\n{'등급' if korean else 'grades'}: {told}")
    return lines


def as_mermaid(one: Definition) -> list[str]:
    """A state diagram; what happens by rule is marked with the rule's name."""
    lines = ["stateDiagram-v2"]
    ruled = {((rule.stage, rule.condition), rule.command): rule.rule for rule in one.transitions}
    for rule in one.commands:
        for frm, to in sorted(rule.moves):
            act = ruled.get((frm, rule.command))
            label = rule.command if act is None else f"{rule.command} / {act}"
            start = "[*]" if frm == START else f"{frm[0]}_{frm[1]}"
            lines.append(f"    {start} --> {to[0]}_{to[1]}: {label}")
    return lines


def _said(place: Place, lang: Lang) -> str:
    return f"{place[0].say(lang)}, {place[1].say(lang)}"


def _moves(rule: CommandRule, place: Place) -> bool:
    return any(frm == place for frm, _ in rule.moves)


def _conditions(rule: CommandRule) -> str:
    guards = f"; {', '.join(rule.guards)}" if rule.guards else ""
    return f"{', '.join(rule.by)}{guards}"
