"""What a city says of money in its definition: checked, shown, compared, and what entries are decided by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.seoul import local_day
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from tests.scripts.test_money import do

PLANNER = ("--as", "planner")
OWN = """
extends = "donghaeng-2024/3"
name = "ours"
version = 1

[money]
overspend = "warn"
warn_below = 5
closing_day = 28
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "ours.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_definition_says_what_it_has_otherwise_of_money(cli: Cli, own: Path) -> None:
    do(cli, "definition", "check", str(own))
    do(cli, "definition", "draft", str(own), *PLANNER)
    (shown,) = document(cli("definition", "show", "ours/1", *PLANNER, "--json"))["definitions"]
    assert shown["money"] == {"overspend": "warn", "warn_below": 5, "warn_above": 20, "closing_day": 28}
    text = cli("definition", "show", "ours/1", *PLANNER, "--lang", "ko").output
    assert "예산 초과: 경고" in text
    assert "월 마감일(다음 달): 28" in text
    template = cli("definition", "show", "donghaeng-2024/3", *PLANNER, "--lang", "en").output
    assert "beyond the budget: refused" in template
    found = document(cli("definition", "diff", "donghaeng-2024/3", "ours/1", *PLANNER, "--json"))
    assert [(one["field"], one["before"], one["after"]) for one in found["differences"]] == [
        ("overspend", "refused", "taken with a warning"),
        ("warn_below", "20", "5"),
        ("closing_day", "10", "28"),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('overspend = "ignore"', "money.overspend"),
        ("warn_below = 0", "money.warn_below"),
        ("warn_above = 101", "money.warn_above"),
        ("closing_day = 31", "money.closing_day"),
        ("closing_day = 2.5", "money.closing_day"),
        ("limit = 5", "money.limit"),
    ],
)
def test_what_cannot_be_of_it_is_refused_by_its_field(
    cli: Cli, tmp_path: Path, line: str, words: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(OWN.partition("[money]")[0] + f"[money]\n{line}\n", encoding="utf-8")
    for lang in ("en", "ko"):
        refused(cli("definition", "check", str(path), "--lang", lang), 1, words)


def test_a_task_is_spent_on_by_its_own_definition(cli: Cli, store: Store, own: Path) -> None:
    today = local_day(store.now())
    year, month = f"{today:%Y}", f"{today:%Y-%m}"
    task, lead = f"{year}-01", ("--as", "officer@gto")
    for words in (
        ("definition", "adopt", str(own), *PLANNER, "--reason", "운영지침 제정"),
        ("programme", "open", year, "--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "ours/1", *PLANNER),
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        *(("calendar", "open", str(int(year) + later), *PLANNER) for later in range(2)),
        ("programme", "add-task", year, task, "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", task, "--start", f"{year}-01-01", "--end", f"{year}-12-31", "--budget", "1000", *lead),
        ("task", "approve", task, *PLANNER),
        ("money", "budget", task, "--funding", "city", "--year", year, "--amount", "1000", *PLANNER),
        ("money", "spend", task, "--funding", "city", "--month", month, "--amount", "1500", *lead),
    ):  # fmt: skip
        do(cli, *words)
    shown = document(cli("money", "show", task, *PLANNER, "--json"))
    assert shown["definition"] == "ours/1"
    assert shown["years"][0]["course"]["warning"] == "over"
    said = " ".join(cli("money", "show", task, *PLANNER, "--lang", "ko").output.split())
    assert "예산 현액을 500원 초과함(정의 ours/1에 따라 경고)" in said
    english = " ".join(cli("money", "show", task, *PLANNER, "--lang", "en").output.split())
    assert "KRW 500 beyond the budget, of which the definition ours/1 warns" in english
    last = today.replace(day=1) - timedelta(days=1)
    before = f"{last:%Y-%m}"
    if last.year == today.year:  # until the 28th of this month it takes entries
        closed = cli("money", "spend", task, "--funding", "city", "--month", before, "--amount", "5", *lead)
        assert (closed.exit_code == 0) == (today.day <= 28)
