"""What the values that a field can only have are called in Korean; in English they are words already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain.channels import Channel
from domain.errors import Bilingual, Lang
from domain.fund.facts import FORMS
from domain.money.facts import FUNDINGS, POSTINGS
from domain.reform.facts import CATEGORIES
from domain.roles import ROLES
from domain.task.facts import LineOpened, ReplanRequested
from domain.task.line_words import kind_label
from domain.task.open_line import OpenLine
from domain.task.state import Task
from domain.values import LocalText, Plan, Signatory

# what an inbox waits for
WAITS: Mapping[str, Bilingual] = {
    "propose": Bilingual("제안", "propose it"),
    "revise": Bilingual("수정·보완", "answer the return"),
    "start": Bilingual("착수", "start the work"),
    "report": Bilingual("추진상황 보고", "report progress"),
    "urge": Bilingual("제안 독려", "see that it is proposed"),
    "decide": Bilingual("승인 여부 결정", "decide on it"),
    "replan": Bilingual("계획 변경 결정", "decide on a new plan"),
    "resume": Bilingual("재개 여부 결정", "let it go on"),
    "evaluate": Bilingual("평가", "evaluate it"),
    "step": Bilingual("정의의 절차 진행", "take a step"),
    "sign": Bilingual("결재선 서명", "sign in the approval line"),
    "rate": Bilingual("시민평가 결과 입력", "enter the citizens' rating"),
}
# why a reminder was cancelled
CANCELLED: Mapping[str, Bilingual] = {
    "moved": Bilingual("기한이 바뀌었거나 끝남", "the deadline has moved or was met"),
    "person": Bilingual("사람이 취소", "by hand"),
    "readdressed": Bilingual("수신자가 바뀜", "it is for somebody else now"),
}
_OFFICES = {str(role): words.acting.ko for role, words in ROLES.items()} | {"substitute": "직무대리자"}
_CHANNELS = {str(one): one.label.ko for one in Channel}
_KOREAN: Mapping[str, Mapping[str, str]] = {
    "category": {str(name): said.ko for name, said in CATEGORIES.items()},
    "channel": _CHANNELS,
    "contacts": _CHANNELS | _OFFICES,
    "form": {"standing": "전결", "proxy": "대결", **{name: said.ko for name, said in FORMS.items()}},
    "format": {"briefing": "보고", "discussion": "토의"},
    "lang": {"ko": "한국어", "en": "영어"},
    "office": _OFFICES,
    "post": _OFFICES,
    "posting": {str(name): said.ko for name, said in POSTINGS.items()},
    "funding": {str(name): said.ko for name, said in FUNDINGS.items()},
    "to": _OFFICES,
    "waits": {name: said.ko for name, said in WAITS.items()},
    "what": {"function": "기능", "facility": "시설"},
    "who": {"agency": "기관", "city": "시"},
    "why": {name: said.ko for name, said in CANCELLED.items()},
}
Areas = Mapping[str, LocalText]  # the names of a programme's areas by id
ItemNames = Callable[[str], Mapping[str, LocalText]]  # those of a task's milestones by id, by task


def label_for(field: str, value: str, lang: Lang) -> str:
    """The value of a field as people call it; one that is not known here stands for itself."""
    return _KOREAN.get(field, {}).get(value, value) if lang == "ko" else value


def grade_label(grade: str, called: LocalText | None) -> Bilingual:
    """A grade, behind what the city calls it: “탁월(S)”, "outstanding (S)"."""
    if called is None:
        return Bilingual(grade, grade)
    return Bilingual(f"{called.ko}({grade})", f"{called.say('en')} ({grade})")


def area_label(area: str, areas: Areas, lang: Lang) -> str:
    """An area by its programme's own name in Korean, where that is known; else by its id, which is what is typed."""
    return areas[area].ko if lang == "ko" and area in areas else area


def find_item_name(task: Task, item: str | None) -> LocalText | None:
    """What people call that of which a deadline is, as a milestone of the plan, or who is to sign; None where it is called by itself."""
    asked = () if task.line is None else task.line.signatories
    who = next((one.label for one in asked if one.entry == item), None)
    return find_milestone_name(task.plan, item) or who


def find_milestone_name(plan: Plan | None, item: str | None) -> LocalText | None:
    names = {one.id: one.name for one in plan.milestones} if plan is not None else {}
    return None if item is None else names.get(item)


def item_names_in(facts: Iterable[Any]) -> dict[str, LocalText]:
    """What people call each milestone that a plan of the task ever had, and each entry of an approval line, by its id: as the
    last of them has it.

    `facts`: the task's. A plan that was only asked for names nothing.
    """
    names: dict[str, LocalText] = {}
    for fact in facts:
        plan = None if isinstance(fact, ReplanRequested) else getattr(fact, "plan", None)
        if plan is not None:
            names.update({one.id: one.name for one in plan.milestones})
        elif isinstance(fact, LineOpened):
            names.update({one.entry: one.label for one in fact.signatories})
    return names


def describe_signatories(signatories: Iterable[Signatory], lang: Lang) -> str:
    """Who is to sign, side by side, e.g. “review by the budget officer”."""
    return ", ".join(f"{kind_label(one.kind).say(lang)} {one.label.say(lang)}" for one in signatories)


def describe_line(line: OpenLine, lang: Lang) -> str:
    """An approval line that is open: what was asked for, and whose turn it is."""
    what, whose = line.label.say(lang), describe_signatories(line.waited_for, lang)
    return (
        f"#{line.number} ‘{what}’, 차례: {whose}"
        if lang == "ko"
        else f"#{line.number} “{what}”, now: {whose}"
    )
