"""In what two lifecycle definitions differ, entry by entry and field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.calendar.periods import LAWS, ROLLS, UNITS
from domain.catalogue import COMMANDS
from domain.errors import Bilingual, Lang
from domain.lifecycle.content import NAMED_BY
from domain.lifecycle.forms import TYPES, FieldType
from domain.lifecycle.model import Definition
from domain.lifecycle.starts import read_met_by, read_start
from domain.roles import ROLES
from domain.shares import describe_share
from domain.task.deadline_kinds import deadline_label
from domain.task.line_words import kind_label
from domain.task.stages import Condition, Stage
from domain.values import LocalText
from workflows.definitions.drawing import MEETINGS, WHO
from workflows.definitions.money import MONEY_FIELDS, OVERSPEND

LISTS: Mapping[str, Bilingual] = {
    "stages": Bilingual("단계", "stage"),
    "commands": Bilingual("명령", "command"),
    "deadlines": Bilingual("기한", "deadline"),
    "ladders": Bilingual("알림 단계", "ladder"),
    "transitions": Bilingual("규칙", "rule"),
    "grades": Bilingual("등급", "grade"),
    "criteria": Bilingual("평가항목", "criterion"),
    "places": Bilingual("위치", "place"),
    "steps": Bilingual("절차", "step"),
    "letters": Bilingual("문안", "letter"),
    "quiet_days": Bilingual("알림을 보내지 않는 날", "quiet days"),
}
SINGLE: Mapping[str, Bilingual] = {
    "rounding": Bilingual("점수의 끝수 처리", "rounding of scores"),
    "meetings": Bilingual("회의", "meetings"),
    "money": Bilingual("예산과 집행", "money"),
}
FIELDS: Mapping[str, Bilingual] = {
    "stage": Bilingual("단계", "stage"),
    "condition": Bilingual("상태", "condition"),
    "conditions": Bilingual("상태", "conditions"),
    "open": Bilingual("진행 여부", "open"),
    "by": Bilingual("할 수 있는 역할", "roles that may"),
    "from": Bilingual("내릴 수 있는 자리", "given in"),
    "to": Bilingual("이어지는 자리", "leads to"),
    "guards": Bilingual("확인 사항", "checked"),
    "requirements": Bilingual("요건", "required"),
    "who": Bilingual("의무자", "owed by"),
    "start": Bilingual("기산점", "counted from"),
    "within": Bilingual("기간", "within"),
    "before": Bilingual("역산", "counted back"),
    "met_by": Bilingual("이행", "fulfilled by"),
    "unit": Bilingual("기간의 단위", "unit"),
    "first_day": Bilingual("첫날 산입", "first day counts"),
    "roll": Bilingual("쉬는 날 처리", "days off"),
    "law": Bilingual("기간 계산의 근거", "counted by"),
    "ladder": Bilingual("알림 단계", "ladder"),
    "basis": Bilingual("근거", "basis"),
    "command": Bilingual("명령", "command"),
    "when": Bilingual("처리 시점", "when"),
    "deadline": Bilingual("기한", "deadline"),
    "rungs": Bilingual("알림", "reminders"),
    "least": Bilingual("최저 점수", "least score"),
    "label": Bilingual("이름", "called"),
    "weight": Bilingual("가중치(%)", "weight in percent"),
    "score": Bilingual("점수 산식", "score"),
    "digits": Bilingual("소수점 아래 자릿수", "digits"),
    "mode": Bilingual("방법", "mode"),
    "needs_reason": Bilingual("사유 필수", "needs a reason"),
    "form": Bilingual("서식", "form"),
    "days": Bilingual("알림의 일자", "rungs"),
    "subject": Bilingual("메일 제목", "subject"),
    "text": Bilingual("메일 본문", "text"),
    "sender": Bilingual("보내는 이름", "sender"),
    "first": Bilingual("시작일", "first day"),
    "last": Bilingual("종료일", "last day"),
    "line": Bilingual("결재선", "approval line"),
    **MEETINGS,
    **MONEY_FIELDS,
}
MODES: Mapping[str, Bilingual] = {
    "half_up": Bilingual("반올림", "half up"),
    "half_even": Bilingual("짝수로 반올림", "half to even"),
    "down": Bilingual("버림", "down"),
}
_NOTHING = Bilingual("없음", "none")
_OPTIONAL = Bilingual("선택 항목", "may be left out")
_YES, _NO = Bilingual("예", "yes"), Bilingual("아니요", "no")
_OF_ENTRY: Mapping[str, Bilingual] = {
    "group": Bilingual("묶음", "group"),
    "needed": Bilingual("필요한 서명 수", "signatures needed"),
    "returns_to": Bilingual("반려하면", "an objection goes back to"),
}
_INHERITED = Bilingual("프로그램 기본값", "as the program has it")
_INHERITING = ("stages", "commands")  # an entry that is absent narrows nothing


class DefinitionDifference(msgspec.Struct, frozen=True):
    """`entry`: which, e.g. "deadlines[progress]"; `field`: None where the whole entry is only in one of the two.

    `before`, `after`: values in words; None where there is none.
    """

    entry: str
    field: str | None
    what: str
    before: str | None
    after: str | None


def compare_definitions(old: Definition, new: Definition, lang: Lang) -> list[DefinitionDifference]:
    """Every difference but those of name and version."""
    return [
        one
        for of, key in NAMED_BY.items()
        for one in _compare_entries(of, _entries(old, of, key), _entries(new, of, key), lang)
    ] + [
        one
        for of, what in SINGLE.items()
        for one in _compare_fields(of, what.say(lang), _read_single(old, of), _read_single(new, of), lang)
    ]


def _read_single(one: Definition, of: str) -> dict[str, Any]:
    """With what it leaves to the program."""
    found: dict[str, Any] = getattr(one, of).model_dump(mode="json")
    return found


def _read_entry(one: Definition, of: str) -> Any:
    return one.model_dump(mode="json", by_alias=True, exclude_defaults=True).get(of, ())


def _entries(one: Definition, of: str, key: str) -> dict[str, dict[str, Any]]:
    said = _read_entry(one, of)
    return {str(entry[key]): {name: value for name, value in entry.items() if name != key} for entry in said}


def _compare_entries(
    of: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]], lang: Lang
) -> Iterator[DefinitionDifference]:
    for name in dict.fromkeys([*old, *new]):
        entry, what = f"{of}[{name}]", f"{LISTS[of].say(lang)} {_name(of, name, lang)}"
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            told = [_describe(of, one, lang) for one in (before, after)]
            what += _describe_name(before or after or {}, lang)
            yield DefinitionDifference(entry, None, what, *told)
        else:
            yield from _compare_fields(entry, what, before, after, lang)


def _compare_fields(
    entry: str, what: str, before: Mapping[str, Any], after: Mapping[str, Any], lang: Lang
) -> Iterator[DefinitionDifference]:
    for field in dict.fromkeys([*before, *after]):
        if before.get(field) != after.get(field):
            told = [_value(field, one.get(field), lang) for one in (before, after)]
            yield DefinitionDifference(entry, field, f"{what}: {FIELDS[field].say(lang)}", *told)


def _describe_name(entry: Mapping[str, Any], lang: Lang) -> str:
    """What a place or step is called, behind its id."""
    return f" ({LocalText(**entry['label']).say(lang)})" if "label" in entry else ""


def _describe(of: str, entry: Mapping[str, Any] | None, lang: Lang) -> str | None:
    """A whole entry, field by field."""
    if entry is None:
        return _INHERITED.say(lang) if of in _INHERITING else None
    return "; ".join(f"{FIELDS[name].say(lang)} {_value(name, value, lang)}" for name, value in entry.items())


def _name(of: str, name: str, lang: Lang) -> str:
    """What an entry is about, as screens call it."""
    match of:
        case "deadlines":
            return deadline_label(name).say(lang)
        case "commands" if name in COMMANDS:
            return COMMANDS[name].label.say(lang)
        case "stages":
            return Stage(name).say(lang)
    return name


def _value(field: str, value: Any, lang: Lang) -> str:
    match value:
        case None | [] | ():
            return _NOTHING.say(lang)
        case bool():
            return (_YES if value else _NO).say(lang)
        case {"ko": str()}:
            return LocalText(**value).say(lang)
        case {"that": that, "otherwise": otherwise}:
            return f"{that} ({LocalText(**otherwise).say(lang)})"
        case [*several]:
            return ", ".join(_value(field, one, lang) for one in several)
        case {"entry": _, "kind": _}:
            return _describe_entry(value, lang)
        case {"field": _, "type": _}:
            return _describe_field(value, lang)
        case {"days": days, "to": to}:
            return f"{days:+d} {'/'.join(to)}"
    return _word(field, value, lang)


def _describe_entry(one: Mapping[str, Any], lang: Lang) -> str:
    """An entry of an approval line: who signs, and what of it is not as usual."""
    who = one["position"] if "position" in one else ROLES[one["role"]].title.say(lang)
    more = [str(one[name]) for name in ("when",) if name in one]
    more += [
        f"{label.say(lang)} {one[name]}" for name, label in _OF_ENTRY.items() if one.get(name) is not None
    ]
    return f"{one['entry']} {kind_label(one['kind']).say(lang)} {who}" + (
        f" ({', '.join(more)})" if more else ""
    )


def _describe_field(one: Mapping[str, Any], lang: Lang) -> str:
    """A form's field with its type, and what of it is not as usual."""
    kind: FieldType = one["type"]
    said = [TYPES[kind].label.say(lang)]
    if one.get("required") is False:
        said.append(_OPTIONAL.say(lang))
    if "least" in one or "most" in one:
        said.append(f"{one.get('least', '')}~{one.get('most', '')}")
    said += [f"{each['choice']} {LocalText(**each['label']).say(lang)}" for each in one.get("choices", ())]
    return f"{one['field']} {LocalText(**one['label']).say(lang)} ({', '.join(said)})"


def _word(field: str, value: Any, lang: Lang) -> str:
    """One word of the definition's language as screens have it."""
    match field:
        case "by" if value in ROLES:
            return ROLES[value].title.say(lang)
        case "stage":
            return Stage(value).say(lang)
        case "needs_reason":
            return (_YES if value else _NO).say(lang)
        case "condition" | "conditions":
            return Condition(value).say(lang)
        case "who":
            return WHO[value].say(lang)
        case "start":
            return read_start(value).describe({}).say(lang)
        case "met_by":
            return read_met_by(value).describe_step({}).say(lang)
        case "unit":
            return Bilingual(UNITS[value].ko, UNITS[value].many).say(lang)
        case "mode":
            return MODES[value].say(lang)
        case "quorum" | "majority":
            return describe_share(value).say(lang)
        case "overspend":
            return OVERSPEND[value].say(lang)
        case "roll":
            return ROLLS[value].say(lang)
        case "law":
            return LAWS[value].label.say(lang)
        case "command" if value in COMMANDS:
            return COMMANDS[value].label.say(lang)
        case "deadline":
            return deadline_label(value).say(lang)
    return str(value)
