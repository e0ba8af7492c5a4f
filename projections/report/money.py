"""Sums of money as an official says them: in 백만원 or 억원, in English in millions of won."""

from __future__ import annotations

from decimal import Decimal

from domain.errors import Bilingual
from domain.rounding import round_half_up

MILLION, HUNDRED_MILLION = 1_000_000, 100_000_000


def money(krw: int) -> Bilingual:
    """From 억 on in 억원 with one digit, below in 백만원, and what is less than one of these in won."""
    if abs(krw) >= HUNDRED_MILLION:
        ko = f"{_with_commas(in_hundred_millions(krw))}억원"
    elif abs(krw) >= MILLION:
        ko = f"{_with_commas(round_half_up(Decimal(krw) / MILLION, 0))}백만원"
    else:
        ko = f"{krw:,}원"
    if abs(krw) < MILLION:
        return Bilingual(ko, f"KRW {krw:,}")
    return Bilingual(ko, f"KRW {_with_commas(round_half_up(Decimal(krw) / MILLION, 0))} million")


def in_hundred_millions(krw: int) -> str:
    """In 억원 with one digit."""
    return round_half_up(Decimal(krw) / HUNDRED_MILLION)


def _with_commas(number: str) -> str:
    return f"{Decimal(number):,}"
