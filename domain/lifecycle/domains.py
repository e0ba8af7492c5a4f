"""What an input of an expression can be at all, by its type and by what a definition says: for who asks whether a requirement can
ever be true, or false. More may be let through here than there is, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.errors import Bilingual
from domain.lifecycle.forms import MOST_INTEGER, TYPES, FieldRule
from domain.lifecycle.inputs import KNOWN, Input, InputType
from domain.limits import FIRST_YEAR, LAST_YEAR, MOST_KRW
from domain.roles import Role
from domain.task.stages import NOT_PROPOSED, Place

_ORDERED: tuple[InputType, ...] = ("int", "double", "day")
_WIDEST: Mapping[InputType, tuple[Any, Any]] = {
    "int": (-(10**18), 10**18),
    "double": (-1e18, 1e18),
    "day": (date(FIRST_YEAR - 1, 1, 1), date(LAST_YEAR + 1, 12, 31)),
}
_PERCENT = (0, 100)
# what the program lets through; a name that ends so is within these
_WITHIN: Mapping[str, tuple[Any, Any]] = {
    "budget_krw": (0, MOST_KRW),
    "task.year": (FIRST_YEAR, LAST_YEAR),
    "task.percent": _PERCENT,
    "command.percent": _PERCENT,
    "command.score": (0.0, 100.0),
    "task.rating": (0.0, 100.0),
    "task.score": (0.0, 100.0),
    "task.raters": (0, 10**18),
    "task.plan_version": (0, 10**18),
}


class Domain(NamedTuple):
    """`values`: all that there are; else `least` and `most`, both included, of what has an order; else any text.

    `absent`: whether there may be no value.
    """

    type: InputType
    values: tuple[Any, ...] | None = None
    least: Any = None
    most: Any = None
    absent: bool = False

    def describe(self) -> Bilingual:
        none = Bilingual(" 또는 없음", " or none") if self.absent else Bilingual("", "")
        if self.values is not None:
            said = ", ".join(str(one).lower() if isinstance(one, bool) else str(one) for one in self.values)
        elif self.least is not None:
            said = f"{self.least}–{self.most}"
        else:
            return Bilingual(f"글{none.ko}", f"any text{none.en}")
        return Bilingual(f"{said}{none.ko}", f"{said}{none.en}")


class Giving(NamedTuple):
    """Of what is given: by whom, in which places, and what fields forms have, by the input's name."""

    by: tuple[Role, ...]
    places: tuple[Place, ...]
    fields: Mapping[str, FieldRule]


def domain_of(one: Input, known: Iterable[str], giving: Giving) -> Domain | None:
    """None of what is not looked at: lists."""
    if one.type.startswith("list("):
        return None
    absent = find_holder(one.name, known) is not None and not one.name.endswith(f".{KNOWN}")
    rule = giving.fields.get(one.name)
    if rule is not None:
        return _of_field(rule, one.type)._replace(absent=absent)
    if one.type == "bool":
        return Domain("bool", (False, True), absent=absent)
    if one.type == "string":
        return Domain("string", _texts(one.name, giving), absent=absent)
    ends = (of for name, of in _WITHIN.items() if one.name == name or one.name.endswith(f".{name}"))
    least, most = next(ends, _WIDEST[one.type])
    return Domain(one.type, None, least, most, absent)


def find_holder(name: str, known: Iterable[str]) -> str | None:
    """The longest beginning of the name of which it is asked whether there is one: without that there is no value."""
    found = [one for one in known if name == one or name.startswith(f"{one}.")]
    return max(found, key=len, default=None)


def _texts(name: str, giving: Giving) -> tuple[str, ...] | None:
    """All that there are of these; of other texts none are known."""
    match name:
        case "role":
            return tuple(giving.by)
        case "task.stage":
            found = [str(_as_listed(one).stage) for one in giving.places]
        case "task.condition":
            found = [str(one.condition) for one in giving.places]
        case "task.place":
            found = [str(_as_listed(one)) for one in giving.places]
        case _:
            return None
    return tuple(dict.fromkeys(found))


def _as_listed(place: Place) -> Place:
    return Place(place.stage.on_lists, place.condition) if place == NOT_PROPOSED else place


def _of_field(rule: FieldRule, kind: InputType) -> Domain:
    """Within its limits, or one of its choices."""
    if rule.choices:
        return Domain(kind, tuple(one.choice for one in rule.choices))
    if kind == "bool":
        return Domain(kind, (False, True))
    if kind not in _ORDERED:
        return Domain(kind)
    least, most = {
        "krw": (0, MOST_KRW),
        "integer": (-MOST_INTEGER, MOST_INTEGER),
        "percent": (Decimal(0), Decimal(100)),
    }.get(rule.type, _WIDEST[kind])
    read = TYPES[rule.type].read
    least = least if rule.least is None else read(rule.least)
    most = most if rule.most is None else read(rule.most)
    return Domain(kind, None, *((float(least), float(most)) if kind == "double" else (least, most)))
