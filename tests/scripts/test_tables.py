"""Tables on screens of any width: what is a key or a date stays whole, and no Korean word loses a letter."""

from __future__ import annotations

import io
import json
import typing
from datetime import date
from types import SimpleNamespace

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from domain.errors import Lang
from domain.task.stages import Condition, Stage
from domain.values import LocalText
from scripts.cli.printing import say_board
from scripts.cli.tables import Column, say_table
from tests.scripts.conftest import ANNOUNCED, Cli
from workflows.queries.due import DueOf

_TITLES = [(one["id"], one["title"]["ko"]) for one in json.loads(ANNOUNCED.read_text())["tasks"]]
_COLUMNS = (
    Column("과제", "task"),
    Column("과제명", "title", "text"),
    Column("단계", "stage"),
    Column("기한", "due"),
)


def _said(width: int, columns: tuple[Column, ...] = _COLUMNS) -> list[str]:
    out = Console(file=io.StringIO(), width=width)
    say_table(out, "ko", columns, [(task, title, "추진 중", "2024-07-05") for task, title in _TITLES])
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue().splitlines()


def _letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", range(30, 121))
def test_a_table_of_any_width_keeps_every_key_and_every_letter(width: int) -> None:
    lines = _said(width)
    text = "\n".join(lines)
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    assert "…" not in text
    assert text.count("추진 중") == text.count("2024-07-05") == len(_TITLES)
    assert all(task in text for task, _ in _TITLES)
    assert sorted(_letters(text)) == sorted(
        "과제과제명단계기한" + "".join(_letters(f"{task}{title}추진중2024-07-05") for task, title in _TITLES)
    )


def test_control_rich_alone_loses_letters_of_korean_words() -> None:
    lost = []
    for width in range(30, 121):
        out = Console(file=io.StringIO(), width=width)
        table = Table(box=None)
        table.add_column("title")
        for _, title in _TITLES:
            table.add_row(title)
        out.print(table)
        assert isinstance(out.file, io.StringIO)
        lost.append("…" in out.file.getvalue())
    assert any(lost)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_title_stays_on_one_line_and_ends_with_an_ellipsis(width: int) -> None:
    titles = (_COLUMNS[0], Column("과제명", "title", "title"), *_COLUMNS[2:])
    lines = _said(width, titles)
    assert len(lines) == 1 + len(_TITLES)
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    assert any("…  추진 중" in line or "… 추진 중" in line for line in lines)


@pytest.mark.parametrize("width", range(60, 121, 4))
@pytest.mark.parametrize("lang", typing.get_args(Lang))
def test_the_board_keeps_its_task_codes_stages_and_dates(width: int, lang: Lang) -> None:
    rows = [
        SimpleNamespace(
            task=task,
            title=lambda _, title=title: title,
            lead="gjpass",
            year=2024,
            area="participation",
            stage=Stage.IN_PROGRESS,
            condition=condition,
            condition_name=None,
            progress=100,
            next=DueOf(
                task=task,
                title=LocalText(ko=title),
                lead="gjpass",
                kind="final_report",
                kind_name=None,
                item=None,
                item_name=None,
                who="agency",
                due=date(2024, 7, 5),
                overdue=False,
            ),
            waiting=[],
            amended=False,
        )
        for task, title in _TITLES
        for condition in Condition
    ]
    out = Console(file=io.StringIO(), width=width)
    say_board(out, rows, {}, lang)  # type: ignore[arg-type]
    assert isinstance(out.file, io.StringIO)
    words = out.file.getvalue().split()
    assert words.count("2024-07-05") == words.count("gjpass") == words.count("participation") == len(rows)
    assert words.count("100%") == len(rows)
    assert {task for task, _ in _TITLES} <= set(words)
    assert all(cell_len(line) <= width for line in out.file.getvalue().splitlines())
    assert set(f"({Condition.SUSPENDED.say(lang)})".split()) <= set(words)


@pytest.mark.parametrize("width", ["60", "80", "100"])
def test_the_list_of_agencies_keeps_codes_and_names(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    known = json.loads(ANNOUNCED.read_text())["agencies"]
    said = loaded("agency", "list", "--lang", "en").stdout
    assert {one["id"] for one in known} <= {line.split(" ")[0] for line in said.splitlines()}
    assert {word for one in known for word in one["name"]["en"].split()} <= set(said.split())
