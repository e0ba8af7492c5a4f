"""How boards, cards, histories and summaries look to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.text import Text

from domain.errors import Bilingual, Lang
from domain.seoul import SEOUL, local_day
from domain.task.stages import Condition, Stage
from domain.values import LocalText
from projections.labels import WAITS, Areas, area_label, describe_line
from projections.programme_summary import WITHOUT_BUDGET, ProgrammeSummaryRow, mean_progress
from scripts.cli.tables import Column, say_nothing, say_table
from workflows.queries.due_words import describe_stage, next_cells

if TYPE_CHECKING:  # who prints one kind of thing loads none of the others
    from projections.history_line import Line
    from workflows.queries.agencies import AgencyRead
    from workflows.queries.tasks import TaskRow
    from workflows.trail.alarms import Alarm
    from workflows.waiting import InboxWaiting

_COLOURS = {
    Stage.LISTED: "magenta",
    Stage.PROPOSED: "yellow",
    Stage.APPROVED: "cyan",
    Stage.IN_PROGRESS: "blue",
    Stage.EVALUATED: "green",
}


def stage_label(
    stage: str, condition: str, lang: Lang, *, amended: bool = False, name: LocalText | None = None
) -> Text:
    """`amended`: something was corrected after the evaluation; `name`: of a condition of the definition's own."""
    shown = describe_stage(stage, condition, lang, amended=amended, name=name)
    return Text(shown, style=_COLOURS.get(Stage(stage), "dim"))


def say_titles_now(out: Console, now: Mapping[str, LocalText], lang: Lang) -> None:
    """Below a list of before in which titles are cut short: those that are others now, whole."""
    for task, title in now.items():
        new_title = title.say(lang)
        said = f"{task}: 현재 과제명 ‘{new_title}’" if lang == "ko" else f"{task}: now “{new_title}”"
        out.print(said, style="dim", soft_wrap=True, markup=False, highlight=False)


def say_board(
    out: Console,
    rows: Sequence[TaskRow],
    areas: Mapping[int, Areas],
    lang: Lang,
    now: Mapping[str, LocalText] = {},
) -> None:
    """A row a task of the task board. `areas`: the names of the areas, by year; `now`: today's titles that are others."""
    columns = (
        Column("과제", "task"),
        Column("과제명", "title", "title"),
        Column("주관기관", "lead"),
        Column("분야", "area", "text"),
        Column("단계", "stage", "text"),
        Column("진척률", "progress", "figure"),
        Column("다음 기한", "next deadline", "text"),
    )
    cells = (
        (
            row.task,
            row.title(lang),
            row.lead,
            area_label(row.area, areas.get(row.year, {}), lang),
            stage_label(row.stage, row.condition, lang, amended=row.amended, name=row.condition_name),
            f"{row.progress}%",
            " ".join(next_cells(row.next, row.waiting, lang)).strip(),
        )
        for row in rows
    )
    say_table(out, lang, columns, cells)
    say_titles_now(out, now, lang)


def say_summary(out: Console, rows: Sequence[ProgrammeSummaryRow], areas: Areas, lang: Lang) -> None:
    """Counts, budget and mean progress by area and stage."""
    columns = (
        Column("분야", "area", "text"),
        Column("단계", "stage", "text"),
        Column("과제 수", "tasks", "figure"),
        Column("예산(원)", "budget (KRW)", "figure"),
        Column("평균 진척률", "mean progress", "figure"),
    )
    cells: list[tuple[str | Text, ...]] = [
        (
            area_label(row.area, areas, lang),
            stage_label(row.stage, Condition.NORMAL, lang),
            str(row.tasks),
            "–" if row.stage in WITHOUT_BUDGET else f"{row.budget_krw:,}",
            _mean([row]),
        )
        for row in rows
    ]
    if rows:
        tasks, budget = sum(row.tasks for row in rows), sum(row.budget_krw for row in rows)
        cells.append(("합계" if lang == "ko" else "total", "", str(tasks), f"{budget:,}", _mean(rows)))
    say_table(out, lang, columns, cells)


