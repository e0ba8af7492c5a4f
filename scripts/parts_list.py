"""The list of parts (SBOM) as CycloneDX: what the lock installs, the files of others that lie here, what tests bring.

Each part says its licence itself: a package in its installed metadata, a font in its name table, npm's in their lock.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from fontTools.ttLib import TTFont

from scripts.licences import is_allowed, licence_of, spdx_of

TOP = Path(__file__).parents[1]
_PROGRAM = "donghaeng (pyproject.toml)"  # as the lock names who asks, where it is not for development
# In the lock for other machines than this one, where nothing of them is installed that could say it.
_ELSEWHERE: Mapping[str, str] = {"async-timeout": "Apache-2.0", "colorama": "BSD-3-Clause"}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: as CycloneDX has it. `licence`: an SPDX expression, or what was found where that is none.

    `runs`: whether it is needed to run, and not for development or tests alone. `hashes`: algorithm and hex, of each of
    its files. `asked`: whether the project asks for it by itself. `needs`: the parts that it needs, by their `ref`.
    """

    ref: str
    kind: str = "library"
    name: str
    version: str | None = None
    licence: str
    runs: bool
    asked: bool = False
    hashes: Sequence[tuple[str, str]] = ()
    purl: str | None = None
    needs: Sequence[str] = ()


class LockedPackage(msgspec.Struct, frozen=True):
    """A package in the lock: the SHA-256 of its files, and what it is there for."""

    name: str
    version: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]


def parse_lock(lock: str) -> list[LockedPackage]:
    """The packages of a lock as uv writes it."""
    found = []
    for entry in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]:
        head, _, via = entry.partition("# via")
        name, _, version = head.split(maxsplit=1)[0].partition("==")
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", head))
        parents = (line.strip(" #") for line in via.split("\n"))
        found.append(LockedPackage(name, version, hashes, tuple(one for one in parents if one)))
    return found


def packages() -> Iterator[Part]:
    """What the lock installs."""
    found = parse_lock((TOP / "requirements.lock").read_text(encoding="utf-8"))
    running = _running(found)
    for one in found:
        try:
            licence = licence_of(metadata.metadata(one.name))
        except metadata.PackageNotFoundError:
            licence = _ELSEWHERE.get(one.name, "unknown")
        purl = f"pkg:pypi/{one.name}@{one.version}"
        yield Part(
            ref=purl,
            name=one.name,
            version=one.version,
            licence=licence,
            runs=one.name in running,
            asked=_PROGRAM in one.via,
            hashes=[("SHA-256", content) for content in one.hashes],
            purl=purl,
            needs=[f"pkg:pypi/{child.name}@{child.version}" for child in found if one.name in child.via],
        )


def _running(found: Sequence[LockedPackage]) -> set[str]:
    """Those that are there for the program itself, or for one of those."""
    running = {one.name for one in found if _PROGRAM in one.via}
    while more := {one.name for one in found if running & set(one.via)} - running:
        running |= more
    return running


def fonts() -> Iterator[Part]:
    """The fonts that reports are set in."""
    for path in sorted((TOP / "projections" / "report" / "fonts").glob("*.?tf")):
        with TTFont(path) as font:
            said = {number: font["name"].getDebugName(number) or "" for number in (1, 5, 13)}
        stated = re.search(r"SIL Open Font License, Version \d+\.\d+", said[13])
        yield Part(
            ref=_path(path),
            kind="file",
            name=f"{said[1]} ({path.name})",
            version=said[5].split(";", maxsplit=1)[0].removeprefix("Version "),
            licence="unknown" if stated is None else spdx_of(stated[0]) or "unknown",
            runs=True,
            asked=True,
            hashes=[_sum(path)],
        )


def list_published() -> Iterator[Part]:
    """What others publish to test with; SOURCE.md beside it says from where, and under which licence."""
    yield from _list_published_in("transparency-dev/merkle", TOP / "tests" / "foreign" / "merkle")
    yield from _list_published_in("CycloneDX/specification", TOP / "tests" / "scripts" / "cyclonedx")


