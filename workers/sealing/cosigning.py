"""Having a checkpoint cosigned by the witnesses of the policy, and keeping what they said of another log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from trail.growing import tiles_in
from trail.logs import Logger
from trail.note import Note
from trail.policy import Policy
from trail.tree import consistency_proof
from workers.sealing.folder import Disagreement, TrailFolder
from workers.sealing.witnesses import Answer, ask_all, keep_sizes, load_sizes, sizes_after

_log = Logger()


def collect_cosignatures(
    folder: TrailFolder, policy: Policy, note: Note, size: int
) -> tuple[Note, list[Answer]]:
    """The note with the signatures of the witnesses that answered, of those that have not signed it yet."""
    there = {one.name for one in policy.witnesses_on(note)}
    asked = msgspec.structs.replace(
        policy, witnesses=tuple(one for one in policy.witnesses if one.url and one.name not in there)
    )
    if not asked.witnesses or size == 0:
        return note, []
    known = load_sizes(folder.path)
    subtree = tiles_in(folder.path, size).subtree

    def proof_from(old: int) -> list[bytes]:
        return consistency_proof(old, size, subtree) if 0 < old < size else []

    answers = ask_all(asked, note, known, proof_from)
    keep_sizes(folder.path, sizes_after(known, answers))
    return note.with_lines(one.signature for one in answers if one.signature is not None), answers


def keep_disagreements(folder: TrailFolder, missing: Sequence[Answer]) -> None:
    """Who has seen another log than this one is told until a person has looked, whatever it says afterwards."""
    known = folder.disagreements()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = [
        Disagreement(one.witness, now, one.words.ko, one.words.en)
        for one in missing
        if one.problem in ("ahead", "forked") and one.witness not in {before.witness for before in known}
    ]
    for one in new:
        _log.error("witness_disagrees", witness=one.witness, said=one.en)
    if new:
        folder.keep_disagreements((*known, *new))
