"""The city's positions at the command line."""

from __future__ import annotations

from datetime import timedelta

from domain.seoul import local_day
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused

PLANNER = ("--as", "planner")


def person(cli: Cli) -> str:
    registered = cli("subject", "register", "--name", "가나다", *PLANNER, "--json")
    return str(document(registered)["subject"])


def give(cli: Cli, *words: str) -> None:
    done = cli("position", *words, *PLANNER)
    assert done.exit_code == 0, done.output


def test_a_position_is_held_delegated_and_read_at_any_date(loaded: Cli, store: Store) -> None:
    mayor, deputy, today = person(loaded), person(loaded), local_day(store.now())
    before = today - timedelta(days=2)
    late = ("--effective-at", f"{before}T09:00", "--reason", "entered late")
    give(loaded, "add", "vice-mayor", "--name", "부시장", "--name-en", "Vice Mayor", *late)
    give(loaded, "appoint", "vice-mayor", "--subject", mayor, *late)
    span = ("--from", str(today), "--until", str(today + timedelta(days=3)))
    give(
        loaded, "delegate", "vice-mayor", "--mandate", "proxy", "--holder", mayor, "--delegate", deputy, *span
    )

    shown = document(loaded("position", "show", "vice-mayor", *PLANNER, "--json"))
    (delegation,) = shown["position"]["delegations"]
    assert (delegation["delegate"], delegation["in_force"]) == (deputy, True)
    assert [one["subject"] for one in shown["position"]["holders"]] == [mayor]
    assert "Vice Mayor" in loaded("position", "list", *PLANNER).output
    told = loaded("position", "show", "vice-mayor", *PLANNER, "--lang", "ko").output
    assert "‘부시장’을 등록하였음" in told
    assert "대결" in told

    give(loaded, "release", "vice-mayor", "--subject", mayor)
    now = document(loaded("position", "list", *PLANNER, "--json"))["positions"][0]
    assert now["holders"] == []
    assert not now["delegations"][0]["in_force"]  # nobody signs for who is not in it any more
    then = loaded("position", "list", "--effective", str(before), *PLANNER, "--json")
    assert [one["subject"] for one in document(then)["positions"][0]["holders"]] == [mayor]


def test_what_cannot_be_is_refused_with_what_to_do(loaded: Cli) -> None:
    refused(loaded("position", "show", "mayor", *PLANNER), 1, "position list")
    refused(loaded("position", "appoint", "mayor", "--subject", person(loaded), *PLANNER), 1, "position add")
    give(loaded, "add", "vice-mayor", "--name", "부시장")
    stranger = ("position", "appoint", "vice-mayor", "--subject", "9" * 32)
    refused(loaded(*stranger, *PLANNER), 1, "subject register")
    refused(loaded("position", "add", "Vice Mayor", "--name", "부시장", *PLANNER), 1, "vice-mayor")
