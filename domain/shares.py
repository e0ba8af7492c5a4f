"""How many of a body suffice: a share as people write it, "more than 1/2" (과반수) or "2/3" (3분의 2 이상)."""

from __future__ import annotations

import re
from typing import NamedTuple

from domain.errors import Bilingual

_SHARE = re.compile(r"(more than )?([1-9][0-9]?)/([1-9][0-9]?)")


class Share(NamedTuple):
    """`more`: it has to be passed, and not only reached."""

    more: bool
    part: int
    whole: int


def parse_share(value: str) -> Share | None:
    """None where it is no share, or more than all."""
    found = _SHARE.fullmatch(value)
    if found is None:
        return None
    share = Share(bool(found[1]), int(found[2]), int(found[3]))
    return share if share.part + share.more <= share.whole else None


def count_needed(share: str, of: int) -> int:
    """How many of so many suffice. Of nobody, nobody."""
    if of == 0:
        return 0
    more, part, whole = _read(share)
    return of * part // whole + 1 if more else -(-of * part // whole)


def describe_share(share: str) -> Bilingual:
    more, part, whole = _read(share)
    if more and 2 * part == whole:
        return Bilingual("과반수", "more than half")
    if more:
        return Bilingual(f"{whole}분의 {part} 초과", f"more than {part}/{whole}")
    return Bilingual(f"{whole}분의 {part} 이상", f"at least {part}/{whole}")


def _read(share: str) -> Share:
    read = parse_share(share)
    assert read is not None, "it was checked where it came from"
    return read
