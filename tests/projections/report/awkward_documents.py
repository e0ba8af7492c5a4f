"""A report made by hand, with whatever is awkward on paper: long titles, signs of markup, empty tables, thirty tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from domain.errors import Bilingual
from projections.report.document import (
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Provenance,
    Section,
    Table,
    Text,
)

MARKUP = (
    '#panic("!") $x^2$ *굵게* _기울임_ `코드` <표> & "따옴표" \\ @인용 = 제목 {중괄호} [대괄호] ~ // 주석'
)
LONG = "어린이보호구역 교통안전시설 개선과 통학로주변환경정비및시민참여형안전지도제작을위한협업 과제"
LETTERS = "漢字 ㈜한글 😀 \u202e거꾸로\u202c 제어\x07문자 \ufffe ─ e\u0301"
FORMULAS = ("=1+1", "+82-62", "-1+2", "@SUM(A1)", '=HYPERLINK("x","y")', "\t=1")


def same(text: str) -> Bilingual:
    return Bilingual(text, text)


def titles(count: int) -> list[str]:
    awkward = [LONG, MARKUP, LETTERS, *FORMULAS]
    return [
        f"{awkward[n // 3 % len(awkward)]} {n + 1}" if n % 3 == 0 else f"동네 안전 협업 {n + 1}"
        for n in range(count)
    ]


def tasks_table(count: int) -> Table:
    columns = (
        Column("task", Bilingual("과제", "Task"), "text", 3),
        Column("title", Bilingual("과제명", "Title"), "text", 6),
        Column("lead", Bilingual("주관 기관", "Lead agency"), "text", 3),
        Column("budget", Bilingual("예산(원)", "Budget (KRW)"), "krw", 2),
        Column("spent", Bilingual("집행률", "Spent"), "percent", 1),
        Column("late", Bilingual("지연(일)", "Days late"), "days", 1),
        Column("end", Bilingual("끝난 날", "Ended"), "date", 2),
        Column("score", Bilingual("평점", "Score"), "decimal", 1),
    )
    rows = tuple(
        (
            Cell(f"2024-{n + 1:02}"),
            Cell(same(title)),
            Cell(Bilingual("광주광역시도시공사", "Gwangju Metropolitan City Corporation")),
            Cell(1_234_567_890 * (n + 1), (n + 1,), f"tasks.2024-{n + 1:02}.budget"),
            Cell(f"{n * 3 + 0.5:.1f}", (n + 1,), f"tasks.2024-{n + 1:02}.spent"),
            Cell(n * 7 - 20, (n + 1,), f"tasks.2024-{n + 1:02}.late"),
            Cell(
                date(2024, 1, 15) + timedelta(days=n * 11) if n % 4 else None,
                (),
                f"tasks.2024-{n + 1:02}.end",
            ),
            Cell(f"{n % 5}.{n % 10}0", (), f"tasks.2024-{n + 1:02}.score"),
        )
        for n, title in enumerate(titles(count))
    )
    total = (
        Cell(Bilingual("합계", "Total")),
        Cell(same("")),
        Cell(None),
        Cell(1_234_567_890 * count * (count + 1) // 2, tuple(range(1, count + 1)), "tasks.total.budget"),
        Cell("45.0"),
        Cell(83),
        Cell(None),
        Cell("2.25"),
    )
    return Table("tasks", Bilingual("과제 한눈에 보기", "Tasks at a glance"), columns, rows, (total,))


def months_chart() -> Chart:
    areas = ("생활", "문화", "경제", "참여")
    values: list[dict[str, Any]] = [
        {"month": f"{month}월", "area": area, "value": month * (at + 2) % 17}
        for at, area in enumerate(areas)
        for month in range(1, 13)
    ]
    spec = {
        "width": 480,
        "height": 220,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "sort": None, "title": "달"},
            "y": {"field": "value", "type": "quantitative", "title": "과제 수"},
            "strokeDash": {"field": "area", "title": "분야 😀"},
            "color": {"field": "area", "scale": {"range": ["#000", "#444", "#777", "#aaa"]}},
        },
    }
    columns = (
        Column("month", Bilingual("달", "Month"), "text"),
        *(Column(area, same(area), "int") for area in areas),
    )
    rows = tuple(
        (
            Cell(same(f"{month}월")),
            *(Cell(month * (at + 2) % 17, (month,), f"progress.{month}.{at}") for at in range(4)),
        )
        for month in range(1, 13)
    )
    table = Table("progress", Bilingual("분야별 진행", "Progress by area"), columns, rows)
    alt = Bilingual(
        "분야별로 달마다 끝난 과제의 수를 선으로 그린 그림", "Lines: tasks done by month and area"
    )
    return Chart(
        "progress",
        Bilingual("분야별 진행 추이", "Progress over the year by area"),
        alt,
        {"ko": spec, "en": spec},
        table,
    )


def _task(number: int, title: str) -> Section:
    timeline = Table(
        f"timeline.{number}",
        Bilingual("시간순 기록", "Timeline"),
        (
            Column("when", Bilingual("날짜", "Date"), "date", 1),
            Column("what", Bilingual("일", "What happened"), "text", 4),
            Column("who", Bilingual("누가", "Who"), "text", 2),
        ),
        tuple(
            (
                Cell(date(2024, 1, 2) + timedelta(days=11 * step + number)),
                Cell(
                    Bilingual(f"{step + 1}차 추진상황을 보고했습니다: {title}", f"Progress reported: {title}")
                ),
                Cell(Bilingual("기관 담당자", "agency officer")),
            )
            for step in range(8)
        ),
    )
    numbers = Figures(
        (
            Figure(f"task.{number}.budget", Bilingual("예산", "Budget"), 98_765_432_100, "krw", (number,)),
            Figure(f"task.{number}.rate", Bilingual("달성률", "Reached"), "82.8", "percent", (number,)),
            Figure(f"task.{number}.late", Bilingual("지연", "Late"), 12, "days", (number,)),
        )
    )
    return Section(f"task.{number}", same(f"2024-{number:02} {title}"), (numbers, timeline), own_page=True)


def awkward(*, tasks: int = 30, running: bool = True) -> Document:
    """A report whose every part tries what paper can go wrong with."""
    summary = Section(
        "summary",
        Bilingual("1. 요약", "1. Summary"),
        (
            Text(
                Bilingual(
                    f"2024년에는 협업과제 {tasks}건이 추진되었습니다. {LONG}. {MARKUP}",
                    f"{tasks} tasks ran. {MARKUP}",
                )
            ),
            Figures(
                (
                    Figure("summary.tasks", Bilingual("협업과제", "Tasks"), tasks, "int", (1, 2)),
                    Figure("summary.budget", Bilingual("예산", "Budget"), 574_074_068_850, "krw", (3,)),
                    Figure("summary.rate", Bilingual("예산 집행률", "Spent"), "82.8", "percent", (4,)),
                    Figure("summary.delay", Bilingual("평균 지연", "Mean delay"), None, "days"),
                    Figure(
                        "summary.best",
                        Bilingual("가장 좋은 평가를 받은 과제", "Best rated"),
                        same(LONG),
                        "text",
                    ),
                )
            ),
            months_chart(),
            Text(
                Bilingual("값이 없는 칸은 기록에 없는 것입니다.", "A dash is what the log does not hold."),
                role="remark",
            ),
        ),
        (
            Section(
                "summary.none",
                Bilingual("1.1 지난해와 비교", "1.1 Against last year"),
                (
                    Text(
                        Bilingual("지난해의 기록이 없어 비교하지 않습니다.", "No last year."), role="absent"
                    ),
                    Table("none", Bilingual("빈 표", "Empty"), tasks_table(0).columns, ()),
                ),
            ),
        ),
    )
    fields = Section("fields", Bilingual("2. 네 분야와 과제", "2. The four fields"), (tasks_table(tasks),))
    annex = Section(
        "annex",
        Bilingual("부록. 과제별 기록", "Annex. Task by task"),
        parts=tuple(_task(n + 1, title) for n, title in enumerate(titles(tasks))),
    )
    banner = Bilingual(
        "2024년이 아직 끝나지 않았습니다: 잠정 보고서", "The year still runs: a provisional report"
    )
    simulated = Bilingual("모의 저장소의 기록으로 만들었습니다", "Made from a simulated store")
    return Document(
        format=1,
        year=2024,
        title=Bilingual(
            "2024년 시·공공기관 협업과제 연말 보고서", "Year-end report 2024 on collaboration tasks"
        ),
        city=Bilingual("광주광역시", "Gwangju"),
        banners=(banner, simulated) if running else (),
        provenance=Provenance(
            year=2024,
            position=12345,
            as_of=date(2024, 12, 31),
            given=True,
            sealed=12000,
            root="8hzT2yS0tIu6bJm0pZ1b1Yw1qkV0m8d9yq3xk5Jc7aE=",
            definitions=("lifecycle/1", "lifecycle/2"),
            calendars=("2024/2",),
            code="donghaeng 0.1.0",
            lock="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            simulated=running,
            running=running,
            log="c0ffee" + "0" * 58,
        ),
        sections=(summary, fields, annex),
    )


def only(title: str) -> Document:
    """A report of one section with this title, and of this name."""
    return msgspec.structs.replace(
        awkward(tasks=0), title=same(title), sections=(Section("one", same(title), (tasks_table(1),)),)
    )
