"""Approval lines on a real store: asked for, signed by whose turn it is, shown, delegated, and what cannot be refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from domain.seoul import local_day
from domain.streams import task_stream
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document

SIGNED = Path(__file__).parents[2] / "data" / "definitions" / "signed.toml"
POSITIONS = ("budget-officer", "council", "planning-director", "vice-mayor", "welfare-director")
PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
TASK = "2027-01"


def do(cli: Cli, *words: str) -> None:
    done = cli(*words)
    assert done.exit_code == 0, (words, done.output)


def name_of_refusal(cli: Cli, *words: str) -> str:
    result = cli(*words, "--json")
    assert result.exit_code == 1, result.output
    return str(document(result)["error"]["name"])


def person(cli: Cli) -> str:
    registered = cli("subject", "register", "--name", "가나다", *PLANNER, "--json")
    return str(document(registered)["subject"])


def by(subject: str) -> tuple[str, str]:
    return "--as", f"department:{subject}"


@pytest.fixture
def holders(cli: Cli, store: Store) -> dict[str, str]:
    """A year by the example's definition, with a task of 300 million that is proposed; who holds which position."""
    for position in POSITIONS:
        do(cli, "position", "add", position, "--name", position, *PLANNER)
    held = {position: person(cli) for position in POSITIONS}
    for position, subject in held.items():
        do(cli, "position", "appoint", position, "--subject", subject, *PLANNER)
    for words in (
        ("definition", "adopt", str(SIGNED), *PLANNER, "--reason", "운영지침 제정"),
        ("programme", "open", "2027", "--name", "동행", "--city", "군산시", "--area", "culture=문화", "--definition", "signed/1", *PLANNER),
        ("agency", "register", "gto", "--name", "군산관광재단", *PLANNER),
        *(("calendar", "open", str(store.now().year + later), *PLANNER) for later in range(2)),
        ("programme", "add-task", "2027", TASK, "--area", "culture", "--lead", "gto", "--title", "축제", *PLANNER),
        ("task", "propose", TASK, "--start", "2027-03-02", "--end", "2027-11-30", "--budget", "300000000", *OFFICER),
    ):  # fmt: skip
        do(cli, *words)
    return held


def test_a_line_waits_for_one_after_the_other_and_is_told(
    cli: Cli, store: Store, holders: dict[str, str]
) -> None:
    do(cli, "task", "approve", TASK, "--condition", "예산의 범위 안에서", *PLANNER)
    shown = document(cli("task", "show", TASK, *PLANNER, "--json"))
    assert shown["stage"] == "proposed"
    assert [one["what"] for one in shown["waits"]] == ["sign"]
    said = cli("task", "show", TASK, *PLANNER, "--lang", "ko").output
    assert "‘승인’, 차례: 검토 budget-officer" in " ".join(said.split())
    assert "budget-officer" in cli("why", TASK, *PLANNER).output
    structlog.reset_defaults()  # as a command that has run here left them
    for view in VIEWS.values():
        project(store, view)
    assert "sign in the approval line" in " ".join(cli("programme", "inbox", *PLANNER).output.split())
    waiting = document(cli("position", "show", "budget-officer", *PLANNER, "--json"))["to_sign"]
    assert [one["task"] for one in waiting] == [TASK]
    assert document(cli("position", "show", "planning-director", *PLANNER, "--json"))["to_sign"] == []

    assert name_of_refusal(cli, "task", "sign", TASK, *by(holders["planning-director"])) == "NotYourTurn"
    told = " ".join(
        cli("task", "sign", TASK, *by(holders["planning-director"]), "--lang", "en").output.split()
    )
    assert "not the turn of the city department (department:" in told
    assert "(budget)" in told
    assert "--as ROLE:ID: see" in told, "what stands between colons is no sign"
    assert "waits: the city: sign in the approval line" in cli("task", "show", TASK, *PLANNER).output
    do(cli, "task", "sign", TASK, *by(holders["budget-officer"]))
    assert name_of_refusal(cli, "task", "sign", TASK, *by(holders["budget-officer"])) == "SignedAlready"
    before = store.head().position
    do(cli, "task", "sign", TASK, *by(holders["planning-director"]))
    assert document(cli("task", "show", TASK, *PLANNER, "--json"))["stage"] == "approved"
    signed, approved = store.at([before + 1, before + 2])
    assert (signed.kind, approved.kind) == ("task.line_signed", "task.approved")
    assert signed.envelope.command == approved.envelope.command, "in one append"
    told = " ".join(cli("task", "history", TASK, *PLANNER, "--lang", "ko").output.split())
    assert "결재선: 검토 budget-officer → 결재 planning-director." in told
    assert "예산의 범위 안에서" in told
    assert f"결재선 #{approved.envelope.cause.due.rpartition('#')[2]}에 따름" in told