def _list_published_in(name: str, folder: Path) -> Iterator[Part]:
    source = (folder / "SOURCE.md").read_text(encoding="utf-8")
    commit, licence = (
        re.search(r"commit `([0-9a-f]{40})`", source),
        re.search(r"under the (Apache License 2.0)", source),
    )
    for path in sorted(folder.glob("*.json")):
        yield Part(
            ref=_path(path),
            kind="data",
            name=f"{name} ({path.name})",
            version=None if commit is None else commit[1],
            licence="unknown" if licence is None else "Apache-2.0",
            runs=False,
            hashes=[_sum(path)],
        )


def verifiers() -> Iterator[Part]:
    """What `scripts/foreign-verifiers` and `scripts/foreign-browser` bring for tests and nobody ships: npm's by their lock;
    what Debian has, whichever version.
    """
    for folder in ("sigstore", "axe"):
        yield from _list_locked_in(TOP / "tests" / "foreign" / folder)
    for package, name, licence in (
        ("golang-golang-x-mod-dev", "golang.org/x/mod", "BSD-3-Clause"),
        ("chromium-headless-shell", "chromium-headless-shell", "BSD-3-Clause"),
    ):
        purl = f"pkg:deb/debian/{package}"
        yield Part(ref=purl, name=name, licence=licence, runs=False, purl=purl)


def _list_locked_in(folder: Path) -> Iterator[Part]:
    lock = json.loads((folder / "package-lock.json").read_bytes())
    for place, one in lock["packages"].items():
        if not place:
            continue
        name = place.removeprefix("node_modules/")
        algorithm, _, content = one["integrity"].partition("-")
        purl = f"pkg:npm/{name.replace('@', '%40')}@{one['version']}"
        yield Part(
            ref=purl,
            name=name,
            version=one["version"],
            licence=one["license"],
            runs=False,
            hashes=[(algorithm.upper().replace("SHA", "SHA-"), base64.b64decode(content).hex())],
            purl=purl,
        )


def parts() -> list[Part]:
    return [*packages(), *fonts(), *list_published(), *verifiers()]


def find_refused(some: Sequence[Part]) -> list[Part]:
    """Those whose licence is not allowed, or not known."""
    return [one for one in some if not is_allowed(one.licence)]


def bill(some: Sequence[Part]) -> dict[str, Any]:
    """CycloneDX 1.6. No time and no number stands in it, so that the same lock makes the same bytes."""
    with (TOP / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    root = {
        "bom-ref": "donghaeng",
        "type": "application",
        "name": project["name"],
        "version": project["version"],
    }
    asked = sorted(one.ref for one in some if one.asked)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root | {"licenses": [{"expression": project["license"]}]}},
        "components": [_component(one) for one in some],
        "dependencies": [
            {"ref": "donghaeng", "dependsOn": asked},
            *({"ref": one.ref, "dependsOn": sorted(one.needs)} for one in some),
        ],
    }


def _component(one: Part) -> dict[str, Any]:
    hashes = [{"alg": algorithm, "content": content} for algorithm, content in one.hashes]
    licence = (
        {"license": {"name": one.licence}} if spdx_of(one.licence) is None else {"expression": one.licence}
    )
    found: dict[str, Any] = {
        "bom-ref": one.ref,
        "type": one.kind,
        "name": one.name,
        "version": one.version,
        "scope": "required" if one.runs else "excluded",
        "licenses": [licence],
        "purl": one.purl,
    }
    if one.purl is None:
        found["hashes"] = hashes
    elif hashes:  # of the files that a registry gives out for it, one for each machine
        found["externalReferences"] = [{"type": "distribution", "url": one.purl, "hashes": hashes}]
    return {name: value for name, value in found.items() if value is not None}


def _path(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def _sum(path: Path) -> tuple[str, str]:
    return "SHA-256", hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    found = parts()
    print(json.dumps(bill(found), ensure_ascii=False, indent=1))  # noqa: T201 - what it is for
    for one in find_refused(found):
        print(f"not allowed: {one.name} {one.version}: {one.licence}", file=sys.stderr)  # noqa: T201 - as above
    return 1 if find_refused(found) else 0


if __name__ == "__main__":
    sys.exit(main())
