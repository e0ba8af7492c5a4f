"""How a task's facts are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.particles import particle
from projections.sentences.telling import Told, fixed, particulars, with_agency


def _proposed(told: Told) -> str:
    fact, lead, title = told.fact, told.name(told.fact.lead), told.in_words(told.fact.title)
    period = told.period(fact.plan)
    said = told.say(
        f"과제 ‘{title}’{particle(title, '을(를)')} 제안하였음. 주관 {lead}, {period}.",
        f"proposed the task “{title}”, led by {lead}, {period}.",
    )
    return said + ("" if fact.summary is None else f" {told.text(fact.summary)}")


def _revised(told: Told) -> str:
    fact, parts = told.fact, []
    if fact.title is not None:
        title = told.in_words(fact.title)
        parts.append(told.either(f"과제명 ‘{title}’", f"title “{title}”"))
    if fact.plan is not None:
        parts.append(told.period(fact.plan))
    if fact.department is not None:
        department = told.in_words(fact.department)
        parts.append(told.either(f"소관부서 {department}", f"department {department}"))
    if fact.partners is not None:
        partners = ", ".join(map(told.name, fact.partners)) or told.either("없음", "none")
        parts.append(told.either(f"협업기관 {partners}", f"partners: {partners}"))
    if fact.summary is not None:
        parts.append(told.text(fact.summary))
    if not parts:
        return told.say("제안을 수정·보완하였음.", "revised the proposal.")
    return told.say("제안을 수정·보완하였음:", "revised the proposal:") + particulars(parts)


def _approved(told: Told) -> str:
    conditions = [told.text(one) for one in told.fact.conditions]
    if not conditions:
        return told.say("과제를 승인하였음.", "approved the task.")
    said = told.say("조건을 붙여 과제를 승인하였음:", "approved the task on conditions:")
    return said + particulars(conditions)


def _progress_reported(told: Told) -> str:
    fact = told.fact
    parts = [told.figure(figure) for figure in fact.figures]
    if fact.milestones:
        reached = ", ".join(map(told.milestone, fact.milestones))
        parts.append(told.either(f"달성한 일정 {reached}", f"milestones reached: {reached}"))
    if fact.text is not None:
        parts.append(told.text(fact.text))
    ko, en = (f"{fact.period} ", f" for {fact.period}") if fact.period else ("", "")
    said = told.say(f"{ko}진척률 {fact.percent}%를 보고하였음.", f"reported progress of {fact.percent}%{en}.")
    return said + particulars(parts)


def _final_report_submitted(told: Told) -> str:
    parts = [told.figure(figure) for figure in told.fact.figures]
    said = told.say("결과보고서를 제출하였음.", "submitted the final report.")
    return said + particulars([*parts, told.text(told.fact.text)])


def _replan_requested(told: Told) -> str:
    period = told.period(told.fact.plan)
    return told.say(f"계획 변경을 요청하였음: {period}.", f"asked for a new plan: {period}.")


def _replanned(told: Told) -> str:
    period = told.period(told.fact.plan)
    return told.say(f"계획을 변경하였음: {period}.", f"put a new plan into force: {period}.")


def _values(told: Told) -> str:
    fact = told.fact
    parts = (
        [] if fact.percent is None else [told.either(f"진척률 {fact.percent}%", f"progress {fact.percent}%")]
    )
    parts += [told.figure(figure) for figure in fact.figures]
    if fact.on is not None:
        parts.append(told.either(f"착수일 {fact.on}", f"started on {fact.on}"))
    if (score := getattr(fact, "score", None)) is not None:
        parts.append(told.either(f"점수 {score}점", f"score {score}"))
    if (grade := getattr(fact, "grade", None)) is not None:
        parts.append(told.either(f"등급 {grade}", f"grade {grade}"))
    return "; ".join(parts)


def _corrected(told: Told) -> str:
    values, fact = _values(told), told.fact.fact
    if told.fact.after_evaluation:
        return told.say(
            f"평가 뒤에 #{fact} 기록을 정정하였음: {values}.",
            f"corrected #{fact} after the evaluation: {values}.",
        )
    return told.say(f"#{fact} 기록을 정정하였음: {values}.", f"corrected #{fact}: {values}.")


def _correction_cancelled(told: Told) -> str:
    values, correction = _values(told), told.fact.correction
    return told.say(
        f"#{correction} 정정을 취소하였음. 다시 {values}.",
        f"cancelled the correction #{correction}; again {values}.",
    )


def _deadlines_set(told: Told) -> str:
    """Only what is new, or has moved; what was met or fell away is told by what happened."""
    before = {(one.kind, one.item): one.due for one in told.before}
    new = [one for one in told.fact.deadlines if (one.kind, one.item) not in before]
    moved = [one for one in told.fact.deadlines if before.get((one.kind, one.item), one.due) != one.due]
    set_new = ", ".join(f"{told.deadline(one.kind, one.item)} {one.due}" for one in new)
    set_anew = ", ".join(
        f"{told.deadline(one.kind, one.item)} {before[one.kind, one.item]} → {one.due}" for one in moved
    )
    ko = [f"기한을 정하였음: {set_new}"] * bool(new) + [f"기한을 옮겼음: {set_anew}"] * bool(moved)
    en = [f"set the deadlines: {set_new}"] * bool(new) + [f"moved the deadlines: {set_anew}"] * bool(moved)
    years = sorted({one.year for one in told.fact.waiting})
    if years:
        ko += [f"{', '.join(f'{year}년' for year in years)} 달력을 기다리는 기한 {len(told.fact.waiting)}건"]
        en += [f"left {len(told.fact.waiting)} to wait for the calendar of {', '.join(map(str, years))}"]
    left = len(told.fact.deadlines)
    if not ko:
        ko = [f"남은 기한 {left}건" if left else "남은 기한이 없음"]
        en = [f"left {left} deadline{'s' * (left > 1)} open" if left else "found nothing more due"]
    return told.say("; ".join(ko) + ".", "; ".join(en) + ".")


TASKS: Mapping[str, Callable[[Told], str]] = {
    "task.proposed": _proposed,
    "task.revised": _revised,
    "task.returned": fixed("제안의 보완을 요청하였음.", "returned the proposal for revision."),
    "task.approved": _approved,
    "task.rejected": fixed("제안을 반려하였음.", "rejected the proposal."),
    "task.withdrawn": fixed("과제를 철회하였음.", "withdrew the task."),
    "task.started": fixed("{on}에 과제 추진을 시작하였음.", "began the work on {on}."),
    "task.suspended": fixed("과제 추진을 일시 중지하였음.", "suspended the work."),
    "task.resumed": fixed("과제 추진을 재개하였음.", "resumed the work."),
    "task.progress_reported": _progress_reported,
    "task.final_report_submitted": _final_report_submitted,
    "task.rating_opened": fixed("시민평가를 시작하였음.", "opened the citizens' rating."),
    "task.rated": fixed(
        "시민평가 결과를 입력하였음: {raters}명, {score}점.",
        "entered the citizens' rating: {score} points by {raters} of them.",
    ),
    "task.evaluated": fixed(
        "과제를 {score}점, {grade}등급으로 평가하였음.", "evaluated the task: {score} points, grade {grade}."
    ),
    "task.replan_requested": _replan_requested,
    "task.replanned": _replanned,
    "task.replan_refused": fixed(
        "계획 변경을 승인하지 않았음.", "refused the new plan; the old one stays in force."
    ),
    "task.handed_over": with_agency(
        "lead", "과제를 이관하였음. 새 주관기관: {}.", "handed the task over to {}."
    ),
    "task.partner_added": with_agency("partner", "협업기관을 추가하였음: {}.", "added {} as a partner."),
    "task.partner_released": with_agency("partner", "협업기관을 해제하였음: {}.", "released the partner {}."),
    "task.corrected": _corrected,
    "task.correction_cancelled": _correction_cancelled,
    "task.hold_placed": fixed(
        "기록물 보존을 지정하였음. 근거: {basis}.", "placed a legal hold on the task. Basis: {basis}."
    ),
    "task.hold_lifted": fixed("기록물 보존 지정을 해제하였음.", "lifted the legal hold."),
    "task.deadlines_set": _deadlines_set,
    "task.discontinued": fixed("과제를 중단하였음.", "discontinued the task."),
    "task.carried_over": fixed("과제를 {to_year}년으로 이월하였음.", "carried the task over to {to_year}."),
}
