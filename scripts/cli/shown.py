"""How boards, cards, histories and summaries look to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.agency.state import Agency
from domain.errors import Lang
from domain.seoul import local_day
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from projections.history import Line
from projections.inbox import InboxRow

_BESIDE_TITLE = 66  # columns that all others take
_COLOURS = {
    Stage.PROPOSED: "yellow",
    Stage.APPROVED: "cyan",
    Stage.IN_PROGRESS: "blue",
    Stage.EVALUATED: "green",
}


def _heads(table: Table, lang: Lang, heads: Sequence[tuple[str, str, str]]) -> Table:
    for ko, en, justify in heads:
        name = ko if lang == "ko" else en
        table.add_column(name, justify=justify, no_wrap=True, overflow="crop")  # type: ignore[arg-type]
    return table


def _stage(stage: str, condition: str, lang: Lang) -> Text:
    shown = Stage(stage).say(lang)
    if condition != Condition.NORMAL:
        shown += f" ({Condition(condition).say(lang)})"
    return Text(shown, style=_COLOURS.get(Stage(stage), "dim"))


def board_table(rows: Sequence[Any], lang: Lang, width: int) -> Table:
    """A row a task of the task board. `width`: of the screen; long titles are cut to it."""
    table = _heads(
        Table(box=None, pad_edge=False),
        lang,
        (
            ("과제", "task", "left"),
            ("과제명", "title", "left"),
            ("주관기관", "lead", "left"),
            ("분야", "area", "left"),
            ("단계", "stage", "left"),
            ("진척", "progress", "right"),
            ("다음 일정", "next", "left"),
        ),
    )
    for row in rows:
        table.add_row(
            row.task,
            _cut(row.title(lang), max(width - _BESIDE_TITLE, 16)),
            row.lead,
            row.area,
            _stage(row.stage, row.condition, lang),
            f"{row.progress}%",
            "" if row.next_date is None else str(row.next_date),
        )
    return table


def _cut(title: str, cells: int) -> str:
    """The title in so many columns of the screen; Korean letters take two."""
    return title if cell_len(title) <= cells else set_cell_size(title, cells - 1).rstrip() + "…"


def summary_table(rows: Sequence[Any], lang: Lang) -> Table:
    """Counts, budget and mean progress by area and stage. The mean is made here, from sum and count."""
    table = _heads(
        Table(box=None, pad_edge=False),
        lang,
        (
            ("분야", "area", "left"),
            ("단계", "stage", "left"),
            ("과제 수", "tasks", "right"),
            ("예산(원)", "budget (KRW)", "right"),
            ("평균 진척", "mean progress", "right"),
        ),
    )
    for row in rows:
        mean = f"{row.progress_sum / row.progress_count:.0f}%" if row.progress_count else "–"
        stage = _stage(row.stage, Condition.NORMAL, lang)
        table.add_row(row.area, stage, str(row.tasks), f"{row.budget_krw:,}", mean)
    return table


_WAITS = {
    "propose": ("제안", "propose it"),
    "revise": ("수정·보완", "answer the return"),
    "start": ("착수", "start the work"),
    "report": ("추진상황 보고", "report progress"),
    "decide": ("승인 여부 결정", "decide on it"),
    "replan": ("계획 변경 결정", "decide on a new plan"),
    "resume": ("재개 여부 결정", "let it go on"),
    "evaluate": ("평가", "evaluate it"),
    "rate": ("시민평가 결과 입력", "enter the citizens' rating"),
}


def inbox_table(rows: Sequence[InboxRow], lang: Lang, width: int) -> Table:
    """A row a task: whose turn it is, what is to be done, and since when."""
    heads = (
        ("기관", "agency", "left"),
        ("과제", "task", "left"),
        ("과제명", "title", "left"),
        ("할 일", "to do", "left"),
        ("부터", "since", "left"),
    )
    table = _heads(Table(box=None, pad_edge=False), lang, heads)
    for row in rows:
        assert row.waits is not None
        assert row.waits_since is not None
        title = row.title_ko if lang == "ko" or row.title_en is None else row.title_en
        todo = _WAITS[row.waits][lang != "ko"]
        since = f"{local_day(row.waits_since)}"
        table.add_row(row.lead, row.task, _cut(title, max(width - 55, 16)), todo, since)
    return table


def agency_table(agencies: Mapping[str, Agency], lang: Lang) -> Table:
    """A row an agency: its names, and what became of it."""
    table = _heads(
        Table(box=None, pad_edge=False),
        lang,
        (
            ("기관", "agency", "left"),
            ("이름", "name", "left"),
            ("옛 이름", "formerly", "left"),
            ("", "", "left"),
        ),
    )
    for identity, agency in agencies.items():
        became = f"→ {agency.successor}" if agency.successor else ""
        if agency.closed:
            became = "폐지" if lang == "ko" else "closed"
        name = agency.name.say(lang) if agency.name else ""
        table.add_row(identity, name, ", ".join(one.say(lang) for one in agency.formerly), became)
    return table


def history_lines(out: Console, lines: Sequence[Line]) -> None:
    """One line a fact: when, and what happened."""
    for line in lines:
        head = f"#{line.version:<3} {line.at:%Y-%m-%d %H:%M}  "
        out.print(Text(head, style="dim").append(line.sentence, style="default"))


def task_card(out: Console, task_id: str, task: Task, lang: Lang) -> None:
    """A task as it is now."""
    assert task.title is not None
    assert task.plan is not None
    out.print(Text(f"{task_id}  {task.title.say(lang)}", style="bold"))
    out.print(_stage(task.stage, task.condition, lang))
    lines = (
        ("주관기관", "lead", task.lead),
        ("분야", "area", task.area),
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
