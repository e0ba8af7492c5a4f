"""A sealed trail whose checkpoint ends with the count of its streams, and a pack of all of a task."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from projections.inspection.pack_page import in_sentences
from tests.sealed_trails import SealedTrail
from tests.trail.packs_by_hand import ORIGIN, START
from trail.leaf import leaf_of
from trail.pack_asked import Asked
from trail.packing import Event, place_of, whole_of, write_pack
from trail.sources import Folder
from trail.stream_count_facts import MAPPED, file_of
from trail.streams import Streams, count_streams
from trail.tree import leaf_hash

TASK = "2024-07"
STREAM = f"task/{TASK}"
Rows = list[tuple[Any, ...]]


def rows_of(streams: Sequence[str]) -> Rows:
    """A fact a second, one of each stream in turn as it is named."""
    versions: dict[str, int] = {}
    found: Rows = []
    for position, stream in enumerate(streams, start=1):
        versions[stream] = versions.get(stream, 0) + 1
        found.append(row(position, stream, versions[stream], "task.approved", {}))
    return found


def row(position: int, stream: str, version: int, kind: str, fact: dict[str, Any]) -> tuple[Any, ...]:
    envelope = {"v": 1, "schema": 1, "actor": {"role": "planner"}, "via": "cli", "authn": "asserted"}
    envelope["command"] = f"{position:032x}"
    state = "\n".join(json.dumps(one, separators=(",", ":")) for one in (envelope, fact)).encode()
    when = START + timedelta(seconds=position)
    return position, stream, version, kind, when, when, state


def streams_of(rows: Rows) -> Streams:
    return count_streams((one[1], leaf_hash(leaf_of(one))) for one in rows)


def with_map(rows: Rows, said: Streams | None = None, origin: str = ORIGIN, **more: Any) -> Rows:
    """The rows and the count of their streams, or what the operator says in its place."""
    streams = said or streams_of(rows)
    root = base64.b64encode(streams.root()).decode()
    fact = {"origin": origin, "size": len(rows), "streams": streams.count, "root": root} | more
    return [*rows, row(len(rows) + 1, "trail/2024-03-07", 1, MAPPED, fact)]


class Sealed:
    """These rows in a trail, sealed; `streams`: what its paths are made of where that is not what the rows make."""

    def __init__(self, folder: Path, rows: Rows, quorum: int = 2) -> None:
        self.trail, self.rows = SealedTrail(folder / "trail", ORIGIN, quorum=quorum), rows
        self.trail.grow(map(leaf_of, rows))
        for one in rows:
            if one[3] == MAPPED:
                self.lay(one)
        self.trail.publish(self.trail.note(at=int(START.timestamp()) + len(rows) + 1))
        self.pack = folder / "pack.zip"

    def lay(self, one: tuple[Any, ...]) -> None:
        place = self.trail.folder / file_of(one[0])
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(one[6])

    def write(self, asked: Asked, without: Sequence[int] = ()) -> Path:
        """All of what is asked for as a whole, and the count of the streams; `without`: positions that are left out."""
        place = place_of(Folder(self.trail.folder))
        wanted = [one for one in self.rows if one[1] in asked.whole or one[0] == len(self.rows)]
        events = [Event(one, (), one[1] in asked.whole) for one in wanted if one[0] not in without]
        write_pack(
            place, events, asked, "감사", self.pack, lambda _: None, in_sentences(), whole_of(place, asked)
        )
        return self.pack
