"""What a definition says of money, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.errors import Bilingual, Lang
from domain.lifecycle.money import MoneyRules

OVERSPEND: Mapping[str, Bilingual] = {
    "refuse": Bilingual("거부", "refused"),
    "warn": Bilingual("경고", "taken with a warning"),
}
MONEY_FIELDS: Mapping[str, Bilingual] = {
    "overspend": Bilingual("예산 초과", "beyond the budget"),
    "warn_below": Bilingual("집행 부진 경고(%p)", "warned of when behind by (points)"),
    "warn_above": Bilingual("집행 과속 경고(%p)", "warned of when ahead by (points)"),
    "closing_day": Bilingual("월 마감일(다음 달)", "a month closes on (day of the next)"),
}
MONEY_LABEL = Bilingual("예산과 집행", "money")


def describe_money(rules: MoneyRules, lang: Lang) -> Iterator[str]:
    yield f"\n{MONEY_LABEL.say(lang)}:"
    for field, label in MONEY_FIELDS.items():
        value = getattr(rules, field)
        yield f"  {label.say(lang)}: {OVERSPEND[value].say(lang) if field == 'overspend' else value}"
