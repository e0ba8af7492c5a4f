"""The annex: each task with what it is, how it kept to its plan, who answers for it, and its course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.errors import Bilingual
from domain.seoul import local_day
from domain.units import say_amount
from projections.labels import grade_label
from projections.report.document import Cell, Section, Table, Text
from projections.report.money import money
from projections.report.phases import find_milestones
from projections.report.plan_section import attainments
from projections.report.reminding import OUTCOME_LABELS
from projections.report.report_data import (
    OUTCOMES,
    ReportData,
    absent,
    both,
    cell,
    column,
    plan_of,
)
from projections.report.tracing import Traced
from projections.responsible import responsible

Row = tuple[Bilingual, Cell]
_POSTS = {"head": Bilingual("기관장", "head"), "officer": Bilingual("담당자", "officer")}
_DECIDE = (  # what stands of a task's course on its page, beside the latest
    "task.approved",
    "task.returned",
    "task.rejected",
    "task.withdrawn",
    "task.suspended",
    "task.resumed",
    "task.replanned",
    "task.replan_refused",
    "task.handed_over",
    "task.discontinued",
    "task.carried_over",
    "task.evaluated",
    "task.step_taken",
)


def annex(m: ReportData) -> Section:
    """Task by task, one after the other."""
    title = Bilingual("부록: 과제별 경과", "Annex: task by task")
    if not m.tasks:
        return Section("annex", title, (absent("제안된 과제가 없음.", "No task was proposed."),))
    rows = _rows_of_plans(m)
    return Section(
        "annex", title, parts=tuple(_page(m, task, rows[task.number]) for task in m.tasks), own_page=True
    )


def _rows_of_plans(m: ReportData) -> dict[str, list[Row]]:
    """Of each task a row for each indicator and each milestone."""
    found: dict[str, list[Row]] = {task.number: [] for task in m.tasks}
    for one in attainments(m):
        name, target = both(one.indicator.name), say_amount(one.indicator.target, one.indicator.unit)
        share = "" if one.percent is None else f" ({one.percent}%)"
        head = Bilingual(f"성과지표: {name.ko}", f"Indicator: {name.en}")
        ko, en = (f"{one.value or '–'} / {said}{share}" for said in (target.ko, target.en))
        found[one.task.number].append((head, cell(Bilingual(ko, en), one.facts)))
    for mile in find_milestones(m):
        name, (on, _) = both(mile.milestone.name), mile.reached
        days = mile.late or 0
        late = (
            Bilingual(f", {days}영업일 지연", f", {days} business day(s) late") if days else Bilingual("", "")
        )
        said = Bilingual(
            f"{mile.milestone.due} → {on or '보고 없음'}{late.ko}",
            f"{mile.milestone.due} → {on or 'not reported'}{late.en}",
        )
        head = Bilingual(f"추진일정: {name.ko}", f"Milestone: {name.en}")
        found[mile.task.number].append((head, cell(said, mile.facts)))
    return found


def _page(m: ReportData, task: Traced, of_plan: Iterable[Row]) -> Section:
    of = f"task.{task.number}"
    assert task.task.title is not None
    rows = (*_what(m, task), *of_plan, *_people(m, task), *_deadlines(m, task))
    card = Table(
        f"{of}.card",
        Bilingual("과제 개요", "The task"),
        (column("what", "항목", "What", weight=3), column("value", "내용", "Value", weight=8)),
        tuple((cell(head), value) for head, value in rows),
    )
    title = both(task.task.title)
    name = Bilingual(f"{task.number} {title.ko}", f"{task.number} {title.en}")
    return Section(f"annex.{task.number}", name, (card, *_timeline(m, task)), together=True)


def _what(m: ReportData, task: Traced) -> Iterator[Row]:
    state, plan = task.task, plan_of(task)
    yield Bilingual("분야", "Area"), cell(m.area(state.area))
    yield Bilingual("주관기관", "Lead agency"), cell(m.agency(state.lead), [task.since["lead"]])
    if state.partners:
        yield Bilingual("협업기관", "Partners"), cell(_join(m.agency(one) for one in state.partners))
    if state.department:
        yield Bilingual("소관부서", "Department"), cell(both(state.department))
    sum_of = money(plan.budget_krw)
    planned = Bilingual(
        f"{plan.start} – {plan.end}, 예산 {sum_of.ko}", f"{plan.start} – {plan.end}, budget {sum_of.en}"
    )
    yield Bilingual("추진계획", "Plan"), cell(planned, [task.since["plan"]])
    stood = [task.standings[-1].position, *(one.position for one in task.progress[-1:])]
    now = Bilingual(
        f"{state.stage.say('ko')}, 진척률 {task.row.progress}%",
        f"{state.stage.say('en')}, progress {task.row.progress}%",
    )
    yield Bilingual("추진 현황", "Where it stands"), cell(now, stood)
    if state.score is not None:
        grade = grade_label(state.grade or "–", state.grade_name)
        scored = Bilingual(f"{state.score}점, {grade.ko}등급", f"{state.score} point(s), grade {grade.en}")
        yield Bilingual("평가", "Evaluation"), cell(scored, [task.since["score"]])


def _people(m: ReportData, task: Traced) -> Iterator[Row]:
    """Who is in office at the agency that answers for the task, by the beginning of their ids: a report names nobody."""
    found = responsible(task.number, task.facts, lambda one: m.gathered.agency_facts.get(one, []), m.as_of)
    if found is None or not found.posts:
        return
    of = m.gathered.agency_facts[found.agency]
    known = [one.position for one in of if one.kind in ("agency.appointed", "agency.released")]
    people = _join(
        Bilingual(f"{_POSTS[one.post].ko} {one.subject[:8]}", f"{_POSTS[one.post].en} {one.subject[:8]}")
        for one in found.posts
    )
    yield Bilingual("재직자", "In office"), cell(people, known)


def _deadlines(m: ReportData, task: Traced) -> Iterator[Row]:
    owed = [one for one in m.owed if one.obligation.task == task.number]
    if not owed:
        return
    counts = _join(
        Bilingual(f"{OUTCOME_LABELS[name].ko} {count}", f"{OUTCOME_LABELS[name].en.lower()} {count}")
        for name in OUTCOMES
        if (count := sum(one.outcome == name for one in owed))
    )
    facts = [place for one in owed for place in one.facts]
    said = Bilingual(f"{len(owed)}건({counts.ko})", f"{len(owed)} ({counts.en})")
    yield Bilingual("기한", "Deadlines"), cell(said, facts)
    told = [reminder.position for one in owed for _, reminder in one.reminders]
    above = sum(bool(one.escalations) for one in owed)
    if told:
        sent = Bilingual(
            f"{len(told)}건(상급자에게 알린 기한 {above}건)", f"{len(told)} ({above} deadline(s) escalated)"
        )
        yield Bilingual("알림", "Reminders"), cell(sent, told)


def _join(names: Iterable[Bilingual]) -> Bilingual:
    found = tuple(names)
    return Bilingual(", ".join(one.ko for one in found), ", ".join(one.en for one in found))


def _timeline(m: ReportData, task: Traced) -> tuple[Table, Text]:
    """What decided of the task, and the latest; its whole course is the console's, so that two tasks stand on a page."""
    told = [one for one in task.facts if one.kind != "task.deadlines_set"]  # which only counts again
    chosen = [one for one in told if one.kind in _DECIDE or one is told[-1]]
    table = Table(
        f"task.{task.number}.timeline",
        Bilingual("주요 경과", "Decisions, and the latest"),
        (
            column("day", "일자", "Day", "date", 2),
            column("told", "추진 경과", "What happened", weight=9),
        ),
        tuple(
            (
                cell(local_day(one.effective_at), [one.position]),
                cell(m.lines[one.position], [one.position]),
            )
            for one in chosen
        ),
    )
    whole = Bilingual(
        f"전체 {len(told)}건 중 결정 사항과 최근 기록 {len(chosen)}건. 전체: donghaeng task history {task.number}",
        f"{len(chosen)} of {len(told)}: what was decided, and the latest. All: donghaeng task history {task.number}",
    )
    return table, Text(whole, role="remark")
