"""Names as the glossary has them: a function of the program is a verb in the present, and nothing waits to be renamed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from domain.register import REGISTER
from tests.rooms import ROOMS, TOP

# participles that end otherwise than in -ed
_WORDS = """
begun bound bought broken brought built caught chosen come drawn done felt forgotten found given
gone grown heard held hidden kept known laid led left lost made meant met outdone paid said seen
sent shown sold sought spent spoken stood struck taken taught thought told torn undone understood
withdrawn won worn wound written
"""
IRREGULAR = frozenset(_WORDS.split())
# end in -ed and are none; read, set, put and cut are verbs in the present too, and so no participles here
VERBS_IN_ED = frozenset(
    {"bleed", "breed", "embed", "exceed", "feed", "heed", "need", "proceed", "seed", "shed", "speed"}
)
EXCEPTIONS = {
    "workers/doctor/trail.py:compared": "its name is the check's, which `doctor --json` prints",
}


def functions(path: str, source: str) -> Iterator[str]:
    """The functions of a module, each as path:name."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.name}"


def is_participle(word: str) -> bool:
    return word in IRREGULAR or (word.endswith("ed") and len(word) > 3 and word not in VERBS_IN_ED)


def participles(names: Iterator[str]) -> list[str]:
    """Those that begin with a participle, or are called as a kind of fact is: `told`, `_progress_reported`."""
    facts = {kind.partition(".")[2] for kind in REGISTER.facts}
    found = []
    for one in names:
        name = one.rpartition(":")[2].strip("_")
        if is_participle(name.partition("_")[0]) or (
            name in facts and is_participle(name.rpartition("_")[2])
        ):
            found.append(one)
    return found


def all_functions() -> Iterator[str]:
    for room in ROOMS:
        for file in sorted((TOP / room).rglob("*.py")):
            yield from functions(file.relative_to(TOP).as_posix(), file.read_text(encoding="utf-8"))


def test_no_function_is_called_by_a_participle() -> None:
    assert participles(all_functions()) == sorted(EXCEPTIONS)


def test_a_participle_is_found_wherever_it_stands() -> None:
    source = "def told(): ...\ndef _approved(): ...\ndef _progress_reported(): ...\ndef _used_by(): ...\ndef describe(): ...\ndef read_sheet(): ..."
    found = participles(functions("a.py", source))
    assert found == ["a.py:told", "a.py:_approved", "a.py:_progress_reported", "a.py:_used_by"]


def test_a_module_of_the_tests_is_called_by_what_it_holds() -> None:
    assert [one.name for one in (TOP / "tests").rglob("*_of_the_tests.py")] == []


def waiting(glossary: str) -> list[str]:
    """Rows whose last column has a name in italics: what the code still calls it."""
    rows = [line for line in glossary.split("\n") if line.startswith("| ")]
    return [row for row in rows if re.search(r"(?<!\*)\*[^*|]+\*(?!\*)", row.rstrip("| ").rpartition("|")[2])]


def test_nothing_in_the_glossary_waits_to_be_renamed() -> None:
    glossary = (TOP / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert "`CommandHandler`" in glossary
    assert waiting(glossary) == []
    assert waiting("| – | command handler | takes a command | *Door* |") != [], "the control"


def test_what_the_glossary_names_in_code_is_there() -> None:
    glossary = (TOP / "docs" / "glossary.md").read_text(encoding="utf-8")
    source = "\n".join(
        file.read_text(encoding="utf-8") for room in ROOMS for file in (TOP / room).rglob("*.py")
    )
    classes = set(re.findall(r"`([A-Z]\w+)(?:\.\w+)?`", glossary))
    assert classes
    assert [one for one in sorted(classes) if not re.search(rf"\b{one}\b", source)] == []
    files = set(re.findall(r"`((?:trail|domain|store|projections|workflows|workers)/[\w/.]+)`", glossary))
    paths = [TOP / one for one in files]
    assert [path for path in paths if not path.exists() and not path.with_suffix(".py").exists()] == []
