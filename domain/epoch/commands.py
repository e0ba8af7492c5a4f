"""What can be asked of the store as a whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.roles import PLANNER
from domain.streams import EPOCHS


class BeginEpoch(Command):
    """Let a restored store go on: from here on it acts again."""

    name = "store.begin_epoch"
    label = Bilingual("복원된 저장소의 사용 재개", "let the restored store go on")
    by = PLANNER
    number: Annotated[int, Field(ge=2, le=1_000_000)]
    after: Annotated[int, Field(ge=0, le=2**62)]

    @property
    def stream(self) -> str:
        return EPOCHS


EpochCommand = BeginEpoch
