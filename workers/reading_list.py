"""Every reading there is, from the code: the functions in `workflows/queries` and `workers/queries` that are asked by an inquiry."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

import workers.queries
import workflows.queries


class Reading(NamedTuple):
    """One of them. `document`: what it gives."""

    module: ModuleType
    query: Callable[..., Any]
    name: str
    meaning: str
    asked: str
    document: type[msgspec.Struct]


def queries() -> Iterator[Callable[..., Any]]:
    """Every public function there that is asked by an inquiry, by module in the order in which they stand there."""
    for package in (workflows.queries, workers.queries):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                first = next(iter(inspect.signature(function).parameters), None)
                if function.__module__ == module.__name__ and first == "inquiry" and not name.startswith("_"):
                    yield function


def readings() -> Iterator[Reading]:
    """Those that give a document, and do not only ask or make a command."""
    for query in queries():
        module = importlib.import_module(query.__module__)
        document = _document_of(module, query)
        if document is not None:
            meaning = " ".join((inspect.getdoc(query) or "").split())
            yield Reading(
                module,
                query,
                query.__name__,
                meaning,
                ", ".join(list(inspect.signature(query).parameters)[1:]),
                document,
            )


def _document_of(module: ModuleType, function: Any) -> type[msgspec.Struct] | None:
    """None where it gives none."""
    known = vars(module) | load_annotations(module)
    found = eval(function.__annotations__["return"], known)  # noqa: S307 - our own annotations
    return found if isinstance(found, type) and issubclass(found, msgspec.Struct) else None


def load_annotations(module: ModuleType) -> dict[str, Any]:
    """What the module imports for its annotations alone, so that it starts fast."""
    late: dict[str, Any] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for one in node.body:
                assert isinstance(one, ast.ImportFrom), ast.unparse(one)
                source = importlib.import_module(str(one.module))
                late |= {name.asname or name.name: getattr(source, name.name) for name in one.names}
    return late
