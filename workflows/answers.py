"""What a reading gives as JSON has it: on the command line and over the API alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from projections.behind import Behind
from workflows.as_of_options import SliceRead


def plain(document: Any) -> Any:
    """Structs and values as JSON has them; decimals and times as text."""
    return msgspec.to_builtins(document, enc_hook=lambda value: value.model_dump(mode="json"))


def as_answer(document: Any, behind: Sequence[Behind] = (), sliced: SliceRead | None = None) -> Any:
    """`behind`: views that lag or have stopped; `sliced`: of when it is, where that is not now."""
    beside = {"behind": behind or None, "slice": sliced}
    told = {name: one for name, one in beside.items() if one is not None}
    return plain({**plain(document), **told} if told else document)
