"""What is typed as people have it before them: names from the screen, texts from files; and long answers on a screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from domain.task.deadline_kinds import DEADLINE_KINDS, deadline_label
from domain.task.stages import Stage
from scripts.cli import values
from scripts.cli.main import app
from tests.scripts.command_walks import commands
from tests.scripts.conftest import Cli, document
from tests.scripts.terminals import at_terminal

PLANNER = ("--as", "planner")
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")


@pytest.fixture
def proposed(loaded: Cli) -> Cli:
    assert loaded("task", "propose", "2024-06", *PLAN, "--as", "officer@gto").exit_code == 0
    assert loaded("views", "verify", "task_board", *PLANNER).exit_code == 0  # brings it up to date first
    return loaded


@pytest.mark.parametrize("one", list(Stage))
def test_a_stage_is_taken_by_any_of_its_names(one: Stage) -> None:
    assert {values.stage(word) for word in (one.value, one.say("ko"), one.say("en"), one.value.upper())} == {
        one
    }


def test_tasks_are_listed_by_stages_areas_and_agencies_as_the_screen_names_them(proposed: Cli) -> None:
    agency = next(
        one
        for one in document(proposed("agency", "list", *PLANNER, "--json"))["agencies"]
        if one["agency"] == "gto"
    )
    area = document(proposed("programme", "show", "2024", *PLANNER, "--json"))["areas"]["culture"]
    for words in (
        ("--stage", "제안"),
        ("--stage", "proposed"),
        ("--lead", agency["name"]["ko"]),
        ("--lead", agency["name"]["en"]),
        ("--lead", f"(재){agency['name']['ko']}"),
        ("--area", area["ko"]),
        ("--area", "culture"),
    ):
        assert proposed("task", "list", *words, *PLANNER).exit_code == 0, words
        tasks = document(proposed("task", "list", *words, *PLANNER, "--json"))["tasks"]
        assert "2024-06" in [one["task"] for one in tasks], words


def test_a_name_that_nothing_goes_by_is_refused_with_what_there_is(proposed: Cli) -> None:
    done = proposed("task", "list", "--lead", "없는 기관", *PLANNER, "--lang", "ko")
    assert done.exit_code == 1
    assert "없는 기관" in done.stderr
    assert "gto" in done.stderr


def test_partners_and_posts_go_by_their_names(loaded: Cli) -> None:
    words = ("task", "propose", "2024-06", *PLAN, "--partner", "광주문화재단", "--as", "officer@gto")
    assert loaded(*words).exit_code == 0
    assert document(loaded("task", "show", "2024-06", *PLANNER, "--json"))["state"]["partners"] == ["gjcf"]
    subject = document(loaded("subject", "register", "--name", "담당", *PLANNER, "--json"))["subject"]
    assert (
        loaded(
            "agency", "appoint", "광주관광공사", "--subject", subject, "--post", "담당자", *PLANNER
        ).exit_code
        == 0
    )


@pytest.mark.parametrize("name", ["광주관광공사", "Gwangju Tourism Organization", "gto"])
def test_who_acts_may_name_the_agency(proposed: Cli, name: str) -> None:
    for words in (
        ("task", "show", "2024-06", "--as", f"officer@{name}"),
        ("task", "withdraw", "2024-06", "--as", f"officer@{name}", "--reason", "사유"),
    ):
        assert proposed(*words).exit_code == 0
    told = document(proposed("task", "history", "2024-06", *PLANNER, "--json"))["history"][-1]
    assert told["kind"] == "task.withdrawn"


def test_the_environment_and_whoever_is_stood_in_for_may_name_it_too(
    proposed: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("task", "withdraw", "2024-06", "--reason", "사유", "--json")
    behalf = ("--as", "officer@광주관광공사:" + "a" * 32, "--on-behalf-of", "head@광주관광공사:" + "b" * 32)
    by_id = ("--as", "officer@gto:" + "a" * 32, "--on-behalf-of", "head@gto:" + "b" * 32)
    refusals = [document(proposed(*words, *who))["error"]["name"] for who in (behalf, by_id)]
    assert refusals[0] == refusals[1] != "UnknownActor"
    monkeypatch.setenv("DONGHAENG_AS", "officer@광주관광공사")
    assert proposed("task", "show", "2024-06").exit_code == 0


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("officer@없는 기관", "NoSuchName"),
        ("planner@광주관광공사", "UnknownActor"),
        ("officer@광주관광공사:x", "UnknownActor"),
    ],
)
def test_nobody_of_an_agency_that_there_is_not_acts(proposed: Cli, who: str, name: str) -> None:
    done = proposed("task", "show", "2024-06", "--as", who, "--json")
    assert document(done)["error"]["name"] == name


def test_every_kind_of_deadlines_is_read_as_it_is_shown() -> None:
    for kind in DEADLINE_KINDS:
        assert {values.deadline_kind(deadline_label(kind).say(lang)) for lang in ("ko", "en")} == {kind}
    assert values.deadline_kind("another program's") == "another program's"


def test_texts_come_from_a_file_or_from_stdin(proposed: Cli, tmp_path: Path) -> None:
    path = tmp_path / "reason.txt"
    path.write_text("파일에서 온 사유\n", encoding="utf-8-sig")
    assert proposed("task", "return", "2024-06", "--reason", f"@{path}", *PLANNER).exit_code == 0
    assert "파일에서 온 사유" in proposed("task", "history", "2024-06", *PLANNER).stdout
    words = ["task", "revise", "2024-06", "--summary", "-", "--as", "officer@gto", "--reason", "@@계정"]
    assert CliRunner().invoke(app, words, input="표준 입력에서 온 개요\n").exit_code == 0
    history = proposed("task", "history", "2024-06", *PLANNER, "--lang", "ko").stdout
    assert "@계정" in history.replace("\n", "")


@pytest.mark.parametrize(
    "content", [None, b"\xff\xfe\x00", b"x" * (3 << 20)], ids=["missing", "no text", "too large"]
)
def test_a_file_that_is_no_text_is_wrong_usage(proposed: Cli, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "reason.txt"
    if content is not None:
        path.write_bytes(content)
    for lang in ("ko", "en"):
        done = proposed("task", "return", "2024-06", "--reason", f"@{path}", *PLANNER, "--lang", lang)
        assert (done.exit_code, str(path) in done.stderr.replace("\n", "")) == (2, True), done.stderr


def free_texts() -> list[tuple[str, Any]]:
    """Every option whose value is put beside the log as a free text."""
    named = {"reason", "text", "summary", "condition", "note", "basis", "point"}
    return [
        (f"{path} {one.opts[0]}", one)
        for path, params in commands()
        for one in params
        if one.name in named and one.param_type_name == "option"
    ]


def test_every_free_text_is_read_in_the_one_way() -> None:
    searching = ("trail search", "trail export", "trail findings", "trail sample")  # letters to look for
    others = [
        name
        for name, one in free_texts()
        if one.type_descriptor.parameter_info.parser is not values.text and not name.startswith(searching)
    ]
    assert others == []
    assert len(free_texts()) > 100, "the control"


def test_the_one_way_leaves_other_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [values.text(word) for word in ("글", "@@x", "a@b", "")] == ["글", "@x", "a@b", ""]
    with pytest.raises(typer.BadParameter):
        values.text("@/there/is/none")


def test_what_is_longer_than_the_screen_goes_through_the_pager(loaded: Cli, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\ncat > {seen}\n")
    pager.chmod(0o755)
    env = {"PAGER": str(pager), "LINES": "10", "COLUMNS": "100"}
    words = ("agency", "list", *PLANNER)
    assert at_terminal(words, env=env, whole=True).exit_code == 0
    assert "gto" in seen.read_text(encoding="utf-8")
    seen.unlink()
    assert "gto" in at_terminal(words, env={**env, "LINES": "900"}, whole=True).shown, "it fits"
    assert "gto" in at_terminal(words, env=env).stdout, "no terminal"
    assert "gto" in at_terminal(words, env={**env, "PAGER": ""}, whole=True).shown, "none is wanted"
    assert "gto" in at_terminal((*words, "--json"), env=env, whole=True).shown, "a document"
    assert not seen.exists()


def test_no_colour_is_shown_where_none_is_wanted(proposed: Cli) -> None:
    env = {"PAGER": "", "TERM": "xterm-256color", "LINES": "900"}
    words = ("task", "list", *PLANNER)
    coloured = at_terminal(words, env=env, whole=True).shown
    plain = at_terminal(words, env={**env, "NO_COLOR": "1"}, whole=True).shown
    assert "\x1b[33m" in coloured, "the control"
    assert "\x1b[3" not in plain
