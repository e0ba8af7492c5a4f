"""What was found beside the log: what is as the facts say, and what is wrong, of each kind the first and how many."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import msgspec


class Wrong(StrEnum):
    """What can be wrong beside the log. UNREFERENCED: no fact commits to it; KEPT: a fact says it was redacted.

    ATTACHMENT: the bytes of a file, whose digest is a text as others.
    """

    TEXT_CHANGED = "text_changed"
    TEXT_MISSING = "text_missing"
    TEXT_KEPT = "text_kept"
    TEXT_UNREFERENCED = "text_unreferenced"
    ATTACHMENT_CHANGED = "attachment_changed"
    ATTACHMENT_MISSING = "attachment_missing"
    ATTACHMENT_KEPT = "attachment_kept"
    ATTACHMENT_UNREFERENCED = "attachment_unreferenced"
    COMMAND_CHANGED = "command_changed"
    COMMAND_MISSING = "command_missing"
    COMMAND_ADDED = "command_added"


# how, at which position and in which row something differs
Known = Collection[tuple[str, int | None, str | None]]


class First(msgspec.Struct):
    """The first of its kind: the fact's position (None where there is none), the id in hex; and how many there are.

    `news`: position and id of the first that was not known before.
    """

    position: int | None
    id: str
    count: int = 1
    news: tuple[int | None, str] | None = None


class Beside(msgspec.Struct):
    """`texts`, `attachments`: that are as committed; `redacted`: that a fact says are; `commands`: that fit their facts.

    `taken_in`: the position up to which facts are older than the store: they came out of an export, which leaves texts
    and command ids behind. `left_behind`: the texts of those that are not here, and nothing is wrong with that.
    `known`: what was found before.
    """

    known: Known = ()

    texts: int = 0
    attachments: int = 0
    redacted: int = 0
    commands: int = 0
    taken_in: int = 0
    left_behind: int = 0
    wrong: dict[Wrong, First] = msgspec.field(default_factory=dict)

    def note(self, kind: Wrong, position: int | None, identity: str) -> None:
        first = self.wrong.get(kind)
        if first is None:
            first = self.wrong[kind] = First(position, identity)
        else:
            first.count += 1
        if first.news is None and (kind, position, identity) not in self.known:
            first.news = position, identity
