"""Whether a fact is sealed: what the trail's checkpoint says, as far as it can be read here."""

from __future__ import annotations

from pathlib import Path

import msgspec


class ProofState(msgspec.Struct, frozen=True):
    """`state`: sealed, unsealed or no_trail; `size`: how many facts the last checkpoint seals."""

    state: str
    size: int | None = None


def proof_state(trail_folder: Path, position: int) -> ProofState:
    """Of the fact at this position, by the checkpoint (C2SP tlog-checkpoint) in the folder; its signatures unchecked."""
    try:
        lines = (trail_folder / "checkpoint").read_bytes().split(b"\n", 2)
        size = int(lines[1])
    except (OSError, IndexError, ValueError):
        return ProofState("no_trail")
    return ProofState("sealed" if position <= size else "unsealed", size)
