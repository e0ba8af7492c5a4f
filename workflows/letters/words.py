"""How a letter says names, days and counts in its one language."""

from __future__ import annotations

from datetime import date

from domain.errors import Lang
from domain.limits import legible
from domain.values import LocalText
from trail.english import many
from trail.particles import fill
from workflows.letters.lines import Line

_WEEKDAYS = "월화수목금토일"


class Words:
    """What is said in one language. Nothing that was typed is taken for a particle, or turns the reading direction."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def either(self, ko: str, en: str, *values: object) -> str:
        return fill(ko if self.lang == "ko" else en, *values)

    def name(self, known: LocalText | None, otherwise: str = "") -> str:
        return otherwise if known is None else legible(known.say(self.lang))

    def day(self, day: date) -> str:
        return (
            f"{day.year}. {day.month}. {day.day}.({_WEEKDAYS[day.weekday()]})"
            if self.lang == "ko"
            else f"{day:%a} {day.day} {day:%B %Y}"
        )

    def left(self, line: Line) -> str:
        """How long it is to go."""
        days = abs(line.left)
        if not line.left:
            return self.either("오늘까지", "today")
        if line.left > 0:
            return self.either("{0}영업일 남음", "{1} left", days, many(days, "business day"))
        return self.either("{0}영업일 지남", "{1} overdue", days, many(days, "business day"))
