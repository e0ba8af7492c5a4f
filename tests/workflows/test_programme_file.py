"""The announced programme: read whole or refused with the place and the problem."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from domain.errors import BadInput, DonghaengError, Refusal
from projections.exports.errors import NotAnExport
from projections.exports.manifest import read_manifest
from trail.files import NotReadable
from workflows.definitions.templates import NotADefinition, read_definition
from workflows.programme_file import NotJson, commands, read_programme
from workflows.programme_form import parts, schema, template

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


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda c: c["programme"].update(year=1999), "programme.year"),
        (lambda c: c["programme"].update(year=2101), "programme.year"),
        (lambda c: c["programme"].update(year=10**40), "programme.year"),
        (lambda c: c["programme"].update(declared_task_count=10**6 + 1), "programme.declared_task_count"),
        (lambda c: c["programme"].update(declared_agency_count=-1), "programme.declared_agency_count"),
        (lambda c: c["programme"]["name"].update(ko=""), "programme.name.ko"),
        (lambda c: c["areas"][1].update(id="Culture"), "areas[1].id"),
        (lambda c: c["agencies"][2].update(id="가"), "agencies[2].id"),
        (lambda c: c["agencies"][2]["name"].update(ko="가" * 201), "agencies[2].name.ko"),
        (lambda c: c["tasks"][4].update(id="24-5"), "tasks[4].id"),
        (lambda c: c["tasks"][4]["title"].update(ko="두\n줄"), "tasks[4].title.ko"),
        (lambda c: c["tasks"][4].update(summary={"ko": "가" * 20_001}), "tasks[4].summary"),
        (lambda c: c["tasks"][4].update(not_before="1999-12-31"), "tasks[4].not_before"),
    ],
)
def test_a_limit_of_a_command_is_named_with_its_place_in_the_file(
    tmp_path: Path, change: Change, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        commands(read_programme(_renamed(changed(tmp_path, change))))
    assert refused.value.details["field"] == field


def _renamed(file: Path) -> Path:
    """The same with its references following an id that was changed, so that only the id itself is at fault."""
    content = json.loads(file.read_text(encoding="utf-8"))
    areas, agencies = ({one["id"] for one in content[name]} for name in ("areas", "agencies"))
    for task in content["tasks"]:
        task["area"] = task["area"] if task["area"] in areas else content["areas"][1]["id"]
        task["lead"] = task["lead"] if task["lead"] in agencies else content["agencies"][2]["id"]
    for case in content["innovation_cases_2023"]:
        case["agency"] = case["agency"] if case["agency"] in agencies else content["agencies"][2]["id"]
        for entry in case.get("transfers", []):
            for name in ("from", "to"):
                entry[name] = entry[name] if entry[name] in agencies else content["agencies"][2]["id"]
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


STRANGE: tuple[Any, ...] = (
    *(1999, 2101, -1, 10**6 + 1, 10**40, 1.5, True, None, "", "가" * 30_000, "\x00", "\ud800"),
    *("2024-02-30", "0001-01-01", "9999-12-31", [], {}, [[]], "2024-07", {"ko": ""}),
)


def test_whatever_stands_anywhere_in_the_file_is_read_or_refused_by_name(tmp_path: Path) -> None:
    content = json.loads(ANNOUNCED.read_text(encoding="utf-8"))
    file, kinds = tmp_path / "programme.json", set()
    refused: list[Refusal] = []
    for path in _places(content):
        kind = tuple("[]" if isinstance(part, int) else part for part in path)
        if kind in kinds:
            continue
        kinds.add(kind)
        for value in STRANGE:
            file.write_text(json.dumps(_put(content, path, value)), encoding="utf-8")
            try:
                commands(read_programme(file))
            except Refusal as refusal:
                refused.append(refusal)
    assert len(kinds) > 40
    assert all(one.say("ko") != one.say("en") for one in refused)


def _places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in parts:
        yield from _places(value, (*path, key))


def _put(content: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    made = copy.copy(content)
    made[path[0]] = _put(content[path[0]], path[1:], value)
    return made


@pytest.mark.parametrize("content", [b'{"a": ' + b"9" * 5000 + b"}", b"NaN", b'\xef\xbb\xbf{"programme": 1}'])
def test_what_the_json_reader_cannot_hold_is_refused_too(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "programme.json"
    file.write_bytes(content)
    with pytest.raises(Refusal):
        read_programme(file)


@pytest.mark.parametrize("content", ["a = " + "9" * 5000, "a = " + "[" * 100_000, "a = 2024-02-30"])
def test_a_definition_that_its_reader_cannot_hold_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "definition.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(NotADefinition):
        read_definition(file)


def test_a_manifest_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(NotAnExport):
        read_manifest(tmp_path)


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


def test_the_template_is_a_file_that_can_be_loaded_and_fits_its_schema(tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template()), encoding="utf-8")
    assert [one.name for one in commands(read_programme(file))] == [
        "definition.adopt", "programme.open", "agency.register", "programme.add_task",
    ]  # fmt: skip
    validate: Callable[[Any], object] = fastjsonschema.compile(schema())
    for content in (template(), json.loads(ANNOUNCED.read_text(encoding="utf-8"))):
        validate(content)
    for wrong in ({**template(), "surplus": 1}, {**template(), "tasks": [{"id": "2027-01"}]}):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            validate(wrong)


def test_every_field_of_the_file_says_what_it_is() -> None:
    assert [
        f"{model.__name__}.{name}"
        for model in parts()
        for name, field in model.model_fields.items()
        if not field.description
    ] == []
