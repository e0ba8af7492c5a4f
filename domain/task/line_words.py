"""What kinds of signatures in an approval line (결재선) are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from domain.errors import Bilingual

LineKind = Literal["review", "consultation", "decision"]
KINDS: Mapping[str, Bilingual] = {
    "review": Bilingual("검토", "review by"),
    "consultation": Bilingual("협조", "consultation of"),
    "decision": Bilingual("결재", "decision by"),
}


def kind_label(kind: str) -> Bilingual:
    """One that is not known here stands for itself."""
    return KINDS.get(kind, Bilingual(kind, kind))
