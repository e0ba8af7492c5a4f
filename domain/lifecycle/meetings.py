"""What a definition says of meetings of agency heads: until when items are put in, how minutes are objected to, how many suffice."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.lifecycle.part import Part
from domain.limits import check_share

MOST_AGENDA_DAYS = 60  # business days
MOST_OBJECTION_DAYS = 60

_Share = Annotated[str, AfterValidator(check_share)]


class MeetingRules(Part):
    """`agenda_business_days`: items are put in until so many business days before the meeting; `objection_business_days`: so
    many business days there are to object to its minutes. `quorum`: how many of those who belong to it have to be there for
    anything to be decided, `majority`: how many of those who are there have to vote for it.
    """

    agenda_business_days: Annotated[int, Field(ge=0, le=MOST_AGENDA_DAYS)] = 5
    objection_business_days: Annotated[int, Field(ge=1, le=MOST_OBJECTION_DAYS)] = 7
    quorum: _Share = "more than 1/2"
    majority: _Share = "more than 1/2"
