"""What came of a check: item by item what holds, what does not and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from domain.errors import DonghaengError, Lang, Worded
from projections.trail.checkpoint import Checkpoint
from projections.trail.errors import NotTrusted


class Item(msgspec.Struct, frozen=True):
    """`where`: the file or part; `said`: what holds, or what is wrong with it; `holds`: None for a remark."""

    where: str
    said: Worded
    holds: bool | None

    def told(self, lang: Lang) -> dict[str, Any]:
        return {"where": self.where, "holds": self.holds, "said": self.said.say(lang)}


class Verdict:
    """Grows while things are checked. It is good when something was checked, nothing failed and the quorum is there.

    It is proved when moreover the policy did not come with what is checked: who can make a forgery can make keys for it.
    `gaps`: streams of which versions are missing in a pack; `unproved`: those of which it says, and does not prove, that
    it holds all.
    """

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.checkpoint: Checkpoint | None = None
        self.quorum = False
        self.keys: Sequence[str] = ()
        self.own_policy = False
        self.gaps = 0
        self.unproved = 0

    @property
    def good(self) -> bool:
        return self.checkpoint is not None and self.quorum and not self.failures

    @property
    def proved(self) -> bool:
        return self.good and self.own_policy

    @property
    def failures(self) -> list[Item]:
        return [item for item in self.items if item.holds is False]

    def holds(self, where: str, ko: str, en: str) -> None:
        self.items.append(Item(where, Worded(ko, en), True))

    def fails(self, where: str, ko: str, en: str) -> None:
        self.items.append(Item(where, Worded(ko, en), False))

    def remarks(self, where: str, ko: str, en: str) -> None:
        self.items.append(Item(where, Worded(ko, en), None))

    @contextmanager
    def checking(self, where: str) -> Iterator[None]:
        """A block whose error is one thing that does not hold; others are looked at all the same."""
        try:
            yield
        except NotTrusted as error:
            problem = error.details["problem"]
            assert isinstance(problem, Worded)
            self.items.append(Item(str(error.details["where"]), problem, False))
        except DonghaengError as error:
            self.fails(where, error.say("ko"), error.say("en"))

    def told(self, lang: Lang) -> dict[str, Any]:
        """As one JSON document."""
        at = self.checkpoint
        return {
            "ok": self.proved,
            "result": "ok" if self.proved else "not proved" if self.good else "not ok",
            "quorum": self.quorum,
            "gaps": self.gaps,
            "unproved": self.unproved,
            "origin": None if at is None else at.origin,
            "size": None if at is None else at.size,
            "root": None if at is None else at.root.hex(),
            "keys": list(self.keys),
            "items": [item.told(lang) for item in self.items],
        }