def test_who_left_the_position_signs_no_more_and_a_delegate_signs_for_who_is_in_it(
    cli: Cli, store: Store, holders: dict[str, str]
) -> None:
    budget, today = holders["budget-officer"], local_day(store.now())
    do(cli, "task", "approve", TASK, *PLANNER)
    new, deputy = person(cli), person(cli)
    do(cli, "position", "release", "budget-officer", "--subject", budget, *PLANNER)
    assert name_of_refusal(cli, "task", "sign", TASK, *by(budget)) == "NotYourTurn"
    do(cli, "position", "appoint", "budget-officer", "--subject", new, *PLANNER)
    assert name_of_refusal(cli, "task", "sign", TASK, *by(deputy)) == "NotYourTurn"
    span = ("--from", str(today), "--until", str(today + timedelta(days=3)))
    given = ("--mandate", "proxy", "--holder", new, "--delegate", deputy, *span, *PLANNER)
    do(cli, "position", "delegate", "budget-officer", *given)
    do(cli, "task", "sign", TASK, *by(deputy))
    fact = store.read(task_stream(TASK))[-1].fact
    assert (fact.holder, fact.mandate) == (new, "position/budget-officer#5")
    assert "position/budget-officer#5" in cli("task", "history", TASK, *PLANNER).output


def test_a_step_waits_for_the_agencys_head_and_who_is_let_sign_signs_in_the_heads_place(
    cli: Cli, store: Store, holders: dict[str, str]
) -> None:
    do(cli, "task", "approve", TASK, *PLANNER)
    for position in ("budget-officer", "planning-director"):
        do(cli, "task", "sign", TASK, *by(holders[position]))
    do(cli, "task", "start", TASK, *OFFICER)
    officer, head = person(cli), person(cli)
    for subject, post in ((officer, "officer"), (head, "head")):
        do(cli, "agency", "appoint", "gto", "--subject", subject, "--post", post, *PLANNER)
    do(
        cli,
        "task",
        "step",
        TASK,
        "ask_for_advance",
        "--set",
        "amount=5,000,000",
        "--set",
        "use=운영비",
        *OFFICER,
    )
    assert [one["what"] for one in document(cli("task", "show", TASK, *PLANNER, "--json"))["waits"]] == [
        "sign"
    ]
    told = " ".join(cli("task", "history", TASK, *PLANNER, "--lang", "ko").output.split())
    assert "선금액 5,000,000원; 사용 계획 운영비." in told
    deputy = ("--as", f"officer@gto:{officer}")
    assert name_of_refusal(cli, "task", "sign", TASK, *deputy) == "NotYourTurn"
    instead = (*deputy, "--on-behalf-of", f"head@gto:{head}")
    assert name_of_refusal(cli, "task", "sign", TASK, *instead) == "StandsInForNobody"
    given = ("--form", "standing", "--decision", "task.sign", "--holder", head, "--delegate", officer)
    do(cli, "agency", "delegate-decision", "gto", *given, "--from", str(local_day(store.now())), *PLANNER)
    do(cli, "task", "sign", TASK, *instead)
    taken = store.read(task_stream(TASK))[-1]
    assert taken.kind == "task.step_taken"
    assert taken.envelope.mandate == "agency/gto#4"
    assert [one.value for one in taken.fact.form if one.type == "krw"] == ["5000000"]


def test_each_way_of_being_wrong_is_refused_by_name_and_changes_nothing(
    cli: Cli, store: Store, holders: dict[str, str]
) -> None:
    budget = by(holders["budget-officer"])
    before = len(store.read(task_stream(TASK)))
    assert name_of_refusal(cli, "task", "sign", TASK, *budget) == "NoLineOpen"
    late = ("--effective-at", f"{local_day(store.now())}T00:00", "--reason", "late")
    assert name_of_refusal(cli, "task", "approve", TASK, *PLANNER, *late) in (
        "LineNotDatedBack",
        "DatedBeforeLastStageChange",
    )
    do(cli, "position", "release", "planning-director", "--subject", holders["planning-director"], *PLANNER)
    assert name_of_refusal(cli, "task", "approve", TASK, *PLANNER) == "LineVacant"
    assert len(store.read(task_stream(TASK))) == before
    do(cli, "position", "appoint", "planning-director", "--subject", person(cli), *PLANNER)

    do(cli, "task", "approve", TASK, *PLANNER)
    opened = len(store.read(task_stream(TASK)))
    assert name_of_refusal(cli, "task", "approve", TASK, *PLANNER) == "LineOpenAlready"
    assert name_of_refusal(cli, "task", "object", TASK, *budget) == "ReasonNeeded"
    assert name_of_refusal(cli, "task", "sign", TASK, "--line", "1", *budget) == "AnotherLine"
    assert name_of_refusal(cli, "task", "withdraw-line", TASK, *budget) == "NotWhoAsked"
    assert name_of_refusal(cli, "task", "sign", TASK, "--as", "inspector") == "NotPermitted"
    assert len(store.read(task_stream(TASK))) == opened

    do(cli, "task", "withdraw-line", TASK, *PLANNER)
    assert name_of_refusal(cli, "task", "sign", TASK, *budget) == "NoLineOpen"
    do(cli, "task", "approve", TASK, *PLANNER)
    do(cli, "task", "object", TASK, *budget, "--reason", "산출 근거 부족")
    assert name_of_refusal(cli, "task", "object", TASK, *budget, "--reason", "again") == "NoLineOpen"


def test_a_definition_whose_line_names_a_position_that_the_city_has_not_is_not_adopted(cli: Cli) -> None:
    adopt = ("definition", "adopt", str(SIGNED), *PLANNER, "--reason", "운영지침 제정")
    assert name_of_refusal(cli, *adopt) == "PositionUndeclared"
    told = " ".join(cli(*adopt, "--lang", "en").output.split())
    assert f"that the city has not: {', '.join(sorted(POSITIONS))}." in told, "all at once"
    for position in POSITIONS:
        do(cli, "position", "add", position, "--name", position, *PLANNER)
    do(cli, *adopt)
