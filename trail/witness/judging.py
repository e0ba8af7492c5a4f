"""What a witness says to a request, as C2SP tlog-witness has it: pure, in the order that the specification gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.errors import NotTrusted
from trail.note import Note, VerifierKey, decode_base64, parse_note
from trail.tree import EMPTY_ROOT, is_consistent

PLAIN, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
MOST_SIGNATURES = 64  # the specification asks for 16 at least
_MOST_PROOF = 63
_OLD = re.compile(rb"old (0|[1-9][0-9]{0,15})")


class Submission(msgspec.Struct, frozen=True):
    """`proof`: hashes of 32 bytes, from the tree of `old` facts to the checkpoint's."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


class Refused(Exception):
    """`status`, `words` and `kind`: the answer."""

    def __init__(self, status: int, words: str, kind: str = PLAIN) -> None:
        super().__init__(words)
        self.status, self.words, self.kind = status, words, kind


def submission_of(body: bytes) -> Submission:
    """What was posted to add-checkpoint. Raises Refused."""
    head, between, note = body.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    old = _OLD.fullmatch(first)
    if not between or old is None or len(lines) > _MOST_PROOF:
        raise Refused(400, "not the form of a request: old size, at most 63 lines of proof, checkpoint")
    try:
        proof = tuple(decode_base64(line.decode("ascii")) for line in lines)
    except ValueError:
        raise Refused(400, "a line of the proof is no base64") from None
    if {len(one) for one in proof} - {32}:
        raise Refused(400, "a line of the proof is no SHA-256 hash")
    try:
        parsed = parse_note(note, "the checkpoint")
        checkpoint = parse_checkpoint(parsed, "the checkpoint")
    except NotTrusted as error:
        raise Refused(400, error.say("en")) from None
    if len(parsed.signatures) > MOST_SIGNATURES:
        raise Refused(400, f"more than {MOST_SIGNATURES} signatures")
    return Submission(int(old[1]), proof, parsed, checkpoint)


def without_cosignatures(given: Submission, trusted: Mapping[str, Sequence[VerifierKey]]) -> Note:
    """The checkpoint with the log's own valid signatures, and no others. Raises Refused."""
    keys = trusted.get(given.checkpoint.origin)
    if not keys:
        raise Refused(404, "this log is not known here")
    if any(_claims(key, given.note) for key in keys):
        raise Refused(403, "a line that names a key known of this log is not that key's signature")
    signatures = tuple(one for key in keys if (one := key.signature_on(given.note)) is not None)
    if not signatures:
        raise Refused(403, "none of the keys known of this log signed it")
    if given.old > given.checkpoint.size:
        raise Refused(400, "the old size is greater than the checkpoint's")
    return Note(given.note.text, signatures)


def judge(given: Submission, last: Checkpoint | None) -> None:
    """Whether it may be cosigned after what was cosigned last. Raises Refused."""
    size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
    asked = given.checkpoint
    if given.old != size:
        raise Refused(409, f"{size}\n", SIZE)
    if asked.size == 0 and asked.root != EMPTY_ROOT:
        raise Refused(422, "the root of an empty log is not that of the empty tree")
    if asked.size == size and asked.root != root and not given.proof:
        raise Refused(422, "the root differs from the one that was cosigned for this size")
    begins = is_consistent(size, asked.size, given.proof, root, asked.root) if size else not given.proof
    if not begins:
        raise Refused(422, "the consistency proof does not lead from what was cosigned to this checkpoint")


def _claims(key: VerifierKey, note: Note) -> bool:
    """Whether a line names the key and is not its signature, which makes the note malformed."""
    lines = (one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id))
    return any(key.signature_on(Note(note.text, (line,))) is None for line in lines)


def two_roots(given: Checkpoint, last: Checkpoint | None) -> bool:
    """Whether the log signed two different trees of one size."""
    return last is not None and given.size == last.size and given.root != last.root
