"""English counts: one fact, two facts.

A template holds what follows a number open, as “{count} fact(s) was(were) read”; it is settled once the number is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# the number or the hole of one, up to three words between, the noun; and the verb after it
_OPEN = re.compile(
    r"(?P<count>\{\w+(?:[:.!][^{}]*)?\}|(?<![\d.,])\d[\d,]*(?:\.\d+)?)(?P<between>(?: [\w'-]+){0,3}? )(?P<noun>[\w-]+)\((?P<ending>s|es|ies)\)"
    r"(?P<before>(?: [\w'-]+){0,2}?)(?P<verb> (?P<one>is|was|has|does)\((?P<several>are|were|have|do)\))?"
)


def many(count: int, one: str, several: str | None = None) -> str:
    """“1 fact”, “1,200 facts”. `several`: what follows any other number, by default `one` with an s."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def settle_counts(text: str) -> str:
    """A finished text with each open ending settled by the number before it."""
    return _settle(text, lambda count: count)


def fill_counts(template: str, *values: object, **named: object) -> str:
    """The template filled as by `format`, its open endings settled; what stands in the values is left as it is."""
    return _settle(template, lambda count: count.format(*values, **named)).format(*values, **named)


def _settle(text: str, count_of: Callable[[str], str]) -> str:
    def choose(found: re.Match[str]) -> str:
        alone = count_of(found["count"]) == "1"
        noun = f"{found['count']}{found['between']}{_noun(found['noun'], found['ending'], alone)}"
        if found["verb"] is None:
            return noun + found["before"]
        return f"{noun}{found['before']} {found['one'] if alone else found['several']}"

    return _OPEN.sub(choose, text) if "s)" in text else text


def _noun(one: str, ending: str, alone: bool) -> str:
    """“entry(ies)” loses its y."""
    if alone:
        return one
    return (one[:-1] if ending == "ies" else one) + ending
