"""`donghaeng epoch`: a restored store is known as such, and goes on when the planner says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from tests.store.backups.stores_to_back_up import empty_database
from workers.restore_guard import may_act

GIVEN = ("--as", "planner", "--reason", "디스크 고장 뒤 복원")


@pytest.fixture
def restored(loaded: Cli, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """A year's store in the place of the one that was backed up."""
    passphrase, out = tmp_path / "passphrase", tmp_path / "b"
    passphrase.write_text("a long passphrase")
    passphrase.chmod(0o600)
    given = ("--passphrase-file", str(passphrase))
    assert loaded("backup", "--out", str(out), *given).exit_code == 0
    with empty_database(cluster) as dsn:
        monkeypatch.setenv("DATABASE_OWNER_URL", dsn)
        monkeypatch.setenv("DATABASE_URL", dsn)
        done = loaded("restore", str(out), *given)
        assert done.exit_code == 0, done.output
        assert "epoch accept" in " ".join(done.output.split())
        yield loaded


def examined(cli: Cli) -> Any:
    """What the doctor says of it."""
    return next(one for one in document(cli("doctor", "--json"))["findings"] if one["check"] == "epoch")


def test_a_restored_store_goes_on_when_the_planner_says_so(restored: Cli, tmp_path: Path) -> None:
    shown = document(restored("epoch", "show", "--json"))
    assert (shown["state"], shown["epoch"]) == ("restored", 1)
    assert "epoch accept" in " ".join(restored("epoch", "show").stdout.split())
    assert examined(restored)["state"] == "wrong"
    assert "epoch accept" in examined(restored)["todo"]
    done = restored("epoch", "accept", *GIVEN)
    assert done.exit_code == 0, done.output
    assert examined(restored)["state"] == "ok"
    shown = document(restored("epoch", "show", "--json"))
    assert (shown["state"], shown["epoch"], shown["position"]) == ("current", 2, 63)


@pytest.mark.parametrize(
    ("given", "exit_code", "refusal"),
    [
        (("--as", "planner"), 1, "ReasonNeeded"),
        (("--reason", "x"), 2, "WhoActs"),
        (("--as", "officer@gto", "--reason", "x"), 1, "NotPermitted"),
    ],
)
def test_who_may_not_or_says_no_reason_is_refused_and_the_store_stays_as_it_is(
    restored: Cli, given: tuple[str, ...], exit_code: int, refusal: str
) -> None:
    refused = restored("epoch", "accept", *given, "--json")
    assert (refused.exit_code, document(refused)["error"]["name"]) == (exit_code, refusal)
    assert document(restored("epoch", "show", "--json"))["state"] == "restored"


def test_a_store_that_was_not_restored_has_nothing_to_accept(cli: Cli, store: Store, tmp_path: Path) -> None:
    assert cli("load", str(ANNOUNCED), "--as", "planner").exit_code == 0
    assert may_act(store, tmp_path / "var")
    refused = cli("epoch", "accept", *GIVEN, "--json")
    assert (refused.exit_code, document(refused)["error"]["name"]) == (1, "NotRestored")
    assert document(cli("epoch", "show", "--json"))["acted_on"] == store.head().position == 62
