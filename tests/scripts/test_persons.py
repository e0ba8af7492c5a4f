"""Acting as a person, and in another's place, at the command line; and what it says of the machine."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from domain.seoul import local_day
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from tests.scripts.test_command_line import refused

INSPECTOR, PLANNER = ("--as", "inspector"), ("--as", "planner")
PROPOSE = ("task", "propose", "2024-06", "--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")
CONTACT = ("agency", "set-contact", "gto", "--mail", "a@gto.example")


def person(cli: Cli, post: str) -> str:
    """A person in a post of the agency, by id."""
    registered = cli("subject", "register", "--name", "가나다", *PLANNER, "--json")
    subject = str(document(registered)["subject"])
    done = cli("agency", "appoint", "gto", "--subject", subject, "--post", post, *PLANNER)
    assert done.exit_code == 0, done.output
    return subject


@pytest.fixture
def people(loaded: Cli, store: Store) -> tuple[str, str]:
    """An officer and the head as `--as` takes them; the head is away, and the officer stands in."""
    officer, head = person(loaded, "officer"), person(loaded, "head")
    today = local_day(store.now())
    span = ("--from", str(today), "--until", str(today + timedelta(days=3)))
    given = ("--absent", head, "--substitute", officer, *span, *PLANNER)
    done = loaded("agency", "appoint-substitute", "gto", *given)
    assert done.exit_code == 0, done.output
    return f"officer@gto:{officer}", f"head@gto:{head}"


def test_an_id_that_nobody_registered_is_refused_and_put_down(loaded: Cli) -> None:
    refused(loaded(*PROPOSE, "--as", "officer@gto:" + "9" * 32), 1, "subject register")
    attempts = document(loaded("refused", "list", *INSPECTOR, "--json"))["refused"]
    assert attempts[0]["refusal"] == "PersonNotRegistered"


def test_who_acts_in_anothers_place_says_so_and_it_is_told(
    loaded: Cli, store: Store, people: tuple[str, str]
) -> None:
    officer, head = people
    done = loaded(*CONTACT, "--as", officer, "--on-behalf-of", head)
    assert done.exit_code == 0, done.output
    project(store, VIEWS["trail_entries"])
    last = store.head().position
    shown = loaded("trail", "show", str(last), *INSPECTOR).output
    assert f"in place of: {head}" in shown
    assert "by the mandate: agency/gto#" in shown
    assert "(in place of the head of" in " ".join(shown.split())
    assert (
        "기관장을 대신함(agency/gto#" in loaded("trail", "show", str(last), *INSPECTOR, "--lang", "ko").output
    )
    found = document(loaded("trail", "search", "--on-behalf-of", "head@gto", *INSPECTOR, "--json"))
    assert [one["position"] for one in found["entries"]] == [last], "a search has the option for itself"
    (finding,) = document(loaded("trail", "findings", "--rule", "on_behalf", *INSPECTOR, "--json"))[
        "findings"
    ]
    assert "by agency/gto#" in finding["why"]


def test_without_the_option_a_deputy_has_no_more_than_an_officers_rights(
    loaded: Cli, people: tuple[str, str]
) -> None:
    refused(loaded(*CONTACT, "--as", people[0]), 1, "head")


@pytest.mark.parametrize("words", [("task", "list"), ("load", str(ANNOUNCED))])
def test_readings_and_bulk_work_are_by_ones_own_right(
    loaded: Cli, people: tuple[str, str], words: tuple[str, ...]
) -> None:
    officer, head = people
    refused(loaded(*words, "--as", officer, "--on-behalf-of", head), 2, "--on-behalf-of")


def test_the_machine_and_its_user_stand_beside_a_fact_and_can_be_taken_away(
    loaded: Cli, store: Store, people: tuple[str, str]
) -> None:
    assert loaded(*PROPOSE, "--as", people[0]).exit_code == 0
    (fact, *_) = store.read("task/2024-06")
    ref = fact.envelope.machine
    assert ref is not None
    (state,) = (bytes(row[6]) for row in store.rows_after(fact.position - 1, 1))
    assert socket.gethostname().encode() not in state, "no name is sealed"
    shown = loaded("trail", "show", str(fact.position), *INSPECTOR).output
    assert f"host={socket.gethostname()}" in shown
    assert "program=donghaeng" in shown
    assert loaded("text", "redact", ref.id, *PLANNER, "--reason", "삭제 요구").exit_code == 0
    shown = loaded("trail", "show", str(fact.position), *INSPECTOR).output
    assert "host=" not in shown
    assert "redacted" in shown


def test_a_person_in_office_leaves_no_finding_that_nobody_is_named(
    loaded: Cli, store: Store, people: tuple[str, str]
) -> None:
    assert loaded(*PROPOSE, "--as", people[0]).exit_code == 0
    named = store.head().position
    assert loaded("agency", "rename", "gto", "--name", "새 이름", *PLANNER).exit_code == 0
    project(store, VIEWS["trail_entries"])
    found = document(loaded("trail", "findings", "--rule", "no_person", *INSPECTOR, "--json"))["findings"]
    positions = [one["about"] for one in found]
    assert (named in positions, named + 1 in positions) == (False, True)
