"""Everything that is wrong with a sentence, by the glossary and the rules."""

from __future__ import annotations

from scripts.sentences.collecting import Sentence
from scripts.sentences.page import is_of_papers
from scripts.sentences.style import faults_of_english, faults_of_spacing, faults_of_style
from scripts.sentences.words import load_refused

# a heading of older sheets that the program reads and does not say
_READ = {("workflows/importing/tables.py", "협력기관")}


def judge(one: Sentence) -> list[str]:
    """What is wrong with it, in a few words each."""
    if (one.path, one.ko) in _READ:
        return []
    return [
        *(name for name, pattern in load_refused().items() if pattern.search(one.ko)),
        *faults_of_style(one, is_of_papers(one)),
        *faults_of_spacing(one),
        *faults_of_english(one),
    ]
