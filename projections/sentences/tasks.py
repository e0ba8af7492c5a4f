"""How a task's facts are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.limits import legible
from domain.quarters import quarter_label
from domain.task.stages import Condition, find_place
from domain.values import FilledField
from projections.labels import grade_label
from projections.sentences.narration import Narration, field_labels, particulars, phrase, with_agency
from projections.sentences.plans import PLANS_FIELDS, tell_plan, tell_revision
from trail.english import fill_counts
from trail.particles import particle


def _narrate_proposed(narration: Narration) -> str:
    fact, lead = narration.fact, narration.name(narration.fact.lead)
    title, period = narration.in_words(fact.title), narration.period(fact.plan)
    renamed = narration.beside(title)
    said = narration.say(
        f"과제 ‘{title}’{renamed}{particle(title, '을(를)')} 제안하였음. 주관 {lead}, {period}.",
        f"proposed the task “{title}”{renamed}, led by {lead}, {period}.",
    )
    return said + ("" if fact.summary is None else f" {narration.text(fact.summary)}")


def _narrate_proposal_requested(narration: Narration) -> str:
    title, lead = narration.in_words(narration.fact.title), narration.name(narration.fact.lead)
    renamed = narration.beside(title)
    return narration.say(
        f"과제 ‘{title}’{renamed}의 제안을 요청하였음. 주관 {lead}.",
        f"asked {lead} to propose the task “{title}”{renamed}.",
    )


def _narrate_revised(narration: Narration) -> str:
    task = narration.state
    parts = _tell_values(narration) if task is None else tell_revision(narration, task, narration.fact)
    if not parts:
        return narration.say("제안을 수정·보완하였음.", "revised the proposal.")
    return narration.say("제안을 수정·보완하였음:", "revised the proposal:") + particulars(parts)


def _tell_values(narration: Narration) -> list[str]:
    """What a revision says, where what was before it is not known."""
    fact, parts = narration.fact, []
    if fact.title is not None:
        title = narration.in_words(fact.title)
        parts.append(narration.either(f"과제명 ‘{title}’", f"title “{title}”"))
    if fact.plan is not None:
        parts.append(narration.period(fact.plan))
    if fact.department is not None:
        department = narration.in_words(fact.department)
        parts.append(narration.either(f"소관부서 {department}", f"department {department}"))
    if fact.partners is not None:
        partners = ", ".join(map(narration.name, fact.partners)) or narration.either("없음", "none")
        parts.append(narration.either(f"협업기관 {partners}", f"partners: {partners}"))
    if fact.summary is not None:
        parts.append(narration.text(fact.summary))
    for name in fact.without:
        label = PLANS_FIELDS[name].say(narration.lang) if name in PLANS_FIELDS else name
        parts.append(narration.either(f"{label} 삭제", f"{label} taken away"))
    return parts


def _narrate_approved(narration: Narration) -> str:
    conditions = [narration.text(one) for one in narration.fact.conditions]
    if not conditions:
        return narration.say("과제를 승인하였음.", "approved the task.")
    said = narration.say("조건을 붙여 과제를 승인하였음:", "approved the task on conditions:")
    return said + particulars(conditions)


def _narrate_progress_reported(narration: Narration) -> str:
    fact = narration.fact
    parts = [narration.figure(figure) for figure in fact.figures]
    if fact.milestones:
        reached = ", ".join(map(narration.milestone, fact.milestones))
        parts.append(narration.either(f"달성한 추진일정 {reached}", f"milestones reached: {reached}"))
    if fact.text is not None:
        parts.append(narration.text(fact.text))
    quarter = quarter_label(fact.period) if fact.period else None
    ko, en = (f"{quarter.ko} ", f" for {quarter.en}") if quarter else ("", "")
    said = narration.say(
        f"{ko}진척률 {fact.percent}%를 보고하였음.", f"reported progress of {fact.percent}%{en}."
    )
    return said + particulars(parts)


def _narrate_milestones_reached(narration: Narration) -> str:
    fact = narration.fact
    reached = ", ".join(map(narration.milestone, fact.milestones))
    said = narration.say(
        f"추진일정 달성을 보고하였음: {reached}.", f"reported milestones as reached: {reached}."
    )
    return said + particulars([] if fact.text is None else [narration.text(fact.text)])


def _narrate_final_report_submitted(narration: Narration) -> str:
    parts = [narration.figure(figure) for figure in narration.fact.figures]
    said = narration.say("결과보고서를 제출하였음.", "submitted the final report.")
    return said + particulars([*parts, narration.text(narration.fact.text)])


def _narrate_replan_requested(narration: Narration) -> str:
    said = narration.say("계획 변경을 요청하였음:", "asked for a new plan:")
    return said + particulars(_plan_parts(narration))


def _narrate_replanned(narration: Narration) -> str:
    said = narration.say("계획을 변경하였음:", "put a new plan into force:")
    return said + particulars(_plan_parts(narration))


def _plan_parts(narration: Narration) -> list[str]:
    before, plan = narration.state, narration.fact.plan
    if before is None or before.plan is None:
        return [narration.period(plan)]
    return tell_plan(narration, before.plan, plan) or [narration.period(plan)]


def _values(narration: Narration) -> str:
    fact = narration.fact
    parts = (
        []
        if fact.percent is None
        else [narration.either(f"진척률 {fact.percent}%", f"progress {fact.percent}%")]
    )
    parts += [narration.figure(figure) for figure in fact.figures]
    if fact.on is not None:
        parts.append(narration.either(f"착수일 {fact.on}", f"started on {fact.on}"))
    if (score := getattr(fact, "score", None)) is not None:
        parts.append(narration.either(f"점수 {score}점", f"score {score}"))
    if (grade := getattr(fact, "grade", None)) is not None:
        said = legible(grade_label(grade, fact.grade_name).say(narration.lang))
        parts.append(narration.either(f"등급 {said}", f"grade {said}"))
    return "; ".join(parts)


def _narrate_evaluated(narration: Narration) -> str:
    fact = narration.fact
    parts = [
        f"{narration.in_words(one.label)} {narration.either(f'{one.score}점', one.score)} ({one.weight}%)"
        for one in fact.criteria
    ]
    grade = legible(grade_label(fact.grade, fact.grade_name).say(narration.lang))
    said = narration.say(
        f"과제를 {fact.score}점, {grade}등급으로 평가하였음",
        fill_counts("evaluated the task: {score} point(s), grade {grade}", score=fact.score, grade=grade),
    )
    return f"{said}." if not parts else f"{said}:" + particulars(parts)


def _narrate_corrected(narration: Narration) -> str:
    values, fact = _values(narration), narration.fact.fact
    if narration.fact.after_evaluation:
        return narration.say(
            f"평가 뒤에 #{fact} 기록을 정정하였음: {values}.",
            f"corrected #{fact} after the evaluation: {values}.",
        )
    return narration.say(f"#{fact} 기록을 정정하였음: {values}.", f"corrected #{fact}: {values}.")


def _narrate_correction_cancelled(narration: Narration) -> str:
    values, correction = _values(narration), narration.fact.correction
    return narration.say(
        f"#{correction} 정정을 취소하였음. 다시 {values}.",
        f"cancelled the correction #{correction}; again {values}.",
    )


def _narrate_deadlines_set(narration: Narration) -> str:
    """Only what is new, or has moved; what was met or fell away is told by what happened."""
    before = {(one.kind, one.item): one.due for one in narration.before}
    new = [one for one in narration.fact.deadlines if (one.kind, one.item) not in before]
    moved = [one for one in narration.fact.deadlines if before.get((one.kind, one.item), one.due) != one.due]
    set_new = ", ".join(f"{narration.deadline(one.kind, one.item, one.label)} {one.due}" for one in new)
    set_anew = ", ".join(
        f"{narration.deadline(one.kind, one.item, one.label)} {before[one.kind, one.item]} → {one.due}"
        for one in moved
    )
    ko = [f"기한을 정하였음: {set_new}"] * bool(new) + [f"기한을 변경하였음: {set_anew}"] * bool(moved)
    en = [f"set the deadlines: {set_new}"] * bool(new) + [f"moved the deadlines: {set_anew}"] * bool(moved)
    years = sorted({one.year for one in narration.fact.waiting})
    if years:
        ko += [
            f"{', '.join(f'{year}년' for year in years)} 달력을 기다리는 기한 {len(narration.fact.waiting)}건"
        ]
        en += [f"left {len(narration.fact.waiting)} to wait for the calendar of {', '.join(map(str, years))}"]
    left = len(narration.fact.deadlines)
    if not ko:
        ko = [f"남은 기한 {left}건" if left else "남은 기한이 없음"]
        en = [f"left {left} deadline{'s' * (left > 1)} open" if left else "found nothing more due"]
    return narration.say("; ".join(ko) + ".", "; ".join(en) + ".")


def _narrate_step_taken(narration: Narration) -> str:
    """In the definition's own words, as they were when it was taken: the fact holds them."""
    fact, label = narration.fact, narration.in_words(narration.fact.label)
    to = _name_of_place(narration)
    ko = f"절차 ‘{label}’{particle(label, '을(를)')} 진행하였음"
    en = f"took the step “{label}”"
    if to is not None:
        ko, en = f"{ko}. 새 위치: {to}", f"{en}; the task is now “{to}”"
    parts = [f"{narration.in_words(one.label)} {field_in_words(narration, one)}" for one in fact.form]
    return narration.say(f"{ko}.", f"{en}.") + particulars(parts)


