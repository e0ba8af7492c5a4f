"""Definitions as files: the templates that come along, and those that are given. One may extend a template."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from domain.errors import BadInput, Bilingual, Refusal
from domain.lifecycle.content import LONGEST_NAME, NAMED_BY, check_content
from domain.lifecycle.model import Definition
from trail.files import MOST_TYPED, problem_of, read_foreign
from workflows.definitions.lines import line_of

SCENARIOS = ".scenarios.toml"  # how the file of a definition's scenarios ends
_ADDED_LATER = NAMED_BY.keys() - {"stages", "commands", "deadlines", "ladders", "transitions", "grades"}
SCENARIOS_NAMED_BY: Mapping[str, str] = {"scenarios": "name"}
_FILES = sorted(one for one in Path(__file__).parent.glob("*.toml") if not one.name.endswith(SCENARIOS))


class NotADefinition(Refusal):
    """The file cannot be read as a definition."""

    ko = "파일 {path}은(는) 정의가 아닙니다: {problem}."
    en = "The file {path} is no definition: {problem}."


class UnknownDefinition(Refusal):
    """Nobody adopted it, and it does not come along either. `known`: what there is."""

    ko = (
        "정의 ‘{given}’이(가) 없습니다. 있는 정의: {known}. `donghaeng definition adopt`로 먼저 채택하십시오."
    )
    en = "There is no definition “{given}”. There are: {known}. Adopt it first: `donghaeng definition adopt`."


def read_definition(path: Path) -> Definition:
    """The checked definition. Raises NotADefinition, BadInput, which says the line where the file has the entry."""
    content = _content(path)
    try:
        return check_content(extend(content, _content_of_template, NAMED_BY, ("name", "version")))
    except BadInput as refusal:
        field, problem = str(refusal.details["field"]), refusal.details["problem"]
        assert isinstance(problem, Bilingual)
        said = describe_line(path, field)
        worded = Bilingual(problem.ko + said.ko, problem.en + said.en)
        raise BadInput(field=field, problem=worded) from None


def describe_line(path: Path, entry: str) -> Bilingual:
    """Where the file has the entry, behind what is wrong with it; nothing where it does not have it."""
    line = line_of(read_foreign(path, MOST_TYPED).decode(), entry, NAMED_BY)
    if line is None:
        return Bilingual("", "")
    return Bilingual(f" (파일 {path.name} {line}행)", f" (line {line} of {path.name})")


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_foreign(path, MOST_TYPED).decode())
    except OSError as error:
        raise NotADefinition(path=path, problem=problem_of(error)) from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of thousands of digits, a list in a list in a list
        problem = Bilingual(f"TOML이 아닙니다({error})", f"it is not TOML ({error})")
        raise NotADefinition(path=path, problem=problem) from None


def extend(
    content: dict[str, Any],
    read: Callable[[str], dict[str, Any]],
    named_by: Mapping[str, str],
    own: Sequence[str] = (),
) -> dict[str, Any]:
    """What a file says put over the one that it `extends`: entry by entry, by what they are named by.

    `read`: that of a template, by its identity; `own`: what each file says for itself alone.
    """
    if "extends" not in content:
        return content
    base = extend(read(str(content.pop("extends"))), read, named_by, own)
    for field in own:
        del base[field]
    for field, key in named_by.items():
        if field in _ADDED_LATER and field not in content and field not in base:
            continue  # what came along before there were any keeps its content, and so its hash
        entries = content.get(field, [])
        if _are_named(entries, key):  # else it is refused in words when it is checked
            said = {one[key]: one for one in entries}
            kept = [{**one, **said.pop(one[key], {})} for one in base.get(field, [])]
            base[field] = [*kept, *said.values()]
            content.pop(field, None)
    return {**base, **content}


def _content_of_template(identity: str) -> dict[str, Any]:
    """Raises UnknownDefinition."""
    return _content(file_of_template(identity))


def file_of_template(identity: str) -> Path:
    """Raises UnknownDefinition."""
    files = files_of_templates()
    if identity not in files:
        raise UnknownDefinition(given=identity[:LONGEST_NAME], known=tuple(files))
    return files[identity]


def scenarios_beside(definition: Path) -> Path:
    """Where a definition's scenarios lie."""
    return definition.with_name(definition.stem + SCENARIOS)


def _are_named(entries: Any, key: str) -> bool:
    """Whether these are entries of a list, each with a name of its own."""
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        return False
    names = [one.get(key) for one in entries]
    return all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def files_of_templates() -> dict[str, Path]:
    """By identity."""
    found = ((path, _content(path)) for path in _FILES)
    return {f"{one['name']}/{one['version']}": path for path, one in found}


@cache
def templates() -> dict[str, Definition]:
    """All that come along, by identity."""
    found = map(read_definition, _FILES)
    return dict(sorted((one.identity, one) for one in found))
