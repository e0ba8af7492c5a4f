"""Of what a deadline is, a quarter or a milestone, is said as people read it, wherever a command tells of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from projections import labels
from scripts.reading_pages import schema_page
from store.log import Store
from tests.scripts.conftest import Cli
from tests.scripts.test_deadline import begin_2024, folded
from tests.scripts.test_documents import FOR_INSPECTORS, PRINTED, REASON
from tests.scripts.test_notice import ONE, TWO, arm, give
from tests.scripts.test_what_if import STRICTER

TASK, ITEM, NAME = "2024-06", "kx7", "기본계획 수립"
# what shows values as they are stored, or writes to a file
AS_STORED = {
    *("show_rows", "diff_rows", "show_entry", "prove_entry", "export_trail", "sample_trail", "make_pack"),
    *("export_history", "make_report", "verify_report", "calendar_invitations"),
}
# what needs something that is not there: an attachment, a person, a trail, a report
ELSEWHERE = {
    "show_attachment",
    "save_attachment",
    "show_person",
    "show_trail",
    "show_audit",
    "explain_figure",
    "show_epoch",
}
TOLD = PRINTED.keys() - AS_STORED - ELSEWHERE


@pytest.fixture
def city(cli: Cli, store: Store, owner_dsn: str, tmp_path: Path) -> Cli:
    """A task with a milestone and quarters, of both of which is reminded."""
    begin_2024(cli, owner_dsn, store)
    milestone = f"{ITEM}=2024-05-31={NAME}"
    for words in (
        ("task", "replan", TASK, "--milestone", milestone, "--as", "officer@gto", "--reason", "사유"),
        ("deadline", "refresh", TASK, "--as", "planner"),
    ):
        done = cli(*words)
        assert done.exit_code == 0, done.output
    give(store, arm(ONE, deadline="milestone", item=ITEM), arm(TWO))
    folded(store)
    (tmp_path / "grades.toml").write_text(STRICTER, encoding="utf-8")
    store.move_clock(datetime(2024, 4, 10, 1, tzinfo=UTC))
    return cli


def raw(said: str) -> list[str]:
    """The lines that call a milestone by its id alone, or a quarter by what an option takes, where that is no command to type."""
    return [
        line
        for line in said.splitlines()
        if not line.startswith("UID:")
        and (
            (ITEM in line and NAME not in line)
            or ("2024-Q" in line.replace("--for 2024-Q", "") and "progress 2024-Q" not in line)
        )
    ]


def tell_all(cli: Cli, out: Path) -> Iterator[tuple[str, str]]:
    for reading in sorted(TOLD):
        actor = "inspector" if reading in FOR_INSPECTORS else "planner"
        words = (one.format(out=out, person="") for one in PRINTED[reading].split())
        yield reading, cli(*words, "--as", actor, *REASON, "--lang", "ko").stdout


def test_no_reading_calls_a_milestone_by_its_id_alone_nor_a_quarter_as_it_is_typed(
    city: Cli, tmp_path: Path
) -> None:
    told = dict(tell_all(city, tmp_path))
    assert {name: lines for name, one in told.items() if (lines := raw(one))} == {}
    for reading in ("list_notices", "list_deadlines", "explain_deadlines", "explain_task", "calendar_feed"):
        assert NAME in told[reading].replace("\r\n ", ""), reading
        assert "2024년 2분기" in told[reading] or "2024년 1분기" in told[reading], reading


def test_the_control_without_the_names_ids_are_found(city: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.queries.notices.names_of_items", lambda *given: {})
    assert raw(city("notices", "--as", "planner", "--lang", "ko").stdout)
    monkeypatch.setattr(labels, "find_item_name", lambda *given: None)
    monkeypatch.setattr("workflows.queries.due.find_item_name", lambda *given: None)
    assert raw(city("deadline", "list", "--as", "planner", "--lang", "ko").stdout)


def parts_with_items(schema: Any) -> Iterator[tuple[str, set[str]]]:
    """Those that name what a deadline is of; a meeting's item is a number."""
    for name, part in schema["$defs"].items():
        fields = part.get("properties", {})
        if "item" in fields and "integer" not in json.dumps(fields["item"]):
            yield name, set(fields)


# stored values, which are shown as they are; what shows them has the names beside them
STORED = {"Deadline", "Awaited"}


def test_whatever_document_has_the_item_of_a_deadline_has_its_name_beside_it() -> None:
    schema = json.loads(schema_page())
    found = dict(parts_with_items(schema))
    assert {name for name, fields in found.items() if "item_name" not in fields} == STORED
    holding = {
        name
        for name, part in schema["$defs"].items()
        if any(f'"#/$defs/{one}"' in json.dumps(part) for one in STORED)
    }
    told = {name for name in holding if "item_names" in schema["$defs"][name]["properties"]}
    assert holding - told == {"Inputs", "DeadlinesSet"}, (
        "which stands in what is told of a task; and the fact itself"
    )
    assert told