def _name_of_place(narration: Narration) -> str | None:
    """Where the step led; None where the task stayed."""
    fact = narration.fact
    if fact.from_place == fact.to_place:
        return None
    if fact.to_label is not None:
        return narration.in_words(fact.to_label)
    place = find_place(fact.to_place)
    if place is None:
        return str(fact.to_place)
    stage, condition = place
    return (stage if condition is Condition.NORMAL else condition).say(narration.lang)


def field_in_words(narration: Narration, one: FilledField) -> str:
    """What a field was filled in with, as its type is written."""
    if one.attachment is not None:
        return narration.text(one.attachment)
    if one.text is not None:
        return narration.text(one.text)
    if one.meaning is not None:
        return narration.in_words(one.meaning)
    match one.type:
        case "krw":
            return narration.either(f"{int(one.value):,}원", f"KRW {int(one.value):,}")
        case "percent":
            return f"{one.value}%"
        case "yes_no":
            yes = one.value == "true"
            return narration.either("예" if yes else "아니요", "yes" if yes else "no")
        case "agency":
            return narration.name(one.value)
        case "person":
            return narration.person(one.value)
    return one.value


TASKS: Mapping[str, Callable[[Narration], str]] = {
    "task.proposed": _narrate_proposed,
    "task.proposal_requested": _narrate_proposal_requested,
    "task.request_lapsed": phrase(
        "사업연도가 마감되어 제안 요청이 소멸하였음.",
        "let the request for the proposal lapse, the year being closed.",
    ),
    "task.revised": _narrate_revised,
    "task.returned": phrase("제안의 보완을 요청하였음.", "returned the proposal for revision."),
    "task.approved": _narrate_approved,
    "task.rejected": phrase("제안을 반려하였음.", "rejected the proposal."),
    "task.number_freed": phrase(
        "이 번호로 다시 제안할 수 있게 하였음.", "let another proposal be made under this number."
    ),
    "task.withdrawn": phrase("과제를 철회하였음.", "withdrew the task."),
    "task.started": phrase("{on}에 과제에 착수하였음.", "began the work on {on}."),
    "task.suspended": phrase("과제 추진을 일시 중지하였음.", "suspended the work."),
    "task.resumed": phrase("과제 추진을 재개하였음.", "resumed the work."),
    "task.progress_reported": _narrate_progress_reported,
    "task.milestones_reached": _narrate_milestones_reached,
    "task.final_report_submitted": _narrate_final_report_submitted,
    "task.rating_opened": phrase("시민평가를 시작하였음.", "opened the citizens' rating."),
    "task.rated": phrase(
        "시민평가 결과를 입력하였음: {raters}명, {score}점.",
        "entered the citizens' rating: {score} point(s) by {raters} of them.",
    ),
    "task.evaluated": _narrate_evaluated,
    "task.replan_requested": _narrate_replan_requested,
    "task.replanned": _narrate_replanned,
    "task.replan_refused": phrase(
        "계획 변경을 승인하지 않았음.", "refused the new plan; the old one stays in force."
    ),
    "task.handed_over": with_agency(
        "lead", "과제를 이관하였음. 새 주관기관: {}.", "handed the task over to {}."
    ),
    "task.partner_added": with_agency("partner", "협업기관을 추가하였음: {}.", "added {} as a partner."),
    "task.partner_released": with_agency("partner", "협업기관을 해제하였음: {}.", "released the partner {}."),
    "task.corrected": _narrate_corrected,
    "task.correction_cancelled": _narrate_correction_cancelled,
    "task.hold_placed": phrase(
        "기록물 보존을 지정하였음. 근거: {basis}.", "placed a legal hold on the task. Basis: {basis}."
    ),
    "task.hold_lifted": phrase("기록물 보존 지정을 해제하였음.", "lifted the legal hold."),
    "task.deadlines_set": _narrate_deadlines_set,
    "task.discontinued": phrase("과제를 중단하였음.", "discontinued the task."),
    "task.step_taken": _narrate_step_taken,
    "task.carried_over": phrase("과제를 {to_year}년으로 이월하였음.", "carried the task over to {to_year}."),
}

