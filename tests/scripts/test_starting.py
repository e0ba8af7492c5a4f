"""What a start loads: every user waits for it, and the tests start the program hundreds of times."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.conftest import top
from tests.scripts.conftest import ANNOUNCED, Cli
from tests.scripts.drawn_sketch import draw_in, look_in
from workers.servers import Addresses

_START = """
import sys
sys.argv[0] = "donghaeng"
try:
    from scripts.cli.entry import run
    run()
finally:
    files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
    outside = {name.partition(".")[0] for name, file in files.items() if "site-packages" in file}
    rooms = ("domain", "store", "projections", "workflows", "workers")
    ours = {name for name in files if name.startswith("scripts.cli.")}
    ours |= {name if "." in name else f"{name}." for name in files if name.partition(".")[0] in rooms}
    print("LOADED", *outside, *ours, file=sys.stderr)
"""
_INSTALLED = {"_distutils_hack"}  # by the virtual environment, in every process
# A list of commands loads what lists them.
LISTING = {
    "typer",
    "annotated_doc",
    "shellingham",
    *(
        f"scripts.cli.{one}"
        for one in (
            "entry",
            "main",
            "contents",
            "asked",
            "helping",
            "korean",
            "usage",
            "sketch",
            "sketch_file",
        )
    ),
}
# A command that reads loads these packages of others besides: no models, no client of Redis and no queue, no HTTP, no
# ciphers, no log lines, nothing that makes documents. One line a package, with what it draws in.
READING = LISTING | {
    *("psycopg", "psycopg_binary", "psycopg_pool", "typing_extensions"),
    *("eventsourcing", "greenlet"),
    *("rich", "msgspec"),
}
# What has commands beside what reads loads their models.
GIVING = READING | {"pydantic", "pydantic_core", "annotated_types", "typing_inspection"}
# What a list loads nothing of: what decides and what may be asked, sentences, mails, definitions.
NOT_OF_LISTS = re.compile(
    r"domain\.(\w+\.(commands|decider)|aggregate|catalogue|limited)"
    r"|workflows\.(command_handler|unit_of_work|letters|definitions|automation|importing|simulation)(\..*)?"
    r"|projections\.sentences\.all"
)
LISTS = (
    ("task", "list"),
    ("task", "list", "--lead", "gto", "--most", "5"),
    ("task", "show", "2024-06"),
    ("agency", "list"),
    ("agency", "inbox"),
    ("programme", "show", "2024"),
    ("programme", "inbox"),
    ("deadline", "list"),
    ("notices",),
    ("audit", "list"),
    ("responsible", "2024-06"),
    ("calendar", "show", "2024"),
)


_BEFORE: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def _sketched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All that is loaded here finds a sketch of the command line that was drawn just now."""
    prefix = tmp_path_factory.mktemp("venv")
    draw_in(prefix)
    _BEFORE.append(look_in(prefix))
    yield
    _BEFORE.clear()


