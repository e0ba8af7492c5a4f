"""How each kind of fact is told. A kind without a sentence fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import Lang


class Told:
    """A fact with what is needed to tell it: the actor's name, and how texts and agencies are read."""

    def __init__(
        self, fact: Any, actor: str, text: Callable[[Any], str], name: Callable[[str], str], lang: Lang
    ) -> None:
        self.fact, self.actor, self.text, self.name, self.lang = fact, actor, text, name, lang

    def say(self, ko: str, en: str) -> str:
        """The phrase with the actor at its head; `{…}` are the fact's fields."""
        fields = {name: getattr(self.fact, name) for name in type(self.fact).model_fields}
        if self.lang == "ko":
            return f"{self.actor}: " + ko.format(**fields)
        return f"{self.actor[:1].upper()}{self.actor[1:]} " + en.format(**fields)

    def in_words(self, value: Any) -> str:
        return str(value.say(self.lang))

    def joined(self, parts: list[str]) -> str:
        """Particulars after the sentence; a text that ends its own sentence gets no second full stop."""
        return (" " + "; ".join(part.rstrip(".") for part in parts) + ".") if parts else ""


def _fixed(ko: str, en: str) -> Callable[[Told], str]:
    return lambda told: told.say(ko, en)


def _proposed(told: Told) -> str:
    fact, plan = told.fact, told.fact.plan
    money = f"{plan.budget_krw:,}"
    said = told.say(
        f"과제 ‘{told.in_words(fact.title)}’을(를) 제안하였음. 주관 {told.name(fact.lead)}, "
        f"기간 {plan.start}~{plan.end}, 예산 {money}원.",
        f"proposed the task “{told.in_words(fact.title)}”, led by {told.name(fact.lead)}, "
        f"from {plan.start} to {plan.end}, with a budget of KRW {money}.",
    )
    return said + ("" if fact.summary is None else f" {told.text(fact.summary)}")


def _revised(told: Told) -> str:
    fact, ko = told.fact, told.lang == "ko"
    parts = []
    if fact.title is not None:
        title = told.in_words(fact.title)
        parts.append(f"과제명 ‘{title}’" if ko else f"title “{title}”")
    if fact.plan is not None:
        plan = fact.plan
        parts.append(
            f"기간 {plan.start}~{plan.end}, 예산 {plan.budget_krw:,}원"
            if ko
            else f"from {plan.start} to {plan.end}, budget KRW {plan.budget_krw:,}"
        )
    if fact.department is not None:
        department = told.in_words(fact.department)
        parts.append(f"소관부서 {department}" if ko else f"department {department}")
    if fact.partners is not None:
        partners = ", ".join(map(told.name, fact.partners)) or ("없음" if ko else "none")
        parts.append(f"협업기관 {partners}" if ko else f"partners: {partners}")
    if fact.summary is not None:
        parts.append(told.text(fact.summary))
    return told.say("제안을 수정·보완하였음.", "revised the proposal.") + told.joined(parts)


def _approved(told: Told) -> str:
    conditions = [told.text(one) for one in told.fact.conditions]
    if not conditions:
        return told.say("과제를 승인하였음.", "approved the task.")
    listed = "; ".join(conditions)
    return told.say("조건을 붙여 과제를 승인하였음:", "approved the task on conditions:") + f" {listed}"


def _progress_reported(told: Told) -> str:
    fact, ko = told.fact, told.lang == "ko"
    parts = [f"{figure.indicator} = {figure.value}" for figure in fact.figures]
    if fact.milestones:
        reached = ", ".join(fact.milestones)
        parts.append(f"달성한 일정 {reached}" if ko else f"milestones reached: {reached}")
    if fact.text is not None:
        parts.append(told.text(fact.text))
    return told.say("진척률 {percent}%를 보고하였음.", "reported progress of {percent}%.") + told.joined(
        parts
    )


def _final_report_submitted(told: Told) -> str:
    parts = [f"{figure.indicator} = {figure.value}" for figure in told.fact.figures]
    parts.append(told.text(told.fact.text))
    return told.say("결과보고서를 제출하였음.", "submitted the final report.") + told.joined(parts)


def _opened(told: Told) -> str:
    areas = ", ".join(told.in_words(area.name) for area in told.fact.areas)
    name = told.in_words(told.fact.name)
    return told.say(
        f"‘{name}’ 사업연도를 열었음. 분야: {areas}.", f"opened the programme “{name}”. Areas: {areas}."
    )


def _task_added(told: Told) -> str:
    title, lead = told.in_words(told.fact.title), told.name(told.fact.lead)
    return told.say(
        f"과제 {{task}} ‘{title}’을(를) 목록에 올렸음. 주관 {lead}.",
        f"put task {{task}} “{title}” on the list, to be led by {lead}.",
    )


def _registered(told: Told) -> str:
    name = told.in_words(told.fact.name)
    return told.say(f"기관 ‘{name}’을(를) 등록하였음.", f"registered the agency “{name}”.")


SENTENCES: Mapping[str, Callable[[Told], str]] = {
    "task.proposed": _proposed,
    "task.revised": _revised,
    "task.returned": _fixed("제안의 보완을 요청하였음.", "returned the proposal for revision."),
    "task.approved": _approved,
    "task.rejected": _fixed("제안을 반려하였음.", "rejected the proposal."),
    "task.withdrawn": _fixed("과제를 철회하였음.", "withdrew the task."),
    "task.started": _fixed("{on}에 과제 추진을 시작하였음.", "began the work on {on}."),
    "task.suspended": _fixed("과제 추진을 일시 중지하였음.", "suspended the work."),
    "task.resumed": _fixed("과제 추진을 재개하였음.", "resumed the work."),
    "task.progress_reported": _progress_reported,
    "task.final_report_submitted": _final_report_submitted,
    "task.evaluated": _fixed(
        "과제를 {score}점, {grade}등급으로 평가하였음.", "evaluated the task: {score} points, grade {grade}."
    ),
    "task.discontinued": _fixed("과제를 중단하였음.", "discontinued the task."),
    "task.carried_over": _fixed("과제를 {to_year}년으로 이월하였음.", "carried the task over to {to_year}."),
    "agency.registered": _registered,
    "programme.opened": _opened,
    "programme.task_added": _task_added,
    "programme.closed": _fixed("사업연도를 마감하였음.", "closed the programme."),
}
