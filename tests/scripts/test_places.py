"""A city's own places and steps on a real store: adopted, opened by, taken, refused, and told in the city's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from domain.streams import task_stream
from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.views import VIEWS
from store.log import Store
from store.recorded import text_refs
from tests.scripts.conftest import Cli, document
from tests.scripts.terminals import at_terminal

REVIEWED = Path(__file__).parents[2] / "data" / "definitions" / "reviewed.toml"
PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
BECAUSE = (*PLANNER, "--reason", "운영지침 제정")
TASK = "2027-01"


@pytest.fixture
def reviewed(cli: Cli, store: Store) -> Cli:
    """A year by the city's definition, with a task that is proposed."""
    this = store.now().year
    for words in (
        ("definition", "adopt", str(REVIEWED), *BECAUSE),
        ("programme", "open", "2027", "--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "reviewed/1", *PLANNER),
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        *(("calendar", "open", str(this + later), *PLANNER) for later in range(2)),
        ("programme", "add-task", "2027", TASK, "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", TASK, "--start", "2027-03-02", "--end", "2027-11-30", "--budget", "300000000", *OFFICER),
    ):  # fmt: skip
        done = cli(*words)
        assert done.exit_code == 0, (words, done.output)
    return cli


def name_of_refusal(cli: Cli, *words: str) -> str:
    result = cli(*words, "--json")
    assert result.exit_code == 1, result.output
    return str(document(result)["error"]["name"])


def test_a_step_brings_a_task_to_a_place_that_people_read_by_its_name(reviewed: Cli, store: Store) -> None:
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    shown = document(reviewed("task", "show", TASK, *PLANNER, "--json"))
    assert (shown["state"]["condition"], shown["condition_name"]["ko"]) == ("budget_review", "예산 심사")
    structlog.reset_defaults()  # as a command that has run here left them
    for view in VIEWS.values():
        project(store, view)
    for words in (("task", "show", TASK), ("task", "list"), ("why", TASK)):
        for lang, name in (("ko", "예산 심사"), ("en", "budget review")):
            said = reviewed(*words, *PLANNER, "--lang", lang).output
            assert name in " ".join(said.split()), (words, lang)
    told = reviewed("task", "history", TASK, *PLANNER, "--lang", "ko").output
    assert "절차 ‘예산 심사 회부’를 진행하였음. 새 위치: 예산 심사." in " ".join(told.split())
    event = reviewed("task", "history", TASK, "--at", "2", *PLANNER, "--lang", "ko").output
    assert "제안 (예산 심사)" in event


def test_it_is_the_turn_of_whoever_may_take_the_task_on(reviewed: Cli) -> None:
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    waits = document(reviewed("task", "show", TASK, *PLANNER, "--json"))["waits"]
    assert [(one["what"], one["agency"]) for one in waits] == [("step", None)], "the city's alone"


def test_after_a_migration_it_is_the_turn_of_whoever_may_take_the_task_on_then(
    reviewed: Cli, store: Store, tmp_path: Path
) -> None:
    def turns() -> set[tuple[str, str | None]]:
        waits = document(reviewed("task", "show", TASK, *PLANNER, "--json"))["waits"]
        return {(one["what"], one["agency"]) for one in waits}

    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    old, new = 'by = ["planner", "department"]', 'by = ["officer"]'
    content = REVIEWED.read_text(encoding="utf-8").replace("version = 1", "version = 2", 1)
    path = tmp_path / "reviewed.toml"
    path.write_text(content.replace(old, new), encoding="utf-8")
    assert reviewed("definition", "adopt", str(path), *BECAUSE).exit_code == 0
    assert turns() == {("step", None)}, "what is adopted moves no task"
    structlog.reset_defaults()  # as a command that has run here left them
    project(store, TASK_BOARD)
    moved = reviewed("definition", "migrate", "--to", "reviewed/2", "--apply", *BECAUSE)
    assert moved.exit_code == 0, moved.output
    assert turns() == {("step", "gto"), ("step", None)}, (
        "the agency's by the step, the city's still by a rejection"
    )


def test_an_inbox_names_what_leads_on_by_label_and_command(reviewed: Cli, store: Store) -> None:
    def inbox(*words: str) -> str:
        structlog.reset_defaults()
        for view in VIEWS.values():
            project(store, view)
        return " ".join(reviewed(*words, *PLANNER, "--lang", "ko").output.split())

    assert "승인 여부 결정" in inbox("programme", "inbox"), (
        "the control: in a place of the program's, its own words"
    )
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    typed = "donghaeng task step 2027-01 budget_reviewed --set amount=… --set outcome=… [--set opinion=…]"
    said = inbox("programme", "inbox")
    assert f"2027-01: 예산 심사 완료 (`{typed}`)" in said
    assert "정의의 절차 진행" not in said
    assert "2027-01: 반려 (`donghaeng task reject 2027-01`)" in said
    assert "회부" not in said
    assert "budget_lapsed" not in said, "that is a rule's"
    (row,) = document(reviewed("programme", "inbox", *PLANNER, "--json"))["waiting"]
    assert [one["command"] for one in row["ways"]] == ["budget_reviewed", "task.reject"]
    assert "처리할 일이 없습니다" in inbox("agency", "inbox", "gto"), "nothing of it is the agency's"
    assert "할 일: 시: 예산 심사 완료 / 반려" in inbox("task", "show", TASK)


def test_what_can_be_taken_is_shown_to_whom_it_is_for(reviewed: Cli) -> None:
    def steps(*by: str) -> list[str]:
        return [one["step"] for one in document(reviewed("task", "show", TASK, *by, "--json"))["steps"]]

    assert (steps(*PLANNER), steps(*OFFICER)) == (["send_to_budget"], [])
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    assert (steps(*PLANNER), steps("--as", "department")) == (["budget_reviewed"], ["budget_reviewed"])
    said = reviewed("task", "show", TASK, *PLANNER, "--lang", "ko").output
    typed = "donghaeng task step 2027-01 budget_reviewed --set amount=… --set outcome=… [--set opinion=…]"
    assert typed in " ".join(said.split())


def test_each_way_of_being_wrong_is_refused_by_name_and_changes_nothing(reviewed: Cli, store: Store) -> None:
    step = ("task", "step", TASK)
    before = len(store.read(task_stream(TASK)))
    assert name_of_refusal(reviewed, *step, "budget", *PLANNER) == "NoSuchStep"
    assert name_of_refusal(reviewed, *step, "budget_reviewed", *PLANNER) == "StepNotHere"
    assert name_of_refusal(reviewed, *step, "send_to_budget", *OFFICER) == "StepNotForRole"
    assert name_of_refusal(reviewed, *step, "send_to_budget", "--as", "inspector") == "NotPermitted"
    assert name_of_refusal(reviewed, "task", "approve", TASK, *PLANNER) == "RequirementNotMet"
    assert len(store.read(task_stream(TASK))) == before
    assert reviewed(*step, "send_to_budget", *PLANNER).exit_code == 0
    whole = ("--set", "amount=250,000,000", "--set", "outcome=reduced", *PLANNER)
    for name, *words in (
        ("FieldMissing", "--set", "amount=1", *BECAUSE),
        ("NoSuchField", *whole, "--set", "other=1", "--reason", "왜"),
        ("FieldUnfit", "--set", "amount=이억", "--set", "outcome=reduced", *BECAUSE),
        ("FieldUnfit", "--set", "amount=5000000001", "--set", "outcome=reduced", *BECAUSE),
        ("FieldUnfit", "--set", "amount=1", "--set", "outcome=half", *BECAUSE),
        ("RequirementNotMet", "--set", "amount=300000001", "--set", "outcome=whole", *BECAUSE),
        ("StepNeedsReason", *whole),
        ("BadInput", *whole, "--set", "amount=2", "--reason", "왜"),
    ):
        assert name_of_refusal(reviewed, *step, "budget_reviewed", *words) == name, words
    said = reviewed(*step, "budget_reviewed", "--set", "amount=1", *BECAUSE, "--lang", "ko").output
    assert "예산 심사 완료(budget_reviewed)" in said
    assert "심사 결과(outcome)" in said
    assert len(store.read(task_stream(TASK))) == before + 1


def test_refusals_offer_the_steps_that_are_possible(reviewed: Cli) -> None:
    said = reviewed("task", "start", TASK, *OFFICER, "--lang", "ko").output
    assert "예산 심사 회부" not in said, "it is not the officer's"
    said = " ".join(reviewed("task", "suspend", TASK, *PLANNER, "--lang", "ko").output.split())
    assert "예산 심사 회부(`task step … send_to_budget`)" in said


def test_the_form_is_told_and_its_free_text_lies_beside_the_log(reviewed: Cli, store: Store) -> None:
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    form = ("--set", "amount=250,000,000", "--set", "outcome=감액", "--set", "opinion=홍보비를 줄임")
    done = reviewed(
        "task", "step", TASK, "budget_reviewed", *form, "--as", "department", "--reason", "심사 마침"
    )
    assert done.exit_code == 0, done.output
    last = store.read(task_stream(TASK))[-1]
    assert [(one.field, one.value, one.text is None) for one in last.fact.form] == [
        ("amount", "250000000", True),
        ("outcome", "reduced", True),
        ("opinion", "", False),
    ]
    assert (last.fact.from_place, last.fact.to_place) == ("proposed/budget_review", "proposed")
    assert store.text(text_refs(last)[-1]).body == "홍보비를 줄임"
    told = " ".join(reviewed("task", "history", TASK, *PLANNER, "--lang", "ko").output.split())
    assert "심사액 250,000,000원; 심사 결과 감액; 심사 의견 홍보비를 줄임." in told
    assert reviewed("task", "approve", TASK, *PLANNER).exit_code == 0, "the review has been held"


def test_a_texts_redaction_leaves_the_step_and_not_the_text(reviewed: Cli, store: Store) -> None:
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    form = ("--set", "amount=1", "--set", "outcome=whole", "--set", "opinion=비밀 의견")
    assert reviewed("task", "step", TASK, "budget_reviewed", *form, *BECAUSE).exit_code == 0
    ref = text_refs(store.read(task_stream(TASK))[-1])[-1]
    done = reviewed("text", "redact", ref.id, *BECAUSE)
    assert done.exit_code == 0, done.output
    told = reviewed("task", "history", TASK, *PLANNER, "--lang", "ko").output
    assert "비밀 의견" not in told
    assert "예산 심사 완료" in told


def test_the_form_is_filled_in_by_answers_at_a_terminal(reviewed: Cli, store: Store) -> None:
    assert reviewed("task", "step", TASK, "send_to_budget", *PLANNER).exit_code == 0
    words = ["task", "step", TASK, "budget_reviewed", "--ask", *BECAUSE, "--lang", "ko"]
    ended = at_terminal(words, ("많이", "200,000,000", "감액", "", "예"))
    assert ended.exit_code == 0, ended.shown
    assert "심사 결과" in ended.shown
    form = {one.field: one.value for one in store.read(task_stream(TASK))[-1].fact.form}
    assert form == {"amount": "200000000", "outcome": "reduced"}


def test_a_form_takes_an_agency_by_its_name_or_id_and_refuses_one_that_there_is_not(
    cli: Cli, store: Store, tmp_path: Path
) -> None:
    step = 'steps = [{ step = "visit", label = { ko = "현장 점검", en = "visit" }, by = ["planner"], from = ["proposed"], form = [{ field = "who", label = { ko = "점검 기관", en = "who" }, type = "agency" }] }]'
    path = tmp_path / "named.toml"
    path.write_text(f'extends = "donghaeng-2024/3"\nname = "named"\nversion = 1\n{step}\n', encoding="utf-8")
    for words in (
        ("definition", "adopt", str(path), *BECAUSE),
        ("programme", "open", "2027", "--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "named/1", *PLANNER),
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        ("programme", "add-task", "2027", TASK, "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", TASK, "--start", "2027-03-02", "--end", "2027-11-30", "--budget", "1000", *OFFICER),
        ("task", "step", TASK, "visit", "--set", "who=군산관광재단", *PLANNER),
        ("task", "step", TASK, "visit", "--set", "who=gto", *PLANNER),
    ):  # fmt: skip
        done = cli(*words)
        assert done.exit_code == 0, (words, done.output)
    taken = [one.fact for one in store.read(task_stream(TASK)) if one.kind == "task.step_taken"]
    assert [[one.value for one in fact.form] for fact in taken] == [["gto"], ["gto"]]
    assert (
        name_of_refusal(cli, "task", "step", TASK, "visit", "--set", "who=없는 재단", *PLANNER)
        == "NoSuchName"
    )
