"""What can be asked of a view, and what is put down of its rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import ItemName, Sha256

_Count = Annotated[int, Field(strict=True, ge=0, le=2**62)]
_Version = Annotated[int, Field(strict=True, ge=1, le=2**31)]


def view_stream(view: str) -> str:
    return f"view/{view}"


class OfView(Command):
    view: ItemName

    @property
    def stream(self) -> str:
        return view_stream(self.view)


class SkipFact(OfView):
    """Let a stopped view pass over the fact that stopped it. `position`: of that fact in the log."""

    name = "view.skip_fact"
    label = Worded("조회 화면이 멈춘 기록 건너뛰기", "let a view pass over a fact")
    position: Annotated[int, Field(ge=1, le=2**62)]


class Certify(OfView):
    """What was found of the rows; see the facts `view.verified` and `view.rebuilt`."""

    version: _Version
    position: _Count
    rows: _Count
    rows_sha256: Sha256
    code_sha256: Sha256
    milliseconds: _Count
    differences: _Count = 0
    explained: _Count = 0


class RecordVerified(Certify):
    name = "view.record_verified"
    label = Worded("조회 화면 대조 결과 기록", "record that a view was compared")


class RecordRebuilt(Certify):
    name = "view.record_rebuilt"
    label = Worded("조회 화면 다시 만들기 기록", "record that a view was rebuilt")
    before: _Version | None = None
    accepted: _Count = 0


ViewCommand = SkipFact | RecordVerified | RecordRebuilt
