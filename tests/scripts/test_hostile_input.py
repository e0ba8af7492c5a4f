"""Whatever is handed in or typed, a command says what is wrong with it, within bounds of memory."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.core import TyperOption
from typer.testing import CliRunner

from scripts.cli import given
from scripts.cli.options import SHARED
from scripts.cli.run import Run, command
from tests.scripts.command_walks import MORE, commands, is_file, typed_for
from tests.scripts.hostile_files import NO_FILES, WORDS, made
from tests.scripts.test_every_command import Machine, machine
from trail.files import MOST_TYPED

__all__ = ["machine"]
_MB = 1024
_MOST_MB = 150  # beside what the process takes anyway
_WRITTEN = frozenset({"out", "form", "folder"})
_RUNS = frozenset({"up", "simulate", "worker", "ticker"})  # who takes nothing in


pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return made(tmp_path_factory.mktemp("hostile"))


def _kilobytes(what: str) -> int:
    found = re.search(rf"^{what}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def _took(run: Any) -> tuple[Result, int]:
    """How it ended, and how many MB it took at most."""
    Path("/proc/self/clear_refs").write_text("5")  # the most so far is forgotten
    before = _kilobytes("VmRSS")
    result: Result = run()
    return result, (_kilobytes("VmHWM") - before) // _MB


def _words(machine: Machine, path: str, params: Any, odd: Any, word: str) -> list[str]:
    """The command with a word of ours for one parameter, in the order in which they are typed."""
    files = machine.files()
    typed: list[str] = []
    for one in params:
        if one is odd:
            option = isinstance(one, TyperOption)
            typed += [f"{one.opts[0]}={word}"] if option else [word]
        elif one.required:
            typed += typed_for(path, one, files, machine.out)
    beside = [] if odd.name == "reason" else ["--reason", "시험"]
    return [*path.split(), *typed, *beside, *MORE.get(path, ())]


def _wrong(name: str, result: Result) -> str | None:
    """A traceback; None where it was told what is wrong, or all went well."""
    if result.exception is None or isinstance(result.exception, SystemExit):
        return None
    return f"{name}: {result.exception!r}"


def _taking_files(machine: Machine) -> Iterator[tuple[str, Any, Any]]:
    return ((path, params, one) for path, params in commands() for one in params if is_file(one))


def test_no_file_that_is_handed_in_ends_a_command_with_a_traceback_or_takes_much_memory(
    machine: Machine, bad_files: dict[str, Path]
) -> None:
    wrong, places = [], 0
    for path, params, one in _taking_files(machine):
        places += 1
        read = one.name not in _WRITTEN
        for kind, file in bad_files.items():
            if not read and kind not in NO_FILES:
                continue
            words = [*_words(machine, path, params, one, str(file)), "--as", "planner", "--json"]
            result, most = _took(lambda words=words: machine.cli(*words))
            name = f"{path}, {one.name}, {kind}"
            wrong += [said for said in [_wrong(name, result)] if said]
            wrong += [f"{name}: {most} MB"] if most > _MOST_MB else []
    assert places > 20, "the walk sees nothing"
    assert not wrong, "\n".join(wrong)


def test_no_word_that_is_typed_ends_a_command_with_a_traceback(machine: Machine) -> None:
    """One of the odd words for each parameter, another one for each."""
    wrong, places = [], 0
    for path, params in commands():
        for one in params:
            flag = isinstance(one, TyperOption) and one.is_flag
            shared = one.name in SHARED.parameters and path != "task report"
            if flag or shared or is_file(one) or path.split()[0] in _RUNS:
                continue
            places += 1
            odd = sorted(WORDS)[zlib.crc32(f"{path}/{one.name}".encode()) % len(WORDS)]
            actor = [] if one.name == "actor" else ["--as", "planner"]
            result = machine.cli(*_words(machine, path, params, one, WORDS[odd]), *actor, "--json")
            wrong += [said for said in [_wrong(f"{path}, {one.name}, {odd}", result)] if said]
    assert places > 200, "the walk sees nothing"
    assert not wrong, "\n".join(wrong)


def test_what_is_no_text_and_a_day_out_of_reach_are_refused_by_name(machine: Machine) -> None:
    said = machine.cli("task", "show", "\udcff", "--as", "planner", "--lang", "ko")
    assert (said.exit_code, "‘task_id’의 글자가 UTF-8이 아니어서" in said.output) == (1, True), said.output
    said = machine.cli("responsible", "2024-06", "--on", "9999-12-31", "--as", "planner", "--lang", "en")
    assert (said.exit_code, "the year is from 2000 to 2100" in said.output) == (1, True), said.output


def test_a_file_whose_name_is_no_text_is_named_all_the_same(machine: Machine) -> None:
    said = machine.cli("load", "\udcff.json", "--as", "planner", "--json")
    assert json.loads(said.stdout)["error"]["name"] == "NotReadable"


def test_what_the_system_says_of_a_file_is_said_in_the_readers_language(
    machine: Machine, bad_files: dict[str, Path]
) -> None:
    kinds = {"folder": "폴더임", "long-name": "이름이 너무 김", "too-large": "2 MB보다 큼"}
    for kind, problem in kinds.items():
        said = machine.cli("load", str(bad_files[kind]), "--as", "planner", "--lang", "ko")
        assert problem in said.output.replace("\n", ""), said.output


def test_a_reader_without_bounds_and_one_that_does_not_foresee_are_found(
    machine: Machine, bad_files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    careless = typer.Typer()

    @command(careless, "read")
    def read(run: Run, file: Path) -> None:
        json.loads(file.read_text())

    @command(careless, "say")
    def say(run: Run, word: str) -> None:
        print(word)  # noqa: T201

    def typed(*words: str) -> Result:
        return CliRunner().invoke(careless, list(words))

    assert bad_files["many-lists"].stat().st_size > MOST_TYPED
    result, most = _took(lambda: typed("read", str(bad_files["many-lists"])))
    assert (_wrong("lists", result), most > _MOST_MB) == (None, True), most
    assert _wrong("deep", typed("read", str(bad_files["deep-json"])))
    monkeypatch.setattr(given, "_is_text", lambda _: True)
    monkeypatch.setattr("scripts.cli.run.show_odd_names", lambda: None)
    assert _wrong("surrogate", typed("say", "\udcff"))
