"""Every sentence of the program stands on a page, uses the glossary's words, and is written as its place asks."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import workers.bootstrap  # noqa: F401 so that all refusals are loaded
from domain.errors import DonghaengError
from scripts.sentences.collecting import (
    HANGUL,
    NOT_SAID,
    ROOMS,
    TOP,
    Sentence,
    collect,
    is_helping,
    is_not_said,
    sentences_of,
)
from scripts.sentences.judging import judge
from scripts.sentences.page import papers_page, screens_page
from scripts.sentences.samples import in_english, in_korean
from scripts.sentences.words import load_refused, read_refused
from tests.scripts.test_usage import helps

SENTENCES = list(collect())


def helping_lines(source: str) -> set[int]:
    """The lines of docstrings, of `--help` and of patterns, by the tree."""
    found: set[int] = set()

    def walk(node: ast.AST, way: tuple[ast.AST, ...]) -> None:
        if is_helping(node, way):
            found.update(range(node.lineno, (node.end_lineno or 0) + 1))  # type: ignore[attr-defined]
            return
        for child in ast.iter_child_nodes(node):
            walk(child, (*way, node))

    walk(ast.parse(source), ())
    return found


def lines_that_say(source: str) -> Iterator[int]:
    """The lines of strings with Korean, by the tokens: the count that shares nothing with the collector but what help is."""
    helping = helping_lines(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING and HANGUL.search(token.string) and token.start[0] not in helping:
            yield token.start[0]


def missing(name: str, source: str, found: list[Sentence]) -> list[str]:
    lines = {line for one in found for line in range(one.lines[0], one.lines[1] + 1)}
    return [f"{name}:{line}" for line in lines_that_say(source) if line not in lines]


def files() -> Iterator[tuple[str, Path]]:
    for room in ROOMS:
        for path in sorted((TOP / room).rglob("*.py")):
            yield path.relative_to(TOP).as_posix(), path


def test_no_sentence_is_missing() -> None:
    left_out = []
    for name, path in files():
        if not is_not_said(name):
            source = path.read_text(encoding="utf-8")
            left_out += missing(name, source, sentences_of(name, source))
    assert left_out == []
    assert len(SENTENCES) > 2000


def test_a_missing_sentence_would_be_noticed() -> None:
    source = (
        'def tell(lang):\n    """말하지 않음."""\n    return "안녕하십니까." if lang == "ko" else "Hello."\n'
    )
    (one,) = sentences_of("domain/x.py", source)
    assert (one.ko, one.en) == ("안녕하십니까.", "Hello.")
    assert missing("domain/x.py", source, []) == ["domain/x.py:3"]


def test_what_is_left_out_is_there() -> None:
    names = [name for name, _ in files()]
    assert [one for one in NOT_SAID if not any(n == one or n.startswith(f"{one}/") for n in names)] == []


def refusals(of: type[DonghaengError] = DonghaengError) -> Iterator[type[DonghaengError]]:
    for one in of.__subclasses__():
        if one.__module__.split(".")[0] in ROOMS:
            yield one
        yield from refusals(one)


def test_every_refusal_stands_on_a_page_in_both_languages() -> None:
    told = {(one.ko, one.en) for one in SENTENCES}
    said = [one for one in refusals() if "ko" in vars(one)]
    assert [one.__name__ for one in said if (one.ko, one.en) not in told and not is_trial(one)] == []
    assert len(said) > 200


def is_trial(refusal: type[DonghaengError]) -> bool:
    return is_not_said(refusal.__module__.replace(".", "/") + ".py")


@pytest.mark.parametrize(
    ("source", "ko", "en"),
    [
        ('words("한 건", "one")', "한 건", "one"),
        ('x = Bilingual(ko="가", en="a")', "가", "a"),
        ('class A:\n    ko = "가"\n    en = "a"', "가", "a"),
        ('x = "가" if ko else "a"', "가", "a"),
        (
            'x = Bilingual(f"{a.name}을(를)" if b else "", f"{a.name} it" if b else "")',
            "{name}을(를)",
            "{name} it",
        ),
        ('x = {"ko": "가", "en": "a"}', "가", "a"),
        ('x = say(f"‘{t}’{particle(t, \'을(를)\')} 봄", f"saw {t}")', "‘{t}’을(를) 봄", "saw {t}"),
    ],
)
def test_the_english_is_found_where_it_stands(source: str, ko: str, en: str) -> None:
    assert (ko, en) in {(one.ko, one.en) for one in sentences_of("x.py", source)}


def test_holes_are_filled_and_particles_and_counts_settled() -> None:
    assert in_korean("과제 {task}을(를) {count}건") == "과제 2024-07을 42건"
    assert in_english("{count} fact(s) is(are) of {many task}") == "42 facts are of 3 tasks"
    assert "2024-07" in screens_page()
    assert "제안하였음" in papers_page()


def test_every_sentence_is_as_the_glossary_and_the_rules_have_it() -> None:
    found = [(f"{one.path}:{one.lines[0]}", one.ko, faults) for one in SENTENCES if (faults := judge(one))]
    assert found == []


@pytest.mark.parametrize(
    ("path", "ko", "en", "fault"),
    [
        ("domain/x.py", "협력기관이 없습니다.", "", "협력기관 → 협업기관"),
        ("domain/x.py", "2024-Q1", "", "2024년 1분기"),
        ("domain/x.py", "지표를 봅니다.", "", "성과지표"),
        ("domain/x.py", "과제를 끝냈음.", "", "-니다"),
        ("domain/x.py", "과제를 끝낸다.", "", "plain form"),
        ("projections/report/x.py", "과제를 종료하였습니다.", "", "-함 or -음"),
        ("domain/x.py", "할수 있습니다.", "", "수 stands by itself"),
        ("domain/x.py", "두  칸입니다.", "", "two spaces"),
        ("domain/x.py", "{n} 건입니다.", "", "a unit joins"),
        ("domain/x.py", "{n}건", "{n} tasks", "wrong for 1"),
        ("domain/x.py", "{n}건", "{n} 건", "holds Korean"),
    ],
)
def test_what_is_wrong_would_be_noticed(path: str, ko: str, en: str, fault: str) -> None:
    assert any(fault in one for one in judge(Sentence(path, (1, 1), ko, en)))


def test_the_table_of_words_is_read() -> None:
    table = "| word | not | why |\n|---|---|---|\n| 합계 | 모두, /^총(?=계)/ | so |\n\nmore"
    assert list(read_refused(table)) == ["모두 → 합계", "/^총(?=계)/ → 합계"]
    assert len(load_refused()) > 50


def test_what_help_says_uses_the_same_words() -> None:
    found = [
        (where, text.ko, faults)
        for where, text in helps()
        if (faults := judge(Sentence("scripts/cli/x.py", (1, 1), text.ko, "")))
    ]
    assert found == []
