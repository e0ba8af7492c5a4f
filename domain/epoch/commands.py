"""What can be asked of the store as a whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded

EPOCHS = "store/epoch"


class BeginEpoch(Command):
    """Let a restored store go on: from here on it acts again."""

    name = "store.begin_epoch"
    label = Worded("복원된 저장소의 사용 재개", "let the restored store go on")
    number: Annotated[int, Field(ge=2, le=1_000_000)]
    after: Annotated[int, Field(ge=0, le=2**62)]

    @property
    def stream(self) -> str:
        return EPOCHS


EpochCommand = BeginEpoch
