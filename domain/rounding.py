"""Figures as a clerk rounds them: half up, as decimal strings with a point, never floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def round_half_up(value: Decimal, digits: int = 1) -> str:
    return str(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def mean(total: Decimal | int, count: int, digits: int = 1) -> str | None:
    """None of nothing."""
    return round_half_up(Decimal(total) / count, digits) if count else None
