"""Which pieces of our code a function or type stands on, and how each is written: read from the sources, nothing is run.

A piece is what a module defines under a name. Words are left out of it: texts in both languages and what gives some, what takes a language,
what is raised, docstrings. So a sentence can be worded otherwise, and what is made of facts stays made by the same code.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from domain.errors import Bilingual
from projections.scopes import find_local_names

_ROOMS = ("trail", "domain", "store", "projections")
_DEFINED = (ast.FunctionDef, ast.Lambda, ast.ClassDef)


class Piece(NamedTuple):
    """`name`: within the module, "" for what runs whenever it is imported; `line`: where it begins, if no name finds it."""

    module: str
    name: str
    line: int = 0


def find_all_used(roots: Iterable[Piece]) -> set[Piece]:
    """These pieces and all that they use, in turn, as far as it is ours."""
    found: set[Piece] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one in found or source_of(one.module) is None:
            continue
        found.add(one)
        waiting += [Piece(one.module, ""), *_find_used(one)]
    return found


@cache
def _find_used(one: Piece) -> tuple[Piece, ...]:
    source = source_of(one.module)
    return () if source is None else tuple(source.find_used(one))


def bytes_of(one: Piece) -> bytes:
    """How a piece is written, without its words."""
    source = source_of(one.module)
    return b"" if source is None else b"\n".join(map(source.without_words, source.nodes_of(one)))


class Source:
    """A module's source, by what it defines. Where a name means an import and something else, both are meant."""

    def __init__(self, module: str, text: bytes) -> None:
        self._module, self._text = module, text
        self._begins = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
        self._defined: dict[str, list[ast.AST]] = {}
        self._imported: dict[str, list[tuple[str, str]]] = {}
        self._run: list[ast.AST] = []
        self._tree = ast.parse(text)
        self._local = find_local_names(text, self._tree)
        for statement in self._tree.body:
            self._sort(statement)
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                for one in node.names:
                    self._imported.setdefault(one.asname or one.name, []).append((node.module, one.name))

    def _sort(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                pass
            case ast.ClassDef():
                self._defined.setdefault(statement.name, []).append(statement)
            case ast.FunctionDef():
                self._defined.setdefault(statement.name, []).append(statement)
                if statement.decorator_list:  # which may put it where it is found without its name
                    self._run.append(statement)
            case ast.Assign(targets=targets):
                self._sort_targets(statement, targets)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                self._sort_targets(statement, [target])
            case _:
                self._run.append(statement)

    def _sort_targets(self, statement: ast.stmt, targets: Iterable[ast.expr]) -> None:
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    self._defined.setdefault(node.id, []).append(statement)

    def nodes_of(self, one: Piece) -> Sequence[ast.AST]:
        """What is written of it: found by its name, else by its line, else the whole module."""
        if not one.name:
            return self._run
        if one.name in self._defined or one.name in self._imported:
            return self._defined.get(one.name, [])
        begun = [
            node for node in ast.walk(self._tree) if isinstance(node, _DEFINED) and _line(node) == one.line
        ]
        return begun or [self._tree]

    def find_used(self, one: Piece) -> Iterator[Piece]:
        """What of ours it names; where a module hands on what it has imported, that."""
        if one.name not in self._defined:
            yield from self._find(one.name)
        for node in self.nodes_of(one):
            for name, attribute in _names_in(node, self._local):
                yield from self._find(name, attribute)

    def _find(self, name: str, attribute: str = "") -> Iterator[Piece]:
        if name in self._defined:
            yield Piece(self._module, name)
        for module, item in self._imported.get(name, ()):
            if module.partition(".")[0] not in _ROOMS:
                continue
            inner = f"{module}.{item}"
            yield Piece(module, item) if source_of(inner) is None else Piece(inner, attribute)

    def without_words(self, node: ast.AST) -> bytes:
        """How the node is written, the words in it left out."""
        if isinstance(node, ast.Module):
            return self._text
        at, end = self._span(node)
        kept = []
        for begins, ends in sorted(map(self._span, _words_in(node))):
            kept.append(self._text[at:begins])
            at = ends
        return b"".join((*kept, self._text[at:end]))

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.stmt | ast.expr)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first = self._begins[_line(node) - 1] + (node.col_offset if _line(node) == node.lineno else 0)
        return first, self._begins[node.end_lineno - 1] + node.end_col_offset


def _line(node: ast.AST) -> int:
    """Where it begins, its decorators among it."""
    assert isinstance(node, ast.stmt | ast.expr)
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _names_in(node: ast.AST, local: frozenset[ast.Name]) -> Iterator[tuple[str, str]]:
    """The names that are looked up in the module, each with the attribute that is asked of it, but for those in words."""
    match node:
        case ast.Attribute(value=ast.Name(id=name) as value, attr=attribute) if value not in local:
            yield name, attribute
        case ast.Name(id=name, ctx=ast.Load()) if node not in local:
            yield name, ""
    for child in ast.iter_child_nodes(node):
        if not _is_words(node, child):
            yield from _names_in(child, local)


def _words_in(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if _is_words(node, child):
            yield child
        else:
            yield from _words_in(child)


def _is_words(parent: ast.AST, node: ast.AST) -> bool:
    """What is raised is no part of a row either: it says why there is none."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.FunctionDef(args=arguments, returns=returns):
            takes_language = any(one.arg == "lang" for one in (*arguments.args, *arguments.kwonlyargs))
            return takes_language or (returns is not None and _names_words(returns))
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if name == Bilingual.__name__:
            return True
    return isinstance(parent, ast.Raise)


def _names_words(annotation: ast.expr) -> bool:
    return any(isinstance(one, ast.Name) and one.id == Bilingual.__name__ for one in ast.walk(annotation))


@cache
def source_of(module: str) -> Source | None:
    """None where there is no such module."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:
        try:
            spec = find_spec(module)
        except (ImportError, ValueError):  # a name in a module, not a module
            return None
        file = None if spec is None else spec.origin
    return None if file is None else Source(module, Path(file).read_bytes())
