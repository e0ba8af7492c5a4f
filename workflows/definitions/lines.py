"""On which line of a definition's file an entry stands, by a scan of its tables: what is refused is found there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_FIELD = re.compile(r"(?P<part>\w+)(?:\[(?P<entry>[^\]]*)\])?(?:\.(?P<rest>.*))?")
_HEADER = re.compile(r"\s*\[{1,2}\s*(?P<name>[\w.]+)\s*\]{1,2}\s*(?:#.*)?")
_Table = tuple[str, int, int]  # its name, its line, and the line after it; lines from 0


def line_of(text: str, field: str, named_by: Mapping[str, str]) -> int | None:
    """From 1. `field`: as a refusal has it, e.g. "steps[settled].form[1].most"; `named_by`: by what entries are told apart.

    None where it is not found, as of what a template says.
    """
    found = _FIELD.fullmatch(field)
    if found is None:
        return None
    lines = text.splitlines()
    tables = list(_tables(lines))
    if found["entry"] is None:
        head = next((at + 1 for name, at, _ in tables if name == found["part"]), None)
        return _line_of_key(lines, found["part"], 0, tables[0][1] if tables else len(lines)) or head
    span = _span_of_entry(lines, tables, found["part"], found["entry"], named_by.get(found["part"], ""))
    return None if span is None else _line_within(lines, tables, span, found["part"], found["rest"] or "")


def _tables(lines: Sequence[str]) -> Iterator[_Table]:
    heads = [(one["name"], at) for at, line in enumerate(lines) if (one := _HEADER.fullmatch(line))]
    for number, (name, at) in enumerate(heads, start=1):
        yield name, at, heads[number][1] if number < len(heads) else len(lines)


def _span_of_entry(
    lines: Sequence[str], tables: Sequence[_Table], part: str, entry: str, key: str
) -> tuple[int, int] | None:
    """The lines of the entry with all that is under it."""
    heads = [at for name, at, _ in tables if name == part]
    if entry.isdecimal() and int(entry) < len(heads):
        heads = heads[int(entry) : int(entry) + 1]
    for at in heads:
        end = next(
            (one for name, one, _ in tables if one > at and not name.startswith(f"{part}.")), len(lines)
        )
        if entry.isdecimal() or _says(lines, key, entry, at, end):
            return at, end
    written = _line_of_key(lines, part, 0, len(lines))  # as a list of tables in braces
    named = None if written is None else _says(lines, key, entry, written - 1, len(lines))
    return None if named is None else (named - 1, named)


def _says(lines: Sequence[str], key: str, entry: str, begin: int, end: int) -> int | None:
    """The line, from 1, where the key has that value."""
    pattern = re.compile(rf"""(?:^|[\s{{,]){re.escape(key)}\s*=\s*["']{re.escape(entry)}["']""")
    return next((at + 1 for at in range(begin, end) if pattern.search(lines[at])), None)


def _line_within(
    lines: Sequence[str], tables: Sequence[_Table], span: tuple[int, int], part: str, rest: str
) -> int:
    """Of what stands in the entry: the key's own line where it has one, else that of its table."""
    begin, end = span
    name, _, further = rest.partition(".")
    key, _, number = name.removesuffix("]").partition("[")
    inner = [(at, till) for table, at, till in tables if table == f"{part}.{key}" and begin < at < end]
    if inner and (not number or (number.isdecimal() and int(number) < len(inner))):
        at, till = inner[int(number or 0)]
        return _line_of_key(lines, re.split(r"[.\[]", further)[0], at, till) or at + 1
    first = next((at for _, at, _ in tables if begin < at < end), end)
    return _line_of_key(lines, key, begin, first) or begin + 1


def _line_of_key(lines: Sequence[str], key: str, begin: int, end: int) -> int | None:
    pattern = re.compile(rf"\s*{re.escape(key)}\s*=")
    return next((at + 1 for at in range(begin, end) if key and pattern.match(lines[at])), None)
