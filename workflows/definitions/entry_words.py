"""The entries of a definition in words, as `definition diff` says them: what each is called, its fields and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.calendar.periods import LAWS
from domain.catalogue import COMMANDS
from domain.errors import Bilingual, Lang
from domain.lifecycle.forms import TYPES, FieldType
from domain.lifecycle.model import Definition
from domain.lifecycle.starts import Labels, read_met_by, read_start
from domain.lifecycle.ways import Names, describe_place
from domain.roles import ROLES
from domain.shares import describe_share
from domain.task.deadline_kinds import deadline_label
from domain.task.line_words import kind_label
from domain.task.stages import Condition, Stage, find_place
from domain.values import LocalText
from projections.labels import label_for
from workflows.definitions.concerns import CONCERNS, CONCERNS_LABEL
from workflows.definitions.meetings import MEETINGS, MEETINGS_LABEL, RHYTHMS
from workflows.definitions.money import MONEY_FIELDS, MONEY_LABEL, OVERSPEND

WHO: Mapping[str, Bilingual] = {
    "agency": Bilingual("기관", "the agency"),
    "city": Bilingual("시", "the city"),
}
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
    "meetings": MEETINGS_LABEL,
    "money": MONEY_LABEL,
    "concerns": CONCERNS_LABEL,
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
    "met_by": Bilingual("이행", "fulfilled by"),
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
    **CONCERNS,
}
OF_LENGTH = ("unit", "before", "first_day", "roll")  # of a deadline, said with how many
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
WHEN: Mapping[str, Bilingual] = {
    "deadline_day": Bilingual("기한일", "on the day on which it is due"),
    "deadline_passed": Bilingual("기한일 다음 날", "on the day after it was due"),
    "year_over": Bilingual("사업연도 다음 해 3월 1일", "on 1 March after the year"),
    "at_once": Bilingual("해당 상태가 된 날", "on the day on which it came to be so"),
    "rated": Bilingual("시민평가 결과가 입력된 날", "on the day on which the rating was entered"),
}


def name_whom(step: str, lang: Lang) -> str:
    """Whom a rung is for; a position by its id, since a definition does not know what it is called."""
    return label_for("to", step, lang)


class Words(NamedTuple):
    """`labels`: what definitions call their steps, fields and kinds of deadlines; `places`: the places of their own."""

    lang: Lang
    labels: Labels
    places: Names

    @classmethod
    def of(cls, lang: Lang, *definitions: Definition) -> Words:
        """Where two call one thing otherwise, as the last does."""
        labels, places = dict(definitions[0].labels), dict(definitions[0].own.names)
        for one in definitions[1:]:
            labels |= one.labels
            places |= one.own.names
        return cls(lang, labels, places)

    def name_entry(self, of: str, name: str, entry: Mapping[str, Any]) -> str:
        """What an entry is about, as screens call it, and what is typed for it where that is of the definition's own."""
        return f"{LISTS[of].say(self.lang)} {self._name(of, name, entry)}"

    def _name(self, of: str, name: str, entry: Mapping[str, Any]) -> str:
        match of:
            case "deadlines":
                return self._deadline(name)
            case "commands" if name in COMMANDS:
                return COMMANDS[name].label.say(self.lang)
            case "stages":
                return Stage(name).say(self.lang)
        label = self.labels.get(name) if of == "steps" else None
        said = entry.get("label") if label is None else {"ko": label.ko, "en": label.en}
        return name if said is None else self._both(LocalText(**said), name)

    def _both(self, label: LocalText, name: str) -> str:
        return f"{label.say(self.lang)}({name})" if self.lang == "ko" else f"{label.say(self.lang)} ({name})"

    def _deadline(self, kind: str) -> str:
        label = self.labels.get(f"deadlines.{kind}")
        return deadline_label(kind).say(self.lang) if label is None else self._both(label, kind)

    def value(self, field: str, value: Any) -> str:
        match value:
            case None | [] | ():
                return _NOTHING.say(self.lang)
            case bool():
                return (_YES if value else _NO).say(self.lang)
            case Bilingual():
                return value.say(self.lang)
            case {"ko": str()}:
                return LocalText(**value).say(self.lang)
            case {"that": that, "otherwise": otherwise}:
                return f"{that} ({LocalText(**otherwise).say(self.lang)})"
            case [*several]:
                return ", ".join(self.value(field, one) for one in several)
            case {"entry": _, "kind": _}:
                return self._describe_entry(value)
            case {"field": _, "type": _}:
                return self._describe_field(value)
            case {"name": name, "rhythm": rhythm}:
                label = self._both(LocalText(**value["label"]), name)
                return f"{label}, {RHYTHMS[rhythm].say(self.lang)}"
            case {"days": days, "to": to}:
                return f"{days:+d} {'/'.join(name_whom(one, self.lang) for one in to)}"
        return self._word(field, value)

    def _describe_entry(self, one: Mapping[str, Any]) -> str:
        """An entry of an approval line: who signs, and what of it is not as usual."""
        who = one["position"] if "position" in one else ROLES[one["role"]].title.say(self.lang)
        more = [str(one[name]) for name in ("when",) if name in one]
        more += [
            f"{label.say(self.lang)} {one[name]}"
            for name, label in _OF_ENTRY.items()
            if one.get(name) is not None
        ]
        kind = kind_label(one["kind"]).say(self.lang)
        return f"{kind} {who} ({', '.join([one['entry'], *more])})"

    def _describe_field(self, one: Mapping[str, Any]) -> str:
        """A form's field with its type, and what of it is not as usual."""
        kind: FieldType = one["type"]
        said = [TYPES[kind].label.say(self.lang)]
        if one.get("required") is False:
            said.append(_OPTIONAL.say(self.lang))
        if "least" in one or "most" in one:
            unit = " MB" if kind == "attachment" else ""
            said.append(f"{one.get('least', '')}~{one.get('most', '')}{unit}")
        said += [self._both(LocalText(**each["label"]), each["choice"]) for each in one.get("choices", ())]
        return f"{self._both(LocalText(**one['label']), one['field'])}: {', '.join(said)}"

    def _word(self, field: str, value: Any) -> str:
        """One word of the definition's language as screens have it."""
        found = self._named(field, value)
        return str(value) if found is None else found.say(self.lang)

    def _named(self, field: str, value: Any) -> Bilingual | LocalText | Stage | Condition | None:
        match field:
            case "by" if value in ROLES:
                return ROLES[value].title
            case "stage":
                return Stage(value)
            case "condition" | "conditions":
                own = (label for place, label in self.places.items() if place.condition == value)
                return next(own, Condition(value))
            case "from" | "to" if (place := find_place(str(value))) is not None:
                return describe_place(place, self.places)
            case "start":
                return read_start(value).describe(self.labels)
            case "met_by":
                return read_met_by(value).describe_step(self.labels)
            case "command":
                return COMMANDS[value].label if value in COMMANDS else self.labels.get(value)
            case "deadline":
                return deadline_label(value, self.labels.get(f"deadlines.{value}"))
        return self._of_tables(field, value)

    def _of_tables(self, field: str, value: Any) -> Bilingual | None:
        match field:
            case "law":
                return LAWS[value].label
            case "quorum" | "majority":
                return describe_share(value)
        return _TABLES.get(field, {}).get(value)


_TABLES: Mapping[str, Mapping[str, Bilingual]] = {
    "who": WHO,
    "when": WHEN,
    "mode": MODES,
    "overspend": OVERSPEND,
}
