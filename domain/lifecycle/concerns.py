"""What a definition says of policy concerns: how long opinions are given, and when what became of a choice is reviewed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.lifecycle.part import Part

MOST_OPINION_DAYS = 60  # business days
MOST_REVIEW_DAYS = 1_100  # about three years


class ConcernRules(Part):
    """`opinion_business_days`: so many business days there are for opinions in each round; `review_days`: so many days after an
    alternative was chosen what became of it is reviewed.
    """

    opinion_business_days: Annotated[int, Field(strict=True, ge=1, le=MOST_OPINION_DAYS)] = 10
    review_days: Annotated[int, Field(strict=True, ge=1, le=MOST_REVIEW_DAYS)] = 180
