"""Which names in a module's source mean something of a function's own: its variables, parameters, nested functions."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from symtable import SymbolTable

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_NAMES = {
    ast.Lambda: "lambda",
    ast.ListComp: "listcomp",
    ast.SetComp: "setcomp",
    ast.DictComp: "dictcomp",
    ast.GeneratorExp: "genexpr",
}


def find_local_names(text: bytes, tree: ast.Module) -> frozenset[ast.Name]:
    """The names in the tree that never mean what the module defines or imports under them.

    What a class defines does not count: its body falls back on the module's name, and a field is often called as its type.
    Nor does what a function imports: the import tells what it means.
    """
    module = symtable.symtable(text.decode(), "", "exec")
    return frozenset(node for node, scopes in _Walk(module).names_in(tree) if _is_local(node.id, scopes))


def _is_local(name: str, scopes: tuple[SymbolTable, ...]) -> bool:
    for inner, scope in enumerate(reversed(scopes)):
        if scope.get_type() == "class":
            if inner == 0 and name in scope.get_identifiers():
                return False
            continue  # what a class defines is not seen by its functions
        # an annotation's names stand in no table of its own scope: they are looked for further out
        if name not in scope.get_identifiers():
            continue
        symbol = scope.lookup(name)
        if not symbol.is_free():
            return symbol.is_local() and not symbol.is_imported()
    return False


class _Walk:
    """Goes through a tree in the order in which the tables of its scopes were made."""

    def __init__(self, module: SymbolTable) -> None:
        self._module = module
        self._waiting: dict[int, list[SymbolTable]] = {}  # by the id of the table around them

    def names_in(self, tree: ast.Module) -> Iterator[tuple[ast.Name, tuple[SymbolTable, ...]]]:
        """Each name that is looked up, with the scopes in which it stands below the module, outermost first."""
        yield from self._inside(tree, ())

    def _inside(
        self, node: ast.AST, scopes: tuple[SymbolTable, ...]
    ) -> Iterator[tuple[ast.Name, tuple[SymbolTable, ...]]]:
        if isinstance(node, ast.Name):
            yield node, scopes
        outer, inner = _parts(node)
        for one in outer:
            yield from self._inside(one, scopes)
        if inner:
            scopes = (*scopes, self._table_of(node, scopes))
        for one in inner:
            yield from self._inside(one, scopes)

    def _table_of(self, node: ast.AST, scopes: tuple[SymbolTable, ...]) -> SymbolTable:
        """Two of one kind in one line come in the order in which they stand there."""
        around = scopes[-1] if scopes else self._module
        waiting = self._waiting.setdefault(around.get_id(), list(around.get_children()))
        name = getattr(node, "name", None) or _NAMES[type(node)]
        for one in waiting:
            if (one.get_name().strip("<>"), one.get_lineno()) == (name, node.lineno):  # type: ignore[attr-defined]
                waiting.remove(one)
                return one
        raise LookupError(f"no scope for {ast.unparse(node)[:80]}")


def _parts(node: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
    """What of a node is looked up around it, and what in a scope of its own."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            asked = node.args
            annotations = [one.annotation for one in _parameters(asked) if one.annotation]
            around = [*_defaults(asked), *annotations, *([node.returns] if node.returns else [])]
            return [*around, *node.decorator_list], list(node.body)
        case ast.Lambda():
            return list(_defaults(node.args)), [node.body]
        case ast.ClassDef():
            return [*node.bases, *node.keywords, *node.decorator_list], list(node.body)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            return [node.generators[0].iter], list(_rest_of(node))
    return list(ast.iter_child_nodes(node)), []


def _parameters(asked: ast.arguments) -> Iterator[ast.arg]:
    yield from (*asked.posonlyargs, *asked.args, *asked.kwonlyargs)
    yield from (one for one in (asked.vararg, asked.kwarg) if one is not None)


def _defaults(asked: ast.arguments) -> Iterator[ast.expr]:
    yield from asked.defaults
    yield from (one for one in asked.kw_defaults if one is not None)


def _rest_of(node: _Comprehension) -> Iterator[ast.AST]:
    """All but the first iterable, as the compiler goes through it."""
    first, *others = node.generators
    yield from (first.target, *first.ifs, *others)
    yield from ((node.value, node.key) if isinstance(node, ast.DictComp) else (node.elt,))