def loaded(*words: str, before: str = "", ends: int = 0) -> set[str]:
    """The packages of others, and the modules of the command line, that a command has loaded when it is done."""
    command = [sys.executable, "-c", "".join(_BEFORE) + before + _START, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == ends, done.stderr
    return set(done.stderr.partition("LOADED ")[2].split()) - _INSTALLED


def others(found: set[str]) -> set[str]:
    return {name for name in found if "." not in name}


@pytest.fixture
def on_servers_that_come_along(app_dsn: str, servers: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    assert servers.redis is not None
    monkeypatch.setenv("DATABASE_URL", app_dsn)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("DONGHAENG_DATA", str(Path(servers.redis["unix_socket_path"]).parents[1]))


def test_the_list_of_commands_loads_none_of_them() -> None:
    assert loaded("--help") <= LISTING


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (("task", "--help"), 0),
        (("task", "list", "--help"), 0),
        (("--lang", "ko", "trail", "search", "--help"), 0),
        (("report", "2024", "--help"), 0),
        (("views", "--help"), 0),
        (("--version",), 0),
        (("task", "lst"), 2),
        (("views", "lst"), 2),
        (("task", "list", "--nix"), 2),
        (("task", "list", "--most", "many"), 2),
        (("task", "show", "--json"), 2),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else None,
)
def test_help_and_wrong_usage_load_no_command(words: tuple[str, ...], ends: int) -> None:
    assert loaded(*words, ends=ends) <= LISTING


def test_the_control_without_a_sketch_help_loads_the_command(tmp_path: Path) -> None:
    assert {"scripts.cli.task", "pydantic"} <= loaded("task", "--help", before=look_in(tmp_path))


def test_the_control_a_command_that_is_run_is_loaded(tmp_path: Path) -> None:
    words = ("import", "--template", str(tmp_path / "form.csv"))
    found = loaded(*words, "--data", str(tmp_path))
    assert {"scripts.cli.importing", "workflows."} <= found


def test_a_command_of_a_group_loads_none_of_the_others(tmp_path: Path) -> None:
    found = loaded("task", "list", "--data", str(tmp_path / "none"), ends=3)
    assert {"scripts.cli.task"} <= found
    assert not {"scripts.cli.task_commands", "scripts.cli.task_changes", "scripts.cli.proposing"} & found


@pytest.fixture
def as_planner(
    cli: Cli, on_servers_that_come_along: None, app_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city with a year's list, for its planner; its views are up to date."""
    assert cli("load", str(ANNOUNCED), "--as", "planner").exit_code == 0
    assert cli("calendar", "open", "2024", "--as", "planner").exit_code == 0
    with Store.open(app_dsn) as store:
        for view in VIEWS.values():
            project(store, view)
    monkeypatch.setenv("DONGHAENG_AS", "planner")


@pytest.mark.usefixtures("as_planner")
def test_lists_load_nothing_that_they_do_not_need() -> None:
    for words in LISTS:
        found = loaded(*words)
        assert others(found) <= READING, words
        assert {one for one in found if NOT_OF_LISTS.fullmatch(one)} == set(), words
        assert "psycopg" in found, words


@pytest.mark.usefixtures("as_planner")
def test_a_search_of_the_trail_loads_the_sentences_and_nothing_that_decides() -> None:
    found = loaded("trail", "search", "--task", "2024-06", "--as", "inspector")
    assert not {"pydantic", "structlog", "redis"} & found
    assert {one for one in found if NOT_OF_LISTS.fullmatch(one)} == {"projections.sentences.all"}


@pytest.mark.usefixtures("as_planner")
def test_a_definition_is_shown_without_what_carries_commands_out() -> None:
    """It names commands and their limits, so those are loaded; nothing that gives one, counts deadlines or moves tasks."""
    found = loaded("definition", "show")
    assert "domain.catalogue" in found
    assert not {"structlog", "redis"} & found
    carrying = r"workflows\.(command_handler|unit_of_work|migrating|letters|automation|importing)(\..*)?"
    assert {one for one in found if re.fullmatch(carrying, one)} == set()
    assert {"workflows.command_handler", "workflows.unit_of_work"} <= loaded("why", "2024-01", ends=1), (
        "control"
    )


def test_templates_are_loaded_where_a_letter_is_looked_at_and_nowhere_else() -> None:
    small, reviewed = (str(top() / "data" / "definitions" / f"{name}.toml") for name in ("small", "reviewed"))
    assert "jinja2" not in loaded("definition", "check", small)
    assert "jinja2" not in loaded("definition", "test", reviewed), "what is only gone by writes no letter"
    assert "jinja2" in loaded("definition", "check", reviewed)


@pytest.mark.usefixtures("as_planner")
def test_the_control_who_gives_a_command_loads_what_decides_on_it_and_writes_a_line() -> None:
    found = loaded("task", "approve", "2024-06", ends=1)
    assert {"domain.task.decider", "domain.catalogue", "workflows.command_handler", "pydantic"} <= found
    assert {"structlog", "rich"} <= found
    assert "projections.sentences.all" in loaded("task", "history", "2024-06")


@pytest.mark.usefixtures("on_servers_that_come_along")
def test_the_secret_of_webhooks_and_a_look_at_an_address_load_no_http() -> None:
    found = loaded("agency", "webhook-secret", "gto", "--as", "planner")
    assert others(found) <= GIVING
    looking = "from workers.delivery.channels import plugin_of; plugin_of('webhook').accept"
    assert not {"urllib3", "standardwebhooks"} & loaded("--help", before=looking)
    sending = "import workers.delivery.webhooks"
    assert {"urllib3", "standardwebhooks"} <= loaded("--help", before=sending), "the control"


@pytest.mark.parametrize("imported", ["redis", "openpyxl"])
def test_the_control_what_is_imported_at_the_top_is_seen(imported: str) -> None:
    assert imported in loaded("--help", before=f"import {imported}") - READING
