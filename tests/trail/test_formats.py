"""Notes, checkpoints, proofs and policies: what is written is read again, and what is not of the form is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from trail.checkpoint import Checkpoint, parse_checkpoint
from trail.errors import BadCheckpoint, BadNote, BadPolicy, BadProof
from trail.growing import grow, tiles_in
from trail.note import COSIGNATURE, Note, new_key, parse_note, parse_private, parse_vkey, verify_note
from trail.policy import parse_policy
from trail.proof import Proof, check_proof, parse_proof
from trail.tree import inclusion_proof

LOG = new_key("donghaeng/test")
WITNESSES = [new_key(f"witness.example/{number}", COSIGNATURE) for number in range(3)]
LEAVES = [b"leaf %d" % number for number in range(40)]
# published with Go's sumdb/note: a key and a note that it signed
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def note_of(size: int = 40, root: bytes = b"\x07" * 32, origin: str = LOG.name) -> Note:
    text = Checkpoint(origin, size, root).text
    return Note(text, (LOG.sign(text),))


def test_a_note_that_others_signed_is_verified() -> None:
    note = parse_note(GO_NOTE.encode(), "note")
    assert verify_note(note, [parse_vkey(GO_VKEY)], "note") == note
    assert str(note) == GO_NOTE


def test_keys_are_written_and_read_again() -> None:
    for key in (LOG, WITNESSES[0]):
        assert parse_vkey(str(key.verifier)) == key.verifier
        assert parse_private(key.encode(), "key") == key
    assert LOG.raw.hex() not in repr(LOG)


def test_a_checkpoint_is_written_and_read_again() -> None:
    note = parse_note(str(note_of()).encode(), "checkpoint")
    assert (
        parse_checkpoint(verify_note(note, [LOG.verifier], "checkpoint"), "checkpoint", LOG.name).size == 40
    )


@pytest.mark.parametrize("place", range(0, len(str(note_of()).encode()), 3))
def test_a_checkpoint_with_a_changed_byte_is_refused(place: int) -> None:
    given = bytearray(str(note_of()).encode())
    given[place] ^= 1
    with pytest.raises((BadNote, BadCheckpoint), match="checkpoint"):
        parse_checkpoint(
            verify_note(parse_note(bytes(given), "checkpoint"), [LOG.verifier], "checkpoint"),
            "checkpoint",
            LOG.name,
        )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{LOG.name}\n5\n{'A' * 43}=\nmore\n", "extension line"),
        (f"another\n5\n{'A' * 43}=\n", "another log"),
        (f"{LOG.name}\n05\n{'A' * 43}=\n", "form"),
        (f"{LOG.name}\n-5\n{'A' * 43}=\n", "form"),
        (f"{LOG.name}\n5\n{'A' * 42}B=\n", "form"),
        (f"{LOG.name}\n5\n", "form"),
    ],
)
def test_what_is_no_checkpoint_of_the_log_is_refused_by_reason(text: str, problem: str) -> None:
    note = Note(text, (LOG.sign(text),))
    with pytest.raises(BadCheckpoint, match=problem):
        parse_checkpoint(note, "checkpoint", LOG.name)


def test_a_note_signed_by_an_unknown_key_is_refused() -> None:
    with pytest.raises(BadNote, match=f"signed by: {LOG.name}"):
        verify_note(note_of(), [new_key(LOG.name).verifier], "checkpoint")


def test_a_cosignature_counts_with_its_time_and_not_with_another() -> None:
    note, witness = note_of(), WITNESSES[0]
    cosigned = note.with_lines([witness.sign(note.text, 1_700_000_000)])
    found = witness.verifier.signature_on(cosigned)
    assert found is not None
    assert found.at == 1_700_000_000
    line = cosigned.signatures[1]
    later = (1_700_000_001).to_bytes(8, "big") + line.signed[8:]
    assert (
        witness.verifier.signature_on(note.with_lines([type(line)(line.name, line.key_id, later, "")]))
        is None
    )


def test_a_proof_is_written_read_and_checked(tmp_path: Path) -> None:
    grow(tmp_path, 0, LEAVES)
    tiles = tiles_in(tmp_path, 40)
    proof = Proof(17, tuple(inclusion_proof(17, 40, tiles.subtree)), note_of(40, tiles.root()))
    again = parse_proof(str(proof).encode(), "17.tlog-proof")
    assert again == proof
    check_proof(again, LEAVES[17], "17.tlog-proof")
    with pytest.raises(BadProof, match="index 17"):
        check_proof(again, LEAVES[18], "17.tlog-proof")
    with pytest.raises(BadProof, match="index 18"):
        check_proof(Proof(18, proof.path, proof.checkpoint), LEAVES[17], "17.tlog-proof")
    with pytest.raises(BadProof, match="not in a tree of 40"):
        check_proof(Proof(40, proof.path, proof.checkpoint), LEAVES[17], "17.tlog-proof")


@pytest.mark.parametrize(
    "given", [b"", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v1\nindex 01\n\nx\n\n- y\n"]
)
def test_what_is_no_proof_is_refused(given: bytes) -> None:
    with pytest.raises((BadProof, BadNote), match=r"some\.tlog-proof"):
        parse_proof(given, "some.tlog-proof")


POLICY = "".join(
    (
        f"# a comment\nlog {LOG.verifier}\n",
        *(f"witness w{number} {key.verifier} http://127.0.0.1:1\n" for number, key in enumerate(WITNESSES)),
        "group all-of-them 2 w0 w1 w2\nquorum all-of-them\n",
    )
)


def test_two_of_three_witnesses_are_enough_and_one_is_not() -> None:
    policy, note = parse_policy(POLICY), note_of()
    one = note.with_lines([WITNESSES[1].sign(note.text, 1)])
    two = one.with_lines([WITNESSES[2].sign(note.text, 1)])
    assert (policy.is_satisfied_by(note), policy.is_satisfied_by(one), policy.is_satisfied_by(two)) == (
        False,
        False,
        True,
    )
    assert [witness.name for witness in policy.witnesses_on(two)] == ["w1", "w2"]
    assert policy.needed == 2


@pytest.mark.parametrize(
    ("policy", "line", "problem"),
    [
        (POLICY.replace("2 w0", "4 w0"), 6, "nobody can satisfy"),
        (POLICY.replace("2 w0", "0 w0"), 6, "nobody can satisfy"),
        (POLICY.replace("w0 w1 w2", "w0 w1 w9"), 6, "does not stand above"),
        (POLICY.replace("w0 w1 w2", "w0 w1 w1"), 6, "used twice"),
        (POLICY.replace("quorum all", "quorum none-of"), 7, "does not stand above"),
        (POLICY + "quorum none\n", 8, "second quorum"),
        (POLICY.replace("quorum all-of-them\n", ""), 6, "quorum is missing"),
        (POLICY.replace("witness w1", "witness w0"), 4, "is taken"),
        (POLICY.replace(str(WITNESSES[1].verifier), str(WITNESSES[0].verifier)), 4, "twice"),
        (POLICY.replace(str(WITNESSES[1].verifier), str(LOG.verifier)), 4, "not one for this role"),
        (POLICY.replace(str(WITNESSES[1].verifier), "garbage"), 4, "form of a key"),
        ("nonsense\n" + POLICY, 1, "not understood"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_by_line(policy: str, line: int, problem: str) -> None:
    with pytest.raises(BadPolicy, match=f"Line {line} .*{problem}"):
        parse_policy(policy)
