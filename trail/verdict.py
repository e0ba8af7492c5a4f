"""What came of a check: item by item what holds, what does not and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from trail.bilingual import Bilingual, DonghaengError
from trail.checkpoint import Checkpoint
from trail.errors import NotTrusted
from trail.lang import Lang

NOT_PROVED = 5  # exit status
_NOT_PROVED = Bilingual(
    "NOT PROVED(증명되지 않음): 서로 맞으나 키가 검사 대상에서 나왔으므로 위조도 그렇습니다. "
    "종이로 받은 정책을 --policy로 지정하십시오",
    "NOT PROVED: all of it fits together, but so does a forgery: the keys came with what was checked. "
    "Give the policy that you got on paper with --policy",
)


class Item(msgspec.Struct, frozen=True):
    """`where`: the file or part; `said`: what holds, or what is wrong with it; `holds`: None for a remark."""

    where: str
    said: Bilingual
    holds: bool | None

    def as_document(self, lang: Lang) -> dict[str, Any]:
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
        self.items.append(Item(where, Bilingual(ko, en), True))

    def fails(self, where: str, ko: str, en: str) -> None:
        self.items.append(Item(where, Bilingual(ko, en), False))

    def remarks(self, where: str, ko: str, en: str) -> None:
        self.items.append(Item(where, Bilingual(ko, en), None))

    @contextmanager
    def checking(self, where: str) -> Iterator[None]:
        """A block whose error is one thing that does not hold; others are looked at all the same."""
        try:
            yield
        except NotTrusted as error:
            problem = error.details["problem"]
            assert isinstance(problem, Bilingual)
            self.items.append(Item(str(error.details["where"]), problem, False))
        except DonghaengError as error:
            self.fails(where, error.say("ko"), error.say("en"))

    def as_document(self, lang: Lang) -> dict[str, Any]:
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
            "items": [item.as_document(lang) for item in self.items],
        }


def exit_status(verdict: Verdict) -> int:
    """0: proved; 1: something does not hold; 5: all fits together and nothing is proved. verify.sh has the same."""
    return 0 if verdict.proved else NOT_PROVED if verdict.good else 1


def line_of(item: Item, lang: Lang) -> tuple[str, str]:
    """A mark of seven letters, and where and what."""
    mark = {True: "OK     ", False: "NOT OK ", None: "note   "}[item.holds]
    return mark, f"{item.where}: {item.said.say(lang)}"


def last_line(verdict: Verdict, lang: Lang) -> str:
    """What the whole came to: OK, NOT PROVED, or NOT OK with the gravest of what does not hold."""
    at = verdict.checkpoint
    if not verdict.good or at is None:
        return _not_ok(verdict, lang)
    line = f"{at.origin}  {at.size:,}  {at.root.hex()}"
    if not verdict.own_policy:
        return f"{_NOT_PROVED.say(lang)}  {line}"
    gaps = Bilingual(
        f"  빠진 번호가 있는 이력 {verdict.gaps:,}개, 위 참조",
        f"  streams with gaps, see above: {verdict.gaps:,}",
    )
    unproved = Bilingual(
        f"  뒤가 더 있는지 증명되지 않은 이력 {verdict.unproved:,}개, 위 참조",
        f"  streams said to be whole and not proved to be, see above: {verdict.unproved:,}",
    )
    limits = [(verdict.gaps, gaps), (verdict.unproved, unproved)]
    return f"OK  {line}" + "".join(words.say(lang) for count, words in limits if count)


def _not_ok(verdict: Verdict, lang: Lang) -> str:
    short = verdict.checkpoint is not None and not verdict.quorum
    # a missing quorum is told last: what does not hold is graver than what nobody has witnessed
    quorum = next((item for item in verdict.failures if short and item.where == "checkpoint"), None)
    graver = [item for item in verdict.failures if item is not quorum]
    reasons = []
    if graver:
        more = len(graver) - 1
        others = Bilingual(f" 외 {more:,}건", f" – and {more:,} more").say(lang) if more else ""
        reasons.append(f"{graver[0].where}: {graver[0].said.say(lang)}{others}")
    if short:
        reasons.append(Bilingual("증인 정족수가 없습니다", "the quorum of witnesses is missing").say(lang))
    said = Bilingual("확인 실패", "NOT OK").say(lang)
    return f"{said}: {'; '.join(reasons)}" if reasons else said
