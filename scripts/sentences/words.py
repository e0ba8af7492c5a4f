"""The words that sentences do not use, from the table in `docs/glossary.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from scripts.sentences.collecting import TOP

_HEAD = "| word | not | why |"


@cache
def load_refused() -> Mapping[str, re.Pattern[str]]:
    """Each word or pattern that is refused, with the word to be used."""
    return read_refused((TOP / "docs" / "glossary.md").read_text(encoding="utf-8"))


def read_refused(glossary: str) -> Mapping[str, re.Pattern[str]]:
    table = glossary.partition(_HEAD)[2].strip("\n").split("\n")[1:]
    found: dict[str, re.Pattern[str]] = {}
    for line in table:
        if not line.startswith("| "):
            break
        wanted, refused = (one.strip() for one in re.split(r" \| ", line.removeprefix("| "))[:2])
        for one in _separate(refused):
            found[f"{one} → {wanted}"] = re.compile(
                one.strip("/") if one.startswith("/") else re.escape(one), re.MULTILINE
            )
    return found


def _separate(refused: str) -> Iterator[str]:
    """Words by commas; a pattern between strokes keeps its own."""
    yield from (one.strip() for one in re.findall(r"/.*?/(?=,|$)|[^,/]+(?=,|$)", refused) if one.strip())