# the fields that only these facts have, as people read them
TASKS_FIELDS = field_labels("""
after_evaluation|평가 뒤|after the evaluation
carried_to|이월 연도|carried over to
condition_since|상태 시작|condition since
conditions|조건|conditions
corrections|정정|corrections
correction|정정 기록|correction
criteria|평가항목|criteria
fact|기록|fact
figures|성과값|figures
final_report_on|결과보고일|final report on
grade|등급|grade
grade_name|등급의 이름|grade is called
hold|기록물 보존|legal hold
meaning|선택한 값|choice
milestones_reached|달성한 추진일정|milestones reached
next_by|다음에 진행할 역할|who may go on
partner|협업기관|partner
pending_plan|결정을 기다리는 계획|plan that waits
pending_since|결정 대기 시작일|plan waits since
percent|진척률(%)|percent
period|대상 분기|quarter
plan_version|계획 차수|version of the plan
plan|추진계획|plan
rated_on|시민평가일|rated on
raters|평가 인원|raters
rating|시민평가|citizens' rating
reported_until|실적 보고 기준일|reported until
score|점수|score
stage_since|단계 시작|stage since
form|서식|form
field|항목|field
from_place|이전 위치|from
label|절차 이름|what the step is called
started_on|착수일|started on
suspensions|중지 기간|suspensions
steps|진행한 절차|steps taken
step|절차|step
text|글|text
to_label|새 위치의 이름|what the place is called
to_place|새 위치|to
to_year|이월 연도|to the year
type|형식|type
""")
