"""Figures and transfers of reform cases, from what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, cast

from domain.errors import DonghaengError
from domain.reform.facts import Measure, MovedOver
from domain.values import LocalText

_FIGURE = "NAME=UNIT=BEFORE[@YYYY-MM-DD]=AFTER[@YYYY-MM-DD][=SOURCE]"
_TRANSFER = "facility|function=FROM=TO=NAME"
_WHATS = {"facility": "facility", "시설": "facility", "function": "function", "기능": "function"}


class NotOfACase(DonghaengError):
    exit_code = 2
    ko = "‘{given}’을(를) 읽을 수 없습니다. 형식: {form}."
    en = "“{given}” cannot be read. Its form: {form}."


def measures_from(given: Sequence[str] | None) -> tuple[Measure, ...]:
    """The figures, whose limits are checked by the command that they go into. Raises NotOfACase."""
    return tuple(_measure(one) for one in given or ())


def transfers_from(given: Sequence[str] | None) -> tuple[MovedOver, ...]:
    """Raises NotOfACase."""
    return tuple(_transfer(one) for one in given or ())


def _measure(given: str) -> Measure:
    parts = given.split("=", 4)
    if len(parts) < 4 or not parts[0] or not parts[1]:
        raise NotOfACase(given=given[:80], form=_FIGURE)
    before, after = (_value(given, one) for one in parts[2:4])
    return Measure(
        name=LocalText(ko=parts[0]),
        unit=parts[1],
        value_before=before["value"],
        value_after=after["value"],
        before_on=before["on"],
        after_on=after["on"],
        approximate=before["approximate"] or after["approximate"],
        source=LocalText(ko=parts[4]) if len(parts) > 4 and parts[4] else None,
    )


def _value(given: str, part: str) -> dict[str, Any]:
    value, at, on = part.partition("@")
    about = value.startswith("~")
    value = value.removeprefix("~").replace(",", "")
    try:
        day = date.fromisoformat(on) if at else None
    except ValueError:
        raise NotOfACase(given=given[:80], form=_FIGURE) from None
    return {"value": value or None, "on": day, "approximate": about}


def _transfer(given: str) -> MovedOver:
    parts = given.split("=", 3)
    if len(parts) != 4 or not all(parts) or parts[0] not in _WHATS:
        raise NotOfACase(given=given[:80], form=_TRANSFER)
    what = cast("Literal['facility', 'function']", _WHATS[parts[0]])
    return MovedOver(parts[1], parts[2], what, LocalText(ko=parts[3]))
