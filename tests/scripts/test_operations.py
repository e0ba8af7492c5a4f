"""docs/operations.md and the files beside it name only what there is; tests/operations types the page itself."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from scripts.cli.main import app
from workers.environment import settings_of
from workers.limits import table
from workers.queues import QUEUES
from workers.settings import Settings

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "operations.md").read_text(encoding="utf-8")
FILES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (TOP / "scripts" / "operations").iterdir()
    if path.is_file()
}
WITNESS_PAGE = (TOP / "docs" / "witness.md").read_text(encoding="utf-8")
WITNESS_UNIT = (TOP / "scripts" / "operations" / "witness" / "donghaeng-witness.service").read_text(
    encoding="utf-8"
)
ROOT: Any = typer.main.get_command(app)
UNITS = {name: text for name, text in FILES.items() if name.endswith(".service")}


def typed() -> Iterator[str]:
    """What follows `donghaeng` or `donghaeng-admin` wherever one is run: in blocks, in prose, in units."""
    blocks = re.findall(r"^```(?:sh|systemd)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    started = r"^ *(?:setpriv .*|\S+: |ExecStart=)?(?:\S*bin/)?donghaeng(?:-admin)? ([a-z].*)$"
    for text in (*blocks, *FILES.values()):
        yield from re.findall(started, text, flags=re.MULTILINE)
    yield from re.findall(r"`donghaeng(?:-admin)? ([^`]+)`", PAGE)


def unknown(line: str) -> list[str]:
    """The words of a command line that no command or option answers to."""
    command = ROOT
    for word in (words := shlex.split(line)):
        if not hasattr(command, "commands") or word.startswith("--"):
            break
        if word not in command.commands:
            return [word]
        command = command.commands[word]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.mark.parametrize("line", sorted(set(typed())))
def test_every_command_it_types_exists(line: str) -> None:
    assert unknown(line) == []


def test_a_command_or_an_option_that_does_not_exist_would_be_seen() -> None:
    assert unknown("doktor") == ["doktor"]
    assert unknown("task aprove 2024-06") == ["aprove"]
    assert unknown("doctor --jsn") == ["--jsn"]


def test_the_commands_are_found_where_they_are_typed() -> None:
    firsts = {line.split()[0] for line in typed()}
    assert {"migrate", "load", "task", "worker", "ticker", "doctor", "backup", "restore"} <= firsts


def test_every_setting_it_names_exists() -> None:
    known = {one.variable for one in settings_of(Settings)}
    named = set(re.findall(r"\b((?:DATABASE|VAULT|REDIS|DONGHAENG)_[A-Z_]+)\b", PAGE))
    assert {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"} <= named
    assert named - known == set()


def test_the_units_and_the_procfile_run_the_same_parts() -> None:
    of_units = {
        words
        for text in UNITS.values()
        for words in re.findall(r"^ExecStart=\S+/donghaeng (.+)$", text, flags=re.MULTILINE)
    }
    of_procfile = set(re.findall(r"donghaeng (.+)$", FILES["Procfile"], flags=re.MULTILINE))
    queues = {"projections", "post", "automation"}
    assert {words.replace("%i", queue) for words in of_units for queue in queues} == of_procfile
    assert set(re.findall(r"donghaeng-worker@(\w+)", PAGE)) <= set(QUEUES)


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_unit_is_restarted_for_ever_and_writes_only_to_its_data_folder(name: str) -> None:
    lines = UNITS[name].splitlines()
    assert {
        "StartLimitIntervalSec=0",
        "Restart=always",
        "User=donghaeng",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ReadWritePaths=/srv/donghaeng",
        "EnvironmentFile=/etc/donghaeng/env",
        "CapabilityBoundingSet=",
    } <= set(lines)


def test_a_witness_runs_by_itself_on_a_machine_of_its_own() -> None:
    assert {
        "Restart=always",
        "User=witness",
        "ProtectSystem=strict",
        "ReadWritePaths=/srv/witness",
        "CapabilityBoundingSet=",
    } <= set(WITNESS_UNIT.splitlines())
    assert "EnvironmentFile" not in WITNESS_UNIT
    assert "donghaeng.target" not in WITNESS_UNIT
    lines = re.findall(r"^ExecStart=\S+/donghaeng (.+)$", WITNESS_UNIT, flags=re.MULTILINE)
    lines += [f"witness {words}" for words in re.findall(r"^witness (.+)$", WITNESS_PAGE, flags=re.MULTILINE)]
    assert len(lines) == 5
    assert [word for line in lines for word in unknown(line)] == []


def test_the_page_states_every_limit_as_the_code_has_it() -> None:
    assert table() in PAGE, table()
