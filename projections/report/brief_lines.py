"""The lines of the first page, each a rule: what it counts, and the facts that say so. A rule that finds nothing gives None."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from domain.errors import Bilingual
from domain.task.stages import Stage
from projections.report.document import Text
from projections.report.money import money
from projections.report.phases import find_milestones, punctual_milestones
from projections.report.plan_section import attainments
from projections.report.reminding import name_obligation
from projections.report.report_data import Owed, ReportData, behind, both, plan_of
from projections.report.summary import plans_of
from projections.report.tracing import Traced

NAMED = 3  # of the most that a line names
LONGEST = 26  # letters of a title that a line repeats
_GOOD = ("S", "A")
_HALTED = (Stage.DISCONTINUED, Stage.WITHDRAWN, Stage.REJECTED)


def _item(ko: str, en: str, facts: Iterable[int]) -> Text:
    return Text(Bilingual(ko, en), behind(*facts), "item")


def count_evaluated(m: ReportData) -> Text | None:
    done = [task for task in m.tasks if task.task.stage is Stage.EVALUATED]
    if not done:
        return None
    good = sum(task.task.grade in _GOOD for task in done)
    return _item(
        f"과제 {len(m.tasks)}건 중 {len(done)}건의 평가를 완료하였으며, 이 가운데 {good}건이 S·A등급임.",
        f"Evaluated: {len(done)} of {len(m.tasks)} task(s), {good} of them with grade S or A.",
        [*(task.proposed for task in m.tasks), *(task.since["grade"] for task in done)],
    )


def name_best(m: ReportData) -> Text | None:
    scored = [task for task in m.tasks if task.task.score is not None]
    best = sorted(scored, key=lambda task: (-Decimal(str(task.task.score)), task.number))[:NAMED]
    if not best:
        return None
    told = _join(
        Bilingual(f"{title.ko}({one.task.score}점)", f"{title.en} ({one.task.score})")
        for one in best
        for title in [_short_title(one)]
    )
    return _item(
        f"평가 점수 상위: {told.ko}.", f"Highest scores: {told.en}.", [task.since["score"] for task in best]
    )


def count_targets(m: ReportData) -> Text | None:
    found = attainments(m)
    met = [one for one in found if one.met]
    if not met:
        return None
    return _item(
        f"성과지표 {len(found)}개 중 {len(met)}개가 목표를 달성함.",
        f"{len(met)} of {len(found)} indicator(s) met their target.",
        chain.from_iterable(one.facts for one in found),
    )


def compare_budgets(m: ReportData) -> Text | None:
    first = sum(task.plans[0][0].budget_krw for task in m.tasks)
    now = sum(plan_of(task).budget_krw for task in m.tasks)
    if not m.tasks or first == now:
        return None
    said = money(abs(now - first))
    return _item(
        f"예산은 제안 당시보다 {said.ko} {'증가함' if now > first else '감소함'}({money(first).ko} → {money(now).ko}).",
        f"The budget is {said.en} {'more' if now > first else 'less'} than was proposed ({money(first).en} → {money(now).en}).",
        [*plans_of(m.tasks), *(task.plans[0][1] for task in m.tasks)],
    )


def count_late(m: ReportData) -> Text | None:
    late = [one for one in m.owed if one.late]
    if not late:
        return None
    most = sorted({one.who for one in late}, key=lambda who: (-_days(late, who), who))[0]
    total, days = sum(one.late for one in late), _days(late, most)
    return _item(
        f"기한 {len(m.owed)}건 중 {len(late)}건이 지연됨(합계 {total:,}영업일). 가장 많은 기관은 {m.agency(most).ko}({days:,}영업일)임.",
        f"Late: {len(late)} of {len(m.owed)} deadline(s), {total:,} business day(s) in all; most by {m.agency(most).en} ({days:,}).",
        chain.from_iterable(one.facts for one in late),
    )


def _days(late: Sequence[Owed], who: str) -> int:
    return sum(one.late for one in late if one.who == who)


def name_longest_delays(m: ReportData) -> Text | None:
    late = sorted(
        (one for one in m.owed if one.late),
        key=lambda one: (-one.late, one.obligation.task, one.obligation.first),
    )[:NAMED]
    if not late:
        return None
    told = _join(
        Bilingual(
            f"{one.obligation.task} {kind.ko}({one.late}영업일)",
            f"{one.obligation.task} {kind.en} ({one.late} day(s))",
        )
        for one in late
        for kind in [name_obligation(m, one.obligation)]
    )
    return _item(
        f"지연이 긴 기한: {told.ko}.",
        f"Longest delays: {told.en}.",
        chain.from_iterable(one.facts for one in late),
    )


def count_milestones(m: ReportData) -> Text | None:
    percent, counted = punctual_milestones(find_milestones(m))
    missed = [one for one in counted if one.came != "in_time"]
    if not missed:
        return None
    never = sum(one.came == "unreported" for one in missed)
    return _item(
        f"추진일정 {len(counted)}건 중 {len(missed)}건을 기한 내 보고하지 못함(미보고 {never}건, 기한 내 보고율 {percent}%).",
        f"Not reported in time: {len(missed)} of {len(counted)} milestone(s) ({never} never; {percent}% in time).",
        chain.from_iterable(one.facts for one in counted),
    )


def name_shortfalls(m: ReportData) -> Text | None:
    found = sorted(
        (one for one in attainments(m) if one.percent is not None and not one.met),
        key=lambda one: (Decimal(one.percent or 0), one.task.number),
    )
    if not found:
        return None
    lowest = _join(
        Bilingual(
            f"{one.task.number} {_cut(name.ko)} {one.percent}%",
            f"{one.task.number} {_cut(name.en)} {one.percent}%",
        )
        for one in found[:NAMED]
        for name in [both(one.indicator.name)]
    )
    return _item(
        f"성과지표 {len(found)}개가 목표에 이르지 못함(낮은 순: {lowest.ko}).",
        f"{len(found)} indicator(s) fell short of their target (lowest: {lowest.en}).",
        chain.from_iterable(one.facts for one in found),
    )


def count_halted(m: ReportData) -> Text | None:
    found = [task for task in m.tasks if task.task.stage in _HALTED]
    if not found:
        return None
    counts = _join(
        Bilingual(f"{stage.say('ko')} {count}건", f"{stage.say('en')} {count}")
        for stage in _HALTED
        if (count := sum(task.task.stage is stage for task in found))
    )
    return _item(
        f"평가 전에 끝난 과제: {counts.ko}({_numbers(found)}).",
        f"Ended before evaluation: {counts.en} ({_numbers(found)}).",
        [task.standings[-1].position for task in found],
    )


def count_carried_over(m: ReportData) -> Text | None:
    found = [task for task in m.tasks if task.task.stage is Stage.CARRIED_OVER]
    if not found:
        return None
    return _item(
        f"이월 과제 {len(found)}건을 다음 연도 사업에서 이어 추진함({_numbers(found)}).",
        f"{len(found)} task(s) to go on in a later year's programme ({_numbers(found)}).",
        [task.standings[-1].position for task in found],
    )


def name_next_deadlines(m: ReportData) -> Text | None:
    """What is still to be done, also what is overdue."""
    found = sorted(
        (one for one in m.owed if one.obligation.outcome == "open"),
        key=lambda one: (one.obligation.due, one.obligation.task, one.obligation.kind),
    )
    if not found:
        return None
    told = _join(
        Bilingual(f"{due.due} {due.task} {kind.ko}", f"{due.due} {due.task} {kind.en}")
        for due in [one.obligation for one in found[:NAMED]]
        for kind in [name_obligation(m, due)]
    )
    more = Bilingual(" 등", " …") if len(found) > NAMED else Bilingual("", "")
    return _item(
        f"남은 기한 {len(found)}건: {told.ko}{more.ko}.",
        f"{len(found)} deadline(s) is(are) still open: {told.en}{more.en}.",
        chain.from_iterable(one.facts for one in found),
    )


def count_decisions_to_come(m: ReportData) -> Text | None:
    proposals = [task for task in m.tasks if task.task.stage is Stage.PROPOSED]
    asked = [task for task in m.tasks if task.task.stage.is_open and task.task.asked_plan is not None]
    if not proposals and not asked:
        return None
    return _item(
        f"결정을 기다리는 제안 {len(proposals)}건, 승인을 기다리는 계획 변경 {len(asked)}건을 처리할 예정임.",
        f"To be decided: {len(proposals)} proposal(s) and {len(asked)} changed plan(s).",
        [task.standings[-1].position for task in proposals] + [task.facts[-1].position for task in asked],
    )


def count_unfinished(m: ReportData) -> Text | None:
    found = [task for task in m.tasks if task.task.stage in (Stage.APPROVED, Stage.IN_PROGRESS)]
    if not found:
        return None
    return _item(
        f"추진 중이거나 평가가 남은 과제 {len(found)}건을 마무리할 예정임.",
        f"{len(found)} task(s) is(are) under way or yet to be evaluated.",
        [task.standings[-1].position for task in found],
    )


def _join(names: Iterable[Bilingual]) -> Bilingual:
    found = tuple(names)
    return Bilingual(", ".join(one.ko for one in found), ", ".join(one.en for one in found))


def _numbers(tasks: Sequence[Traced]) -> str:
    more = f" +{len(tasks) - 6}" if len(tasks) > 6 else ""
    return ", ".join(task.number for task in tasks[:6]) + more


def _short_title(task: Traced) -> Bilingual:
    assert task.task.title is not None
    title = both(task.task.title)
    return Bilingual(f"{task.number} {_cut(title.ko)}", f"{task.number} {_cut(title.en)}")


def _cut(text: str) -> str:
    """So many letters at most, and no half word where a whole one is left."""
    if len(text) <= LONGEST:
        return text
    end = text.rfind(" ", LONGEST // 2, LONGEST + 1)
    return text[: LONGEST if end < 0 else end].rstrip(" ,;:·") + "…"
