"""How boards, cards, histories and summaries look to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from domain.agency.state import Agency
from domain.errors import Lang
from domain.seoul import SEOUL, local_day
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from projections.history import Line
from projections.inbox import InboxRow
from projections.labels import WAITS, Areas, area_called
from scripts.cli.tables import Column, say_table
from workflows.trail_alarms import Alarm

_COLOURS = {
    Stage.PROPOSED: "yellow",
    Stage.APPROVED: "cyan",
    Stage.IN_PROGRESS: "blue",
    Stage.EVALUATED: "green",
}


def _stage(stage: str, condition: str, lang: Lang, *, amended: bool = False) -> Text:
    """`amended`: something was corrected after the evaluation."""
    shown = Stage(stage).say(lang)
    if amended:
        shown += " (정정됨)" if lang == "ko" else " (corrected since)"
    if condition != Condition.NORMAL:
        shown += f" ({Condition(condition).say(lang)})"
    return Text(shown, style=_COLOURS.get(Stage(stage), "dim"))


def say_board(out: Console, rows: Sequence[Any], areas: Mapping[int, Areas], lang: Lang) -> None:
    """A row a task of the task board. `areas`: the names of the areas, by year."""
    columns = (
        Column("과제", "task"),
        Column("과제명", "title", "title"),
        Column("주관기관", "lead"),
        Column("분야", "area", "text"),
        Column("단계", "stage", "text"),
        Column("진척", "progress", "figure"),
        Column("다음 일정", "next"),
    )
    cells = (
        (
            row.task,
            row.title(lang),
            row.lead,
            area_called(row.area, areas.get(row.year, {}), lang),
            _stage(row.stage, row.condition, lang, amended=row.amended),
            f"{row.progress}%",
            "" if row.next_date is None else str(row.next_date),
        )
        for row in rows
    )
    say_table(out, lang, columns, cells)


def say_summary(out: Console, rows: Sequence[Any], areas: Areas, lang: Lang) -> None:
    """Counts, budget and mean progress by area and stage. The mean is made here, from sum and count."""
    columns = (
        Column("분야", "area", "text"),
        Column("단계", "stage", "text"),
        Column("과제 수", "tasks", "figure"),
        Column("예산(원)", "budget (KRW)", "figure"),
        Column("평균 진척", "mean progress", "figure"),
    )
    cells = (
        (
            area_called(row.area, areas, lang),
            _stage(row.stage, Condition.NORMAL, lang),
            str(row.tasks),
            f"{row.budget_krw:,}",
            f"{row.progress_sum / row.progress_count:.0f}%" if row.progress_count else "–",
        )
        for row in rows
    )
    say_table(out, lang, columns, cells)


def say_alarms(out: Console, alarms: Sequence[Alarm], lang: Lang) -> None:
    """Where the database was found not to be what was sealed, above whatever else is shown."""
    for one in alarms:
        at = f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        said = (
            f"경보: 데이터베이스가 봉인된 것과 다릅니다: {one.ko}({at}에 찾음). `donghaeng trail verify --store`로 확인하십시오. 감사관의 확인: `donghaeng trail examine {one.finding}`"
            if lang == "ko"
            else f"ALARM: the database is not what was sealed: {one.en} (found {at}). Look with `donghaeng trail verify --store`; for the inspector: `donghaeng trail examine {one.finding}`"
        )
        out.print(said, style="bold red", soft_wrap=True, markup=False)


def say_inbox(out: Console, rows: Sequence[InboxRow], lang: Lang) -> None:
    """A row a task: whose turn it is, what is to be done, and since when."""
    columns = (
        Column("기관", "agency"),
        Column("과제", "task"),
        Column("과제명", "title", "title"),
        Column("할 일", "to do", "text"),
        Column("부터", "since"),
    )
    cells = []
    for row in rows:
        assert row.waits is not None
        assert row.waits_since is not None
        title = row.title_ko if lang == "ko" or row.title_en is None else row.title_en
        todo = WAITS[row.waits].say(lang)
        cells.append((row.lead, row.task, title, todo, f"{local_day(row.waits_since)}"))
    say_table(out, lang, columns, cells)


def say_agencies(out: Console, agencies: Mapping[str, Agency], lang: Lang) -> None:
    """A row an agency: its names, and what became of it."""
    columns = (
        Column("기관", "agency"),
        Column("이름", "name", "text"),
        Column("옛 이름", "formerly", "text"),
        Column("", ""),
    )
    cells = []
    for identity, agency in agencies.items():
        became = f"→ {agency.successor}" if agency.successor else ""
        if agency.closed:
            became = "폐지" if lang == "ko" else "closed"
        name = agency.name.say(lang) if agency.name else ""
        cells.append((identity, name, ", ".join(one.say(lang) for one in agency.formerly), became))
    say_table(out, lang, columns, cells)


def history_lines(out: Console, lines: Sequence[Line], lang: Lang) -> None:
    """One line a fact: when, and what happened; when it was recorded where that is another time."""
    beside, below = recorded(lines, lang)
    for line, when in zip(lines, beside, strict=True):
        head = f"#{line.version:<3} {line.at:%Y-%m-%d %H:%M}  "
        out.print(Text(head, style="dim").append(line.sentence, style="default").append(when, style="yellow"))
    say_below(out, below)


class Timed(Protocol):
    @property
    def known_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...


def recorded(facts: Sequence[Timed], lang: Lang) -> tuple[list[str], str]:
    """What stands behind each fact that was recorded at another time than it was known; and, where all were, as in a
    simulated store, below them once instead.
    """
    differ = [one.known_at != one.recorded_at for one in facts]
    if not any(differ):
        return [""] * len(facts), ""
    told = [f"{one.recorded_at.astimezone(SEOUL):%Y-%m-%d %H:%M}" for one in facts]
    if not all(differ):
        said = "적힌 시각" if lang == "ko" else "recorded"
        return [f"  ({said} {at})" if two else "" for at, two in zip(told, differ, strict=True)], ""
    span = min(told) if min(told) == max(told) else f"{min(told)} – {max(told)}"
    below = (
        f"위의 날짜는 저장소 자신의 시계에 따른 것이며, 적힌 시각은 {span}입니다."
        if lang == "ko"
        else f"These dates are those of the store's own clock; it was recorded {span}."
    )
    return [""] * len(facts), below


def say_below(out: Console, below: str) -> None:
    if below:
        out.print(below, style="dim", soft_wrap=True)


def task_card(out: Console, task_id: str, task: Task, areas: Areas, lang: Lang) -> None:
    """A task as it is now."""
    assert task.title is not None
    assert task.plan is not None
    out.print(Text(f"{task_id}  {task.title.say(lang)}", style="bold"))
    out.print(_stage(task.stage, task.condition, lang, amended=task.amended))
    lines = (
        ("주관기관", "lead", task.lead),
        ("분야", "area", area_called(task.area, areas, lang)),
        ("기간", "from – to", f"{task.plan.start} – {task.plan.end}"),
        ("예산(원)", "budget (KRW)", f"{task.plan.budget_krw:,}"),
        ("진척", "progress", f"{task.percent}%"),
        ("평가", "evaluation", f"{task.score} ({task.grade})" if task.score else "–"),
    )
    for ko, en, value in lines:
        out.print(f"  {ko if lang == 'ko' else en}: {value}")
    for milestone in task.plan.milestones:
        done = "✓" if milestone.id in task.milestones_reached else "·"
        out.print(f"  {done} {milestone.due} {milestone.name.say(lang)} [{milestone.id}]", markup=False)
    for indicator in task.plan.indicators:
        actual = task.figures.get(indicator.id, "–")
        shown = f"{indicator.name.say(lang)} {actual} / {indicator.target} {indicator.unit} [{indicator.id}]"
        out.print(f"    {shown}", markup=False)
