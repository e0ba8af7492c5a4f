"""What the program says in Korean, with its English, found in the code by itself: whatever string holds Hangul is a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parents[2]
ROOMS = ("domain", "projections", "scripts", "store", "trail", "workers", "workflows")
HANGUL = re.compile("[가-힣]")
# strings that the program reads, compares or fills its trials with, and nobody is told
NOT_SAID = {
    "scripts/benchmarks/data.py": "texts of a made-up history",
    "scripts/benchmarks/dbos_peer.py": "texts of a made-up history",
    "scripts/benchmarks/folded.py": "texts of a made-up history",
    "scripts/benchmarks/growing.py": "texts of a made-up history",
    "scripts/benchmarks/history.py": "texts of a made-up history",
    "scripts/benchmarks/living.py": "texts of a made-up history",
    "scripts/benchmarks/many.py": "texts of a made-up history",
    "scripts/benchmarks/peer.py": "texts of a made-up history",
    "scripts/benchmarks/reminding.py": "texts of a made-up history",
    "scripts/benchmarks/requiring.py": "a definition of its own",
    "scripts/benchmarks/timely.py": "texts of a made-up history",
    "scripts/benchmarks/trailing.py": "words that are searched for",
    "scripts/benchmarks/writing.py": "texts of a made-up history",
    "scripts/random_lives": "texts of random lives",
    "scripts/random_storms": "texts of the storms",
    "scripts/sentences": "the collector's own",
    "scripts/programme_pages.py": "the template's examples",
    "trail/particles.py": "the particles themselves",
    "workflows/importing/cell_meanings.py": "what cells of other people's sheets hold",
    "workflows/importing/folding.py": "parts of agencies' names in other people's sheets",
}
_HELP = ("help", "short_help", "metavar")  # docs/commands.md has these
_ENTRIES = ("CommandEntry",)
_READ = ("re.compile", "compile")
_WORDING = (
    "say",
    "isoformat",
    "join",
    "format",
    "strip",
)  # methods that make words of what they are called on


class Sentence(NamedTuple):
    """`ko`, `en`: with holes as `{name}`; `en` is empty where the code has none beside it. `lines`: first and last.

    `in_class`: it is what a class says, as refusals do.
    """

    path: str
    lines: tuple[int, int]
    ko: str
    en: str
    in_class: bool = False

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")


def collect() -> Iterator[Sentence]:
    """Every sentence of the program, by file and line."""
    for room in ROOMS:
        for path in sorted((TOP / room).rglob("*.py")):
            name = path.relative_to(TOP).as_posix()
            if not is_not_said(name):
                yield from sentences_of(name, path.read_text(encoding="utf-8"))


def is_not_said(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}/") for one in NOT_SAID)


def sentences_of(name: str, source: str) -> list[Sentence]:
    """Those of one file."""
    tree = ast.parse(source)
    walk = _Walk(name, source)
    walk.visit(tree)
    return sorted(walk.found, key=lambda one: one.lines)


class _Walk:
    """Goes down the tree with the way to each node, so that the English beside a Korean string is found."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.source = source
        self.found: list[Sentence] = []

    def visit(self, node: ast.AST, way: tuple[ast.AST, ...] = ()) -> None:
        if is_helping(node, way):
            return
        if isinstance(node, ast.Constant | ast.JoinedStr):
            self._take(node, way)
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
                continue
            self.visit(child, (*way, node))

    def _take(self, node: ast.Constant | ast.JoinedStr, way: tuple[ast.AST, ...]) -> None:
        text = template_of(node)
        if text is None or not HANGUL.search(text):
            return
        lines = (node.lineno, node.end_lineno or node.lineno)
        if _is_table(text):
            for row in filter(None, text.split("\n")):
                ko, en = row.split("|")[1:]
                self.found.append(Sentence(self.name, lines, ko, en))
            return
        in_class = any(isinstance(one, ast.ClassDef) for one in way) and not any(
            isinstance(one, ast.FunctionDef) for one in way
        )
        self.found.append(Sentence(self.name, lines, text, _english(node, way), in_class))


def _is_table(text: str) -> bool:
    rows = [one for one in text.split("\n") if one]
    return len(rows) > 1 and all(one.count("|") == 2 for one in rows)


def is_helping(node: ast.AST, way: Sequence[ast.AST]) -> bool:
    """Docstrings, which `--help` prints or nobody, and the words of `--help`; patterns, by which the program reads."""
    if isinstance(node, ast.keyword):
        return node.arg in _HELP
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in _ENTRIES or ast.unparse(node.func) in _READ
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and bool(way)


