"""Figures of reform cases in words."""

from __future__ import annotations

from datetime import date

from domain.errors import Bilingual
from domain.reform.facts import Measure
from domain.units import say_amount, unit_label


def describe_measure(one: Measure) -> Bilingual:
    """E.g. “관리직 13명 → 9명”, "managers: 13 persons → 9 persons"."""
    before = _describe(one, one.value_before, one.before_on)
    after = _describe(one, one.value_after, one.after_on)
    if before is None or after is None:
        only = after or before
        assert only is not None  # a figure has one of both
        unsaid = Bilingual("", "") if after is not None else Bilingual("(이전)", " (before)")
        said = Bilingual(f"{only.ko}{unsaid.ko}", f"{only.en}{unsaid.en}")
    else:
        said = Bilingual(f"{before.ko} → {after.ko}", f"{before.en} → {after.en}")
    source = one.source
    if source is not None:
        said = Bilingual(f"{said.ko}(출처: {source.ko})", f"{said.en} (source: {source.say('en')})")
    return Bilingual(f"{one.name.ko} {said.ko}", f"{one.name.say('en')}: {said.en}")


def _describe(one: Measure, value: str | None, on: date | None) -> Bilingual | None:
    if value is None:
        return None
    grouped, unit = _group(value), unit_label(one.unit)
    said = say_amount(grouped, one.unit)
    if unit.en.startswith("KRW"):
        said = Bilingual(said.ko, f"{unit.en} {grouped}")
    if one.approximate:
        said = Bilingual(f"약 {said.ko}", f"about {said.en}")
    return said if on is None else Bilingual(f"{said.ko}({on})", f"{said.en} ({on})")


def _group(value: str) -> str:
    """The digits before the point by threes; what is no number, as it is."""
    whole, point, rest = value.partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        return value
    return f"{whole[: -len(digits)]}{int(digits):,}{point}{rest}"
