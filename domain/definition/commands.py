"""What can be asked of a lifecycle definition."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import DefinitionName, Year
from domain.limits import check_definition_content
from domain.plan_limits import Day
from domain.roles import PLANNER
from domain.streams import definition_stream

Content = Annotated[str, AfterValidator(check_definition_content)]
Version = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class OnDefinition(Command):
    """A command about one definition, by its name without a version."""

    definition: DefinitionName

    @property
    def stream(self) -> str:
        return definition_stream(self.definition)


class Draft(OnDefinition):
    """Put a version up for reading. `content`: the whole definition as JSON, its name and version in it."""

    name = "definition.draft"
    label = Bilingual("정의 초안 등록", "draft the definition")
    by = PLANNER
    content: Content


class Adopt(OnDefinition):
    """Adopt a version. `content`: as in Draft; `from_day`: by default today; `programmes`: by default those of all years."""

    name = "definition.adopt"
    label = Bilingual("정의 채택", "adopt the definition")
    by = PLANNER
    needs_reason = True
    content: Content
    from_day: Day | None = None
    programmes: Annotated[tuple[Year, ...], Field(max_length=100)] = ()


class Withdraw(OnDefinition):
    """Let no programme be opened by a version any more, and no task be moved to it."""

    name = "definition.withdraw"
    label = Bilingual("정의 폐지", "withdraw the definition")
    by = PLANNER
    needs_reason = True
    irrevocable = Bilingual(
        "정의 {definition}/{version}이(가) 폐지됩니다. 이 버전으로는 더 이상 사업연도를 개시하거나 과제를 변경할 수 없습니다.",
        "The definition {definition}/{version} is withdrawn for good: no programme is opened by it and no task moved to it any more.",
    )
    version: Version


DefinitionCommand = Draft | Adopt | Withdraw
