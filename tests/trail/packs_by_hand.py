"""Packs made of rows that no database holds, sealed with keys of the tests' own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from projections.inspection.pack_page import in_sentences
from tests.sealed_trails import SealedTrail
from trail.leaf import leaf_of
from trail.pack_asked import Asked
from trail.pack_verifying import verify_pack
from trail.packing import Event, Text, place_of, write_pack
from trail.sources import Folder, open_source
from trail.verdict import Verdict
from trail.verifying import Own

START = datetime(2024, 3, 7, 5, 0, tzinfo=UTC)
ORIGIN = "donghaeng/test"
REASON = Text(id="ab" * 16, salt=b"salt" * 4, body="예산이 맞음")
ASKED = (3, 17, 30, 41)
EVERYTHING = Asked(everything=True)


def row(position: int, *, at: datetime | None = None, **more: Any) -> tuple[Any, ...]:
    """As Store.rows_after gives one; a fact a second."""
    envelope = {"v": 1, "schema": 1, "actor": {"role": "planner"}, "via": "cli", "authn": "asserted"}
    envelope["command"] = f"{position:032x}"
    if position == 17:
        commitment = hashlib.sha256(b"salt" * 4 + "예산이 맞음".encode()).hexdigest()
        envelope["reason"] = {"id": REASON.id, "commitment": commitment}
    kind, fact = more.get("kind", "task.approved"), more.get("fact", {})
    state = f"{json.dumps(envelope)}\n{json.dumps(fact, ensure_ascii=False)}".replace(": ", ":").replace(
        ", ", ","
    )
    when = at or START + timedelta(seconds=position)
    stream = more.get("stream", f"task/2024-{position % 4:02}")
    return position, stream, position // 4 + 1, kind, when, when, state.encode()


def seconds(at: datetime) -> int:
    return int(at.timestamp())


class Made:
    """A sealed trail of so many facts and a pack of four of them; the 30th fact holds the first seal.

    `began`: when that was; `token`: what an authority gave for the first seal, which the 30th fact then holds instead.
    """

    def __init__(
        self,
        folder: Path,
        rows: Callable[[int], tuple[Any, ...]] = row,
        quorum: int = 2,
        began: datetime = START,
        token: Callable[[bytes], dict[str, str]] | None = None,
        size: int = 300,
        origin: str = ORIGIN,
    ) -> None:
        self.trail = SealedTrail(folder / "trail", origin, quorum=quorum)
        self.rows = [rows(position) for position in range(1, 21)]
        self.trail.grow(map(leaf_of, self.rows))
        first = self.trail.note(at=seconds(began) + 21)
        self.trail.publish(first)
        seal = {"size": 20, "root": "", "note": str(first), "witnesses": ["w0", "w1"], "quorum": True}
        kind = "trail.sealed"
        if token is not None:
            kind, seal = "trail.timestamped", {"size": 20, "note": str(first), **token(str(first).encode())}
        held = row(30, at=rows(30)[4], kind=kind, fact=seal, stream="trail/2024-03-07")
        more = [held if at == 30 else rows(at) for at in range(21, size + 1)]
        self.rows += more
        self.trail.grow(map(leaf_of, more))
        self.trail.publish(self.trail.note(at=seconds(began) + 301))
        self.pack = folder / "pack.zip"

    def write(
        self,
        positions: Sequence[int] = ASKED,
        texts: Sequence[Text] = (REASON,),
        asked: Asked = EVERYTHING,
    ) -> Path:
        place = place_of(Folder(self.trail.folder))
        events = [Event(self.rows[at - 1], tuple(texts) if at == 17 else ()) for at in positions]
        write_pack(place, events, asked, "감사", self.pack, lambda _: None, in_sentences())
        return self.pack


def verdict_of(where: Path, own: Own | None = None) -> Verdict:
    """What comes of a check; what stops it is in it too."""
    verdict = Verdict()
    with verdict.checking(str(where)), open_source(str(where)) as source:
        verify_pack(source, own or Own(), verdict, lambda _: None, in_sentences())
    return verdict


def unpacked(pack: Path, folder: Path) -> Path:
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder)
    return folder


def copied(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


def summed_anew(folder: Path) -> Path:
    """SHA256SUMS over what is there now: somebody who changes a pack can do that as well."""
    names = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
    sums = (
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
        if name != "SHA256SUMS"
    )
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def script(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What it says with a policy got on paper; of one made for the occasion where `words` bring none."""
    if not words and (folder / "policy").is_file():
        paper = folder.with_name(f"{folder.name}.on paper")
        shutil.copyfile(folder / "policy", paper)
        words = (str(paper), *(str(one) for one in [folder / "tsa.pem"] if one.is_file()))
    return subprocess.run(
        ["bash", str(folder / "verify.sh"), *words],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def with_tools(
    folder: Path, place: Path, tools: Sequence[str], *words: str, shell: str = "bash"
) -> subprocess.CompletedProcess[str]:
    """The script where nothing but these tools is on the PATH."""
    place.mkdir(exist_ok=True)
    for name in tools:
        path = next(Path(at, name) for at in os.get_exec_path() if Path(at, name).exists())
        (place / name).symlink_to(path.resolve())
    return subprocess.run(
        [shell, "verify.sh", *words],
        cwd=folder,
        env={"PATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
