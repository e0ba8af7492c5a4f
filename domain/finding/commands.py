"""What can be asked of a finding."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import FreeText, ItemName


class Examine(Command):
    """Say that the finding was looked into, and what came of it; again where more came of it later."""

    name = "finding.examine"
    label = Worded("지적 사항 확인", "mark the finding as examined")
    rule: ItemName
    about: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    note: FreeText

    @property
    def stream(self) -> str:
        return finding_stream(self.rule, self.about)


def finding_stream(rule: str, about: int) -> str:
    return f"finding/{rule}-{about}"
