"""What a letter of a definition's own says of one deadline: its values on the day, put into the city's words."""

from __future__ import annotations

import re

from domain.lifecycle.letter_values import Values
from domain.lifecycle.letters import LetterWords, write_words
from workflows.letters.addressing import name_office
from workflows.letters.lines import Line
from workflows.letters.phrases import describe_past, name_command, name_owing, where_of
from workflows.letters.pieces import Paragraph
from workflows.letters.words import Words

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def write_own(
    words: Words, line: Line, between: tuple[str, str | None, str | None], name: str | None
) -> LetterWords | None:
    """None where the program's words are used. `between`: the city, where an answer goes, and where tasks are seen."""
    if line.letter is None:
        return None
    return write_words(line.letter, words.lang, values_of(words, line, between, name))


def values_of(
    words: Words, line: Line, between: tuple[str, str | None, str | None], name: str | None
) -> Values:
    """By the names of `letter_values.py`; what there is not is empty."""
    city, contact, console = between
    return {
        "city": city,
        "agency": words.name(line.agency, words.either("기관", "the agency")),
        "office": name_office(line.to, line.to_name).say(words.lang),
        "name": name or "",
        "task": line.task,
        "title": words.name(line.title),
        "what": words.name(line.what),
        "due": words.day(line.due),
        "was": "" if line.was is None else words.day(line.was),
        "left": words.left(line),
        "days_left": max(line.left, 0),
        "days_over": max(-line.left, 0),
        "owing": name_owing(words, line, city),
        "to_do": "" if line.asks is None else line.asks.say(words.lang),
        "basis": words.name(line.basis),
        "definition": line.by,
        "where": where_of(line, console) or name_command(line),
        "contact": contact or "",
        "told": "" if not line.told else describe_past(words, line.told),
        "is_late": line.late,
        "stands_in": line.stands_in,
    }


def as_paragraphs(said: LetterWords) -> list[Paragraph]:
    """What blank lines part, line by line."""
    return [
        Paragraph(tuple(one.rstrip() for one in part.split("\n")))
        for part in _BLANK_LINES.split(said.text.strip("\n"))
    ]
