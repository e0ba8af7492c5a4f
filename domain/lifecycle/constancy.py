"""Whether an expression is true, or not true, whatever its inputs are within their types.

It is asked with every value of what has few, and of what has an order with one for each place between, at and beyond what it is
compared with: more cannot make a difference where a number, a day or a text stands in a comparison alone. What is reckoned with,
matched or looked up in a list is not looked at, nor what two inputs or two requirements have to do with each other. So what is
found is so; what is not found may be so all the same.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, islice, pairwise, product
from math import prod
from typing import Any, Literal, NamedTuple

from domain.lifecycle.bounds import Token, tokens_of
from domain.lifecycle.domains import Domain, Giving, domain_of, find_holder
from domain.lifecycle.expressions import Expression
from domain.lifecycle.inputs import KNOWN, InputType
from domain.lifecycle.inputs_of_commands import Vocabulary

MOST_ASKED = 3000  # values put together, of one expression
_ALIKE = frozenset({"==", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="}) | _ALIKE
_COMPARED: Mapping[str, frozenset[str]] = {"int": _ORDER, "double": _ORDER, "day": _ORDER, "string": _ALIKE}
_ENDS = frozenset({"", "(", ")", "&&", "||", "!", "?", ":", ","})
_FEW = 101
Always = Literal["always", "never"]


class Constant(NamedTuple):
    """`domains`: of the inputs that it names, by name."""

    is_true: Always
    domains: Mapping[str, Domain]


class _Atom(NamedTuple):
    """What is compared: an input by its `name`, or a `value` as typed. `begin`, `end`: its tokens."""

    begin: int
    end: int
    name: str | None
    value: Any


def find_constant(expression: Expression, of: Vocabulary, giving: Giving) -> Constant | None:
    """None where it is sometimes true and sometimes not, or cannot be looked at."""
    known = [name.removesuffix(f".{KNOWN}") for name in of.known if name.endswith(f".{KNOWN}")]
    found = {one.name: domain_of(one, known, giving) for one in expression.inputs}
    domains = {name: one for name, one in found.items() if one is not None}
    if len(domains) < len(found):
        return None
    values = _values(expression.source, domains)
    if values is None:
        return None
    asked = (one for one in _together(values) if _can_be(one, known))
    answers = {expression.evaluate(one).value is True for one in asked}
    if len(answers) != 1:
        return None
    return Constant("always" if answers.pop() else "never", domains)


def _together(values: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for some in product(*values.values()):
        yield dict(zip(values, some, strict=True))


def _can_be(values: Mapping[str, Any], known: Sequence[str]) -> bool:
    """Whether what is said to be there is there, and what hangs on it."""
    for name, value in values.items():
        of = name.removesuffix(f".{KNOWN}")
        flag = of != name
        there = bool(value) if flag else value is not None
        holder = find_holder(of if not flag else of.rpartition(".")[0], known)
        while holder is not None:
            said = values.get(f"{holder}.{KNOWN}")
            if said is False and there:
                return False
            if said is True and not there and not flag and holder == find_holder(of, known):
                return False
            holder = find_holder(holder.rpartition(".")[0], known)
    return True


def _values(source: str, domains: Mapping[str, Domain]) -> dict[str, list[Any]] | None:
    """By input all that can make a difference; None where that is not known, or too many."""
    tokens = tokens_of(source)
    atoms = list(_atoms(tokens, domains))
    found: dict[str, list[Any]] = {}
    for name, domain in domains.items():
        values = _all_of(domain)
        if values is None and _is_only_compared(name, domains, tokens, atoms):
            values = _between(domain, domains, atoms)
        if values is None:
            return None
        found[name] = [*([None] if domain.absent else []), *values]
        if prod(map(len, found.values())) > MOST_ASKED:
            return None
    return found


def _is_only_compared(
    name: str, domains: Mapping[str, Domain], tokens: Sequence[Token], atoms: Sequence[_Atom]
) -> bool:
    kind = domains[name].type
    same = {each for each, other in domains.items() if other.type == kind}
    return all(_is_compared(one, kind, tokens, atoms, same) for one in atoms if one.name == name)


def _all_of(domain: Domain) -> list[Any] | None:
    """Where they are few."""
    if domain.values is not None:
        return list(domain.values)
    if domain.type == "int" and domain.most - domain.least < _FEW:
        return list(range(domain.least, domain.most + 1))
    return None


def _between(domain: Domain, domains: Mapping[str, Domain], atoms: Sequence[_Atom]) -> list[Any]:
    """Beside what it is compared with: as many of each gap as there are inputs that may lie in it."""
    alike = [one for one in domains.values() if one.type == domain.type]
    many = sum(_all_of(one) is None for one in alike)
    marks = _marks(domain.type, alike, atoms)
    if domain.type == "string":
        others = (other for number in count() if (other := f"text {number}") not in marks)
        return [*marks, *islice(others, many)]
    inside = (value for low, high in pairwise(marks) for value in _fill(low, high, many))
    return sorted({one for one in (*marks, *inside) if domain.least <= one <= domain.most})


def _marks(kind: InputType, alike: Sequence[Domain], atoms: Sequence[_Atom]) -> list[Any]:
    """What there is to be compared with, in its order: typed, ends of limits, and all values of what has few."""
    marks: set[Any] = {value for one in alike for value in _all_of(one) or (one.least, one.most)}
    marks |= {one.value for one in atoms if one.name is None and type(one.value) is _KINDS[kind]}
    return sorted(marks - {None})


_KINDS: Mapping[str, type] = {"int": int, "double": float, "day": date, "string": str}


def _fill(low: Any, high: Any, many: int) -> Iterator[Any]:
    if isinstance(low, float):
        yield from (low + (high - low) * step / (many + 1) for step in range(1, many + 1))
    elif isinstance(low, date):
        yield from map(date.fromordinal, _fill(low.toordinal(), high.toordinal(), many))
    else:
        yield from range(low + 1, min(low + many, high - 1) + 1)


def _atoms(tokens: Sequence[Token], domains: Mapping[str, Domain]) -> Iterator[_Atom]:
    place = 0
    while place < len(tokens):
        atom = _atom_at(tokens, place, domains)
        if atom is not None:
            yield atom
        place = place + 1 if atom is None else atom.end


def _atom_at(tokens: Sequence[Token], place: int, domains: Mapping[str, Domain]) -> _Atom | None:
    one = tokens[place]
    texts = [each.text for each in tokens[place : place + 4]]
    if texts[:2] == ["day", "("] and texts[3:] == [")"]:
        return _Atom(place, place + 4, None, date.fromisoformat(texts[2][1:-1]))
    match one.kind:
        case "text":
            return _Atom(place, place + 1, None, _plain(one.text))
        case "number":
            return _number_at(tokens, place)
        case "name":
            return _input_at(tokens, place, domains)
    return None


def _number_at(tokens: Sequence[Token], place: int) -> _Atom:
    """With the sign before it."""
    value, negative = _number(tokens[place].text), _text(tokens, place - 1) == "-"
    if not negative or value is None:
        return _Atom(place, place + 1, None, value)
    return _Atom(place - 1, place + 1, None, -value)


def _input_at(tokens: Sequence[Token], place: int, domains: Mapping[str, Domain]) -> _Atom | None:
    """Of a path the longest beginning that is one, as the library takes it."""
    path, end = tokens[place].text, place + 1
    longest = _Atom(place, end, path, None) if path in domains else None
    while end + 1 < len(tokens) and tokens[end].text == ".":
        path, end = f"{path}.{tokens[end + 1].text}", end + 2
        longest = _Atom(place, end, path, None) if path in domains else longest
    return longest


def _number(text: str) -> int | float | None:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return None


def _plain(text: str) -> str | None:
    """Between its quotes; None where something is escaped."""
    return None if "\\" in text else text[1:-1]


def _is_compared(
    atom: _Atom, kind: InputType, tokens: Sequence[Token], atoms: Sequence[_Atom], same: Container[str]
) -> bool:
    """Whether it stands alone on a side of a comparison, and on the other a value of its `kind`, or an input of the `same`."""
    before, after = _text(tokens, atom.begin - 1), _text(tokens, atom.end)
    for one in atoms:
        right = after in _COMPARED[kind] and before in _ENDS and one.begin == atom.end + 1
        left = before in _COMPARED[kind] and after in _ENDS and one.end == atom.begin - 1
        beyond = _text(tokens, one.end) if right else _text(tokens, one.begin - 1)
        if (right or left) and beyond in _ENDS:
            return one.name in same if one.name is not None else type(one.value) is _KINDS[kind]
    return False


def _text(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""
