"""A letter's template, by Jinja2 in its sandbox: of that language only values, a few filters and `if`.

What is not on the list below is refused before anything is run: no loop, no call, no attribute, no arithmetic. So a
template ends, and is no longer than its own text with each value once. The library is loaded for the first template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from domain.lifecycle.letter_values import BY_NAME, Values, ValueType
from domain.limits import legible
from domain.refusals import validation_error
from trail.particles import fill

LONGEST_TEMPLATE = 8000  # characters; of a subject a line's
LONGEST_WRITTEN = 20_000
MOST_NODES = 600
MOST_NESTED = 12  # an if in an if, brackets in brackets
# of a text: `capitalize` leaves all but its first letter as it is
FILTERS: Mapping[str, Callable[[str], str]] = {
    "capitalize": lambda text: text[:1].upper() + text[1:],
    "lower": str.lower,
    "trim": str.strip,
    "upper": str.upper,
}

_ALLOWED = frozenset(
    [
        "Template",
        "Output",
        "TemplateData",
        "Name",
        "Const",
        "Filter",
        "If",
        "CondExpr",
        "And",
        "Or",
        "Not",
        "Compare",
        "Operand",
    ]
)
_EQUAL, _ORDERED = ("eq", "ne"), ("lt", "lteq", "gt", "gteq")
_SAID = {  # what people write for it
    "For": "for",
    "Call": "( )",
    "CallBlock": "call",
    "Getattr": ".",
    "Getitem": "[ ]",
    "Assign": "set",
    "AssignBlock": "set",
    "FilterBlock": "filter",
    "FromImport": "import",
    "Concat": "~",
    "Mul": "*",
    "Pow": "**",
    "Add": "+",
    "Sub": "-",
    "Div": "/",
    "Test": "is",
    "List": "[ ]",
    "Tuple": "( , )",
    "Dict": "{ }",
}
# around each value while it is put together: no text of ours may hold them
_BEGIN, _END = "\ufdd0", "\ufdd1"
_VALUE = re.compile(f"{_BEGIN}(.*?){_END}", re.DOTALL)


class Template:
    """One that was checked. It is put together from the values alone, and cannot fail."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def write(self, values: Values) -> str:
        """The words; open particles (`{{ what }}을(를)`) are settled by the value before them, and none that stands in a value."""
        return _settle(self._made.render(**values))[:LONGEST_WRITTEN].strip()


@lru_cache(maxsize=256)
def make_template(source: str) -> Template:
    """The checked template; the same one for the same source. Raises PydanticCustomError."""
    jinja2, environment = _library()
    try:
        tree = environment.parse(source)
    except jinja2.TemplateSyntaxError as error:
        raise validation_error("letter_syntax", line=error.lineno, problem=error.message) from None
    except RecursionError:
        raise validation_error("letter_too_deep", max=MOST_NESTED) from None
    except ValueError:  # a number of thousands of digits
        raise validation_error("letter_too_much", max=MOST_NODES) from None
    for count, (node, line) in enumerate(_walk(tree)):
        if count > MOST_NODES:
            raise validation_error("letter_too_much", max=MOST_NODES)
        _check_node(node, line)
    for node in tree.find_all(jinja2.nodes.Output):
        for one in node.nodes:
            if not isinstance(one, jinja2.nodes.TemplateData) and _type_of(one).type == "bool":
                raise validation_error("letter_prints_bool", line=one.lineno)
    for node in tree.find_all((jinja2.nodes.If, jinja2.nodes.CondExpr)):
        _type_of(node.test)
    return Template(environment.from_string(source))


@cache
def _library() -> tuple[Any, Any]:
    """Jinja2, and its sandbox emptied of all but our filters."""
    import jinja2.nodes  # noqa: PLC0415 only who has letters needs it
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 as above

    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: f"{_BEGIN}{legible(str(value))}{_END}",
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = dict(FILTERS)
    return jinja2, environment


def _walk(tree: Any) -> Iterator[tuple[Any, int]]:
    """Every node with its line, without recursion. Raises where they are nested too deep."""
    todo = [(tree, 0, 1)]
    while todo:
        node, depth, above = todo.pop()
        if depth > MOST_NESTED:
            raise validation_error("letter_too_deep", max=MOST_NESTED)
        line = node.lineno or above  # an operator has none of its own
        yield node, line
        todo += [(child, depth + 1, line) for child in node.iter_child_nodes()]


def _check_node(node: Any, line: int) -> None:
    kind = type(node).__name__
    if kind not in _ALLOWED:
        _refuse(line, _SAID.get(kind, kind.lower()))
    if kind == "Const" and not isinstance(node.value, str | int):
        _refuse(line, str(node.value))
    if kind == "Name" and node.name not in BY_NAME:
        raise validation_error("letter_unknown_name", line=line, name=node.name, expected=_nearest(node.name))
    if kind == "Filter" and (node.name not in FILTERS or [*node.iter_child_nodes()] != [node.node]):
        _refuse(line, f"|{node.name}")
    if kind == "Operand" and node.op not in (*_EQUAL, *_ORDERED):
        _refuse(line, "in")


def _refuse(line: int, what: str) -> None:
    raise validation_error("letter_not_allowed", line=line, what=what, filters=", ".join(FILTERS))


def _nearest(name: str) -> str:
    """All of them, the most alike first."""
    from difflib import get_close_matches  # noqa: PLC0415 only where somebody mistyped

    return ", ".join(dict.fromkeys([*get_close_matches(name, BY_NAME, 3, 0.5), *BY_NAME]))


class _Typed(NamedTuple):
    type: ValueType
    line: int


def _type_of(node: Any) -> _Typed:
    """What an expression comes to. Raises where values of two types meet, which only the day's values would show else."""
    match type(node).__name__:
        case "Name":
            return _Typed(BY_NAME[node.name].type, node.lineno)
        case "Const":
            kind: ValueType = "text" if isinstance(node.value, str) else "int"
            return _Typed("bool" if isinstance(node.value, bool) else kind, node.lineno)
        case "Filter":
            return _same("text", _type_of(node.node))
        case "Not":
            _type_of(node.node)
            return _Typed("bool", node.lineno)
        case "And" | "Or":
            return _same(_type_of(node.left).type, _type_of(node.right))
        case "CondExpr":
            if node.expr2 is None:
                _refuse(node.lineno, "… if … (else)")
            return _same(_type_of(node.expr1).type, _type_of(node.expr2))
        case _:  # a comparison
            first = _type_of(node.expr)
            for one in node.ops:
                _same("int" if one.op in _ORDERED else first.type, _type_of(one.expr))
                _same(first.type, _type_of(one.expr))
            return _Typed("bool", node.lineno)


def _same(kind: ValueType, other: _Typed) -> _Typed:
    if other.type != kind:
        raise validation_error("letter_types", line=other.line, one=kind, other=other.type)
    return other


def _settle(marked: str) -> str:
    """With the values in their places, and the template's own particles settled."""
    words, values = "", list[str]()
    for number, piece in enumerate(_VALUE.split(marked)):
        if number % 2:
            words += f"{{{len(values)}}}"
            values.append(piece)
        else:
            words += piece.replace("{", "{{").replace("}", "}}")
    return fill(words, *values)
