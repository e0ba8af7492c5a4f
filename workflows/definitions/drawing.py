"""A definition to look at: in words, or as a Mermaid state diagram."""

from __future__ import annotations

from itertools import product

from domain.errors import Lang
from domain.task.commands import OnTask
from domain.task.lifecycle import allowed, leads_to
from domain.task.stages import Condition, Stage
from projections.sentences import DEADLINES
from workflows.definitions.model import Definition
from workflows.permissions import PERMITTED


def in_words(one: Definition, lang: Lang) -> list[str]:
    """Stage by stage: the commands and who may give them, what is due, what happens by rule."""
    korean = lang == "ko"
    lines = [one.identity]
    for stage, condition in product(Stage, Condition):
        commands = allowed(stage, condition)
        due = [rule for rule in one.deadlines if (rule.stage, rule.condition) == (stage, condition)]
        acts = [rule for rule in one.transitions if (rule.stage, rule.condition) == (stage, condition)]
        if not due and not acts and not any(_moves(command, stage, condition) for command in commands):
            continue
        lines.append(f"\n{stage.say(lang)}, {condition.say(lang)}")
        for command in commands:
            to = _moves(command, stage, condition)
            if to is not None:
                roles = ", ".join(PERMITTED[command.name])
                lines.append(f"  {command.label.say(lang)} → {to[0].say(lang)}, {to[1].say(lang)}  ({roles})")
        for rule in due:
            name = DEADLINES[rule.kind].say(lang) if rule.kind in DEADLINES else rule.kind
            days = f"{rule.within}영업일" if korean else f"{rule.within} business days"
            mark = "기한" if korean else "due"
            lines.append(f"  {mark}: {name} ({rule.start} + {days}, {rule.who}) — {rule.basis.say(lang)}")
        for act in acts:
            mark = "규칙" if korean else "by rule"
            lines.append(f"  {mark}: {act.rule} → {act.command} — {act.basis.say(lang)}")
    return lines


def as_mermaid(one: Definition) -> list[str]:
    """A state diagram; what happens by rule is marked with the rule's name."""
    lines = ["stateDiagram-v2", "    [*] --> proposed_normal: task.propose"]
    ruled = {(rule.stage, rule.condition, str(rule.command)): rule.rule for rule in one.transitions}
    for stage, condition in product(Stage, Condition):
        for command in allowed(stage, condition):
            to = _moves(command, stage, condition)
            if to is None or stage is Stage.UNKNOWN:
                continue
            rule = ruled.get((stage, condition, command.name))
            label = command.name if rule is None else f"{command.name} / {rule}"
            lines.append(f"    {stage}_{condition} --> {to[0]}_{to[1]}: {label}")
    return lines


def _moves(command: type[OnTask], stage: Stage, condition: Condition) -> tuple[Stage, Condition] | None:
    """Where the command leads, None where it moves nothing."""
    to = leads_to(command, stage, condition)
    return None if to == (stage, condition) else to
