"""What can be asked of a view, and what is put down of its rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import ItemName, Sha256
from domain.limits import MOST_ITEMS, check_item_id
from domain.refusals import validation_error
from domain.roles import INSPECTOR, PLANNER
from domain.streams import view_stream
from domain.view.facts import NotCompared

_Count = Annotated[int, Field(strict=True, ge=0, le=2**62)]
_Version = Annotated[int, Field(strict=True, ge=1, le=2**31)]


def _check_tables(given: tuple[NotCompared, ...]) -> tuple[NotCompared, ...]:
    if len(given) > MOST_ITEMS:
        raise validation_error("too_many", max=MOST_ITEMS)
    for number, one in enumerate(given):
        check_item_id(one.table, f"[{number}].table")
    return given


class OfView(Command):
    view: ItemName

    @property
    def stream(self) -> str:
        return view_stream(self.view)


class SkipFact(OfView):
    """Let a stopped view pass over the fact that stopped it. `position`: of that fact in the log."""

    name = "view.skip_fact"
    label = Bilingual("조회 화면이 멈춘 기록 건너뛰기", "let a view pass over a fact")
    by = PLANNER
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
    label = Bilingual("조회 화면 대조 결과 기록", "record that a view was compared")
    by = PLANNER | INSPECTOR


class RecordRebuilt(Certify):
    name = "view.record_rebuilt"
    label = Bilingual("조회 화면 다시 만들기 기록", "record that a view was rebuilt")
    by = PLANNER
    before: _Version | None = None
    accepted: _Count = 0
    not_compared: Annotated[tuple[NotCompared, ...], AfterValidator(_check_tables)] = ()


ViewCommand = SkipFact | RecordVerified | RecordRebuilt
