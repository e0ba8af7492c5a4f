"""docs/operations.md and the files beside it name only what there is; tests/operations types the page itself."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from scripts.cli.main import app
from workers.queues import QUEUES
from workers.settings import Settings

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "operations.md").read_text(encoding="utf-8")
FILES = {path.name: path.read_text(encoding="utf-8") for path in (TOP / "scripts" / "operations").iterdir()}
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_every_command_it_types_exists() -> None:
    typed = re.findall(r"\bdonghaeng ([a-z]+)", "\n".join([PAGE, *FILES.values()]))
    assert {"doctor", "load", "worker", "ticker", "backup"} <= set(typed)
    written = set(re.findall(r"(?:bin/|`|\")donghaeng ([a-z]+)", "\n".join([PAGE, *FILES.values()])))
    assert written - set(COMMANDS) == set()


def test_every_setting_it_names_exists() -> None:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    named = set(re.findall(r"\b((?:DATABASE|VAULT|REDIS|DONGHAENG)_[A-Z_]+)=", PAGE))
    assert named
    assert named - known == set()


def test_the_units_and_the_procfile_run_the_same_parts() -> None:
    of_units = {
        words
        for name, text in FILES.items()
        if name.endswith(".service")
        for words in re.findall(r"^ExecStart=\S+/donghaeng (.+)$", text, flags=re.MULTILINE)
    }
    of_procfile = set(re.findall(r"donghaeng (.+)$", FILES["Procfile"], flags=re.MULTILINE))
    assert {words.replace("%i", "projections") for words in of_units} == of_procfile
    assert re.findall(r"donghaeng-worker@(\w+)", FILES["donghaeng.target"])[0] in QUEUES
