"""`donghaeng why` and `donghaeng audit transitions`, as an inspector types them."""

from __future__ import annotations

from datetime import UTC, datetime

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import running

__all__ = ["running"]


def test_an_inspector_sees_what_rules_do_and_what_they_left_undone(running: Cli, store: Store) -> None:
    assert document(running("audit", "transitions", "--as", "inspector", "--json"))["undone"] == []
    found = document(running("why", "2024-06", "--as", "inspector", "--json"))
    assert [(one["rule"], one["on"]) for one in found["next"]] == [("carry_over_unfinished", "2025-03-01")]
    assert [one["kind"] for one in found["waits_for"]] == ["progress", "progress", "progress", "final_report"]
    told = running("why", "2024-06", "--lang", "ko").output
    for words in (
        "추진",
        "다음에 규칙이 할 일",
        "2025-03-01 carry_over_unfinished",
        "이월",
        "task.deadlines",
    ):
        assert words in told
    store.move_clock(datetime(2025, 3, 2, tzinfo=UTC))
    undone = running("audit", "transitions", "--json")
    assert undone.exit_code == 1
    assert [(one["stream"], one["task"], one["since"]) for one in document(undone)["undone"]] == [
        ("programme/2024", None, "2025-03-01"),
        ("task/2024-06", "2024-06", "2025-03-01"),
    ]
    assert "carry_over_unfinished" in running("audit", "transitions").output


def test_each_sees_what_it_may(running: Cli) -> None:
    assert document(running("why", "2024-99", "--json"))["error"]["name"] == "NoSuchTask"
    assert running("why", "2024-06", "--as", "officer@gto").exit_code == 0
    refused = running("why", "2024-06", "--as", "officer@gjcf", "--json")
    assert document(refused)["error"]["name"] == "NotYoursToRead"
    refused = running("audit", "transitions", "--as", "officer@gto", "--json")
    assert document(refused)["error"]["name"] == "ReadingNotPermitted"
