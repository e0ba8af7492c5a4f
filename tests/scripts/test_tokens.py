"""Machines act by token: what it opens, what closes it, and what it never gives away."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from scripts.cli.run import Run
from store.envelope import Actor
from store.log import Store
from tests.scripts.conftest import Cli, document
from workflows.tokens import (
    TokenExpired,
    TokenMalformed,
    TokenNotKnown,
    TokenOfAnotherStore,
    TokenRevoked,
    authenticate,
)

PLANNER = ("--as", "planner")
PROPOSE = [
    "task",
    "propose",
    "2024-06",
    "--start",
    "2024-03-04",
    "--end",
    "2024-12-31",
    "--budget",
    "120000000",
]
With = Callable[[str], None]


@pytest.fixture
def token(loaded: Cli) -> str:
    made = document(loaded("token", "create", "--role", "officer", "--agency", "gto", *PLANNER, "--json"))
    return str(made["token"])


@pytest.fixture
def using(monkeypatch: pytest.MonkeyPatch) -> With:
    return lambda text: monkeypatch.setenv("DONGHAENG_TOKEN", text)


def refusal(cli: Cli, *words: str) -> str:
    result = cli(*words, "--json")
    assert result.exit_code in (1, 2), result.output
    return str(document(result)["error"]["name"])


def test_a_token_acts_as_whom_it_stands_for_and_the_fact_says_so(
    loaded: Cli, token: str, using: With, store: Store
) -> None:
    using(token)
    assert loaded(*PROPOSE).exit_code == 0
    (fact,) = store.read("task/2024-06")
    assert fact.envelope.actor == Actor(role="officer", agency="gto")
    assert (fact.envelope.authn, fact.envelope.token) == ("token", token.split(".")[2])


def test_the_secret_is_shown_once_and_stands_nowhere(loaded: Cli, token: str, store: Store) -> None:
    secret = token.split(".")[3]
    assert secret not in loaded("token", "list", "--json").stdout
    assert token.split(".")[2] in loaded("token", "list").stdout
    for chunk in store.replay():
        assert all(secret not in str(fact) for fact in chunk)


def test_a_command_reads_its_token_once(
    loaded: Cli, token: str, using: With, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(asked: Store, given: str) -> tuple[Actor, str]:
        read.append(given)
        return authenticate(asked, given)

    monkeypatch.setattr("scripts.cli.acting.authenticate", counted)
    using(token)
    for words in (PROPOSE, ("task", "show", "2024-06"), ("agency", "set-contact", "gto", "--no-mail")):
        read.clear()
        loaded(*words)
        assert read == [token], words
    monkeypatch.setattr(Run, "giver", Run._authenticate)
    read.clear()
    loaded("task", "show", "2024-06")
    assert len(read) > 1, "the control: it is asked for in several places"


def test_a_token_gives_no_more_than_its_role(loaded: Cli, token: str, using: With) -> None:
    using(token)
    assert refusal(loaded, "task", "approve", "2024-06") == "NotPermitted"
    foreign = ["task", "propose", "2024-07", *PROPOSE[3:]]
    assert refusal(loaded, *foreign) == "NotYourTask"
    assert refusal(loaded, "token", "create", "--role", "planner") == "NotPermitted"
    assert refusal(loaded, "token", "list") == "ReadingNotPermitted"
    assert refusal(loaded, "agency", "history", "gjcf") == "NotYoursToRead"
    assert loaded("agency", "history", "gto").exit_code == 0


def test_nobody_else_can_be_asserted_beside_a_token(loaded: Cli, token: str, using: With) -> None:
    using(token)
    assert refusal(loaded, *PROPOSE, *PLANNER) == "AnotherActor"
    assert loaded(*PROPOSE, "--as", "officer@gto").exit_code == 0


def test_a_revoked_token_opens_nothing(loaded: Cli, token: str, using: With) -> None:
    assert loaded("token", "revoke", token.split(".")[2], *PLANNER).exit_code == 0
    using(token)
    assert refusal(loaded, *PROPOSE) == "TokenRevoked"
    assert refusal(loaded, "task", "list") == "TokenRevoked"


def test_a_head_issues_tokens_of_its_own_agency_alone(loaded: Cli) -> None:
    create = ("token", "create", "--role", "officer", "--agency", "gto")
    assert loaded(*create, "--as", "head@gto").exit_code == 0
    assert refusal(loaded, *create, "--as", "head@gjcf") == "NotYourTask"
    assert refusal(loaded, "token", "create", "--role", "planner", "--as", "head@gto") == "NotYourTask"


def test_a_token_that_is_not_right_is_refused_by_name(loaded: Cli, token: str, store: Store) -> None:
    scheme, ours, identity, secret = token.split(".")
    other = "A" * len(secret)
    for text, error in (
        ("", TokenMalformed),
        ("planner", TokenMalformed),
        (token + "x", TokenMalformed),
        (f"{scheme}.{uuid.uuid4().hex}.{identity}.{secret}", TokenOfAnotherStore),
        (f"{scheme}.{ours}.{uuid.uuid4().hex}.{secret}", TokenNotKnown),
        (f"{scheme}.{ours}.{identity}.{other}", TokenNotKnown),
    ):
        with pytest.raises(error) as caught:
            authenticate(store, text)
        assert secret not in caught.value.say("en")
    assert authenticate(store, f" {token}\n")[1] == identity, "the control"


def test_a_token_holds_until_midnight_in_seoul_of_its_last_day(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    made = document(loaded("token", "create", "--role", "planner", "--days", "0", *PLANNER, "--json"))
    last = date.fromisoformat(made["until"])
    assert authenticate(store, made["token"])[0] == Actor(role="planner")
    monkeypatch.setattr("workflows.tokens.local_day", lambda at: last + timedelta(1))
    with pytest.raises(TokenExpired):
        authenticate(store, made["token"])


def test_a_token_that_was_revoked_between_is_noticed(loaded: Cli, token: str, store: Store) -> None:
    assert authenticate(store, token)
    assert loaded("token", "revoke", token.split(".")[2], *PLANNER).exit_code == 0
    with pytest.raises(TokenRevoked):
        authenticate(store, token)
