"""An approval line (결재선) that is open: whose turn it is, and what a signature or an objection makes of it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.stamps import Stamp
from domain.task.facts import LineOpened
from domain.values import LocalText, Signatory


class OpenLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An approval line that is open. `number`: of the fact that opened it; `turn`: whose turn it is, since `since`.

    `signed`: the entries whose signatures count. Else as LineOpened.
    """

    number: int
    command: str
    step: str | None
    label: LocalText
    signatories: tuple[Signatory, ...]
    needed: tuple[int, ...]
    sha256: str
    since: datetime
    turn: int = 1
    signed: tuple[str, ...] = ()

    @classmethod
    def of(cls, fact: LineOpened, stamp: Stamp) -> OpenLine:
        return cls(
            stamp[1],
            fact.command,
            fact.step,
            fact.label,
            fact.signatories,
            fact.needed,
            fact.sha256,
            stamp[0],
        )

    @property
    def waited_for(self) -> tuple[Signatory, ...]:
        """Those who may sign now."""
        return tuple(
            one for one in self.signatories if one.turn == self.turn and one.entry not in self.signed
        )

    def after(self, entry: str, at: datetime) -> OpenLine | None:
        """With that signature; None where it was the last."""
        signed = (*self.signed, entry)
        there = [one for one in self.signatories if one.turn == self.turn and one.entry in signed]
        if len(there) < dict(enumerate(self.needed, start=1)).get(self.turn, 1):
            return replace(self, signed=signed)
        if self.turn >= len(self.needed):
            return None
        return replace(self, signed=signed, turn=self.turn + 1, since=at)

    def back_to(self, turn: int, at: datetime) -> OpenLine:
        """As it was before that turn: what was signed from there on does not count any more."""
        kept = tuple(one.entry for one in self.signatories if one.turn < turn and one.entry in self.signed)
        return replace(self, signed=kept, turn=turn, since=at)
