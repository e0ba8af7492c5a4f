"""A city's year by its own definition, from the template to the year-end report: no program is changed, only a file is written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.task.facts import StepTaken
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import simulate_from
from workflows.definitions.templates import scenarios_beside

EXAMPLE = Path(__file__).parents[2] / "data" / "definitions" / "reviewed.toml"
PLANNER = ("--as", "planner")
WHY = (*PLANNER, "--reason", "군산 운영지침")
REVIEWED, LAPSED, SMALL = "2027-01", "2027-02", "2027-03"
AGENCIES = {REVIEWED: "gto", LAPSED: "gco", SMALL: "gto"}
BUDGETS = {REVIEWED: "300000000", LAPSED: "200000000", SMALL: "50000000"}
SPENT = {REVIEWED: "240,000,000", LAPSED: "150,000,000"}
# counted by hand: sent on Monday 25 January, one reviewed on Thursday the 28th; the other was due on Wednesday 3 February and
# lapsed on the day after. Accounts are asked for on 13 December and handed in on the 16th
FIGURES = {
    "step.reviewed.send_to_budget.taken": 2,
    "step.reviewed.budget_reviewed.taken": 1,
    "step.reviewed.budget_lapsed.taken": 1,
    "step.reviewed.budget_lapsed.by-rule": 1,
    "step.reviewed.settled.tasks": 2,
    "place.reviewed.proposed/budget_review.stays": 2,
    "place.reviewed.proposed/budget_review.mean-days": "5.5",
    "place.reviewed.proposed/budget_review.most-days": 8,
    "place.reviewed.proposed/budget_review.now": 0,
    "place.reviewed.in_progress/settlement.mean-days": "3.0",
    "step.reviewed.budget_reviewed.amount.sum": 250_000_000,
    "step.reviewed.settled.spent.sum": 390_000_000,
    "all.evaluated": 3,
    "all.budget": 550_000_000,
}


def write_definition(cli: Cli, folder: Path) -> Path:
    """The template as `definition new` writes it, with what the city adds at its end; its scenarios beside it."""
    path = folder / "reviewed.toml"
    assert cli("definition", "new", "reviewed", "--out", str(path)).exit_code == 0
    added = EXAMPLE.read_text(encoding="utf-8").partition("version = 1\n")[2]
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    scenarios = scenarios_beside(EXAMPLE).read_text(encoding="utf-8")
    scenarios_beside(path).write_text(scenarios, encoding="utf-8")
    return path


def adopt(cli: Cli, path: Path) -> None:
    """Checked, tested, adopted."""
    assert cli("definition", "check", str(path)).exit_code == 0
    tested = document(cli("definition", "test", str(path), "--json"))
    assert (tested["ok"], tested["failures"]) == (True, [])
    assert cli("definition", "adopt", str(path), "--programme", "2027", *WHY).exit_code == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_citys_year_by_its_own_definition_from_the_template_to_the_report(
    cli: Cli, store: Store, owner_dsn: str, tmp_path: Path
) -> None:
    def do(*words: str) -> None:
        done = cli(*words)
        assert done.exit_code == 0, (words, done.output)

    def step(task: str, name: str, *filled: str, by: str = "planner") -> None:
        form = [word for one in filled for word in ("--set", one)]
        do("task", "step", task, name, *form, "--as", by, "--reason", "운영지침")

    simulate_from(owner_dsn, datetime(2027, 1, 22, 1, tzinfo=UTC))
    adopt(cli, write_definition(cli, tmp_path))
    open_year = ("--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "reviewed/1")
    do("programme", "open", "2027", *open_year, *PLANNER)
    for agency in ("gto", "gco"):
        do("agency", "register", agency, "--name", f"{agency} 재단", *PLANNER)
        do("agency", "set-contact", agency, "--mail", f"a@{agency}.example", *PLANNER)
    do("calendar", "open", "2027", *PLANNER)
    for task, agency in AGENCIES.items():
        listed = ("--area", "culture", "--lead", agency, "--title", f"과제 {task}")
        do("programme", "add-task", "2027", task, *listed, *PLANNER)
        planned = ("--start", "2027-03-02", "--end", "2027-11-30", "--budget", BUDGETS[task])
        do("task", "propose", task, *planned, "--as", f"officer@{agency}")
    do("clock", "move", "2027-01-25T10:00")
    refused = cli("task", "approve", REVIEWED, *PLANNER, "--json")
    assert document(refused)["error"]["name"] == "RequirementNotMet"
    do("task", "approve", SMALL, *PLANNER)
    for task in (REVIEWED, LAPSED):
        step(task, "send_to_budget")
    do("clock", "move", "2027-01-28T10:00")
    inbox = document(cli("programme", "inbox", *PLANNER, "--json"))["waiting"]
    assert {row["task"]: [one["command"] for one in row["ways"]] for row in inbox} == {
        task: ["budget_reviewed", "task.reject"] for task in (REVIEWED, LAPSED)
    }
    step(REVIEWED, "budget_reviewed", "amount=250,000,000", "outcome=감액", by="department")
    do("clock", "move", "2027-02-15T10:00")
    for task in (REVIEWED, LAPSED):
        do("task", "approve", task, *PLANNER)
    do("clock", "move", "2027-12-06T10:00")
    for task, agency in AGENCIES.items():
        do("task", "final-report", task, "--text", "완료", "--as", f"officer@{agency}")
    do("clock", "move", "2027-12-13T10:00")  # the rating was opened by rule
    for task in SPENT:
        step(task, "send_to_settlement")
    do("clock", "move", "2027-12-16T10:00")
    for task, spent in SPENT.items():
        filled = (f"spent={spent}", "rate=96", "closed_on=2027-12-15", "audited=예")
        step(task, "settled", *filled, by=f"officer@{AGENCIES[task]}")
    for task in AGENCIES:
        do("task", "rate", task, "--score", "90.0", "--raters", "100", *PLANNER)
    do("clock", "move", "2028-03-02T10:00")

    adopted = document(cli("why", LAPSED, *PLANNER, "--json"))["adopted"]
    assert store.at((adopted["position"],))[0].kind == "definition.adopted"
    (lapse,) = [
        one
        for one in store.read(f"task/{LAPSED}")
        if isinstance(one.fact, StepTaken) and one.envelope.actor.role == "system"
    ]
    assert (lapse.fact.step, lapse.envelope.cause and lapse.envelope.cause.rule) == (
        "budget_lapsed",
        "lapse_budget_review",
    )
    told = document(cli("notices", *PLANNER, "--json"))["notices"]
    assert {one["deadline"] for one in told} >= {"budget_review", "decision", "progress"}
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        do("report", "2027", "--format", "json", "--out", str(folder), *PLANNER, "--reason", "연말 보고")
        made.append({one.name: one.read_bytes() for one in folder.iterdir()})
    assert made[0] == made[1]
    report = json.loads(made[0]["report-2027.json"])
    assert report["provenance"]["definitions"] == ["reviewed/1"]
    assert {name: report["figures"][name]["value"] for name in FIGURES} == FIGURES
    assert store.read("programme/2027")[-1].kind == "programme.closed", "by rule"
