"""Proof files, as C2SP tlog-proof has them: a fact's index, its path, and the checkpoint it leads to."""

from __future__ import annotations

import base64
import re

import msgspec

from trail.bilingual import Bilingual
from trail.checkpoint import parse_checkpoint
from trail.errors import BadProof
from trail.note import Note, decode_base64, parse_note
from trail.tree import leaf_hash, root_of_inclusion

_FIRST = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_LONGEST = 63


class Proof(msgspec.Struct, frozen=True):
    """`path`: hashes of 32 bytes, the leaf's sibling first."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note

    def __str__(self) -> str:
        path = "".join(base64.b64encode(one).decode() + "\n" for one in self.path)
        return f"{_FIRST}\nindex {self.index}\n{path}\n{self.checkpoint}"


def parse_proof(given: bytes, where: str) -> Proof:
    """Raises BadProof, BadNote. Nothing is verified here."""
    head, between, note = given.partition(b"\n\n")
    try:
        lines = head.decode().split("\n")
        first, index, path = lines[0], _INDEX.fullmatch(lines[1]), tuple(map(decode_base64, lines[2:]))
    except (ValueError, IndexError):
        raise _format_error(where) from None
    if (
        first != _FIRST
        or index is None
        or not between
        or len(path) > _LONGEST
        or {len(p) for p in path} - {32}
    ):
        raise _format_error(where)
    return Proof(int(index[1]), path, parse_note(note, where))


def check_proof(proof: Proof, leaf: bytes, where: str) -> None:
    """Whether the leaf lies where the proof says. The checkpoint's signatures are another matter. Raises BadProof."""
    checkpoint = parse_checkpoint(proof.checkpoint, where)
    if proof.index >= checkpoint.size:
        problem = Bilingual(
            f"{proof.index}번 리프는 크기 {checkpoint.size}의 트리에 없습니다",
            f"index {proof.index} is not in a tree of {checkpoint.size}",
        )
        raise BadProof(where=where, problem=problem)
    if root_of_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.path) != checkpoint.root:
        problem = Bilingual(
            f"{proof.index}번 리프가 체크포인트의 루트 해시로 이어지지 않습니다",
            f"the leaf at index {proof.index} does not lead to the checkpoint's root",
        )
        raise BadProof(where=where, problem=problem)


def _format_error(where: str) -> BadProof:
    return BadProof(
        where=where, problem=Bilingual("증명 파일의 형식이 아닙니다", "it has not the form of a proof")
    )
