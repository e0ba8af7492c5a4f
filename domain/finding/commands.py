"""What can be asked of a finding."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import FreeText, ItemName
from domain.roles import INSPECTOR
from domain.streams import finding_stream


class Examine(Command):
    """Say that the finding was looked into, and what came of it; again where more came of it later."""

    name = "finding.examine"
    label = Bilingual("지적 사항 확인", "mark the finding as examined")
    by = INSPECTOR
    rule: ItemName
    about: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    note: FreeText

    @property
    def stream(self) -> str:
        return finding_stream(self.rule, self.about)
