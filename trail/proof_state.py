"""Whether a fact is sealed as it stands in the store: by the trail's checkpoint and tiles, as far as they lie here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from trail.bilingual import DonghaengError
from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.growing import tiles_in
from trail.leaf import leaf_of
from trail.note import parse_note, verify_note
from trail.policy import parse_policy
from trail.stored import POSITION, StoredFact
from trail.tree import inclusion_proof, leaf_hash, root_of_inclusion

State = Literal["sealed", "differs", "unproven", "unsealed", "no_trail"]


class ProofState(msgspec.Struct, frozen=True):
    """`state`: whether the fact's bytes lead to the last checkpoint, or the log has another content in its place.

    `unproven`: the tiles for it are not here. `size`: how many facts the checkpoint seals; `quorum`: whether as many
    witnesses cosigned it as the policy asks for.
    """

    state: State
    size: int | None = None
    quorum: bool | None = None


def proof_state(trail_folder: Path, row: StoredFact) -> ProofState:
    """Of a stored row of the log, by the published checkpoint in the folder, where the log has signed it."""
    try:
        policy = parse_policy((trail_folder / "policy").read_text(encoding="utf-8"))
        note = parse_note((trail_folder / "checkpoint").read_bytes(), "checkpoint")
        verify_note(note, policy.log_keys, "checkpoint")
        checkpoint = parse_checkpoint(note, "checkpoint")
    except (OSError, UnicodeDecodeError, DonghaengError):
        return ProofState("no_trail")
    return ProofState(_state(trail_folder, row, checkpoint), checkpoint.size, policy.is_satisfied_by(note))


def _state(trail_folder: Path, row: StoredFact, checkpoint: Checkpoint) -> State:
    index, size = row[POSITION] - 1, checkpoint.size
    if index >= size:
        return "unsealed"
    try:
        path = inclusion_proof(index, size, tiles_in(trail_folder, size).subtree)
    except (OSError, DonghaengError):
        return "unproven"
    root = root_of_inclusion(leaf_hash(leaf_of(row)), index, size, path)
    return "sealed" if root == checkpoint.root else "differs"
