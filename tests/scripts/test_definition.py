"""`donghaeng definition`: checked, shown, and running tasks moved from one version to another."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import folded, listed, running
from workflows.definitions.templates import files_of_templates

__all__ = ["running"]
FIRST = files_of_templates()["donghaeng-2024/1"]


def test_a_sound_definition_is_sound_and_a_broken_one_says_where(cli: Cli, tmp_path: Path) -> None:
    assert document(cli("definition", "check", str(FIRST), "--json"))["definition"] == "donghaeng-2024/1"
    broken = tmp_path / "broken.toml"
    text = FIRST.read_text(encoding="utf-8")
    broken.write_text(
        text.replace(
            *(f'rule = "start_as_planned"\ncommand = "task.{one}"' for one in ("start", "carry_over"))
        ),
        encoding="utf-8",
    )
    error = document(cli("definition", "check", str(broken), "--json", "--lang", "ko"))["error"]
    assert (error["name"], "transitions[start_as_planned]" in error["message"]) == ("BadInput", True)
    missing = document(cli("definition", "check", "nowhere.toml", "--json", "--lang", "ko"))["error"]
    assert (missing["name"], "해당 파일이나 폴더가 없음" in missing["message"]) == ("NotADefinition", True)


def test_both_versions_are_shown_in_words_and_as_a_diagram(cli: Cli) -> None:
    told = cli("definition", "show", "--lang", "ko").output
    for words in ("donghaeng-2024/1", "donghaeng-2024/2", "추진", "기한: 평가", "15영업일", "20영업일"):
        assert words in told
    drawn = cli("definition", "show", "donghaeng-2024/1", "--format", "mermaid").output.splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert "    approved_normal --> in_progress_normal: start (by rule start_as_planned)" in drawn
    assert "    evaluated_normal --> [*]: End" in drawn
    assert "        due – the evaluation (the final report + 20 business days, the city)" in drawn
    korean = cli("definition", "show", "donghaeng-2024/1", "--format", "mermaid", "--lang", "ko").output
    assert '    state "추진(시민평가)" as in_progress_rated' in korean
    assert "착수 (규칙 start_as_planned)" in korean
    assert "미제안" not in korean, "one word for a place: it is the listing"
    of_file = cli("definition", "show", str(FIRST), "--format", "mermaid", "--lang", "ko")
    assert (of_file.exit_code, of_file.output) == (0, korean), "a file is drawn as what stands in the log"
    shown = document(cli("definition", "show", str(FIRST), "--json"))["definitions"]
    assert [(one["name"], one["state"]) for one in shown] == [("donghaeng-2024", "file")]
    assert document(cli("definition", "show", "none.toml", "--json"))["error"]["name"] == "NotADefinition"
    svg = cli("definition", "show", "donghaeng-2024/1", "--format", "svg", "--lang", "ko").output
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert document(cli("definition", "show", "--format", "svg", "--json"))["error"]["name"] == "OneDrawing"
    assert document(cli("definition", "show", "x/9", "--json"))["error"]["name"] == "UnknownDefinition"


def test_running_tasks_are_shown_what_would_change_and_then_moved_in_one_append(
    running: Cli, store: Store
) -> None:
    given = ("definition", "migrate", "--to", "donghaeng-2024/2", "--as", "planner", "--json")
    position = store.head().position
    preview = document(running(*given, "--preview"))
    (one,) = preview["tasks"]
    assert (one["task"], one["outcome"], one["from"]) == ("2024-06", "moves", "donghaeng-2024/1")
    assert [(each["item"], each["before"], each["after"]) for each in one["changes"]] == [
        ("2024-Q1", "2024-04-05", "2024-04-09"),
        ("2024-Q2", "2024-07-05", "2024-07-09"),
        ("2024-Q3", "2024-10-08", "2024-10-11"),
    ]
    assert store.head().position == position
    told = running(*(word for word in given if word != "--json"), "--preview", "--lang", "ko").output
    assert "변경 불가" in told
    assert "추진상황" in told
    assert document(running(*given, "--apply", "--reason", "지침 개정"))["applied"] is True
    (fact,) = store.after(position, 9)
    assert fact.fact.definition == "donghaeng-2024/2"
    assert fact.envelope.on_behalf_of is not None
    assert fact.envelope.on_behalf_of.role == "planner"
    folded(store)
    assert "progress 2024-Q1 2024-04-09" in listed(running)
    again = document(running(*given, "--apply", "--reason", "지침 개정"))
    assert [each["outcome"] for each in again["tasks"]] == ["stays"]
    assert store.head().position == position + 1
    assert "기한을 변경하였음" in running("task", "history", "2024-06", "--lang", "ko").output
    running("deadline", "refresh", "2024-06")
    assert store.head().position == position + 1, "it lives by the second version from now on"


def test_a_task_whose_calendar_is_not_open_moves_too_and_waits_as_before(running: Cli, store: Store) -> None:
    given = ("definition", "migrate", "--to", "donghaeng-2024/2", "--as", "planner", "--json")
    plan = ("--start", "2024-03-04", "--end", "2026-09-30", "--budget", "1")
    done = running("task", "propose", "2024-10", "--as", "officer@gjtp", *plan)
    assert done.exit_code == 0, done.output
    running("task", "approve", "2024-10", "--as", "planner")
    running("task", "start", "2024-10", "--as", "officer@gjtp")
    folded(store)
    found = {one["task"]: one for one in document(running(*given, "--preview"))["tasks"]}
    assert {one["outcome"] for one in found.values()} == {"moves"}


def test_a_task_for_which_the_other_version_has_no_place_stays(
    running: Cli, store: Store, tmp_path: Path
) -> None:
    """A version without suspension: a suspended task would never get out of it."""
    text = re.sub(
        r'\[\[transitions\]\]\nrule = "carry_over_suspended".*?\n\n',
        "",
        FIRST.read_text(encoding="utf-8").replace("version = 1", "version = 9"),
        flags=re.DOTALL,
    )
    text += '[[stages]]\nstage = "in_progress"\nconditions = ["normal", "reported", "rated"]\n'
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    adopting = ("definition", "adopt", str(path), "--as", "planner", "--reason", "중단 없는 시범 사업")
    assert running(*adopting).exit_code == 0
    given = ("definition", "migrate", "--to", "donghaeng-2024/9", "--as", "planner", "--json", "--preview")
    assert [one["outcome"] for one in document(running(*given))["tasks"]] == ["moves"]
    assert running("task", "suspend", "2024-06", "--as", "planner").exit_code == 0
    (one,) = document(running(*given, "--lang", "ko"))["tasks"]
    assert (one["outcome"], "in_progress/suspended" in one["reason"]) == ("blocked", True)


def test_moving_needs_the_planner_a_reason_and_a_clear_word(running: Cli) -> None:
    given = ("definition", "migrate", "--to", "donghaeng-2024/2", "--json")
    for words, name in (
        ((), "PreviewOrApply"),
        (("--apply", "--as", "planner"), "ReasonNeeded"),
        (("--preview", "--as", "inspector"), "ReadingNotPermitted"),
        (("--apply", "--reason", "x", "--as", "officer@gto"), "ReadingNotPermitted"),
    ):
        assert document(running(*given, *words))["error"]["name"] == name
