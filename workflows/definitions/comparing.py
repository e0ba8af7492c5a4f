"""In what two lifecycle definitions differ, entry by entry and field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.calendar.periods import describe_length
from domain.errors import Bilingual, Lang
from domain.lifecycle.content import NAMED_BY
from domain.lifecycle.model import Definition
from workflows.definitions.entry_words import FIELDS, OF_LENGTH, SINGLE, Words

_INHERITED = Bilingual("프로그램 기본값", "as the program has it")
_INHERITING = ("stages", "commands")  # an entry that is absent narrows nothing


class DefinitionDifference(msgspec.Struct, frozen=True):
    """`entry`: which, e.g. "deadlines[progress]"; `field`: None where the whole entry is only in one of the two.

    `before`, `after`: values in words; None where there is none.
    """

    entry: str
    field: str | None
    what: str
    before: str | None
    after: str | None


def compare_definitions(old: Definition, new: Definition, lang: Lang) -> list[DefinitionDifference]:
    """Every difference but those of name and version."""
    words = Words.of(lang, old, new)
    return [
        one
        for of, key in NAMED_BY.items()
        for one in _compare_entries(of, _entries(old, of, key), _entries(new, of, key), words)
    ] + [
        one
        for of, what in SINGLE.items()
        for one in _compare_fields(of, what.say(lang), _read_single(old, of), _read_single(new, of), words)
    ]


def _read_single(one: Definition, of: str) -> dict[str, Any]:
    """With what it leaves to the program."""
    found: dict[str, Any] = getattr(one, of).model_dump(mode="json")
    return found


def _read_entry(one: Definition, of: str) -> Any:
    return one.model_dump(mode="json", by_alias=True, exclude_defaults=True).get(of, ())


def _entries(one: Definition, of: str, key: str) -> dict[str, dict[str, Any]]:
    said = _read_entry(one, of)
    found = {str(entry[key]): {name: value for name, value in entry.items() if name != key} for entry in said}
    for rule in one.deadlines if of == "deadlines" else ():
        entry = found[rule.kind]
        for name in OF_LENGTH:
            entry.pop(name, None)
        entry["within"] = describe_length(rule.within, rule.counting)
    return found


def _compare_entries(
    of: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]], words: Words
) -> Iterator[DefinitionDifference]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        entry, what = f"{of}[{name}]", words.name_entry(of, name, after or before or {})
        if before is None or after is None:
            told = [_describe(of, one, words) for one in (before, after)]
            yield DefinitionDifference(entry, None, what, *told)
        else:
            yield from _compare_fields(entry, what, before, after, words)


def _compare_fields(
    entry: str, what: str, before: Mapping[str, Any], after: Mapping[str, Any], words: Words
) -> Iterator[DefinitionDifference]:
    for field in dict.fromkeys([*before, *after]):
        if before.get(field) != after.get(field):
            told = [words.value(field, one.get(field)) for one in (before, after)]
            yield DefinitionDifference(entry, field, f"{what}: {FIELDS[field].say(words.lang)}", *told)


def _describe(of: str, entry: Mapping[str, Any] | None, words: Words) -> str | None:
    """A whole entry, field by field."""
    if entry is None:
        return _INHERITED.say(words.lang) if of in _INHERITING else None
    return "; ".join(
        f"{FIELDS[name].say(words.lang)} {words.value(name, value)}" for name, value in entry.items()
    )
