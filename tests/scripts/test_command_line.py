"""The command line as people and programs use it: what it prints, what it refuses, with which exit code."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result

from domain.catalogue import COMMANDS
from projections.runner import project
from projections.views import VIEWS
from scripts.cli.main import app
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from tests.store.cutting_proxy import CuttingProxy

PROPOSE = (
    "task",
    "propose",
    "2024-06",
    "--start",
    "2024-03-04",
    "--end",
    "2024-12-31",
    "--budget",
    "120,000,000",
)
OFFICER, PLANNER = ("--as", "officer@gto"), ("--as", "planner")


def position(store: Store) -> int:
    return store.head().position


def refused(result: Result, exit_code: int, *words: str) -> None:
    """Refused with this exit code, saying these words, without a traceback."""
    said = " ".join((result.stdout + result.stderr).split())
    assert result.exit_code == exit_code, said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_a_task_goes_from_proposal_to_evaluation_by_hand(loaded: Cli, store: Store) -> None:
    steps: list[tuple[str, ...]] = [
        (*PROPOSE, *OFFICER, "--milestone", "half=2024-06-28=중간 점검", "--indicator", "rides=명=0=1200=이용자", "--summary", "버스"),
        ("task", "return", "2024-06", *PLANNER, "--reason", "예산 근거를 보완할 것"),
        ("task", "revise", "2024-06", *OFFICER, "--reason", "보완함", "--department", "관광도시과"),
        ("task", "approve", "2024-06", *PLANNER, "--condition", "분기마다 공개", "--ref", "관광-101"),
        ("task", "start", "2024-06", *OFFICER),
        ("task", "suspend", "2024-06", *PLANNER),
        ("task", "resume", "2024-06", *PLANNER),
        ("task", "report", "2024-06", *OFFICER, "--percent", "40", "--figure", "rides=500", "--milestone", "half"),
        ("task", "final-report", "2024-06", *OFFICER, "--text", "마침", "--figure", "rides=1300"),
        ("task", "evaluate", "2024-06", *PLANNER, "--score", "91.5", "--grade", "A"),
    ]  # fmt: skip
    for step in steps:
        result = loaded(*step)
        assert result.exit_code == 0, result.output
    history = document(loaded("task", "history", "2024-06", "--json", "--lang", "ko"))["history"]
    assert [line["kind"].removeprefix("task.") for line in history] == [
        "proposed", "returned", "revised", "approved", "started", "suspended", "resumed", "progress_reported",
        "final_report_submitted", "evaluated",
    ]  # fmt: skip
    assert "사유: 예산 근거를 보완할 것" in history[1]["sentence"]
    shown = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert (shown["stage"], shown["score"], shown["figures"]) == ("evaluated", "91.5", {"rides": "1300"})


def test_what_is_not_given_is_taken_from_the_years_list(loaded: Cli) -> None:
    loaded(*PROPOSE, *OFFICER)
    shown = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert (shown["area"], shown["lead"]) == ("culture", "gto")
    assert shown["title"]["en"] == "Gwangju tourism DRT: demand-responsive city tour bus"


def test_loading_says_one_line(cli: Cli) -> None:
    (line,) = cli("load", str(ANNOUNCED), "--as", "planner").stdout.splitlines()
    assert line == "2024: 26 agencies, 21 tasks, 62 new facts"


def test_loading_the_same_file_twice_changes_nothing(loaded: Cli, store: Store) -> None:
    before = position(store)
    result = loaded("load", str(ANNOUNCED), "--as", "planner", "--json")
    assert document(result) == {
        "year": 2024, "agencies": 26, "tasks": 21, "facts": 0, "dry_run": False, "changes": [], "kept": [],
    }  # fmt: skip
    assert position(store) == before == 62


def test_the_same_command_id_is_carried_out_once(loaded: Cli, store: Store) -> None:
    identity = str(uuid.uuid4())
    first = document(loaded(*PROPOSE, *OFFICER, "--command-id", identity, "--json"))
    again = document(loaded(*PROPOSE, *OFFICER, "--command-id", identity, "--json"))
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["last_position"] == again["last_position"] == position(store)
    other = loaded("task", "approve", "2024-06", *PLANNER, "--command-id", identity)
    refused(other, 1, "used for another command")


def test_an_area_goes_by_the_programmes_name_in_korean_and_by_its_id_in_english(
    loaded: Cli, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loaded(*PROPOSE, *OFFICER).exit_code == 0
    for view in VIEWS.values():
        project(store, view)
    listed = (
        ("task", "list"),
        ("task", "show", "2024-06"),
        ("task", "history", "2024-06", "--at", "1"),
        ("programme", "show", "2024"),
        ("views", "show", "task_board", "2024-06"),
        ("trail", "show", str(store.read("task/2024-06")[0].position)),
    )
    monkeypatch.setenv("COLUMNS", "200")
    for words in listed:
        korean = loaded(*words, "--as", "inspector", "--lang", "ko").stdout
        english = loaded(*words, "--as", "inspector", "--lang", "en").stdout
        # where the column is narrow the name is on two lines
        assert ("조성" in korean, "culture" in korean) == (True, False), korean
        assert ("조성" in english, "culture" in english) == (False, True), english


def test_the_views_are_read_as_text_and_as_json(loaded: Cli, store: Store) -> None:
    loaded(*PROPOSE, *OFFICER)
    for view in VIEWS.values():
        project(store, view)
    assert "2024-06" in loaded("task", "list").stdout
    (row,) = document(loaded("task", "list", "--stage", "proposed", "--json"))["tasks"]
    assert (row["task"], row["budget_krw"]) == ("2024-06", 120_000_000)
    assert document(loaded("task", "list", "--stage", "approved", "--json"))["tasks"] == []
    rows = document(loaded("programme", "show", "2024", "--json"))["rows"]
    counts = {(row["area"], row["stage"]): row["tasks"] for row in rows}
    assert counts["culture", "proposed"] == 1
    assert sum(counts.values()) == 21, "those that are listed and not proposed are tasks of the year too"
    assert "total" in loaded("programme", "show", "2024").stdout
    assert "culture" in loaded("programme", "show", "2024").stdout
    waiting = document(loaded("programme", "inbox", "--json"))["waiting"]
    assert [row["task"] for row in waiting if row["waits"] == "decide"] == ["2024-06"]
    assert sum(row["waits"] == "urge" for row in waiting) == 20
    assert len(document(loaded("task", "list", "--stage", "listed", "--json"))["tasks"]) == 20
    assert "2024-06" in loaded("programme", "inbox").stdout
    (inbox,) = document(loaded("agency", "inbox", "gjcf", "--json"))["inboxes"]
    assert [row["waits"] for row in inbox["waiting"]] == ["propose"]
    assert "2024-07" in loaded("agency", "inbox", "gjcf").stdout
    views = document(loaded("views", "--json"))["views"]
    assert {view["lag"] for view in views.values()} == {0}
    assert "task_board" in loaded("views").stdout


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "a command that the stage does not allow": (("task", "start", "2024-06", *OFFICER), 1, "withdraw"),
    "another agency's task": (("task", "revise", "2024-06", "--as", "officer@gjcf", "--summary", "x"), 1, "gto"),
    "a role that may not": (("task", "approve", "2024-06", *OFFICER), 1, "planner"),
    "nobody": (("task", "approve", "2024-06"), 2, "--as"),
    "an unknown role": (("task", "approve", "2024-06", "--as", "king"), 2, "king"),
    "an officer of no agency": (("task", "approve", "2024-06", "--as", "officer"), 2, "officer"),
    "the system, asserted": (("task", "evaluate", "2024-06", "--as", "system", "--score", "1", "--grade", "A"), 2, "system"),
    "the same task again": ((*PROPOSE, *OFFICER), 1, "2024-06"),
    "a task that is not listed": (("task", "propose", "2024-99", *PROPOSE[3:], *OFFICER, "--title", "x", "--area", "culture", "--lead", "gto"), 1, "2024-99"),
    "a task of a year that is not open": (("task", "propose", "2031-01", *PROPOSE[3:], *OFFICER, "--title", "x", "--area", "culture", "--lead", "gto"), 1, "2031"),
    "a task that was never proposed": (("task", "approve", "2024-07", *PLANNER), 1, "2024-07"),
    "a number that is none": (("task", "approve", "2024/07", *PLANNER), 1, "2024-07"),
    "percent 101": (("task", "report", "2024-06", *OFFICER, "--percent", "101"), 1, "percent"),
    "percent as a fraction": (("task", "report", "2024-06", *OFFICER, "--percent", "0.5"), 2, "percent"),
    "a score of 101": (("task", "evaluate", "2024-06", *PLANNER, "--score", "101", "--grade", "A"), 1, "score"),
    "a score that is not a number": (("task", "evaluate", "2024-06", *PLANNER, "--score", "NaN", "--grade", "A"), 1, "score"),
    "an unknown grade": (("task", "evaluate", "2024-06", *PLANNER, "--score", "1", "--grade", "Z"), 2, "grade"),
    "an unknown command": (("task", "fly", "2024-06", *PLANNER), 2, "fly"),
    "an unknown language": (("task", "approve", "2024-06", *PLANNER, "--lang", "fr"), 2, "ko"),
    "a command id that is none": (("task", "approve", "2024-06", *PLANNER, "--command-id", "7"), 1, "UUID"),
    "NUL in a reason": (("task", "approve", "2024-06", *PLANNER, "--reason", "a\0b"), 1, "reason"),
    "a lone surrogate": (("task", "approve", "2024-06", *PLANNER, "--reason", "\ud800"), 1, "reason"),
    "a text of ten megabytes": (("task", "approve", "2024-06", *PLANNER, "--condition", "가" * 3_500_000), 1, "conditions"),
    "a time to come": (("task", "approve", "2024-06", *PLANNER, "--effective-at", "2099-01-01"), 1, "2099"),
    "a closed year with open tasks": (("programme", "close", "2024", *PLANNER), 1, "2024-06"),
    "an agency twice": (("agency", "register", "gto", "--name", "x", *PLANNER), 1, "gto"),
    "a year opened twice": (("programme", "open", "2024", "--name", "x", "--city", "x", "--area", "a=가", *PLANNER), 1, "2024"),
    "an unknown agency": (("programme", "add-task", "2024", "2024-50", "--area", "culture", "--lead", "nobody", "--title", "x", *PLANNER), 1, "nobody"),
    "an unknown area": (("programme", "add-task", "2024", "2024-50", "--area", "space", "--lead", "gto", "--title", "x", *PLANNER), 1, "space"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_says_why_and_writes_nothing(loaded: Cli, store: Store, what: str, lang: str) -> None:
    assert loaded(*PROPOSE, *OFFICER).exit_code == 0
    before = position(store)
    words, exit_code, said = REFUSED[what]
    in_lang = () if "--lang" in words else ("--lang", lang)
    refused(loaded(*words, *in_lang), exit_code, *([] if said == "withdraw" and lang == "ko" else [said]))
    assert position(store) == before


@pytest.mark.parametrize("budget", ["-1", "1" + "0" * 30, "nan", "1.5", "1e9", "٣"])
def test_a_budget_outside_the_limits_writes_nothing(loaded: Cli, store: Store, budget: str) -> None:
    words = tuple(budget if word == "120,000,000" else word for word in PROPOSE)
    result = loaded(*words, *OFFICER)
    assert result.exit_code in (1, 2)
    assert "budget" in result.output
    assert store.read("task/2024-06") == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("--end", "2024-01-01"),
        ("--end", "31.12.2024"),
        ("--milestone", "half=soon=중간"),
        ("--milestone", "half"),
        ("--phase", "2024-03-01=2024-02-01=노랑"),
        ("--indicator", "rides=명=many=1200=이용자"),
        ("--partner", "gto"),
        ("--partner", "nobody"),
    ],
)
def test_a_plan_that_does_not_hang_together_writes_nothing(
    loaded: Cli, store: Store, wrong: tuple[str, str]
) -> None:
    result = loaded(*PROPOSE, *OFFICER, *wrong)
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output
    assert store.read("task/2024-06") == []


@pytest.mark.parametrize("content", ["{", "[]", '{"programme": 1}'])
def test_a_file_that_is_no_programme_writes_nothing(
    cli: Cli, store: Store, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "programme.json"
    file.write_text(content, encoding="utf-8")
    refused(cli("load", str(file), "--as", "planner"), 1)
    assert position(store) == 0


def test_a_refusal_in_json_is_one_document_with_its_name(loaded: Cli) -> None:
    error = document(loaded("task", "approve", "2024-07", *PLANNER, "--json"))["error"]
    assert (error["name"], error["exit"]) == ("NeverProposed", 1)


def test_a_store_that_is_not_migrated_says_what_to_run(
    cli: Cli, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", cluster)
    refused(cli("task", "list"), 3, "donghaeng migrate")


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:9/none"),
        ("DATABASE_URL", "mysql://nobody:secret@127.0.0.1/none"),
        ("DATABASE_URL", "postgresql://[::bad"),
        ("REDIS_URL", "http://nobody:secret@127.0.0.1"),
    ],
)
def test_a_server_that_cannot_be_had_is_named_without_its_password(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, setting: str, url: str
) -> None:
    """What is no address at all is a setting that cannot be used (2)."""
    monkeypatch.setenv(setting, url)
    result = cli("task", "list")
    refused(result, 3 if url.endswith(":9/none") else 2, setting)
    assert "secret" not in result.output


def test_up_needs_a_redis_that_answers(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:secret@127.0.0.1:9/0")
    result = cli("up")
    refused(result, 3, "REDIS_URL")
    assert "secret" not in result.output


def test_an_outcome_that_cannot_be_known_says_so_and_may_be_asked_again(
    loaded: Cli, app_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = str(uuid.uuid4())
    given = (*PROPOSE, *OFFICER, "--command-id", identity)
    with CuttingProxy(app_dsn, "after the commit, before the reply", b"task.proposed") as proxy:
        proxy.cuts = 1000
        with monkeypatch.context() as patched:
            patched.setenv("DATABASE_URL", proxy.dsn)
            refused(loaded(*given), 4, identity.replace("-", ""), "--command-id")
    again = document(loaded(*given, "--json"))
    assert again["repeated"]


def test_migrate_may_be_repeated(cli: Cli) -> None:
    for _ in range(2):
        assert document(cli("migrate", "--json")) == {"migrated": True, "simulated": False}


def every_command(
    group: typer.core.TyperGroup, path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], Any]]:
    found = []
    for name, command in group.commands.items():
        inner = (*path, name)
        found += every_command(command, inner) if hasattr(command, "commands") else [(inner, command)]
    return found


ALL = every_command(typer.main.get_command(app))  # type: ignore[arg-type]


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_command_has_help_and_the_shared_options(path: tuple[str, ...], command: Any) -> None:
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--json", "--as", "--reason", "--command-id", "--lang", "--data"} <= options
    assert command.help
    assert all(getattr(parameter, "help", "x") for parameter in command.params)


def test_every_command_of_the_domain_has_a_subcommand() -> None:
    names = {" ".join(path) for path, _ in ALL}
    spelled = {
        "position.declare": "position add",
        "money.set_budget": "money budget",
        "reform.enter_figures": "reform figures",
        "meeting.finish_decision": "meeting done",
        "meeting.circulate_minutes": "meeting circulate",
        "meeting.settle_objection": "meeting settle",
        "meeting.confirm_minutes": "meeting confirm",
        "task.report_progress": "task report",
        "task.take_step": "task step",
        "task.reach_milestones": "task reach",
        "task.submit_final_report": "task final-report",
        "token.issue": "token create",
        "access.sign_off": "access review",
        "store.begin_epoch": "epoch accept",
        "finding.examine": "trail examine",
        "view.skip_fact": "views skip",
        "view.record_verified": "views verify",
        "view.record_rebuilt": "views rebuild",
        "trail.add_key": "trail init",
        "trail.retire_key": "trail rotate",
        "trail.record_seal": "trail seal",
        "trail.record_map": "trail seal",
        "trail.record_timestamp": "trail seal",
        "trail.record_difference": "trail status",
        "trail.record_agreement": "trail status",
        "task.set_deadlines": "deadline refresh",
        "notice.release": "notice retry",
        "message.retry": "notice retry",
        "message.cancel": "notice cancel",
        # the ticker and the post give these; people look at what came of them
        **dict.fromkeys(
            ("notice.arm", "notice.put_in", "message.compose", "message.attempt", "message.settle"), "notices"
        ),
        **dict.fromkeys(("task.request_proposal", "task.lapse_request"), "task history"),
    }
    for name in COMMANDS:
        assert spelled.get(name, name.replace(".", " ").replace("_", "-")) in names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("task", "list", "--area", "economie"), "culture, economy, living, participation"),
        (("task", "list", "--lead", "gjfc"), "gjcf"),
        (("views", "show", "agency_register", "gjfc"), "gjcf"),
        (("views", "show", "task_board", "2024-7"), "2024-07"),
    ],
)
def test_what_is_asked_for_and_is_not_there_is_told_with_what_is(
    loaded: Cli, store: Store, words: tuple[str, ...], said: str
) -> None:
    loaded(*PROPOSE, *OFFICER)
    for view in ("task_board", "agency_register"):
        project(store, VIEWS[view])
    refused(loaded(*words), 1, words[-1], said)
    refused(loaded(*words, "--lang", "ko"), 1, words[-1], said)


def test_an_area_and_an_agency_without_tasks_are_no_fault(loaded: Cli) -> None:
    for words in (("--area", "economy"), ("--lead", "gjcf")):
        assert document(loaded("task", "list", *words, "--json"))["tasks"] == []


def test_json_output_is_never_broken_over_lines(loaded: Cli) -> None:
    result = loaded("programme", "show", "2024", "--json")
    assert len(result.stdout.splitlines()) == 1
    assert json.loads(result.stdout)


def test_a_command_goes_on_while_redis_is_away(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    done = loaded("agency", "rename", "gto", "--name", "새 이름", "--as", "planner", "--json")
    assert (done.exit_code, document(done)["kinds"]) == (0, ["agency.renamed"])
