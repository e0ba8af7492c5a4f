"""Whether a fact is sealed: what the trail's checkpoint says, as far as it can be read here."""

from __future__ import annotations

from pathlib import Path

import msgspec

from domain.errors import DonghaengError
from projections.trail.checkpoint import parse_checkpoint
from projections.trail.note import parse_note, verified
from projections.trail.policy import parse_policy


class ProofState(msgspec.Struct, frozen=True):
    """`state`: sealed, unsealed or no_trail; `size`: how many facts the last checkpoint seals.

    `quorum`: whether as many witnesses cosigned it as the policy asks for.
    """

    state: str
    size: int | None = None
    quorum: bool | None = None


def proof_state(trail_folder: Path, position: int) -> ProofState:
    """Of the fact at this position, by the published checkpoint in the folder, where the log has signed it."""
    try:
        policy = parse_policy((trail_folder / "policy").read_text(encoding="utf-8"))
        note = parse_note((trail_folder / "checkpoint").read_bytes(), "checkpoint")
        verified(note, policy.log_keys, "checkpoint")
        size = parse_checkpoint(note, "checkpoint").size
    except (OSError, UnicodeDecodeError, DonghaengError):
        return ProofState("no_trail")
    return ProofState("sealed" if position <= size else "unsealed", size, policy.satisfied(note))
