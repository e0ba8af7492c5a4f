"""What the pages say is there: links lead somewhere, and the commands that they print exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from scripts.cli.contents import YearFirst
from scripts.cli.main import app

TOP = Path(__file__).parents[1]
PAGES = [
    *(TOP / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((TOP / "docs").rglob("*.md")),
]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def names(page: Path) -> str:
    return str(page.relative_to(TOP))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    said = (
        re.sub(r"[^\w\- ]", "", one.lower()) for one in _HEADING.findall(page.read_text(encoding="utf-8"))
    )
    return {one.strip().replace(" ", "-") for one in said}


def dead(page: Path) -> list[str]:
    """The links of a page that lead nowhere on this disk."""
    found = []
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead(page) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](page.md) [d](gone.md)", encoding="utf-8")
    assert dead(page) == ["#two", "gone.md"]


def printed(text: str) -> Iterator[list[str]]:
    """The commands in a page's blocks, as words after the program."""
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        typed = re.fullmatch(r" {4}(?:[$#] )?(?:sudo [^ ]+ )?(?:\.venv/bin/)?donghaeng (.+)", line)
        if typed is not None:
            yield shlex.split(
                typed[1].partition("   #")[0].partition(" | ")[0].partition(" > ")[0], comments=True
            )


def unknown(words: list[str]) -> str | None:
    """The first word that the command line does not know; None where it knows all."""
    command: Any = get_command(app)
    while words and getattr(command, "commands", None):
        if isinstance(command, YearFirst) and words[0] not in command.commands:
            words.insert(0, "make")
        if words[0] not in command.commands:
            break
        command = command.commands[words.pop(0)]
    if getattr(command, "commands", None) and not command.invoke_without_command:
        return words[0] if words else "nothing"
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return next((one for one in words if one.startswith("--") and one.partition("=")[0] not in known), None)


@pytest.mark.parametrize("page", [one for one in PAGES if one.name != "commands.md"], ids=names)
def test_every_printed_command_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [(words, wrong) for words in printed(text) if (wrong := unknown(list(words))) is not None] == []


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("task fly 2024-06", "fly"),
        ("task show 2024-06 --wings", "--wings"),
        ("task show 2024-06 --json", None),
    ],
)
def test_a_command_that_is_none_is_found(typed: str, wrong: str | None) -> None:
    (words,) = printed(f"    donghaeng {typed}")
    assert unknown(words) == wrong


def test_pages_print_commands() -> None:
    """Or the above would hold of nothing."""
    assert sum(len(list(printed(page.read_text(encoding="utf-8")))) for page in PAGES) > 40
