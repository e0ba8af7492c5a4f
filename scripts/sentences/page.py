"""The two pages with every sentence: what screens and mails say, and what papers say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from scripts.sentences.collecting import Sentence, collect
from scripts.sentences.histories import histories
from scripts.sentences.samples import in_english, in_korean

# where 개조식 is written, each sentence ending in -함 or -음; everywhere else 하십시오체
PAPERS = ("projections/report/", "projections/sentences/")
_HEAD = ("| 한국어 | English |", "|---|---|")
_MADE = (
    "Made by `python -m scripts.pages sentences` from the code: every string of the program that holds Korean, with the "
    "English beside it and sample values in its holes (〈name〉 where there is none). What `--help` says is on "
    "[commands.md](commands.md). Words: [glossary.md](glossary.md); a test holds these pages to it, to the style of the "
    "place and to English counts."
)


def is_of_papers(one: Sentence) -> bool:
    """Not the refusals that stand beside what papers say, nor what is said of a file that is verified."""
    return one.path.startswith(PAPERS) and not one.in_class and not one.path.endswith("/verifying.py")


def screens_page() -> str:
    """Refusals, labels, screens, mails."""
    return _page("Sentences of screens and mails", (one for one in collect() if not is_of_papers(one)))


def papers_page() -> str:
    """Histories and reports."""
    told = [f"| {_cell(ko)} | {_cell(en)} |" for _, ko, en in histories()]
    page = _page("Sentences of histories and reports", (one for one in collect() if is_of_papers(one)))
    return "\n".join([page, "## Every fact, by its stored sample", "", *_HEAD, *told]) + "\n"


def _page(title: str, sentences: Iterable[Sentence]) -> str:
    lines = [f"# {title}", "", _MADE]
    for module, those in groupby(sentences, key=lambda one: one.module):
        lines += ["", f"## {module}", "", *_HEAD, *_rows(those)]
    return "\n".join(lines) + "\n"


def _rows(sentences: Iterable[Sentence]) -> Iterator[str]:
    seen = set()
    for one in sentences:
        row = f"| {_cell(in_korean(one.ko))} | {_cell(in_english(one.en))} |"
        if row not in seen:
            seen.add(row)
            yield row


def _cell(text: str) -> str:
    """In one line, with nothing that Markdown or HTML would read."""
    said = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return said.replace("[", "\\[").replace("_", "\\_").replace("*", "\\*")
