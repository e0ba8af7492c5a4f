"""What can happen to the trail itself. A leaf after such a fact is younger than what the fact holds."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.fact import Fact


class KeyAdded(Fact, frozen=True):
    """The log signs with this key too from now on. `note`: a statement of it, signed by it and by those before."""

    kind = "trail.key_added"
    vkey: str
    note: str


class KeyRetired(Fact, frozen=True):
    """The log signs with this key no more. `note`: a statement of it, signed by those that stay."""

    kind = "trail.key_retired"
    vkey: str
    note: str


class Sealed(Fact, frozen=True):
    """A checkpoint was published, for the first time or with more cosignatures. `size`: facts in it; `root`: in base64; `note`: with every signature under it.

    `witnesses`: by the policy's names, who cosigned; `quorum`: whether that is what the policy asks for. `readings_size`,
    `readings_root`: how far the log of readings and refusals was sealed then, and its root in base64; absent where it was not.
    """

    kind = "trail.sealed"
    schema_version: ClassVar[int] = 2
    size: int
    root: str
    note: str
    witnesses: tuple[str, ...]
    quorum: bool
    readings_size: int | None = None
    readings_root: str | None = None


class Mapped(Fact, frozen=True):
    """All streams were counted, for whoever is to be shown that nothing of one is left out.

    `origin`: the log; `size`: of its first so many facts; `streams`: how many these are of; `root`: in base64, over the
    streams with the number of their facts and which these are. It says something where it is the very next fact.
    """

    kind = "trail.mapped"
    origin: str
    size: int
    streams: int
    root: str


class Timestamped(Fact, frozen=True):
    """An authority has seen the published checkpoint `note`. `token`: RFC 3161, in base64; `at`: the time in it."""

    kind = "trail.timestamped"
    size: int
    note: str
    token: str
    at: datetime


class DifferenceFound(Fact, frozen=True):
    """The database was compared with what was sealed, and differs. `part`: what was compared; `what`: how it differs.

    `position`: of the fact that differs, or to which it belongs; absent where there is none. `size`: facts in the
    checkpoint that it was compared with. `row`: which of the rows beside the facts it is, or which tile, so that another
    one is another difference.
    """

    kind = "trail.difference_found"
    schema_version: ClassVar[int] = 2
    part: str
    what: str
    size: int
    position: int | None = None
    row: str | None = None


class AgreedAgain(Fact, frozen=True):
    """All of a part was compared again, and what differed there before is as it was sealed."""

    kind = "trail.agreed_again"
    part: str
    size: int


TrailFact = KeyAdded | KeyRetired | Sealed | Mapped | Timestamped | DifferenceFound | AgreedAgain
