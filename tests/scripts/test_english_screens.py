"""In English, screens and sheets have no Hangul but what is stored: names, titles, texts, units."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from store.log import Store
from tests.scripts.conftest import Cli
from tests.scripts.test_documents import FOR_INSPECTORS, PRINTED, REASON, city

__all__ = ["city"]

WORDS = re.compile(r"[ㄱ-ㆎ가-힣]+")
TYPED = set(WORDS.findall(" ".join(REASON))) | {"가나다"}  # a reason, and the name of somebody in the vault
# a message of the first form, which is in both languages for ever
BOTH = {"show_notice"}


def stored_words(store: Store) -> set[str]:
    """Every word of Hangul in the facts and texts, each as it stands there."""
    with store.connection() as connection:
        facts: Any = connection.execute("SELECT convert_from(state, 'UTF8') FROM donghaeng.facts").fetchall()
        texts: Any = connection.execute("SELECT body FROM donghaeng.texts").fetchall()
    said = " ".join(str(value) for row in (*facts, *texts) for value in row)
    return {
        word
        for text in (said, said.encode().decode("unicode_escape", "ignore"))
        for word in WORDS.findall(text)
    }


def strange_in(told: str, known: set[str]) -> set[str]:
    return set(WORDS.findall(told)) - known - TYPED


def test_no_reading_says_hangul_that_nobody_stored(cli: Cli, city: dict[str, str], store: Store) -> None:
    found = {}
    for reading, line in PRINTED.items():
        if reading in BOTH:
            continue
        actor = "inspector" if reading in FOR_INSPECTORS else "planner"
        words = [one.format_map(city) for one in line.split()]
        said = cli(*words, "--as", actor, *REASON, "--lang", "en").stdout
        known = stored_words(store) | set(WORDS.findall(" ".join(words)))
        if strange := strange_in(said, known):
            found[reading] = strange
    assert found == {}


def test_the_heads_of_english_sheets_are_english(cli: Cli, city: dict[str, str], store: Store) -> None:
    out = Path(city["out"])
    for form in ("csv", "xlsx"):
        file = out / f"sheet.{form}"
        words = (
            "trail",
            "export",
            "--out",
            str(file),
            "--format",
            form,
            "--as",
            "inspector",
            *REASON,
            "--lang",
            "en",
        )
        done = cli(*words)
        assert done.exit_code == 0, done.output
        said = file.read_text("utf-8-sig") if form == "csv" else _cells(file)
        assert strange_in(said, stored_words(store)) == set(), form
    supposed = out / "supposed.csv"
    words = ("what-if", "--years", "2024", "--scoring", str(out / "grades.toml"), "--csv", str(supposed))
    done = cli(*words, "--as", "planner", *REASON, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert strange_in(supposed.read_text("utf-8-sig"), stored_words(store)) == set()


def _cells(file: Path) -> str:
    book = load_workbook(file)
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    return " ".join([*book.sheetnames, *cells])


def test_the_control_korean_screens_have_words_that_nobody_stored(
    cli: Cli, city: dict[str, str], store: Store
) -> None:
    said = cli("task", "list", "--as", "planner", "--lang", "ko").stdout
    assert strange_in(said, stored_words(store))
