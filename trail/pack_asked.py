"""What a pack says of itself: what was asked for, of which streams it holds all, who made its page. Nobody signs this."""

from __future__ import annotations

from datetime import date

import msgspec

from trail.bilingual import Bilingual
from trail.json_bytes import BROKEN
from trail.pack_files import wrong
from trail.sources import Source

FILE = "asked.json"


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody wants to take home; `first` and `last`: days in Seoul, both included, by when it became known.

    `definition`: all versions of that name, beside the rest: which rules were in force on a day.
    """

    task: str | None = None
    agency: str | None = None
    first: date | None = None
    last: date | None = None
    everything: bool = False
    definition: str | None = None

    @property
    def words(self) -> Bilingual:
        ko, en = [], []
        if self.task is not None:
            ko.append(f"과제 {self.task}")
            en.append(f"task {self.task}")
        if self.agency is not None:
            ko.append(f"기관 {self.agency}")
            en.append(f"agency {self.agency}")
        if self.definition is not None:
            ko.append(f"정의 {self.definition}")
            en.append(f"definition {self.definition}")
        if self.first is not None or self.last is not None:
            span = f"{self.first or ''} ~ {self.last or ''}".strip()
            ko.append(f"기간 {span}")
            en.append(f"days {span}")
        return Bilingual(", ".join(ko) or "전체", ", ".join(en) or "everything")

    @property
    def whole(self) -> tuple[str, ...]:
        """The streams of which all is asked for, up to the checkpoint."""
        if self.first is not None or self.last is not None:
            return ()
        one_of_two = not (self.task and self.agency)
        asked = (
            ("task", self.task if one_of_two else None),
            ("agency", self.agency if one_of_two else None),
            ("definition", self.definition),
        )
        return tuple(f"{name}/{identity}" for name, identity in asked if identity)


class Said(msgspec.Struct, frozen=True):
    """`whole`: the streams of which the pack says that it holds every version up to its checkpoint. It comes first:
    verify.sh reads no JSON. `along`: positions of events that were not asked for; `reason`: why it was exported;
    `made_by`: the code version of the program that made index.html.
    """

    whole: tuple[str, ...]
    along: tuple[int, ...]
    asked: Asked
    reason: str
    made_by: str

    def __bytes__(self) -> bytes:
        return msgspec.json.encode(self)


def read_said(source: Source) -> Said | None:
    """None in a pack of before this was written. Raises NotTrusted."""
    given = source.read(FILE)
    if given is None:
        return None
    try:
        found = msgspec.json.decode(given, type=Said)
    except BROKEN:
        found = None
    if found is None or bytes(found) != given:
        raise wrong(
            FILE, "무엇을 담은 묶음인지 말하는 형식이 아닙니다", "it does not say what the pack holds"
        )
    return found
