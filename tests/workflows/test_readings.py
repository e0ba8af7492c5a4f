"""Readings are a layer: what people read is found, authorised and put into a typed document below whatever shows it."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from domain.aggregate import Command
from tests.conftest import top
from workers import job_list
from workers.reading_list import queries
from workers.sealing import standing
from workflows.command_envelope import CommandEnvelope

# What is of any type, and why: rows are of the view's own type, a fact of its kind's, changed values of any field's.
OF_ANY_TYPE = {
    ("ViewRows", "rows"),
    ("RowChange", "before"),
    ("RowChange", "after"),
    ("Change", "before"),
    ("Change", "after"),
    ("EntryShown", "fact"),
    ("JobRow", "arguments"),
    ("TrailStatus", "timestamped"),
    # rules as their file has them, in the definition's own language
    *(
        ("DefinitionShown", name)
        for name in (
            "deadlines",
            "grades",
            "transitions",
            "ladders",
            "letters",
            "quiet_days",
            "places",
            "steps",
        )
    ),
    ("RequirementExplained", "inputs"),  # of the type that each input has
    ("Exported", "criteria"),
    ("Population", "criteria"),
}


def answer_of(function: Callable[..., Any]) -> Any:
    """What it is said to answer with; some names are of modules that are loaded only where they are needed."""
    known = {"JobList": job_list.JobList, "TrailStanding": standing.TrailStatus, **function.__globals__}
    return eval(inspect.signature(function).return_annotation, known)


def untyped(document: type) -> set[tuple[str, str]]:
    """The fields, here and in what they hold, that say nothing of what stands in them."""
    found: set[tuple[str, str]] = set()
    seen: set[type] = set()

    def look(hint: Any, at: tuple[str, str]) -> None:
        if hint is Any or hint in (dict, list, tuple):
            found.add(at)
        elif inspect.isclass(hint) and issubclass(hint, msgspec.Struct) and hint not in seen:
            seen.add(hint)
            for name, held in typing.get_type_hints(hint).items():
                if name in hint.__struct_fields__:
                    look(held, (hint.__name__, name))
        for one in typing.get_args(hint):
            look(one, at)

    look(document, (document.__name__, ""))
    return found


def test_every_reading_gives_a_document_that_holds_only_what_it_declares() -> None:
    answers = {function: answer_of(function) for function in queries()}
    assert len(answers) > 40, "they were found"
    to_be_given = {
        one
        for one in answers.values()
        if one == CommandEnvelope | None or (inspect.isclass(one) and issubclass(one, Command))
    }
    documents = {one for one in answers.values() if one is not None} - to_be_given
    assert {one for one in documents if not issubclass(one, msgspec.Struct)} == set()
    assert {field for one in documents for field in untyped(one)} == OF_ANY_TYPE


class _Loose(msgspec.Struct):
    held: dict[str, Any]


def test_a_document_of_anything_is_found() -> None:
    """The control."""
    assert untyped(_Loose) == {("_Loose", "held")}


def decided_in(folder: Path) -> set[str]:
    """The modules that decide who may read something."""
    asks = {"authorise", "read", "authorise_right", "record_access"}
    return {
        path.stem
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "authorise")
            or (isinstance(node.func, ast.Name) and node.func.id in asks)
        )
    }


def test_the_command_line_decides_nowhere_who_may_read_something() -> None:
    assert decided_in(top() / "scripts" / "cli") == set()


def test_a_command_that_decides_so_itself_is_found(tmp_path: Path) -> None:
    """The control."""
    (tmp_path / "hasty.py").write_text(
        'def show(run, store):\n    run.inquiry(store).authorise("task.show")\n'
    )
    assert decided_in(tmp_path) == {"hasty"}
