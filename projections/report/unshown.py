"""Which letters of a report no font that came along can show, so that none is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.errors import Lang
from projections.report.document import LANGS, Document
from projections.report.letters import lacking

IN_FONTS_OF_OURS = frozenset({"pdf", "hwpx"})  # HWPX: only its charts, which are pictures


def list_unprintable(document: Document, lang: Lang) -> list[str]:
    """Each of them once. What stands in the other language is not looked at."""
    return lacking("\n".join(_texts(msgspec.to_builtins(document), lang)))


def _texts(node: Any, lang: Lang) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            other = () if lang not in node else tuple(one for one in LANGS if one != lang)
            for name, value in node.items():
                if name not in other:
                    yield from _texts(value, lang)
        case list() | tuple():
            for value in node:
                yield from _texts(value, lang)
