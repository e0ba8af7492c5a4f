"""How one task looks to people: all of it, or as it stood before and after a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rich.console import Console
from rich.text import Text

from domain.errors import Lang
from domain.seoul import local_day
from domain.task.state import Task
from domain.units import say_amount
from domain.values import LocalText
from projections.labels import WAITS, Areas, area_label, describe_line, grade_label
from scripts.cli.people import people_lines
from scripts.cli.printing import stage_label
from scripts.cli.run import Run
from workflows.possible_steps import describe_typed
from workflows.queries.due_words import next_cells, title_in_words
from workflows.queries.task_page import TaskShown, Waits

Lines = Iterator[tuple[str, str, str]]


def say_task(run: Run, out: Console, found: TaskShown) -> None:
    """All that a reader may know of a task."""
    lang, state = run.lang, found.state
    title = title_in_words(found.title, found.title_now, lang)
    out.print(Text(f"{found.task}  {title}", style="bold"), soft_wrap=True)
    name = found.condition_name
    out.print(stage_label(found.stage, state.condition, lang, amended=state.amended, name=name))

    def agency(identity: str) -> str:
        return (
            f"{found.agencies[identity].say(lang)} [{identity}]" if identity in found.agencies else identity
        )

    lines = [
        *_of_people(found, agency, lang),
        ("분야", "area", area_label(found.area, found.areas, lang)),
        *_of_plan(state, lang),
        *_of_due(found, lang),
        *_of_line(state, lang),
        *(("할 일", "waits", _waits(one, agency, lang)) for one in found.waits),
        *_of_steps(found, lang),
    ]
    _say_lines(out, lines, lang)
    _say_measures(out, state, lang)
    if found.responsible is not None:
        for line in people_lines(run, found.responsible, found.people):
            out.print(line, markup=False, soft_wrap=True)


def task_card(
    out: Console,
    task_id: str,
    task: Task,
    areas: Areas,
    lang: Lang,
    names: Mapping[str, LocalText] = {},
) -> None:
    """A task as it stood at a fact of its history. `names`: of conditions of its definition's own."""
    assert task.title is not None
    out.print(Text(f"{task_id}  {task.title.say(lang)}", style="bold"))
    name = names.get(task.condition)
    out.print(stage_label(task.stage, task.condition, lang, amended=task.amended, name=name))
    lines = [
        ("주관기관", "lead", task.lead),
        ("분야", "area", area_label(task.area, areas, lang)),
        *_of_plan(task, lang),
    ]
    _say_lines(out, lines, lang)
    _say_measures(out, task, lang)


def _say_lines(out: Console, lines: list[tuple[str, str, str]], lang: Lang) -> None:
    for ko, en, value in lines:
        out.print(f"  {ko if lang == 'ko' else en}: {value}", markup=False, soft_wrap=True)


def _of_people(found: TaskShown, agency: Callable[[str], str], lang: Lang) -> Lines:
    yield "주관기관", "lead", agency(found.lead)
    if found.state.partners:
        yield "협업기관", "partners", ", ".join(map(agency, found.state.partners))
    if found.state.department is not None:
        yield "소관부서", "department", found.state.department.say(lang)


def _of_plan(task: Task, lang: Lang) -> Lines:
    if task.plan is None:
        return
    yield "기간", "from – to", f"{task.plan.start} – {task.plan.end}"
    if task.plan.not_before is not None:
        yield "시작 가능일", "not before", str(task.plan.not_before)
    for phase in task.plan.phases:
        yield "시기", "phase", f"{phase.name.say(lang)} {phase.starts} – {phase.ends}"
    yield "예산(원)", "budget (KRW)", f"{task.plan.budget_krw:,}"
    yield "진척률", "progress", f"{task.percent}%"
    graded = "–" if task.grade is None else grade_label(task.grade, task.grade_name).say(lang)
    yield "평가", "evaluation", f"{task.score} ({graded})" if task.score else "–"
    if task.hold is not None:
        yield "기록물 보존", "legal hold", task.hold


def _of_due(found: TaskShown, lang: Lang) -> Lines:
    """The next deadline first, as the list of deadlines has them."""
    dated = [next_cells(one, (), lang) for one in found.due]
    waiting = [next_cells(None, [one], lang) for one in found.waiting]
    for number, (day, what) in enumerate((*dated, *waiting)):
        yield (
            ("다음 기한", "next deadline", f"{day} {what}")
            if number == 0
            else ("기한", "deadline", f"{day} {what}")
        )


def _of_line(task: Task, lang: Lang) -> Lines:
    """The approval line that is open, and since when it is whose turn."""
    if task.line is not None:
        day = local_day(task.line.since)
        since = f"({day}부터)" if lang == "ko" else f"(since {day})"
        yield "결재선", "approval line", f"{describe_line(task.line, lang)} {since}"


def _of_steps(found: TaskShown, lang: Lang) -> Lines:
    """What the reader could take now, as it is typed, with the form's fields."""
    for one in found.steps:
        typed = describe_typed(found.task, one.step, one.form)
        yield "가능한 절차", "step possible", f"{one.label.say(lang)} (`{typed}`)"


def _waits(one: Waits, agency: Callable[[str], str], lang: Lang) -> str:
    city = (
        "시" if lang == "ko" else "the city"
    )  # the planner or a department: whoever may give one of the ways
    who, day = city if one.agency is None else agency(one.agency), local_day(one.since)
    what = " / ".join(way.label.say(lang) for way in one.ways) or WAITS[one.what].say(lang)
    return f"{who}: {what} ({day}부터)" if lang == "ko" else f"{who}: {what} (since {day})"


def _say_measures(out: Console, task: Task, lang: Lang) -> None:
    if task.plan is None:
        return
    for milestone in task.plan.milestones:
        done = "✓" if milestone.id in task.milestones_reached else "·"
        out.print(f"  {done} {milestone.due} {milestone.name.say(lang)} [{milestone.id}]", markup=False)
    for indicator in task.plan.indicators:
        actual = task.figures.get(indicator.id, "–")
        target = say_amount(indicator.target, indicator.unit).say(lang)
        shown = f"{indicator.name.say(lang)} {actual} / {target} [{indicator.id}]"
        out.print(f"    {shown}", markup=False)
