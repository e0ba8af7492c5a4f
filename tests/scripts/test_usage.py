"""Help and wrong usage in the reader's language, and as documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from scripts.cli.korean import HelpText, parse_help
from scripts.cli.main import CONTENTS, app

WRONG = [
    (("tsk",), "NoSuchCommand"),
    (("task", "zzz"), "NoSuchCommand"),
    (("task", "list", "--stge", "x"), "NoSuchOption"),
    (("task", "list", "--zzz"), "NoSuchOption"),
    (("task", "show"), "MissingArgument"),
    (("task", "rate", "2024-06", "--raters", "3"), "MissingOption"),
    (("task", "evaluate", "2024-06", "--score", "3"), "MissingOption"),
    (("task", "show", "2024-06", "more"), "UnexpectedArgument"),
    (("task", "list", "--area"), "MissingValue"),
    (("doctor", "--json=yes"), "UnexpectedValue"),
    (("task", "list", "--most", "many"), "BadValue"),
    (("task", "list", "--most", "0"), "BadValue"),
    (("task", "list", "--most", "20000"), "BadValue"),
    (("deadline", "list", "--until", "soon"), "BadValue"),
    (("task", "evaluate", "2024-06", "--score", "3", "--grade", "Z"), "BadValue"),
    (("task", "list", "--log", "xml"), "BadValue"),
]


def english_in(said: str) -> list[str]:
    """Three English words in a row, but for what is typed."""
    return re.findall(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", re.sub(r"donghaeng( [a-z-]+)+", "", said))


@pytest.fixture(autouse=True)
def english_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def helps() -> Iterator[tuple[str, HelpText]]:
    """All that `--help` says, of commands, groups, what they take, and itself, by where it is said."""
    whole: Any = typer.main.get_command(app)
    yield from _said("donghaeng", whole)
    for name in CONTENTS:
        yield f"the list's {name}", parse_help(CONTENTS[name].help)
        yield from _said(name, whole.commands[name])
        for below, one in (getattr(whole.commands[name], "commands", None) or {}).items():
            yield from _said(f"{name} {below}", one)


def _said(path: str, command: Any) -> Iterator[tuple[str, HelpText]]:
    yield path, command.said
    context = command.make_context(path, [], resilient_parsing=True)
    for one in command.get_params(context):
        yield f"{path} {one.opts[0]}", one.said


def lacks_a_language(said: HelpText) -> bool:
    """Whether a paragraph is not there in English, or in Korean."""
    pairs = list(zip_longest(said.en.split("\n\n"), said.ko.split("\n\n"), fillvalue=""))
    return not all(en and re.search("[가-힣]", ko) and not english_in(ko) for en, ko in pairs)


def test_all_that_help_says_is_said_in_both_languages() -> None:
    assert [(path, said) for path, said in helps() if lacks_a_language(said)] == []


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Say it.",
        "= 적습니다.",
        "Say it. = Say it in words.",
        "Say it.\n\n= 적습니다.\n\nOnce more.",
        "Say it.=적습니다.",
    ],
)
def test_the_control_a_help_text_without_one_of_its_languages_is_seen(written: str) -> None:
    assert lacks_a_language(parse_help(written))


def test_a_docstring_has_its_korean_below_each_paragraph() -> None:
    said = parse_help("Say it,\n  twice.\n\n= 두 번\n  적습니다.\n\nNot more. = 더는 적지 않습니다.")
    assert said == ("Say it, twice.\n\nNot more.", "두 번 적습니다.\n\n더는 적지 않습니다.")
    assert not lacks_a_language(said)


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_help_is_korean_wherever_lang_stands(place: str) -> None:
    words = {
        "before": ("--lang", "ko", "task", "list", "--help"),
        "between": ("task", "--lang=ko", "list", "--help"),
        "after": ("task", "list", "--lang", "ko", "--help"),
    }[place]
    said = run(*words).stdout
    assert "사용법: " in said
    assert "과제를 번호순으로" in said
    assert "Usage" not in said
    assert "Options" not in said
    assert english_in(said) == []


def test_lang_before_the_command_is_the_answers_too(cli: Any) -> None:
    assert "누가 하는 일인지" in cli("--lang", "ko", "token", "revoke", "f" * 32).stderr
    assert "Say with --as" in cli("--lang", "ko", "token", "revoke", "f" * 32, "--lang", "en").stderr


def test_help_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Usage: " in run("task", "--help").stdout
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert "사용법: " in run("task", "--help").stdout
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert "Usage: " in run("task", "--help").stdout
    monkeypatch.setenv("LC_ALL", "")
    assert "사용법: " in run("task", "--help").stdout, "what is empty is not set"


@pytest.mark.parametrize(
    ("words", "name"), WRONG, ids=lambda one: " ".join(one) if isinstance(one, tuple) else one
)
def test_wrong_usage_is_a_document_and_a_sentence_in_both_languages(
    words: tuple[str, ...], name: str
) -> None:
    for lang in ("ko", "en"):
        named = (
            2 if words[0] in ("task", "deadline") else 1
        )  # an option at the end takes what follows for its value
        done = run("--lang", lang, *words[:named], "--json", *words[named:])
        error = json.loads(done.stdout)["error"]
        assert (done.exit_code, error["name"], error["exit"]) == (2, name, 2)
        assert bool(re.search("[가-힣]", error["message"])) is (lang == "ko"), error
        assert "Value error" not in error["message"]
        assert done.stderr == ""
        told = run("--lang", lang, *words)
        assert (told.exit_code, told.stdout) == (2, "")
        assert error["message"] in told.stderr
        if lang == "ko":
            assert english_in(told.stderr) == []
            assert "오류: " in told.stderr


def test_a_language_that_there_is_not_is_wrong_usage() -> None:
    for words in (("--lang", "fr", "task", "list"), ("task", "list", "--lang", "fr")):
        done = run(*words)
        assert (done.exit_code, "ko or en" in done.stderr) == (2, True)


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"donghaeng \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_what_completes_words(shell: str) -> None:
    assert "_DONGHAENG_COMPLETE" in run("completion", shell).stdout


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("donghaeng ta", ["task"]),
        ("donghaeng task li", ["list", "lift-hold"]),
        ("donghaeng task list --st", ["--stage"]),
        ("donghaeng task evaluate 2024-06 --grade ", ["S", "A", "B", "C", "D"]),
    ],
)
def test_words_are_completed(typed: str, completed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    words = typed.split(" ")
    for name, value in (
        ("_DONGHAENG_COMPLETE", "complete_bash"),
        ("COMP_WORDS", typed),
        ("COMP_CWORD", str(len(words) - 1)),
    ):
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, [], prog_name="donghaeng")
    assert set(done.stdout.split()) == set(completed)
