"""Units that people count in, which stand in plans as they were typed: those that have a word in English are said by it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Bilingual

# one, several
_ENGLISH: Mapping[str, tuple[str, str]] = {
    "건": ("case", "cases"),
    "개": ("item", "items"),
    "개사": ("company", "companies"),
    "개소": ("site", "sites"),
    "가구": ("household", "households"),
    "곳": ("place", "places"),
    "권": ("volume", "volumes"),
    "대": ("vehicle", "vehicles"),
    "명": ("person", "persons"),
    "개 사업": ("project", "projects"),
    "분": ("minute", "minutes"),
    "차례": ("round", "rounds"),
    "백만원": ("KRW million", "KRW million"),
    "세대": ("household", "households"),
    "시간": ("hour", "hours"),
    "억원": ("KRW 100 million", "KRW 100 million"),
    "원": ("KRW", "KRW"),
    "일": ("day", "days"),
    "점": ("point", "points"),
    "종": ("kind", "kinds"),
    "천원": ("KRW thousand", "KRW thousand"),
    "톤": ("tonne", "tonnes"),
    "팀": ("team", "teams"),
    "호": ("home", "homes"),
    "회": ("time", "times"),
}
_KOREAN: Mapping[str, str] = {word: unit for unit, words in reversed([*_ENGLISH.items()]) for word in words}


def unit_label(unit: str) -> Bilingual:
    """The unit by itself; one that has no word here is what was typed, in both languages."""
    unit = _KOREAN.get(unit, unit)
    return Bilingual(unit, _ENGLISH.get(unit, (unit, unit))[1])


def say_amount(value: str, unit: str) -> Bilingual:
    """A figure in its unit, e.g. “120건”, "120 cases"."""
    unit = _KOREAN.get(unit, unit)
    if unit not in _ENGLISH:
        return Bilingual(f"{value}{unit}", f"{value}{unit}")
    one, several = _ENGLISH[unit]
    return Bilingual(f"{value}{unit}", f"{value} {one if value == '1' else several}")