def template_of(node: ast.AST) -> str | None:
    """The string with its holes; None for what is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    return "".join(
        str(one.value) if isinstance(one, ast.Constant) else _hole(one.value)
        for one in node.values
        if isinstance(one, ast.Constant | ast.FormattedValue)
    )


def _hole(value: ast.expr) -> str:
    """A particle that is settled by what stands before it, the first of words that are chosen from, or a name in braces."""
    for one in ast.walk(value):
        if isinstance(one, ast.Call) and ast.unparse(one.func).endswith("particle"):
            return str(ast.literal_eval(one.args[-1]))
    said = _first_said(value)
    return said if said is not None else "{" + _name_of(value) + "}"


def _first_said(value: ast.expr) -> str | None:
    if isinstance(value, ast.IfExp):
        return template_of(value.body)
    if isinstance(value, ast.BinOp | ast.BoolOp):
        parts = (value.left, value.right) if isinstance(value, ast.BinOp) else value.values
        return next((said for part in parts if (said := template_of(part)) is not None), None)
    return template_of(value)


def _name_of(value: ast.expr) -> str:
    """By what a hole is known: `many(count, "fact")` shows itself, else the last word that names it."""
    match value:
        case ast.Call():
            return _name_of_call(value)
        case ast.Attribute():
            return _name_of(value.value) if value.attr in ("ko", "en") else value.attr
        case ast.Subscript():
            return _name_of(value.value)
        case ast.Name():
            return value.id
    return "value"


def _name_of_call(call: ast.Call) -> str:
    if ast.unparse(call.func).endswith("many"):
        said = [str(one.value) for one in call.args[1:] if isinstance(one, ast.Constant)]
        return "many " + "/".join(said)
    if isinstance(call.func, ast.Attribute) and call.func.attr in _WORDING:
        return _name_of(call.func.value)
    inner = [one for one in call.args if isinstance(one, ast.Attribute | ast.Name | ast.Call)]
    return _name_of(inner[0] if inner else call.func)


def _english(node: ast.AST, way: Sequence[ast.AST]) -> str:
    """What stands beside it in the same call, pair, choice or class and holds no Hangul."""
    steps: list[tuple[str, int | None]] = []
    child = node
    for parent in reversed(way):
        step = _step(parent, child)
        for beside in _beside(parent, child):
            said = _descend(beside, list(reversed(steps)))
            if said and not HANGUL.search(said):
                return said
        if isinstance(parent, ast.ClassDef | ast.FunctionDef | ast.Module):
            return ""
        steps.append(step)
        child = parent
    return ""


def _step(parent: ast.AST, child: ast.AST) -> tuple[str, int | None]:
    for name, value in ast.iter_fields(parent):
        if value is child:
            return name, None
        if isinstance(value, list) and child in value:
            return name, value.index(child)
    raise AssertionError(ast.dump(parent))


def _beside(parent: ast.AST, child: ast.AST) -> Iterator[ast.AST]:
    """Where the English may stand: after it, else before it."""
    if isinstance(parent, ast.Call | ast.Tuple | ast.List):
        row: list[ast.AST] = [*(parent.args if isinstance(parent, ast.Call) else parent.elts)]
        if child in row:
            at = row.index(child)
            yield from (*row[at + 1 : at + 2], *row[max(at - 1, 0) : at])
        elif isinstance(parent, ast.Call) and isinstance(child, ast.keyword):
            yield from (
                one.value
                for one in parent.keywords
                if one.arg == (child.arg or "").replace("ko", "en") != child.arg
            )
    elif isinstance(parent, ast.IfExp):
        yield parent.orelse if child is parent.body else parent.body
    elif isinstance(parent, ast.Dict):
        pairs = dict(zip(map(_key, parent.keys), parent.values, strict=True))
        if child in parent.values and "en" in pairs:
            yield pairs["en"]
    elif isinstance(parent, ast.ClassDef) and isinstance(child, ast.Assign):
        name = ast.unparse(child.targets[0])
        wanted = re.sub(r"(^|_)ko($|_)", r"\1en\2", name)
        yield from (
            one.value
            for one in parent.body
            if isinstance(one, ast.Assign) and wanted != name and ast.unparse(one.targets[0]) == wanted
        )
    elif isinstance(parent, ast.If) and child in parent.body:
        yield from _after(parent)


def _after(parent: ast.If) -> Iterator[ast.AST]:
    yield from parent.orelse[:1]


def _key(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _descend(node: ast.AST, steps: list[tuple[str, int | None]]) -> str | None:
    """The string at the same way below another node."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return template_of(node)
    for name, at in steps:
        if isinstance(node, ast.Constant | ast.JoinedStr):
            break
        value = getattr(node, name, None)
        if at is not None:
            value = value[at] if isinstance(value, list) and at < len(value) else None
        if not isinstance(value, ast.AST):
            break
        node = value
    if isinstance(node, ast.IfExp):
        node = node.body
    return template_of(node)
