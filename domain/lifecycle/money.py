"""What a definition says of its tasks' money: spending beyond the budget, early warning, the day on which a month closes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.lifecycle.part import Part

_Points = Annotated[int, Field(strict=True, ge=1, le=100)]


class MoneyRules(Part):
    """`overspend`: whether what goes beyond the budget is refused, or taken with a warning. `closing_day`: until the end of
    which day of the next month a month takes entries.

    `warn_below`, `warn_above`: by how many percentage points the rate of execution may lag behind the share of the time that has
    passed, or be ahead of it, before that is warned of.
    """

    overspend: Literal["refuse", "warn"] = "refuse"
    warn_below: _Points = 20
    warn_above: _Points = 20
    closing_day: Annotated[int, Field(strict=True, ge=1, le=28)] = 10
