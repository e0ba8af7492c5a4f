"""What a city's definition requires of commands, from its file to the refusal, `why`, `show` and `diff`."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document

PLANNER = ("--as", "planner")
OFFICER = ("--as", "officer@gto")
WHY = (*PLANNER, "--reason", "군산 운영지침")
THAT = "task.plan.budget_krw <= 500000000 || task.partners.size() > 0"
REQUIRED = f"""
[[commands]]
command = "task.approve"
[[commands.requirements]]
that = "{THAT}"
otherwise = {{ ko = "5억 원이 넘는 과제에는 협업기관이 필요합니다.", en = "More than KRW 500 million needs a partner." }}
"""


@pytest.fixture
def own(cli: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "gunsan.toml"
    assert cli("definition", "new", "gunsan", "--out", str(path)).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8") + REQUIRED, encoding="utf-8")
    return path


def test_an_approval_that_does_not_meet_it_is_refused_by_name_and_expression(
    cli: Cli, store: Store, own: Path
) -> None:
    for words in (
        ("definition", "check", str(own)),
        ("definition", "adopt", str(own), *WHY),
        ("programme", "open", "2027", "--name", "군산 동행", "--city", "군산시", "--area", "culture=문화", "--definition", "gunsan/1", *PLANNER),
        *(("calendar", "open", str(store.now().year + later), *PLANNER) for later in range(2)),
        *(("agency", "register", one, "--name", f"{one}재단", *PLANNER) for one in ("gto", "gjcf")),
        ("programme", "add-task", "2027", "2027-01", "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", "2027-01", "--start", "2027-03-02", "--end", "2027-11-30", "--budget", "600000000", *OFFICER),
    ):  # fmt: skip
        done = cli(*words)
        assert done.exit_code == 0, (words, done.output)
    before = store.head().position
    refused = cli("task", "approve", "2027-01", *PLANNER, "--json")
    error = document(refused)["error"]
    assert (refused.exit_code, error["name"], store.head().position) == (1, "RequirementNotMet", before)
    assert error["details"] == {
        "definition": "gunsan/1",
        "task": "2027-01",
        "command_name": "task.approve",
        "that": THAT,
        "otherwise": "More than KRW 500 million needs a partner.",
        "inputs": "task.plan.budget_krw = 600000000, task.partners = []",
    }
    (shown,) = document(cli("why", "2027-01", "--json", *PLANNER))["requirements"]
    assert (shown["command"], shown["that"], shown["value"]) == ("task.approve", THAT, False)
    assert shown["inputs"] == {"task.plan.budget_krw": 600_000_000, "task.partners": []}
    told = cli("why", "2027-01", "--lang", "ko", *PLANNER).output
    assert f"승인: {THAT} (미충족: 5억 원이 넘는 과제에는 협업기관이 필요합니다.)" in told
    assert cli("task", "revise", "2027-01", "--partner", "gjcf", *OFFICER).exit_code == 0
    assert cli("task", "approve", "2027-01", *PLANNER).exit_code == 0


def test_it_is_shown_and_told_apart(cli: Cli, own: Path) -> None:
    assert cli("definition", "adopt", str(own), *WHY).exit_code == 0
    assert f"요건: {THAT} — 5억 원이" in cli("definition", "show", "gunsan/1", "--lang", "ko").output
    (shown,) = document(cli("definition", "show", "gunsan/1", "--json"))["definitions"]
    required = {one["command"]: one["requirements"] for one in shown["commands"] if one["requirements"]}
    assert [one["that"] for one in required["task.approve"]] == [THAT]
    told = cli("definition", "diff", "donghaeng-2024/3", "gunsan", "--lang", "ko").output
    assert THAT in told
    assert "명령 승인" in told


@pytest.mark.parametrize(
    "that",
    [
        "task.plan.budgt <= 5",
        "task.plan.budget_krw",
        "task.plan.budget_krw <= '5'",
        "x" * 100_000,
        "(" * 90_000,
        "!(" * 450 + "task.on_hold" + ")" * 450,
        "task.title.matches('((a{1000}){1000}){1000}')",
        "[[1].all(a, [1].all(b, task.on_hold))]",
        "tаsk.on_hold",
        "",
        "   ",
    ],
    ids=range(11),
)
def test_a_bad_one_is_named_by_its_entry_and_changes_nothing(
    cli: Cli, store: Store, own: Path, that: str
) -> None:
    own.write_text(own.read_text(encoding="utf-8").replace(THAT, that), encoding="utf-8")
    before = store.head().position
    for words in (("check",), ("draft", *PLANNER), ("adopt", *WHY)):
        refused = cli("definition", words[0], str(own), *words[1:], "--json")
        error = document(refused)["error"]
        assert (refused.exit_code, error["name"]) == (1, "BadInput"), error
        assert "commands[task.approve].requirements[0].that" in error["message"]
        assert len(error["message"]) < 1000
    assert store.head().position == before
