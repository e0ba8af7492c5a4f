"""The reasons of a task in words."""

from __future__ import annotations

from collections.abc import Mapping

from domain.catalogue import COMMANDS
from domain.errors import Bilingual, Lang
from domain.roles import ROLES, RoleLabel
from domain.seoul import SEOUL, local_day
from domain.task.stages import Condition, Place, Stage
from domain.values import Awaited, Deadline, LocalText
from projections.labels import describe_line, describe_signatories
from projections.sentences.narration import deadline_in_words
from workflows.definitions.requiring import LookedAt
from workflows.explaining_tasks import Inputs
from workflows.queries.rules import (
    ComingByRule,
    DoneByRule,
    RequirementExplained,
    RuleAtRest,
    TaskExplained,
)

_REQUIRED = Bilingual("지금 내릴 수 있는 명령의 요건", "what is required of the commands possible now")
_DECIDED = Bilingual("회의의 의결로 처리한 일", "what meetings decided")
_LINE = Bilingual("진행 중인 결재선", "the approval line that is open")
_SIGNED = Bilingual("서명함", "signed")
_LOOKED_AT = Bilingual("확인한 자료", "looked at")
_NOT_IN_LOG = Bilingual(
    "프로그램에 포함된 정의이며 기록에 채택된 것이 없음",
    "comes along with the program; the log has no adoption of it",
)
Names = Mapping[str, LocalText]
Sections = list[tuple[str, list[str]]]


def describe_task(found: TaskExplained, lang: Lang) -> Sections:
    """Headings with their lines."""
    korean = lang == "ko"
    late = " (기한 지남)" if korean else " (late)"
    sections = [
        (
            "규칙이 한 일" if korean else "what rules did",
            [line for one in found.done for line in _describe_done(one, found, lang)],
        ),
        (
            "다음에 규칙이 할 일" if korean else "what comes next by rule",
            [_describe_coming(one, lang) for one in found.next],
        ),
        (
            "그 전에 사람이 할 일" if korean else "what people have to do",
            [
                f"{one.due} {_name(one, found, lang)}{late if one.due < found.today else ''}"
                for one in found.waits_for
            ],
        ),
        (
            "지금 움직이지 않는 규칙" if korean else "rules that do not act now",
            [_describe_idle(one, found, lang) for one in found.idle],
        ),
    ]
    if found.uncounted:
        heading = "달력을 기다리는 기한" if korean else "what waits for a calendar"
        waits = [
            f"{_name(one, found, lang)}: "
            + (f"{one.year}년 달력" if korean else f"the calendar of {one.year}")
            for one in found.uncounted
        ]
        sections.insert(1, (heading, waits))
    return [
        *_describe_decided(found, lang),
        *sections,
        *_describe_line(found, lang),
        *_describe_requirements(found, lang),
    ]


def _describe_decided(found: TaskExplained, lang: Lang) -> Sections:
    """None where no meeting decided anything about the task."""
    said = [f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M} {one.fact} {one.sentence}" for one in found.decided]
    return [(_DECIDED.say(lang), said)] if said else []


def _describe_line(found: TaskExplained, lang: Lang) -> Sections:
    """Whose turn it is in the approval line that is open, and since when; who has signed."""
    line = found.line
    if line is None:
        return []
    day, signed = local_day(line.since), [one for one in line.signatories if one.entry in line.signed]
    said = [
        describe_line(line, lang) + Bilingual(f" ({day}부터)", f" (since {day})").say(lang),
        *([f"{_SIGNED.say(lang)}: {describe_signatories(signed, lang)}"] if signed else []),
    ]
    return [(_LINE.say(lang), said)]


def describe_adoption(found: TaskExplained, lang: Lang) -> str:
    """Since when the definition is in force, by which fact and of whom."""
    one = found.adopted
    if one is None:
        return _NOT_IN_LOG.say(lang)
    day, who = (
        local_day(one.at),
        ROLES[one.role].acting.say(lang) + (f" {one.subject}" if one.subject else ""),
    )
    if lang == "ko":
        since = "" if one.from_day == day else f", {one.from_day}부터 적용"
        return f"{day} {who} 채택{since} (기록 {one.position}번, SHA-256 {one.sha256})"
    since = "" if one.from_day == day else f", in force from {one.from_day}"
    return f"adopted on {day} by {who}{since} (fact {one.position}, SHA-256 {one.sha256})"


