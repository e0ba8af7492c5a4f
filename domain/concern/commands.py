"""What can be asked of a policy concern. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.concern.facts import Came
from domain.errors import Bilingual
from domain.limited import AgencyName, Count, FreeText, ItemName, TaskNumber, Title, Year
from domain.limits import MOST_ITEMS, MOST_KRW, check_follow_up
from domain.plan_limits import Day
from domain.roles import DEPARTMENT, HEAD, OFFICER, PLANNER
from domain.streams import concern_stream

_Agencies = Annotated[tuple[AgencyName, ...], Field(max_length=MOST_ITEMS)]
_Tasks = Annotated[tuple[TaskNumber, ...], Field(max_length=MOST_ITEMS)]
_Cost = Annotated[int, Field(strict=True, ge=0, le=MOST_KRW)]
_FollowUp = Annotated[str, AfterValidator(check_follow_up)]


class OnConcern(Command):
    """A command about one concern, by the id that whoever raised it gave it, e.g. night-buses."""

    concern: ItemName

    @property
    def stream(self) -> str:
        return concern_stream(self.concern)


class _TakePart(OnConcern):
    """`agency`: whose it is; without one it is the city's."""

    by = OFFICER | HEAD | DEPARTMENT | PLANNER
    agency: AgencyName | None = None


class Raise(_TakePart):
    """Raise it under the definition that the year's programme goes by. `title` is given as `name`: a command's own name is its class's."""

    name = "concern.raise"
    label = Bilingual("현안 제기", "raise the concern")
    year: Year
    title: Title
    question: FreeText
    tasks: _Tasks = ()
    invited: _Agencies = ()


class GiveOpinion(_TakePart):
    name = "concern.give_opinion"
    label = Bilingual("의견 제출", "give an opinion")
    text: FreeText


class AddAlternative(_TakePart):
    name = "concern.add_alternative"
    label = Bilingual("대안 제시", "add an alternative")
    title: Title
    cost_krw: _Cost | None = None
    effects: FreeText | None = None
    risks: FreeText | None = None
    sources: FreeText | None = None


class DropAlternative(OnConcern):
    name = "concern.drop_alternative"
    label = Bilingual("대안 제외", "drop the alternative")
    by = PLANNER
    needs_reason = True
    alternative: Count


class OpenRound(OnConcern):
    """Ask for opinions once more. `invited`: agencies to ask beside those before."""

    name = "concern.open_round"
    label = Bilingual("추가 의견 수렴", "open another round")
    by = PLANNER
    invited: _Agencies = ()


class Choose(OnConcern):
    name = "concern.choose"
    label = Bilingual("대안 채택", "choose the alternative")
    by = PLANNER
    needs_reason = True
    alternative: Count


class Defer(OnConcern):
    name = "concern.defer"
    label = Bilingual("현안 보류", "defer the concern")
    by = PLANNER
    needs_reason = True
    until: Day


class Drop(OnConcern):
    name = "concern.drop"
    label = Bilingual("현안 종결", "drop the concern")
    by = PLANNER
    needs_reason = True


class Link(OnConcern):
    """Say what follows from it."""

    name = "concern.link"
    label = Bilingual("후속 조치 연결", "link what follows")
    by = PLANNER
    follow_up: _FollowUp


class Review(OnConcern):
    """Say whether it came as expected."""

    name = "concern.review"
    label = Bilingual("현안 사후 점검", "review what came of it")
    by = PLANNER
    came: Came
    text: FreeText


ConcernCommand = (
    Raise | GiveOpinion | AddAlternative | DropAlternative | OpenRound | Choose | Defer | Drop | Link | Review
)
