"""A city's own days on a real store: what is counted from them is listed, explained, fulfilled, and told in its own words."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog

from domain.seoul import local_day
from domain.streams import task_stream
from domain.task.facts import DeadlinesSet
from projections.deadlines import DEADLINES
from projections.runner import project
from store.log import Store
from tests.scripts.conftest import Cli, document

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
BECAUSE = (*PLANNER, "--reason", "운영지침 제정")
TASK = "2027-01"
OWN = """
extends = "donghaeng-2024/1"
name = "own"
version = 1

[[steps]]
step = "asked"
label = { ko = "자료 요구", en = "ask for papers" }
by = ["planner"]
from = ["proposed"]
form = [{ field = "held_on", label = { ko = "회의일", en = "day of the meeting" }, type = "date" }]

[[steps]]
step = "answered"
label = { ko = "자료 제출", en = "hand in the papers" }
by = ["officer"]
from = ["proposed"]

[[deadlines]]
kind = "papers"
who = "agency"
stage = "proposed"
condition = "normal"
start = "steps.asked.held_on"
before = true
within = 3
unit = "calendar_days"
roll = "none"
met_by = "steps.answered"
ladder = "agency"
basis = { ko = "회의 지침: 회의 3일 전까지", en = "Guideline on meetings: 3 days before" }

[[deadlines]]
kind = "monthly"
label = { ko = "월간 점검", en = "the monthly check" }
who = "agency"
stage = "proposed"
condition = "normal"
start = "month_end"
within = 5
met_by = "steps.answered"
basis = { ko = "월간 보고 지침", en = "Guideline on monthly reports" }
"""


@pytest.fixture
def asked(cli: Cli, store: Store, tmp_path: Path) -> Cli:
    """A task that is proposed, and of which papers were asked for a meeting in a month."""
    file, this = tmp_path / "own.toml", store.now().year
    file.write_text(OWN, encoding="utf-8")
    start, end = date(this, 12, 1), date(this + 1, 2, 10)
    for words in (
        ("definition", "adopt", str(file), *BECAUSE),
        ("programme", "open", "2027", "--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "own/1", *PLANNER),
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        *(("calendar", "open", str(this + later), *PLANNER) for later in range(3)),
        ("programme", "add-task", "2027", TASK, "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", TASK, "--start", str(start), "--end", str(end), "--budget", "300000000", *OFFICER),
        ("task", "step", TASK, "asked", "--set", f"held_on={meeting(store)}", *PLANNER),
        ("deadline", "refresh", TASK, *PLANNER),
    ):  # fmt: skip
        done = cli(*words)
        assert done.exit_code == 0, (words, done.output)
    return cli


def meeting(store: Store) -> date:
    return store.now().date() + timedelta(days=30)


def follow(store: Store) -> None:
    structlog.reset_defaults()  # as a command that has run here left them
    project(store, DEADLINES)


def test_it_is_listed_and_explained_as_the_definition_calls_it(asked: Cli, store: Store) -> None:
    follow(store)
    due = meeting(store) - timedelta(days=3)
    listed = document(asked("deadline", "list", *PLANNER, "--json"))["deadlines"]
    assert [(one["item"], one["due"]) for one in listed if one["kind"] == "papers"] == [(None, str(due))]
    (one,) = document(asked("deadline", "explain", TASK, "papers", *PLANNER, "--json"))["deadlines"]
    assert (one["start"], one["due"], one["backward"]) == (str(meeting(store)), str(due), True)
    assert one["counted_from"] == "what the step “ask for papers” says for “day of the meeting”"
    told = " ".join(asked("deadline", "explain", TASK, "papers", *PLANNER, "--lang", "ko").output.split())
    assert f"{meeting(store)} (‘자료 요구’ 절차에 적은 회의일)" in told
    assert "3일 전" in told
    assert f"→ {due} 24시까지" in told
    months = [one["item"] for one in listed if one["kind"] == "monthly"]
    assert months[0] == f"{local_day(store.now()):%Y-M%m}"
    shown = asked("deadline", "list", *PLANNER, "--lang", "ko").output
    assert "월 월간 점검" in shown, "as the definition calls it"
    assert "자료 제출" in shown, "as the step is called that fulfils it"
    why = " ".join(asked("why", TASK, *PLANNER, "--lang", "ko").output.split())
    assert f"자료 제출 {due}" in why


def test_the_fact_says_from_what_it_was_counted_and_what_fulfils_it(asked: Cli, store: Store) -> None:
    last = store.read(task_stream(TASK))[-1].fact
    assert isinstance(last, DeadlinesSet)
    (one,) = (one for one in last.deadlines if one.kind == "papers")
    assert (one.counted_from, one.met_by) == ("steps.asked.held_on", "steps.answered")
    assert {one.counted_from for one in last.deadlines if one.kind == "decision"} == {None}


def test_the_step_that_fulfils_it_ends_it(asked: Cli, store: Store) -> None:
    assert asked("task", "step", TASK, "answered", *OFFICER).exit_code == 0
    assert asked("deadline", "refresh", TASK, *PLANNER).exit_code == 0
    follow(store)
    kinds = {one["kind"] for one in document(asked("deadline", "list", *PLANNER, "--json"))["deadlines"]}
    assert "papers" not in kinds
    assert {"decision", "monthly"} <= kinds
