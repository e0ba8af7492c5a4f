"""A programme file that is loaded again: the difference is shown, and what may still change is changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.cli.load import LEFT_SOME
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[Any], object]], str]:
    def write(change: Callable[[Any], object]) -> str:
        content = json.loads(ANNOUNCED.read_text(encoding="utf-8"))
        change(content)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write


def task(content: Any, number: str) -> Any:
    return next(one for one in content["tasks"] if one["id"] == number)


def edit(content: Any) -> None:
    content["programme"]["name"]["ko"] = "동행 2024"
    content["areas"][0]["name"]["ko"] = "시민의 생활"
    content["areas"].append({"id": "sports", "name": {"ko": "체육"}})
    content["agencies"][0]["name"]["ko"] = "광주도시주택공사"
    content["agencies"].append({"id": "newbie", "name": {"ko": "새 기관"}})
    task(content, "2024-05")["title"]["ko"] = "고친 제목"
    task(content, "2024-06")["title"]["ko"] = "이미 제안된 제목"
    content["tasks"].append({"id": "2024-77", "area": "sports", "lead": "newbie", "title": {"ko": "새 과제"}})


def test_a_changed_file_changes_what_may_still_change_and_says_what_may_not(
    loaded: Cli, changed: Any, store: Store
) -> None:
    assert loaded("task", "propose", "2024-06", *PLAN, *OFFICER).exit_code == 0
    before = store.head().position
    shown = document(loaded("load", changed(edit), *PLANNER, "--dry-run", "--json"))
    assert store.head().position == before, "a preview writes nothing"
    assert (len(shown["changes"]), shown["facts"]) == (7, 0)
    (kept,) = shown["kept"]
    assert loaded("load", changed(edit), *PLANNER, "--dry-run").exit_code == LEFT_SOME
    assert "2024-06" in kept["what"]
    assert "task hand-over" in kept["why"]
    done = document(loaded("load", changed(edit), *PLANNER, "--json"))
    assert (done["changes"], done["kept"], done["facts"]) == (shown["changes"], shown["kept"], 7)
    result = loaded("load", changed(edit), *PLANNER, "--json")
    again = document(result)
    assert result.exit_code == LEFT_SOME, "a script sees it, and that it was no refusal"
    assert (again["changes"], again["facts"], again["kept"]) == ([], 0, shown["kept"])
    said = loaded("programme", "show", "2024").stdout
    assert loaded("task", "propose", "2024-77", *PLAN, "--as", "officer@newbie").exit_code == 0, said


def test_the_first_file_loaded_again_brings_nothing_back(loaded: Cli, changed: Any, store: Store) -> None:
    assert loaded("load", changed(edit), *PLANNER).exit_code == 0
    put_right = ("programme", "change-task", "2024", "2024-08", "--title", "총괄이 고친 제목", *PLANNER)
    assert loaded(*put_right).exit_code == 0
    before = store.head().position
    for file in (str(ANNOUNCED), changed(edit)):
        said = document(loaded("load", file, *PLANNER, "--json"))
        assert (said["facts"], store.head().position) == (0, before)
    reasoned = document(loaded("load", str(ANNOUNCED), *PLANNER, "--reason", "다시", "--json"))
    assert (reasoned["facts"], reasoned["changes"]) == (0, [])
    assert {one["why"].rpartition("changed since")[1] for one in reasoned["kept"]} == {"changed since", ""}


def test_what_the_file_no_longer_says_stays(loaded: Cli, changed: Any) -> None:
    def drop(content: Any) -> None:
        content["areas"].append({"id": "sports", "name": {"ko": "체육"}})

    assert loaded("load", changed(drop), *PLANNER).exit_code == 0
    said = loaded("load", changed(lambda content: content["programme"].update(note="x")), *PLANNER)
    assert said.exit_code == 0
    left = document(
        loaded("load", changed(lambda c: c["programme"]["name"].update(ko="이름")), *PLANNER, "--json")
    )
    assert [one["what"] for one in left["kept"]] == ["area sports: not in the file"]


def test_a_not_before_that_the_file_no_longer_has_is_taken_away(
    loaded: Cli, changed: Any, store: Store
) -> None:
    dated = next(one for one in json.loads(ANNOUNCED.read_text("utf-8"))["tasks"] if one.get("not_before"))
    done = document(
        loaded("load", changed(lambda c: task(c, dated["id"]).pop("not_before")), *PLANNER, "--json")
    )
    assert done["facts"] == 1
    assert store.read("programme/2024")[-1].fact.without == ("not_before",)


def test_a_summary_is_changed_and_taken_away_and_what_was_redacted_does_not_come_back(
    loaded: Cli, changed: Any, store: Store
) -> None:
    def say(words: str | None) -> Callable[[Any], object]:
        return lambda content: (
            task(content, "2024-05").update(summary={"ko": words})
            if words
            else task(content, "2024-05").pop("summary", None)
        )

    first = loaded("load", changed(say("처음 요약")), *PLANNER, "--json")
    assert (first.exit_code, document(first)["facts"]) == (0, 1)
    other = loaded("load", changed(say("다른 요약")), *PLANNER, "--json")
    assert (
        "처음 요약 → 다른 요약" in document(other)["changes"][0] or "summary" in document(other)["changes"][0]
    )
    text = store.read("programme/2024")[-1].fact.summary
    assert store.text(text).body == "다른 요약"
    back = loaded("load", changed(say("처음 요약")), *PLANNER, "--reason", "다시", "--json")
    assert (back.exit_code, document(back)["facts"]) == (LEFT_SOME, 0), (
        "what was so before does not come back"
    )
    gone = loaded("text", "redact", text.id, *PLANNER, "--reason", "개인정보")
    assert gone.exit_code == 0, gone.output
    again = loaded("load", changed(say("또 다른 요약")), *PLANNER, "--json")
    assert (again.exit_code, document(again)["facts"]) == (LEFT_SOME, 0), "it may be what was redacted"
    assert "redacted" in document(again)["kept"][0]["why"]


def test_a_closed_year_takes_nothing_more(loaded: Cli, changed: Any) -> None:
    assert loaded("programme", "close", "2024", "--reason", "끝", *PLANNER).exit_code == 0
    said = document(
        loaded("load", changed(lambda c: c["programme"]["name"].update(ko="이름")), *PLANNER, "--json")
    )
    assert (said["facts"], "closed" in said["kept"][0]["why"]) == (0, True)


def test_who_may_not_load_is_shown_no_difference(loaded: Cli, changed: Any) -> None:
    said = loaded("load", changed(edit), *OFFICER, "--dry-run", "--json")
    assert document(said)["error"]["name"] == "NotPermitted"
