"""The announced programme: read whole or refused with the place and the problem."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BadInput, DonghaengError
from workflows.programme_file import NotJson, NotReadable, commands, read_programme

ANNOUNCED = Path(__file__).parents[2] / "data" / "programme-2024.json"
Change = Callable[[dict[str, Any]], object]


def changed(tmp_path: Path, change: Change) -> Path:
    content = json.loads(ANNOUNCED.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "programme.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_the_announced_programme_names_21_tasks_and_26_agencies_and_makes_nothing_up() -> None:
    file = read_programme(ANNOUNCED)
    names = [type(command).name for command in commands(file)]
    assert names.count("programme.open") == 1
    assert names.count("agency.register") == 26
    assert names.count("programme.add_task") == 21
    assert file.programme.declared_task_count == 27


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda c: c.pop("tasks"), "tasks"),
        (lambda c: c["programme"].pop("year"), "programme.year"),
        (lambda c: c["tasks"][0].pop("lead"), "tasks[0].lead"),
        (lambda c: c["tasks"][3].update(lead="nobody"), "tasks[3].lead"),
        (lambda c: c["tasks"][3].update(area="space"), "tasks[3].area"),
        (lambda c: c["tasks"][1].update(id="2024-01"), "tasks[1].id"),
        (lambda c: c["agencies"].append(copy.deepcopy(c["agencies"][0])), "agencies[26].id"),
        (lambda c: c["tasks"][6]["phases"][0].update(ends="2024-02-01"), "tasks[6].phases[0]"),
        (lambda c: c["tasks"][0].update(budget=1.5), "tasks[0].budget"),
        (lambda c: c["programme"].update(year="soon"), "programme.year"),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_place(tmp_path: Path, change: Change, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_programme(changed(tmp_path, change))
    assert refused.value.details["field"] == field
    assert refused.value.say("ko") != refused.value.say("en")


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe{}", b"[" * 100_000])
def test_what_is_not_json_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "programme.json"
    file.write_bytes(content)
    with pytest.raises(NotJson):
        read_programme(file)


def test_a_list_is_not_a_programme(tmp_path: Path) -> None:
    file = tmp_path / "programme.json"
    file.write_text("[]")
    with pytest.raises(BadInput):
        read_programme(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"nothing-here\.json"):
        read_programme(tmp_path / "nothing-here.json")


def test_a_task_number_outside_the_limits_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(DonghaengError):
        commands(read_programme(changed(tmp_path, lambda c: c["tasks"][0].update(id="2024/01"))))
