"""What folded a view is named by a hash: it changes with the fold, and not with the words."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import msgspec
import pytest

from projections import code_pieces
from projections.code_pieces import Piece, Source, bytes_of, find_all_used, source_of
from projections.fold_code import begin, code_of, parts_of
from projections.fresh import fold
from projections.view import View
from projections.views import VIEWS
from store.log import Store
from tests.projections.timed_logs import of_every_kind, put

TOP = Path(__file__).parents[2]
_ROOMS = ("trail", "domain", "store", "projections")
_HASHES = (
    "import json; from projections.fold_code import code_of; from projections.views import VIEWS; "
    "print(json.dumps({name: code_of(view) for name, view in VIEWS.items()}))"
)
EVERY_VIEW = pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))
Edit = Callable[[Path], None]


def hashes(tree: Path, edit: Edit = lambda _: None) -> Mapping[str, str]:
    """What this program would say of each view, with its sources changed."""
    for room in _ROOMS:
        shutil.copytree(TOP / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    edit(tree)
    done = subprocess.run([sys.executable, "-c", _HASHES], cwd=tree, capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=dict[str, str])


def every_sentence(tree: Path) -> None:
    """Every refusal, label and docstring below the views is worded otherwise."""
    changed = 0
    for path in (tree / "domain").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        other = re.sub(r'^( +(?:ko|en) = ")', r"\1다시: ", source, flags=re.MULTILINE)
        other = re.sub(r'(Worded\(\s*")', r"\1다시: ", other)
        other = re.sub(r'^(\s*"""\w)', r"\1. Said otherwise: ", other, flags=re.MULTILINE)
        changed += other != source
        path.write_text(other, encoding="utf-8")
    assert changed > 50


def every_query(tree: Path) -> None:
    """What is asked of the rows comes in another order."""
    changed = 0
    for path in (tree / "projections").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        other = source.replace("ORDER BY", "ORDER BY 1 DESC,")
        changed += other != source
        path.write_text(other, encoding="utf-8")
    assert changed > 4


def a_fold(tree: Path) -> None:
    path = tree / "domain" / "task" / "state.py"
    source = path.read_text(encoding="utf-8")
    other = source.replace("hold=fact.basis", "hold=fact.basis.strip()")
    assert other != source
    path.write_text(other, encoding="utf-8")


def a_field(tree: Path) -> None:
    path = tree / "domain" / "notice" / "facts.py"
    source = path.read_text(encoding="utf-8")
    other = source.replace("stands_in_for: str | None", "stands_in_for: str | None | int")
    assert other != source
    path.write_text(other, encoding="utf-8")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return hashes(tmp_path_factory.mktemp("unchanged"))


def test_the_hash_is_the_same_wherever_the_program_lies(unchanged: Mapping[str, str]) -> None:
    assert unchanged == {name: code_of(view) for name, view in VIEWS.items()}
    assert len(set(unchanged.values())) == len(VIEWS)


@pytest.mark.parametrize("edit", [every_sentence, every_query])
def test_whatever_is_worded_or_asked_otherwise_no_view_was_folded_by_another_code(
    unchanged: Mapping[str, str], tmp_path: Path, edit: Edit
) -> None:
    assert hashes(tmp_path, edit) == unchanged


@pytest.mark.parametrize(
    ("edit", "views"),
    [
        (a_fold, {"task_board", "agency_inbox", "city_inbox", "deadlines", "trail_entries"}),
        (a_field, {"deadlines", "links", "notices", "trail_entries"}),
    ],
)
def test_a_fold_that_is_another_is_another_code_of_those_who_fold_with_it(
    unchanged: Mapping[str, str], tmp_path: Path, edit: Edit, views: set[str]
) -> None:
    changed = hashes(tmp_path, edit)
    assert {name for name in VIEWS if changed[name] != unchanged[name]} == views


@EVERY_VIEW
def test_no_word_of_korean_is_part_of_a_fold(view: View) -> None:
    said = {one: bytes_of(one).decode() for one in find_all_used(begin(parts_of(view), view.kinds))}
    assert {one for one, text in said.items() if re.search("[가-힣]", text)} == set()
    assert len(said) > 10


_OWN_NAMES = """
def total(): ...
def count(): ...
def label(): ...
class Stage: ...

def variable(row):
    total = row.sum
    return total

def parameter(count=label):
    return count

def comprehension(rows):
    return [total for total in rows if total] + [label for _ in rows]

def captured(fact):
    match fact:
        case {"total": total}:
            return total

def caught():
    try:
        return count()
    except ValueError as label:
        return label

def nested(rows):
    def inner():
        count = len(rows)
        return total(count)
    return inner, count

def called_as_a_thing(rows):
    def label(): ...
    return label()

def within(total):
    return lambda row: [total for _ in row]

def imported_here():
    from domain.values import month_label as own_label
    return own_label()

def annotated(row: Stage) -> None:
    Stage = row

class Row:
    Stage: Stage
    total: int = 0
    def count(self, label):
        return total(label), count
"""


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("variable", set()),
        ("parameter", {"label"}),
        ("comprehension", {"label"}),
        ("captured", set()),
        ("caught", {"count"}),
        ("nested", {"total", "count"}),
        ("called_as_a_thing", set()),
        ("within", set()),
        ("imported_here", {"month_label"}),
        ("annotated", {"Stage"}),
        ("Row", {"Stage", "total", "count"}),
    ],
)
def test_what_a_piece_uses_is_found_by_scope(name: str, used: set[str]) -> None:
    source = Source("made", _OWN_NAMES.encode())
    assert {one.name for one in source.find_used(Piece("made", name))} - {"len", "int"} == used


def test_the_control_without_scopes_a_variable_draws_in_what_is_called_like_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(code_pieces, "find_local_names", lambda *_: frozenset())
    source = Source("made", _OWN_NAMES.encode())
    assert {one.name for one in source.find_used(Piece("made", "variable"))} == {"total"}
    assert {one.name for one in source.find_used(Piece("made", "captured"))} == {"total"}


def outside(called: Iterable[CodeType], pieces: Iterable[Piece]) -> set[str]:
    """Functions that were called and that are in none of the pieces."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in pieces:
        source = source_of(one.module)
        assert source is not None
        nodes: list[Any] = [node for node in source.nodes_of(one) if hasattr(node, "lineno")]
        begin_end = [
            (min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]), node.end_lineno)
            for node in nodes
        ]
        spans.setdefault(str(sys.modules[one.module].__file__), []).extend(begin_end)
    return {
        f"{code.co_filename}:{code.co_firstlineno} {code.co_qualname}"
        for code in called
        if not any(first <= code.co_firstlineno <= last for first, last in spans.get(code.co_filename, ()))
    }


def calls_of(work: Callable[[], object]) -> set[CodeType]:
    """The functions of ours that are called in it."""
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(tuple(str(TOP / room) for room in _ROOMS)):
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return called


@EVERY_VIEW
def test_whatever_runs_while_facts_are_folded_is_part_of_the_hash(store: Store, view: View) -> None:
    put(store, of_every_kind())
    facts = store.after(0, 10_000)
    called = {
        one for one in calls_of(lambda: fold(view, facts)) if one.co_filename != fold.__code__.co_filename
    }
    pieces = find_all_used(begin(parts_of(view), view.kinds))
    assert outside(called, pieces) == set()
    if view.name == "task_board":
        named = [one for one in pieces if one.name]
        assert any("_proposed" in one for one in outside(called, named)), "the control: found by no name"
