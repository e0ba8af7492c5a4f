"""By which lifecycle definition a year's tasks go: a name here; what it says is loaded elsewhere."""

from __future__ import annotations

_OF_YEARS = ((2025, "donghaeng-2024/2"), (0, "donghaeng-2024/1"))  # from which year on
_OPENED_WITH = ((2027, "donghaeng-2024/3"),)


def definition_of(year: int) -> str:
    """That of a year whose programme says none. It never changes, so that what was recorded reads as it did."""
    return next((identity for first, identity in _OF_YEARS if year >= first), _OF_YEARS[-1][1])


def definition_to_open(year: int) -> str | None:
    """That with which a programme is opened from now on, where nobody names another; None: it says none."""
    return next((identity for first, identity in _OPENED_WITH if year >= first), None)
