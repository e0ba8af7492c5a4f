"""The reasons of a task in words, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import Lang
from domain.seoul import SEOUL
from domain.task.stages import Condition, Stage
from projections.sentences.telling import deadline_named
from workflows.reasons import Coming, Done, Idle, Inputs, Why

Sections = list[tuple[str, list[str]]]


def told(found: Why, lang: Lang, sentences: Mapping[str, str]) -> Sections:
    """Headings with their lines. `sentences`: the task's facts in words, by their number, e.g. "#5"."""
    korean = lang == "ko"
    late = " (기한 지남)" if korean else " (late)"
    sections = [
        (
            "규칙이 한 일" if korean else "what rules did",
            [line for one in found.done for line in _done(one, lang, sentences)],
        ),
        (
            "다음에 규칙이 할 일" if korean else "what comes next by rule",
            [_coming(one, lang) for one in found.next],
        ),
        (
            "그 전에 사람이 할 일" if korean else "what people have to do",
            [
                f"{one.due} {deadline_named(one.kind, one.item, lang)}{late if one.due < found.today else ''}"
                for one in found.waits
            ],
        ),
        (
            "지금 움직이지 않는 규칙" if korean else "rules that do not act now",
            [_idle(one, found, lang) for one in found.idle],
        ),
    ]
    if found.uncounted:
        heading = "달력을 기다리는 기한" if korean else "what waits for a calendar"
        waits = [
            f"{deadline_named(one.kind, one.item, lang)}: "
            + (f"{one.year}년 달력" if korean else f"the calendar of {one.year}")
            for one in found.uncounted
        ]
        sections.insert(1, (heading, waits))
    return sections


def place(stage: Stage, condition: Condition, lang: Lang) -> str:
    """Where a task stands; the usual condition is not said."""
    return stage.say(lang) if condition is Condition.NORMAL else f"{stage.say(lang)}, {condition.say(lang)}"


def _done(one: Done, lang: Lang, sentences: Mapping[str, str]) -> list[str]:
    lines = [f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M} {one.fact} {sentences.get(one.fact, one.kind)}"]
    if one.basis is not None:
        lines.append(f"    {'근거' if lang == 'ko' else 'because'}: {one.basis.say(lang)}")
    if one.inputs is not None:
        lines.append(f"    {'살펴본 것' if lang == 'ko' else 'looked at'}: {_inputs(one.inputs, lang)}")
    return lines


def _inputs(one: Inputs, lang: Lang) -> str:
    korean, at = lang == "ko", place(one.stage, one.condition, lang)
    parts = [f"{one.fact}까지의 과제({at})" if korean else f"the task as of {one.fact} ({at})"]
    if one.deadline is not None:
        parts.append(f"{deadline_named(one.deadline.kind, one.deadline.item, lang)} {one.deadline.due}")
    if one.on is not None:
        parts.append(f"{one.on}부터 할 일" if korean else f"to be done from {one.on} on")
    parts += [
        f"{each.year}년 달력 {each.version}판" if korean else f"calendar {each.year} version {each.version}"
        for each in one.calendars
    ]
    return "; ".join(parts)


def _coming(one: Coming, lang: Lang) -> str:
    korean = lang == "ko"
    if one.hindrance is not None:
        state = f"거부됨: {one.hindrance.say(lang)}" if korean else f"refused: {one.hindrance.say(lang)}"
    elif one.overdue:
        state = (
            "할 때가 되었고 다음 훑기를 기다림" if korean else "the day has come; waits for the next sweep"
        )
    else:
        state = "그날을 기다림" if korean else "waits for that day"
    return f"{one.on} {one.rule}: {one.basis.say(lang)} ({state})"


def _idle(one: Idle, found: Why, lang: Lang) -> str:
    if one.waits_for is not None:
        why = one.waits_for.say(lang)
    else:
        theirs, ours = (
            place(stage, condition, lang)
            for stage, condition in ((one.stage, one.condition), (found.stage, found.condition))
        )
        why = (
            f"‘{theirs}’ 과제에 적용되는데, 이 과제는 ‘{ours}’"
            if lang == "ko"
            else f"for a task that is {theirs}; this one is {ours}"
        )
    return f"{one.rule}: {one.basis.say(lang)} ({why})"


def document(found: Why, lang: Lang) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "task": found.task,
        "stage": found.stage,
        "condition": found.condition,
        "definition": found.definition,
        "uncounted": found.uncounted,
        "done": found.done,
        "next": [
            {
                "rule": one.rule,
                "on": one.on,
                "basis": one.basis.say(lang),
                "overdue": one.overdue,
                "refused": None if one.hindrance is None else one.hindrance.say(lang),
            }
            for one in found.next
        ],
        "waits_for": found.waits,
        "idle": [
            {"rule": one.rule, "stage": one.stage, "condition": one.condition, "basis": one.basis.say(lang)}
            | {"waits_for": None if one.waits_for is None else one.waits_for.say(lang)}
            for one in found.idle
        ],
    }
