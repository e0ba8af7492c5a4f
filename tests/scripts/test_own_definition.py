"""A city's own definition: written from a template, adopted into the log, lived by, told apart, withdrawn. No program is changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from domain.definition.facts import Adopted
from domain.seoul import local_day
from domain.streams import definition_stream
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from workflows.definitions.adopted import definitions_of
from workflows.definitions.templates import scenarios_beside, templates

PLANNER = ("--as", "planner")
WHY = (*PLANNER, "--reason", "군산 운영지침")
# what the scenarios say of that deadline, and then of it
CHANGED_BY_IT = (
    *(
        (f'kind = "decision", due = 2024-{before}', f'kind = "decision", due = 2024-{after}')
        for before, after in (("02-21", "02-19"), ("03-05", "02-29"), ("03-20", "03-18"), ("03-22", "03-20"))
    ),
    ('reminders = [{ on = 2024-02-08, kind = "decision", to = ["planner"] }]\n', "reminders = []\n"),
)
OPEN = ("--name", "군산 동행", "--city", "군산시", "--area", "culture=문화", *PLANNER)


@pytest.fixture
def own(cli: Cli, tmp_path: Path) -> Path:
    """Written from the newest template, and a deadline changed."""
    path = tmp_path / "gunsan.toml"
    assert cli("definition", "new", "gunsan", "--out", str(path)).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert "within = 10                    # business days" in text, "the template's comments come along"
    path.write_text(text.replace("within = 10 ", "within = 8 ", 1), encoding="utf-8")
    scenarios = scenarios_beside(path)
    told = scenarios.read_text(encoding="utf-8")
    for before, after in CHANGED_BY_IT:
        assert before in told
        told = told.replace(before, after)
    scenarios.write_text(told, encoding="utf-8")
    return path


@pytest.mark.parametrize("identity", templates())
def test_a_new_definition_says_the_same_as_its_template(cli: Cli, tmp_path: Path, identity: str) -> None:
    path = tmp_path / "mine.toml"
    assert cli("definition", "new", "mine", "--from", identity, "--out", str(path)).exit_code == 0
    assert document(cli("definition", "check", str(path), "--json"))["definition"] == "mine/1"
    assert cli("definition", "adopt", str(path), *WHY).exit_code == 0
    assert document(cli("definition", "diff", identity, "mine/1", "--json"))["differences"] == []


def test_a_file_that_is_there_is_left_alone(cli: Cli, own: Path) -> None:
    before = own.read_bytes()
    again = cli("definition", "new", "gunsan", "--out", str(own), "--json")
    assert (again.exit_code, document(again)["error"]["name"]) == (1, "FileExists")
    assert own.read_bytes() == before
    own.unlink()
    again = cli("definition", "new", "gunsan", "--out", str(own), "--json")
    assert document(again)["error"]["name"] == "FileExists", "its scenarios are there"
    assert not own.exists()


def test_a_year_is_lived_by_a_citys_own_definition(cli: Cli, store: Store, own: Path) -> None:
    early = cli("programme", "open", "2027", *OPEN, "--definition", "gunsan/1", "--json")
    assert document(early)["error"]["name"] == "UnknownDefinition", "it is adopted first"
    assert cli("definition", "draft", str(own), *PLANNER).exit_code == 0
    assert cli("definition", "adopt", str(own), *WHY, "--programme", "2027").exit_code == 0
    assert cli("programme", "open", "2027", *OPEN, "--definition", "gunsan/1").exit_code == 0
    (row,) = document(cli("definition", "list", "--json"))["definitions"]
    assert (row["definition"], row["state"], row["programmes"], row["opened"]) == (
        "gunsan/1",
        "adopted",
        [2027],
        [2027],
    )
    told = cli("definition", "diff", "donghaeng-2024/3", "gunsan", "--lang", "ko").output
    assert told.strip() == "기한 제안 결정: 기간: 10영업일 → 8영업일"
    for words in (
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        *(("calendar", "open", str(store.now().year + later), *PLANNER) for later in range(2)),
        ("programme", "add-task", "2027", "2027-01", "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", "2027-01", "--start", "2027-03-02", "--end", "2027-11-30", "--budget", "1000", "--as", "officer@gto"),
    ):  # fmt: skip
        assert cli(*words).exit_code == 0, words
    shown = document(cli("why", "2027-01", "--json", *PLANNER))
    assert shown["definition"] == "gunsan/1"
    assert [one["days"] for one in shown["waits_for"] if one["kind"] == "decision"] == [8]
    (adoption,) = [one for one in store.read(definition_stream("gunsan")) if isinstance(one.fact, Adopted)]
    by, day = shown["adopted"], local_day(adoption.known_at)
    assert (by["position"], by["role"], by["subject"]) == (adoption.position, "planner", None)
    assert by["sha256"] == hashlib.sha256(adoption.fact.content.encode()).hexdigest()
    assert (
        f"gunsan/1: {day} 시 총괄부서 채택 (기록 {adoption.position}번, SHA-256 {by['sha256']})"
        in cli("why", "2027-01", "--lang", "ko", *PLANNER).output
    )
    withdrawn = cli("definition", "withdraw", "gunsan/1", *WHY)
    assert withdrawn.exit_code == 0
    assert document(cli("why", "2027-01", "--json", *PLANNER))["definition"] == "gunsan/1", (
        "what goes by it goes on"
    )
    refused = cli("programme", "open", "2028", *OPEN, "--definition", "gunsan/1", "--json")
    assert document(refused)["error"]["name"] == "WithdrawnAlready"


def test_a_definition_is_adopted_only_if_the_scenarios_beside_it_pass(
    cli: Cli, store: Store, own: Path
) -> None:
    scenarios = scenarios_beside(own)
    told = scenarios.read_text(encoding="utf-8")
    scenarios.write_text(told.replace("due = 2024-02-19", "due = 2024-02-21", 1), encoding="utf-8")
    tested = cli("definition", "test", str(own), "--json")
    assert tested.exit_code == 1
    (failure,) = document(tested)["failures"]
    assert (failure["what"], failure["expected"], failure["found"]) == (
        "deadlines",
        "decision 2024-02-21",
        "decision 2024-02-19",
    )
    assert failure["ko"] in cli("definition", "test", str(own), "--lang", "ko").output
    refused = cli("definition", "adopt", str(own), *WHY, "--json")
    assert (refused.exit_code, document(refused)["error"]["name"]) == (1, "ScenariosFail")
    assert failure["en"] in document(refused)["error"]["message"]
    assert store.read(definition_stream("gunsan")) == []
    scenarios.write_text(told, encoding="utf-8")
    assert document(cli("definition", "test", str(own), "--json"))["ok"]
    assert cli("definition", "adopt", str(own), *WHY).exit_code == 0


def test_scenarios_may_lie_anywhere_and_none_are_demanded(cli: Cli, own: Path, tmp_path: Path) -> None:
    elsewhere = scenarios_beside(own).rename(tmp_path / "elsewhere.toml")
    missing = cli("definition", "test", str(own), "--json")
    assert document(missing)["error"]["name"] == "NotScenarios"
    given = ("--scenarios", str(elsewhere), "--scenarios", str(elsewhere), "--json")
    found = document(cli("definition", "test", str(own), *given))
    assert (found["ok"], found["scenarios"]) == (True, 18)
    assert cli("definition", "adopt", str(own), *WHY).exit_code == 0


def test_the_file_may_change_and_the_log_does_not(cli: Cli, store: Store, own: Path) -> None:
    assert cli("definition", "adopt", str(own), *WHY).exit_code == 0
    own.write_text(own.read_text(encoding="utf-8").replace("within = 8 ", "within = 9 ", 1), encoding="utf-8")
    scenarios_beside(own).unlink()
    again = cli("definition", "adopt", str(own), *WHY, "--json")
    assert (again.exit_code, document(again)["error"]["name"]) == (1, "AdoptedAlready")
    own.unlink()
    (shown,) = document(cli("definition", "show", "gunsan/1", "--json"))["definitions"]
    assert hashlib.sha256(shown["content"].encode()).hexdigest() == shown["sha256"]
    assert json.loads(shown["content"])["deadlines"][0]["within"] == 8
    (fact,) = [one.fact for one in store.read(definition_stream("gunsan"))]
    assert isinstance(fact, Adopted)
    assert (fact.content, fact.sha256) == (shown["content"], shown["sha256"])


def test_a_templates_name_is_the_templates(cli: Cli, tmp_path: Path) -> None:
    """Stores of before go by the template without having it: other content under its name would be another past."""
    path = tmp_path / "false.toml"
    assert (
        cli("definition", "new", "donghaeng-2024", "--from", "donghaeng-2024/1", "--out", str(path)).exit_code
        == 0
    )
    assert cli("definition", "check", str(path)).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("within = 5", "within = 9", 1), encoding="utf-8")
    scenarios_beside(path).unlink()
    for act in (("draft",), ("adopt", "--reason", "x")):
        refused = cli("definition", act[0], str(path), *act[1:], *PLANNER, "--json")
        assert document(refused)["error"]["name"] == "NameOfTemplate"


def test_a_load_adopts_what_the_year_goes_by(loaded: Cli, store: Store) -> None:
    (fact,) = store.read(definition_stream("donghaeng-2024"))
    assert fact.kind == "definition.adopted"
    assert fact.envelope.reason is not None
    opened = store.read("programme/2024")[0]
    assert opened.fact.definition == "donghaeng-2024/1"
    assert fact.position < opened.position
    before = store.head().position
    assert loaded("load", str(ANNOUNCED), "--as", "planner").exit_code == 0
    assert store.head().position == before, "the same file again changes nothing"


def test_a_year_that_is_opened_by_a_template_adopts_it_in_the_same_append(cli: Cli, store: Store) -> None:
    assert cli("programme", "open", "2027", *OPEN).exit_code == 0
    adopted, opened = store.read(definition_stream("donghaeng-2024")) + store.read("programme/2027")
    assert (adopted.kind, opened.kind) == ("definition.adopted", "programme.opened")
    assert (opened.position, opened.recorded_at) == (adopted.position + 1, adopted.recorded_at)
    again = cli("programme", "open", "2027", *OPEN, "--json")
    assert document(again)["error"]["name"] == "ProgrammeAlreadyOpened"
    assert store.head().position == opened.position


def test_who_opens_a_year_while_its_definition_is_adopted_by_another_opens_it(
    cli: Cli, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two years by one template: who looked before the other's append adopts in vain, and opens the year all the same."""
    assert cli("programme", "open", "2027", *OPEN).exit_code == 0
    monkeypatch.setattr("workflows.opening.is_adopted", lambda *_: False)
    assert cli("programme", "open", "2028", *OPEN).exit_code == 0
    assert len(store.read(definition_stream("donghaeng-2024"))) == 1
    assert [one.kind for one in store.read("programme/2028")] == ["programme.opened"]


def test_the_control_a_store_from_before_finds_its_definition_without_having_it(store: Store) -> None:
    assert store.read(definition_stream("donghaeng-2024")) == []
    for identity, template in templates().items():
        assert definitions_of(store).of(identity) is template
