"""What can be asked of a view."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import ItemName


class SkipFact(Command):
    """Let a stopped view pass over the fact that stopped it. `position`: of that fact in the log."""

    name = "view.skip_fact"
    label = Worded("조회 화면이 멈춘 기록 건너뛰기", "let a view pass over a fact")
    view: ItemName
    position: Annotated[int, Field(ge=1, le=2**62)]

    @property
    def stream(self) -> str:
        return f"view/{self.view}"


ViewCommand = SkipFact
