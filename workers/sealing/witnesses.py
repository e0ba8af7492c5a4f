"""Asking witnesses (C2SP tlog-witness) for their cosignatures, all side by side, and remembering how far each saw."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Literal

import msgspec

from domain.errors import Bilingual
from trail.checkpoint import parse_checkpoint
from trail.errors import BadNote
from trail.files import write_safely
from trail.json_bytes import BROKEN
from trail.logs import Logger
from trail.note import Note, Signature, signature_lines
from trail.policy import Policy, Witness
from workers.http_client import NoReply, Reply, post

ADD_CHECKPOINT = "/add-checkpoint"
SIZE_KIND = "text/x.tlog.size"
CLOCKS_APART = 600  # seconds between a witness's clock and ours that are still sane
_MOST_BYTES = 65_536
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,15})\n?")
_KEPT = "witnesses.json"
_log = Logger()

Problem = Literal["away", "refused", "unknown", "ahead", "forked", "garbage"]
ProofFrom = Callable[[int], Sequence[bytes]]


class Answer(msgspec.Struct, frozen=True):
    """What one witness said. `witness`: its name in the policy; `size`: how many facts it has seen, if that is known.

    `unknown`: it does not know the log's name. `ahead`: it saw more than we have, so the log was rolled back. `forked`: what it saw is not a part of what we have.
    """

    witness: str
    signature: Signature | None
    problem: Problem | None
    size: int | None
    words: Bilingual


class _Kept(msgspec.Struct, frozen=True):
    known: dict[str, int]
    v: int = 1


def ask_all(
    policy: Policy, note: Note, known: Mapping[str, int], proof_from: ProofFrom, seconds: float = 5.0
) -> list[Answer]:
    """The answers of all witnesses that have an address, in the policy's order, within `seconds`.

    `known`: how many facts each has seen, by its name in the policy; `proof_from(old)`: the consistency proof from
    `old` facts to the note's. Raises what `proof_from` raises, and BadCheckpoint; no witness can make it raise.
    """
    asked = [one for one in policy.witnesses if one.url is not None]
    if not asked:
        return []
    asking = _Asking(note, proof_from, time.monotonic() + seconds)
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda one: asking.ask(one, known.get(one.name, 0)), asked))


def sizes_after(known: Mapping[str, int], answers: Sequence[Answer]) -> dict[str, int]:
    """How many facts each witness has seen, once these have answered."""
    told = {one.witness: one.size for one in answers if one.size is not None}
    return {**known, **told}


def load_sizes(folder: Path) -> dict[str, int]:
    """How many facts each witness has seen; only a hint, so a file that cannot be read is as good as none."""
    try:
        return msgspec.json.decode((folder / _KEPT).read_bytes(), type=_Kept).known
    except (OSError, *BROKEN):
        return {}


def keep_sizes(folder: Path, known: Mapping[str, int]) -> None:
    """Whole or not at all. Raises OSError."""
    write_safely(folder / _KEPT, msgspec.json.encode(_Kept(dict(known))) + b"\n")


class _Asking:
    """One checkpoint on its way to all witnesses."""

    def __init__(self, note: Note, proof_from: ProofFrom, until: float) -> None:
        self._note, self._until = note, until
        self._size = parse_checkpoint(note, "checkpoint").size
        self._proof_from, self._alone = proof_from, Lock()

    def ask(self, witness: Witness, known: int) -> Answer:
        old = min(known, self._size)  # more than we have: the witness will say so itself
        try:
            reply = self._post(witness, old)
            told = _parse_size(reply)
            if told is not None and told != old and told <= self._size:
                reply = self._post(witness, told)
        except NoReply as error:
            _log.warning("witness_gave_no_answer", witness=witness.name, problem=error.problem)
            return _no_reply(witness, error)
        answer = self._judge(witness, reply)
        if answer.problem is not None:
            _log.warning(
                "witness_did_not_sign", witness=witness.name, problem=answer.problem, status=reply.status
            )
        return answer

    def _post(self, witness: Witness, old: int) -> Reply:
        assert witness.url is not None
        proof: Sequence[bytes] = ()
        if 0 < old < self._size:
            with self._alone:
                proof = self._proof_from(old)
        lines = "".join(base64.b64encode(one).decode() + "\n" for one in proof)
        return post(
            witness.url.rstrip("/") + ADD_CHECKPOINT,
            f"old {old}\n{lines}\n{self._note}".encode(),
            "text/plain; charset=utf-8",
            seconds=self._until - time.monotonic(),
            most=_MOST_BYTES,
        )

    def _judge(self, witness: Witness, reply: Reply) -> Answer:
        if reply.status == 200:
            return self._check_signature(witness, reply.body)
        told = _parse_size(reply)
        if told is not None and told > self._size:
            return Answer(witness.name, None, "ahead", told, _ahead(told, self._size))
        if told is None and reply.status in (409, 422):
            return Answer(witness.name, None, "forked", None, _FORKED)
        if reply.status == 404:
            return Answer(witness.name, None, "unknown", None, _describe_refusal(reply))
        if 400 <= reply.status < 500:
            return Answer(witness.name, None, "refused", None, _describe_refusal(reply))
        problem: Problem = "away" if reply.status >= 500 else "garbage"
        return Answer(witness.name, None, problem, None, _unusable(f"HTTP {reply.status}"))

    def _check_signature(self, witness: Witness, body: bytes) -> Answer:
        try:
            lines = signature_lines(body.decode(), witness.name)
        except (BadNote, UnicodeDecodeError):
            return Answer(witness.name, None, "garbage", None, _NOT_LINES)
        signature = witness.key.signature_on(Note(self._note.text, lines))
        if signature is None:
            return Answer(witness.name, None, "garbage", None, _NOT_SIGNED)
        apart = signature.at - int(time.time())
        if abs(apart) > CLOCKS_APART:
            return Answer(witness.name, None, "garbage", None, _clock(apart))
        return Answer(witness.name, signature, None, self._size, _SIGNED)


def _parse_size(reply: Reply) -> int | None:
    """The size that a witness says it saw last."""
    found = _SIZE.fullmatch(reply.body)
    return int(found[1]) if reply.status == 409 and reply.kind == SIZE_KIND and found else None


def _no_reply(witness: Witness, error: NoReply) -> Answer:
    if error.garbage:
        return Answer(witness.name, None, "garbage", None, _unusable(error.problem))
    words = Bilingual(f"응답이 없습니다({error.problem})", f"it does not answer ({error.problem})")
    return Answer(witness.name, None, "away", None, words)


def _ahead(told: int, ours: int) -> Bilingual:
    return Bilingual(
        f"증인은 이미 기록 {told}건을 보았는데 여기에는 {ours}건뿐입니다: 기록이 되돌려졌습니다",
        f"it has seen {told} fact(s), and here are only {ours}: the log was rolled back",
    )


def _describe_refusal(reply: Reply) -> Bilingual:
    words = " ".join(reply.body[:200].decode(errors="replace").split())
    said = "".join(c for c in words if c.isprintable())
    return Bilingual(f"거절했습니다({reply.status} {said})", f"it refused ({reply.status} {said})")


def _unusable(problem: str) -> Bilingual:
    return Bilingual(f"올바르지 않은 응답입니다({problem})", f"its answer is of no use ({problem})")


def _clock(apart: int) -> Bilingual:
    return Bilingual(
        f"증인의 시계가 {apart}초 어긋나 있습니다", f"its clock is {apart} second(s) away from the one here"
    )


_SIGNED = Bilingual("서명했습니다", "it cosigned")
_FORKED = Bilingual(
    "증인이 본 기록이 지금 기록의 앞부분과 다릅니다: 과거가 바뀌었습니다",
    "what it has seen is not the beginning of the log as it is now: the past was changed",
)
_NOT_LINES = Bilingual("응답이 서명이 아닙니다", "its answer is no signature")
_NOT_SIGNED = Bilingual(
    "이 체크포인트에 대한 그 증인의 서명이 아닙니다",
    "what it signed is not this checkpoint, or not with its key",
)
