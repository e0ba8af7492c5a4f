"""Whoever may not, changes nothing: every sub-command is given by a token that does not open it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import typer
from typer.testing import CliRunner

from scripts.cli import run as running
from scripts.cli.run import Run, command
from tests.conftest import top
from tests.scripts.command_walks import Typed, commands, standing, words_for
from tests.scripts.conftest import ANNOUNCED, Cli, document
from tests.scripts.test_import import ROW, sheet
from tests.scripts.test_money_sheets import HEADINGS, ROWS
from tests.scripts.test_what_if import STRICTER
from workers.servers import Addresses
from workflows.definitions.templates import scenarios_beside

REFUSED = {"NotPermitted", "ReadingNotPermitted", "NotYourTask", "NotYoursToRead", "NotByToken"}
# What does not end with such a refusal, and why. By hand: a command that is not refused has to be put here.
PUBLIC = dict.fromkeys(
    (
        "agency list",
        "calendar show",
        "clock show",
        "concern list",
        "deadline compute",
        "definition diff",
        "definition list",
        "definition show",
        "fund list",
        "meeting decisions",
        "meeting list",
        "programme show",
        "reform list",
        "task list",
        "views show",
    ),
    "exit 0",
) | dict.fromkeys(("fund show", "fund statement"), "NoSuchFund")
WITHOUT_A_STORE = {
    "completion": "exit 0",
    "definition check": "exit 0",
    "definition letters": "exit 0",
    "definition new": "exit 0",
    "definition new --from": "UnknownDefinition",
    "definition new --out": "exit 0",
    "definition templates": "exit 0",
    "definition test": "exit 0",
    "definition test --scenarios": "exit 0",
    "doctor": "exit 1",  # nothing runs here
    "import": "NothingToImport",
    "import --dry-run": "NothingToImport",
    "import --template": "exit 0",
    "programme template": "exit 0",
    "programme template --schema": "exit 0",
    "import --whole-year": "NothingToImport",
    "money template": "exit 0",
    "trail verify": "NothingToVerify",
    "trail verify --policy": "NothingToVerify",
    "trail verify --since": "NotReadable",
    "trail verify --tsa": "NotReadable",
    "what-if": "NothingSupposed",
    "what-if --csv": "NothingSupposed",
    "witness": "FolderNeeded",
    "witness --folder": "NoWitnessHere",
    "witness init": "exit 0",
    "witness trust": "BadNote",
    "witness evidence": "exit 0",
}
# What was typed makes no sense to anybody, or each row of a sheet is told with its own fault.
SENSELESS = {
    "agency set-contact --no-mail": "OneContact",
    "agency set-contact --no-webhook": "OneContact",
    "definition migrate": "PreviewOrApply",
    "diff": "NothingKnownThen",
    "diff --effective": "NothingKnownThen",
    "import file": "ImportRefused",
    "money import": "ImportRefused",
    "money import --dry-run": "exit 1",
    "money reconcile": "exit 1",
    "task propose --ask": "NotAtATerminal",
    "meeting vote-down": "NotAVote",
}
# What every agency may ask of a meeting or a concern, which is not there, and of the reform cases that were loaded
ALL_WHO_MEET = {
    "meeting show": "NoSuchMeeting",
    "meeting minutes": "NoMinutes",
    "meeting minutes --format": "NoMinutes",
    "meeting minutes --out": "NoMinutes",
    "meeting invitation": "NoSuchMeeting",
    "meeting add-item": "MeetingNotCalled",
    "meeting object": "MeetingNotCalled",
    "meeting withdraw-item": "NotYourTask",
    "concern raise": "CalendarNotOpen",
    "concern show": "NoSuchConcern",
    "concern history": "NoSuchConcern",
    "concern give-opinion": "ConcernNotRaised",
    "concern add-alternative": "ConcernNotRaised",
    "reform show": "exit 0",
    "reform history": "exit 0",
}
# An agency's own people who name neither agency nor task ask for their own.
OWN = dict.fromkeys(
    ("notices", "deadline list", "deadline list --overdue", "agency inbox", "money list"), "exit 0"
)
OTHERWISE = PUBLIC | WITHOUT_A_STORE | SENSELESS | OWN | ALL_WHO_MEET


class Machine:
    """A store with a task of an agency, and all that a command could change."""

    def __init__(self, cli: Cli, folder: Path, owner: psycopg.Connection[Any], server: redis.Redis) -> None:
        self.cli, self._owner, self._server = cli, owner, server
        self.data, self.out, self.given = (folder / name for name in ("var", "out", "given"))
        for made in (self.data, self.out, self.given):
            made.mkdir(exist_ok=True)

    def settle(self) -> None:
        """Nothing goes by itself any more, as what wakes workers does after a moment."""
        self._server.flushdb()

    def standing(self) -> dict[str, str]:
        return standing((self.data, self.out), self._owner, self._server)

    def token(self, *whose: str) -> dict[str, str]:
        made: dict[str, str] = document(self.cli("token", "create", *whose, "--as", "planner", "--json"))
        return made

    def typed(self) -> list[Typed]:
        return [one for path, params in commands() for one in words_for(path, params, self.files(), self.out)]

    def files(self) -> dict[str, Path]:
        """Which file each command is given to read."""
        grades, policy, days = (self.given / name for name in ("grades.toml", "policy", "days.toml"))
        grades.write_text(STRICTER, encoding="utf-8")
        days.write_text('days = [{ day = 2024-01-01, name = "신정" }]\n', encoding="utf-8")
        policy.write_text("quorum none\n", encoding="utf-8")
        policy.chmod(0o600)
        definition = top() / "workflows" / "definitions" / "donghaeng-2024.toml"
        return {
            "load/file": ANNOUNCED,
            "import/file": sheet(self.given / "sheet.csv", ROW),
            "import/form": self.given / "form.csv",
            "money import/file": sheet(self.given / "money.csv", ROWS[0], headings=HEADINGS),
            "money reconcile/file": self.given / "money.csv",
            "money template/file": self.given / "money-form.csv",
            "what-if/definition": definition,
            "what-if/calendar": days,
            "what-if/scoring": grades,
            **{
                f"definition {act}/file": definition for act in ("check", "letters", "draft", "adopt", "test")
            },
            "definition new/out": self.given / "another.toml",
            "definition test/scenarios": scenarios_beside(definition),
            "passphrase_file": policy,
            "file": policy,
            "policy": policy,
            "witness/folder": self.given / "witness",
        }


@pytest.fixture
def machine(
    loaded: Cli, owner_dsn: str, servers: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    propose = ("task", "propose", "2024-06", "--start", "2024-03-04", "--end", "2024-12-31")
    assert loaded(*propose, "--budget", "120000000", "--as", "officer@gto").exit_code == 0
    assert loaded("calendar", "open", "2024", "--as", "planner").exit_code == 0
    assert servers.redis is not None
    with psycopg.connect(owner_dsn, autocommit=True) as owner, redis.Redis(**servers.redis) as server:
        made = Machine(loaded, tmp_path, owner, server)
        monkeypatch.chdir(made.given)  # a new definition is written there, where no other file is named
        yield made


def walked(
    machine: Machine, typed: list[Typed], cli: Cli | None = None
) -> Iterator[tuple[str, str, set[str]]]:
    """Each command, how it ended, and what of the machine is not as it was."""
    machine.settle()
    before = machine.standing()
    for name, words in typed:
        result = (cli or machine.cli)(*words, "--json")
        said = document(result) if result.stdout.startswith("{") else {}
        ended = said["error"]["name"] if "error" in said else f"exit {result.exit_code}"
        after = machine.standing()
        changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
        yield name, ended, changed
        before = after


def test_a_token_of_another_agency_changes_nothing_by_any_command(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = machine.token("--role", "officer", "--agency", "gjcf")
    monkeypatch.setenv("DONGHAENG_TOKEN", foreign["token"])
    wrong = [
        (name, ended, changed)
        for name, ended, changed in walked(machine, machine.typed())
        if changed or (ended != OTHERWISE[name] if name in OTHERWISE else ended not in REFUSED)
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_a_token_that_was_revoked_opens_no_command(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    revoked = machine.token("--role", "planner")
    assert machine.cli("token", "revoke", revoked["id"], "--as", "planner").exit_code == 0
    monkeypatch.setenv("DONGHAENG_TOKEN", revoked["token"])
    typed = [(name, words) for name, words in machine.typed() if "-" not in name]
    wrong = [
        (name, ended, changed)
        for name, ended, changed in walked(machine, typed)
        if changed or ended not in ("TokenRevoked", "NotByToken", (WITHOUT_A_STORE | SENSELESS).get(name))
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_a_command_that_acts_before_it_asks_is_found(
    machine: Machine, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    hasty = typer.Typer()

    @command(hasty, "file")
    def file(run: Run) -> None:
        (run.settings.data / "early").write_text("")
        _ask(run)

    @command(hasty, "row")
    def row(run: Run) -> None:
        with psycopg.connect(owner_dsn, autocommit=True) as owner:
            owner.execute("UPDATE donghaeng.head SET position = position + 1")
        _ask(run)

    @command(hasty, "key")
    def key(run: Run) -> None:
        with run.engine() as engine:
            engine.queues.redis.set("early", "1")
            run.may_act(engine.store, "jobs.change")

    def _ask(run: Run) -> None:
        with run.engine() as engine:
            run.may_act(engine.store, "jobs.change")

    def typed(*words: str) -> Any:
        return CliRunner().invoke(hasty, list(words))

    foreign = machine.token("--role", "officer", "--agency", "gjcf")
    monkeypatch.setenv("DONGHAENG_TOKEN", foreign["token"])
    names = [(name, [name]) for name in ("file", "row", "key")]
    found = {name: (ended, changed) for name, ended, changed in walked(machine, names, typed)}
    assert found == {
        "file": ("ReadingNotPermitted", {str(machine.data / "early")}),
        "row": ("ReadingNotPermitted", {"donghaeng.head"}),
        "key": ("ReadingNotPermitted", {"early"}),
    }
    monkeypatch.setattr(running.Run, "may_act_at", lambda *_: None)
    backup = [one for one in machine.typed() if one[0] == "backup --passphrase-file"]
    ((_, ended, changed),) = walked(machine, backup)
    assert (ended, changed) == ("PassphraseTooShort", set())
