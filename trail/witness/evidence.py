"""What a log signed and a witness refused to cosign: kept, bounded in number and size, and never displaced."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from trail.bilingual import Bilingual
from trail.files import write_safely
from trail.json_bytes import BROKEN
from trail.logs import Logger
from trail.note import Note

FOLDER = "evidence"
MOST = 100  # of each kind; one is under 16 KiB
_log = Logger()

Kind = Literal["two_roots", "unproven"]


class Evidence(msgspec.Struct, frozen=True):
    """`two_roots`: two trees of one size, both signed by the log, which proves by itself that it showed two pasts.

    `unproven`: a tree of which the proof that came with it did not show that it goes on from the one cosigned before.
    `at`: seconds since 1970, by the witness's clock; `kept`: the checkpoint cosigned last, if there is one, with that cosignature where it was kept.
    """

    kind: Kind
    origin: str
    at: int
    old: int
    proof: tuple[str, ...]
    refused: str
    kept: str | None
    v: int = 1


def keep(
    folder: Path,
    kind: Kind,
    origin: str,
    at: int,
    old: int,
    proof: Sequence[bytes],
    refused: Note,
    kept: Note | None,
) -> None:
    """Once for each pair of checkpoints, on the disk before this returns; whoever calls is `alone` in the folder. A full disk or folder is told in the log and keeps nobody from an answer."""
    lines = tuple(base64.b64encode(one).decode() for one in proof)
    found = Evidence(kind, origin, at, old, lines, str(refused), None if kept is None else str(kept))
    pair = sha256(f"{refused.text}\n{'' if kept is None else kept.text}".encode()).hexdigest()[:32]
    path = folder / FOLDER / f"{kind}-{pair}.json"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if path.exists():
            return
        if is_full(folder, kind):
            _log.error("witness_evidence_full", kind=kind, most=MOST)
            return
        write_safely(path, msgspec.json.encode(found))
    except OSError as error:
        _log.error("witness_evidence_lost", kind=kind, problem=str(error))
        return
    _log.error("witness_kept_evidence", kind=kind, origin=origin, path=str(path))


def is_full(folder: Path, kind: Kind) -> bool:
    return sum(1 for _ in (folder / FOLDER).glob(f"{kind}-*.json")) >= MOST


def load_evidence(folder: Path) -> list[tuple[Path, Evidence | None]]:
    """All of it, oldest first; None where a file cannot be read."""
    found: list[tuple[Path, Evidence | None]] = []
    for path in sorted((folder / FOLDER).glob("*.json")):
        try:
            found.append((path, msgspec.json.decode(path.read_bytes(), type=Evidence)))
        except (OSError, *BROKEN):
            found.append((path, None))
    return sorted(found, key=lambda one: 0 if one[1] is None else one[1].at)


def describe_evidence(one: Evidence) -> Bilingual:
    """What it is and what it proves."""
    when = f"{datetime.fromtimestamp(one.at, UTC):%Y-%m-%dT%H:%M:%SZ}"
    size = one.refused.split("\n")[1]
    before = "0" if one.kept is None else one.kept.split("\n")[1]
    if one.kind == "two_roots":
        return Bilingual(
            f"{when}에 기록 {one.origin}이(가) 크기 {size}의 서로 다른 두 체크포인트에 서명해 내보였습니다. "
            "두 서명이 모두 그 기록의 것이므로, 서로 다른 과거를 내보였다는 증거입니다.",
            f"At {when} the log {one.origin} showed a second checkpoint of size {size} with another root. "
            "Both bear the log's own signature: this proves that it showed two different pasts.",
        )
    return Bilingual(
        f"{when}에 기록 {one.origin}의 크기 {size} 체크포인트가, 앞서 확인한 크기 {before}에서 이어진다는 증명 없이 왔습니다. "
        "기록의 서명은 진짜입니다. 운영 기관에 두 크기 사이의 일관성 증명을 요구하십시오. 내놓지 못하면 과거가 바뀐 것입니다.",
        f"At {when} a checkpoint of {one.origin} of size {size} came without a valid proof that it goes on from size "
        f"{before}, which was cosigned before. The log's signature is genuine. Ask its operator for the consistency "
        "proof between the two; if there is none, the past was changed.",
    )