def _name(one: Deadline | Awaited, found: TaskExplained, lang: Lang) -> str:
    return deadline_in_words(one.kind, one.item, found.item_names.get(one.item or ""), lang, one.label)


def _describe_requirements(found: TaskExplained, lang: Lang) -> Sections:
    """None where the definition requires nothing of what is possible now."""
    lines = [line for one in found.requirements for line in _describe_required(one, lang, found.step_names)]
    return [(_REQUIRED.say(lang), lines)] if lines else []


def place(stage: Stage, condition: Condition, lang: Lang, names: Names) -> str:
    """Where a task stands; the usual condition is not said. `names`: of the definition's own places."""
    name = names.get(str(Place(stage, condition)), condition)
    return stage.say(lang) if condition is Condition.NORMAL else f"{stage.say(lang)}, {name.say(lang)}"


def _describe_done(one: DoneByRule, found: TaskExplained, lang: Lang) -> list[str]:
    lines = [f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M} {one.fact} {one.sentence}"]
    if one.basis is not None:
        lines.append(f"    {'근거' if lang == 'ko' else 'because'}: {one.basis.say(lang)}")
    if one.inputs is not None:
        lines.append(
            f"    {'확인한 자료' if lang == 'ko' else 'looked at'}: {_describe_inputs(one.inputs, found, lang)}"
        )
    return lines


def _describe_inputs(one: Inputs, found: TaskExplained, lang: Lang) -> str:
    korean, at = lang == "ko", place(one.stage, one.condition, lang, found.place_names)
    parts = [f"{one.fact}까지의 과제({at})" if korean else f"the task as of {one.fact} ({at})"]
    if one.deadline is not None:
        parts.append(f"{_name(one.deadline, found, lang)} {one.deadline.due}")
    if one.on is not None:
        parts.append(f"{one.on}부터 할 일" if korean else f"to be done from {one.on} on")
    parts += [
        f"{each.year}년 달력 버전 {each.version}"
        if korean
        else f"calendar {each.year} version {each.version}"
        for each in one.calendars
    ]
    return "; ".join(parts)


def _describe_coming(one: ComingByRule, lang: Lang) -> str:
    korean = lang == "ko"
    if one.refused is not None:
        state = f"거부됨: {one.refused}" if korean else f"refused: {one.refused}"
    elif one.overdue:
        state = (
            "처리할 때가 되어 다음 점검을 기다림" if korean else "the day has come; waits for the next sweep"
        )
    else:
        state = "그날을 기다림" if korean else "waits for that day"
    return f"{one.on} {one.rule}: {one.basis} ({state})"


def _describe_idle(one: RuleAtRest, found: TaskExplained, lang: Lang) -> str:
    if one.waits_for is not None:
        why = one.waits_for
    else:
        theirs, ours = (
            place(stage, condition, lang, found.place_names)
            for stage, condition in ((one.stage, one.condition), (found.stage, found.condition))
        )
        why = (
            f"‘{theirs}’ 과제에 적용되는데, 이 과제는 ‘{ours}’"
            if lang == "ko"
            else f"for a task that is {theirs}; this one is {ours}"
        )
    return f"{one.rule}: {one.basis} ({why})"


def _describe_required(one: RequirementExplained, lang: Lang, names: Names) -> list[str]:
    label = (names.get(one.command) or COMMANDS[one.command].label).say(lang)
    who = "" if one.role is None else f" ({RoleLabel(one.role).say(lang)})"
    lines = [f"{label}{who}: {one.that} ({_describe_value(one).say(lang)})"]
    if one.inputs:
        lines.append(f"    {_LOOKED_AT.say(lang)}: {LookedAt(one.inputs).say(lang)}")
    return lines


def _describe_value(one: RequirementExplained) -> Bilingual:
    """What comes of a requirement."""
    if one.asks:
        names = ", ".join(one.asks)
        return Bilingual(f"명령의 값에 따름: {names}", f"hangs on {names}")
    if one.value is None:
        return Bilingual(f"확인할 수 없음: {one.problem}", f"cannot be told: {one.problem}")
    if one.value:
        return Bilingual("충족", "holds")
    return Bilingual(f"미충족: {one.otherwise}", f"does not hold: {one.otherwise}")
