"""What can happen to a lifecycle definition. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date

from domain.fact import Fact


class Drafted(Fact, frozen=True):
    """A version was put up for reading, or once more with other content; nothing goes by it.

    `content`, `sha256`: as in Adopted.
    """

    kind = "definition.drafted"
    version: int
    content: str
    sha256: str


class Adopted(Fact, frozen=True):
    """A version was adopted: by it programmes may be opened and tasks moved to it, and its content never changes.

    `content`: the whole definition as canonical JSON (keys in order, no spaces); `sha256`: of its UTF-8 bytes, 64 hex digits. `from_day`: the
    first day, in Seoul, on which it may be taken; `programmes`: for which years, all where none is named.
    """

    kind = "definition.adopted"
    version: int
    content: str
    sha256: str
    from_day: date
    programmes: tuple[int, ...] = ()


class Withdrawn(Fact, frozen=True):
    """No programme is opened by this version and no task is moved to it any more. What goes by it goes on."""

    kind = "definition.withdrawn"
    version: int


DefinitionFact = Drafted | Adopted | Withdrawn
