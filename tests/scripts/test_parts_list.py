"""The list of parts: nothing is left out, and no licence that is not allowed comes in."""

from __future__ import annotations

import hashlib
import json
import subprocess
import warnings
from collections.abc import Callable
from email.message import Message
from typing import Any

import fastjsonschema
import pytest

from scripts import parts_list
from scripts.licences import is_allowed, licence_of
from scripts.parts_list import Part, bill, find_refused, main, parse_lock, parts
from tests.conftest import top

FONTS = (".otf", ".ttf", ".woff", ".woff2")


def test_every_part_has_a_licence_that_is_allowed() -> None:
    found = parts()
    assert find_refused(found) == []
    assert {one.name for one in found if "LGPL" in one.licence} == {
        "psycopg",
        "psycopg-binary",
        "psycopg-pool",
    }


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("LGPL-3.0-only", True),
        ("MIT OR GPL-3.0-only", True),
        ("(MIT OR GPL-2.0-only) AND BSD-3-Clause", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR AGPL-3.0-only)", False),
        ("GPL-2.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("BUSL-1.1", False),
        ("CC-BY-NC-4.0", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("Free for non-commercial use", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_what_one_has_to_keep_must_be_allowed(licence: str, allowed: bool) -> None:
    assert is_allowed(licence) is allowed


def test_a_part_that_is_not_allowed_is_named_and_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The control."""
    taken = Part(ref="pkg:pypi/taken@1", name="taken", version="1", licence="AGPL-3.0-only", runs=True)
    monkeypatch.setattr(parts_list, "parts", lambda: [taken])
    assert main() == 1
    said = capsys.readouterr()
    assert "taken 1: AGPL-3.0-only" in said.err
    assert json.loads(said.out)["components"][0]["licenses"] == [{"expression": "AGPL-3.0-only"}]


@pytest.mark.parametrize(
    ("stated", "licence"),
    [
        ({"License-Expression": "MIT", "License": "GPL"}, "MIT"),
        ({"License": "3-Clause BSD License"}, "BSD-3-Clause"),
        (
            {
                "License": "MIT License  Copyright (c) …",
                "Classifier": "License :: OSI Approved :: MIT License",
            },
            "MIT",
        ),
        ({"Classifier": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"}, "unknown"),
        ({"License": "Dual License", "Classifier": "License :: OSI Approved :: BSD License"}, "BSD-3-Clause"),
        ({"Classifier": "Topic :: Office/Business"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_package_says_its_licence_in_one_of_three_ways(stated: dict[str, str], licence: str) -> None:
    said = Message()
    for name, value in stated.items():
        said[name] = value
    assert licence_of(said) == licence


def test_every_package_of_the_lock_and_every_font_is_listed_with_its_sum() -> None:
    found = bill(parts())
    lock = (top() / "requirements.lock").read_text(encoding="utf-8")
    packages = {
        one["purl"]: one for one in found["components"] if one.get("purl", "").startswith("pkg:pypi/")
    }
    assert len(packages) == len(parse_lock(lock)) == sum("==" in line for line in lock.splitlines()) > 100
    sums = [one for each in packages.values() for one in each["externalReferences"][0]["hashes"]]
    assert len(sums) == lock.count("--hash=sha256:")
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=top(), capture_output=True, text=True, check=True
    ).stdout.splitlines()
    files = {one["bom-ref"]: one for one in found["components"] if "purl" not in one}
    assert {path for path in tracked if path.endswith(FONTS)} == {
        path for path in files if path.endswith(FONTS)
    }
    assert all(one["hashes"] and one["version"] for one in files.values())
    assert {"tests/foreign/merkle/inclusion.json", "tests/foreign/merkle/consistency.json"} <= files.keys()


def test_the_list_refers_to_what_is_in_it_and_is_the_same_each_time() -> None:
    found = bill(parts())
    listed = [one["bom-ref"] for one in found["components"]]
    assert len(set(listed)) == len(listed)
    (root, *others) = found["dependencies"]
    assert [one["ref"] for one in others] == listed
    assert {ref for one in (root, *others) for ref in one["dependsOn"]} <= set(listed)
    scopes = {one["name"]: one["scope"] for one in found["components"]}
    assert [scopes[name] for name in ("psycopg", "cffi", "pytest", "ruff")] == [
        "required",
        "required",
        "excluded",
        "excluded",
    ]
    assert bill(parts()) == found


SCHEMAS = top() / "tests" / "scripts" / "cyclonedx"


@pytest.fixture(scope="module")
def follows_the_schema() -> Callable[[Any], object]:
    """Raises where something is no list of parts by CycloneDX's own schema; compiling it takes a second or two."""

    def offline(address: str) -> Any:
        return json.loads((SCHEMAS / address.rsplit("/", 1)[1].replace(".SNAPSHOT", "")).read_bytes())

    schema = offline("/bom-1.6.schema.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the schema's own regular expressions
        validate: Callable[[Any], object] = fastjsonschema.compile(schema, handlers={"http": offline})
    return validate


def test_the_list_is_one_by_cyclonedx_own_schema(follows_the_schema: Callable[[Any], object]) -> None:
    follows_the_schema(bill(parts()))


@pytest.mark.parametrize(
    "spoiled",
    [
        {"specVersion": 1.6},
        {"components": [{"type": "wheel", "name": "x"}]},
        {"components": [{"type": "library"}]},
        {
            "components": [
                {"type": "library", "name": "x", "hashes": [{"alg": "SHA-256", "content": "short"}]}
            ]
        },
        {"components": [{"type": "library", "name": "x", "licenses": [{"license": {"id": "Beerware-9"}}]}]},
        {"more": 1},
    ],
    ids=str,
)
def test_the_control_what_is_none_is_refused(
    follows_the_schema: Callable[[Any], object], spoiled: dict[str, Any]
) -> None:
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        follows_the_schema({**bill(parts()), **spoiled})


def test_the_schema_is_the_one_that_is_said_beside_it() -> None:
    said = (SCHEMAS / "SOURCE.md").read_text(encoding="utf-8")
    for path in SCHEMAS.glob("*.json"):
        assert f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" in said