def _mean(rows: Sequence[ProgrammeSummaryRow]) -> str:
    return "–" if (mean := mean_progress(rows, digits=0)) is None else f"{mean}%"


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


def say_inbox(
    out: Console, rows: Sequence[InboxWaiting], lang: Lang, now: Mapping[str, LocalText] = {}
) -> None:
    """A row a task: whose turn it is, what is to be done, and since when; below it what is typed, where a definition says it.
    `now`: as of the board.
    """
    columns = (
        Column("기관", "agency"),
        Column("과제", "task"),
        Column("과제명", "title", "title"),
        Column("할 일", "to do", "text"),
        Column("대기 시작일", "since"),
    )
    cells = []
    for row in rows:
        assert row.waits is not None
        assert row.waits_since is not None
        title = row.title_ko if lang == "ko" or row.title_en is None else row.title_en
        todo = " / ".join(one.label.say(lang) for one in row.ways) or WAITS[row.waits].say(lang)
        if row.waits == "sign" and row.state.line is not None:
            todo = f"{todo}: {describe_line(row.state.line, lang)}"
        cells.append((row.lead, row.task, title, todo, f"{local_day(row.waits_since)}"))
    say_table(out, lang, columns, cells, Bilingual("처리할 일이 없습니다.", "Nothing waits."))
    for row in rows:
        for one in row.ways:
            said = f"{row.task}: {one.label.say(lang)} (`{one.typed}`)"
            out.print(said, soft_wrap=True, markup=False, highlight=False)
    say_titles_now(out, now, lang)


def say_agencies(out: Console, agencies: Sequence[AgencyRead], lang: Lang) -> None:
    """A row an agency: its names, and what became of it."""
    columns = (
        Column("기관", "agency"),
        Column("이름", "name", "text"),
        Column("옛 이름", "formerly", "text"),
        Column("", ""),
    )
    cells = []
    for agency in agencies:
        became = f"→ {agency.successor}" if agency.successor else ""
        if agency.closed:
            became = "폐지" if lang == "ko" else "closed"
        name = agency.name.say(lang) if agency.name else ""
        cells.append((agency.agency, name, ", ".join(one.say(lang) for one in agency.formerly), became))
    say_table(out, lang, columns, cells)


def history_lines(out: Console, lines: Sequence[Line], lang: Lang) -> None:
    """One line a fact: when, and what happened; when it was recorded where that is another time."""
    if not lines:
        say_nothing(out, lang, Bilingual("이력이 없습니다.", "Nothing has happened."))
    beside, below = recording_times(lines, lang)
    for line, when in zip(lines, beside, strict=True):
        head = f"#{line.version:<3} {line.at:%Y-%m-%d %H:%M}  "
        out.print(Text(head, style="dim").append(line.sentence, style="default").append(when, style="yellow"))
    say_below(out, below)


class Timed(Protocol):
    @property
    def known_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...


def recording_times(facts: Sequence[Timed], lang: Lang) -> tuple[list[str], str]:
    """What stands behind each fact that was recorded at another time than it was known; and, where all were, as in a
    simulated store, below them once instead.
    """
    differ = [one.known_at != one.recorded_at for one in facts]
    if not any(differ):
        return [""] * len(facts), ""
    told = [f"{one.recorded_at.astimezone(SEOUL):%Y-%m-%d %H:%M}" for one in facts]
    if not all(differ):
        said = "기록 시각" if lang == "ko" else "recorded"
        return [f"  ({said} {at})" if two else "" for at, two in zip(told, differ, strict=True)], ""
    span = min(told) if min(told) == max(told) else f"{min(told)} – {max(told)}"
    below = (
        f"위의 날짜는 저장소 자신의 시계에 따른 것이며, 기록 시각은 {span}입니다."
        if lang == "ko"
        else f"These dates are those of the store's own clock; it was recorded {span}."
    )
    return [""] * len(facts), below


def say_below(out: Console, below: str) -> None:
    if below:
        out.print(below, style="dim", soft_wrap=True)
