"""What cannot be undone asks why, and at a terminal whether it is really to be done."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain.catalogue import COMMANDS
from store.log import Store
from tests.domain.examples import COMMANDS as EXAMPLES
from tests.scripts.command_walks import commands
from tests.scripts.conftest import Cli, document

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")
IRREVOCABLE = [one for one in COMMANDS.values() if one.irrevocable is not None]
REJECT = ("task", "reject", "2024-06", *PLANNER, "--reason", "예산 부족")


@pytest.fixture
def proposed(loaded: Cli) -> Cli:
    assert loaded("task", "propose", "2024-06", *PLAN, *OFFICER).exit_code == 0
    return loaded


def test_what_is_irrevocable_is_what_one_would_expect() -> None:
    assert {one.name for one in IRREVOCABLE} == {
        "task.reject",
        "task.withdraw",
        "task.discontinue",
        "programme.close",
        "agency.merge",
        "agency.close",
        "subject.erase",
        "text.redact",
        "definition.withdraw",
    }


@pytest.mark.parametrize("kind", IRREVOCABLE, ids=lambda kind: kind.name)
def test_its_sentence_names_what_it_is_about(kind: Any) -> None:
    command = EXAMPLES[kind.name]
    foretold = command.foretell()
    about = command.stream.partition("/")[2]
    for said in (foretold.ko, foretold.en):
        assert about in said
        assert not set("{}") & set(said)


@pytest.mark.parametrize("kind", IRREVOCABLE, ids=lambda kind: kind.name)
def test_it_takes_yes_on_the_command_line_and_nothing_else_does(kind: Any) -> None:
    with_yes = {path for path, params in commands() if any("--yes" in one.opts for one in params)}
    assert kind.name.replace(".", " ") in with_yes
    assert len(with_yes) == len(IRREVOCABLE)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_a_reason_it_is_refused_and_nothing_changes(proposed: Cli, store: Store, lang: str) -> None:
    before = store.head().position
    said = proposed("task", "reject", "2024-06", *PLANNER, "--lang", lang)
    assert (said.exit_code, "--reason" in said.stderr) == (1, True)
    assert store.head().position == before


def test_a_script_that_is_no_terminal_is_not_asked(proposed: Cli) -> None:
    assert proposed(*REJECT).exit_code == 0
    assert document(proposed("task", "show", "2024-06", "--json"))["state"]["stage"] == "rejected"


class Terminal:
    """The command line at a pseudo-terminal, as a person has it."""

    def __init__(self, *words: str) -> None:
        self._ours, theirs = pty.openpty()
        self._running = subprocess.Popen(
            [sys.executable, "-m", "scripts.cli.main", *words],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.said = ""

    def wait_for(self, words: str) -> None:
        while words not in self.said:
            self.said += os.read(self._ours, 4096).decode()

    def type(self, line: str) -> None:
        os.write(self._ours, line.encode())

    def interrupt(self) -> None:
        self._running.send_signal(signal.SIGINT)

    def end(self) -> int:
        while True:
            try:
                piece = os.read(self._ours, 4096)
            except OSError:  # nobody holds the other side any more
                break
            if not piece:
                break
            self.said += piece.decode()
        return self._running.wait()

    def close(self) -> None:
        self._running.kill()
        self._running.wait()
        os.close(self._ours)


@pytest.fixture
def terminal(proposed: Cli) -> Iterator[Any]:
    opened: list[Terminal] = []

    def run(*words: str) -> Terminal:
        opened.append(Terminal(*words))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    ("lang", "asks", "yes"), [("en", "(yes/no)", "yes\n"), ("ko", "(예/아니요)", "예\n")]
)
def test_at_a_terminal_it_asks_and_yes_carries_it_out(
    terminal: Any, store: Store, lang: str, asks: str, yes: str
) -> None:
    running = terminal(*REJECT, "--lang", lang)
    running.wait_for(asks)
    assert "2024-06" in running.said
    before = store.read("task/2024-06")
    assert before[-1].kind == "task.proposed", "nothing is done while it asks"
    running.type(yes)
    assert running.end() == 0
    assert store.read("task/2024-06")[-1].kind == "task.rejected"


@pytest.mark.parametrize("answer", ["no\n", "\n", "아니요\n", "\x04"])
def test_whatever_is_no_yes_changes_nothing(terminal: Any, store: Store, answer: str) -> None:
    running = terminal(*REJECT)
    running.wait_for("(yes/no)")
    running.type(answer)
    assert running.end() == 1
    assert "nothing has changed" in running.said
    assert store.read("task/2024-06")[-1].kind == "task.proposed"


def test_an_interruption_changes_nothing(terminal: Any, store: Store) -> None:
    running = terminal(*REJECT)
    running.wait_for("(yes/no)")
    time.sleep(0.1)  # it reads by now
    running.interrupt()
    assert running.end() == 1
    assert store.read("task/2024-06")[-1].kind == "task.proposed"


def test_with_yes_a_terminal_is_not_asked(terminal: Any, store: Store) -> None:
    running = terminal(*REJECT, "--yes")
    assert running.end() == 0
    assert "(yes/no)" not in running.said
    assert store.read("task/2024-06")[-1].kind == "task.rejected"


def test_what_would_be_refused_is_refused_without_a_question(terminal: Any, store: Store) -> None:
    running = terminal("task", "discontinue", "2024-06", *PLANNER, "--reason", "중단")
    assert running.end() == 1
    assert "(yes/no)" not in running.said


def test_what_can_be_undone_is_not_asked_about(terminal: Any) -> None:
    running = terminal("task", "approve", "2024-06", *PLANNER)
    assert running.end() == 0
    assert "(yes/no)" not in running.said
