"""A pack: events with all that shows, without us, that they stand in the sealed log. Written whole or not at all."""

from __future__ import annotations

import base64
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import msgspec

from trail.bilingual import Refusal
from trail.checkpoint import Checkpoint
from trail.leaf import leaf_of
from trail.leaves import parse_leaf
from trail.note import Note, VerifierKey
from trail.pack_asked import Asked, Said
from trail.pack_events import Proven
from trail.pack_paths import Whole, encode_path, path_file, paths_for
from trail.page import Page
from trail.policy import Policy
from trail.proof import Proof
from trail.signed import current, policy_of, require_file
from trail.sources import Source
from trail.stored import POSITION, STATE, StoredFact
from trail.tiles import Tiles
from trail.tree import consistency_proof, inclusion_proof
from trail.verdict import Verdict

_SPKI = bytes.fromhex("302a300506032b6570032100")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # what a zip says where nothing is to depend on when it was made
Tick = Callable[[int], object]


class NotAsSealed(Refusal):
    """The database no longer holds what was sealed, so nothing can be proved of it."""

    ko = "{position}번 기록이 저장소와 봉인된 기록에서 다릅니다. 묶음을 만들지 않았습니다. `donghaeng trail verify --store`로 확인하십시오."
    en = "Event {position} in the store is not the one that was sealed. No pack was made. Look with `donghaeng trail verify --store`."


class Text(msgspec.Struct, frozen=True):
    """A free text of an event. `salt` and `body` are None where it was taken away."""

    id: str
    salt: bytes | None
    body: str | None


class Event(msgspec.Struct, frozen=True):
    """`row`: as Store.rows_after gives it; `asked`: not only there to show something else."""

    row: StoredFact
    texts: tuple[Text, ...] = ()
    asked: bool = True

    @property
    def position(self) -> int:
        return self.row[POSITION]


class Place(msgspec.Struct, frozen=True):
    """The sealed log that a pack is made from: its files, what was read of them, and what they are checked against."""

    source: Source
    policy: Policy
    note: Note
    checkpoint: Checkpoint
    quorum: bool


def place_of(source: Source) -> Place:
    """Raises NotTrusted, BadPolicy."""
    verdict = Verdict()
    policy = policy_of(source, verdict, None)
    note, checkpoint = current(source, verdict, policy)
    return Place(source, policy, note, checkpoint, verdict.quorum)


def whole_of(place: Place, asked: Asked) -> Whole | None:
    """What shows that all is there of what is asked for as a whole. Raises NotTrusted, CountedOtherwise."""
    return paths_for(place.source, place.checkpoint.origin, place.checkpoint.size, asked.whole)


def sizes_of(source: Source, folder: str, ending: str = "") -> list[int]:
    """The sizes of the trees whose checkpoints or timestamps lie in a folder of the trail."""
    pattern = re.compile(rf"{folder}/([1-9][0-9]*){re.escape(ending)}")
    return sorted(int(found[1]) for name in source.names() or () if (found := pattern.fullmatch(name)))


def first_after(sizes: Sequence[int], positions: Iterable[int]) -> set[int]:
    """For each event the smallest tree that holds it."""
    found: set[int] = set()
    at = iter(sizes)
    size = next(at, None)
    for position in sorted(positions):
        while size is not None and size < position:
            size = next(at, None)
        if size is None:
            break
        found.add(size)
    return found


def write_pack(
    place: Place,
    events: Sequence[Event],
    asked: Asked,
    reason: str,
    out: Path,
    tick: Tick,
    page: Page,
    whole: Whole | None = None,
) -> None:
    """The pack as a zip. `events`: in order of position; `reason`: why it is exported; `page`: makes index.html;
    `whole`: as of `paths_for`.

    Raises NotAsSealed, NotTrusted, OSError.
    """
    along = tuple(event.position for event in events if not event.asked)
    said = Said(asked.whole, along, asked, reason, page.made_by)
    with _zip(out) as put:
        script = files("trail").joinpath("verify.sh").read_bytes()
        put("verify.sh", script)
        put("asked.json", bytes(said))
        for path, content in _about_the_log(place):
            put(path, content)
        kept: dict[str, bytes] = {}
        tiles = Tiles(_keeping(place.source, kept), place.checkpoint.size)
        tiles.root()
        proven = []
        for event in events:
            for path, content in _about(event, place, tiles):
                put(path, content)
            proven.append(_proven(event))
            tick(1)
        put("index.html", page.make(place.policy, place.note, place.checkpoint, proven, said).encode())
        for name, one in (whole or {}).items():
            put(path_file(name), encode_path(one))
        for path, content in _older(place, [event.position for event in events], tiles):
            put(path, content)
        for path in sorted(kept):
            put(path, kept[path])


def _about_the_log(place: Place) -> Iterator[tuple[str, bytes]]:
    yield "policy", place.policy.text.encode()
    yield "checkpoint", str(place.note).encode()
    for number, log in enumerate(place.policy.logs, start=1):
        yield f"keys/log-{number}.pem", _pem(log.key)
    for number, witness in enumerate(place.policy.witnesses, start=1):
        yield f"keys/witness-{number}.pem", _pem(witness.key)
    certificates = place.source.read("tsa.pem")
    if certificates is not None:
        yield "tsa.pem", certificates


def _about(event: Event, place: Place, tiles: Tiles) -> Iterator[tuple[str, bytes]]:
    position, index = event.position, event.position - 1
    _, leaf = next(tiles.leaves(index, index + 1))
    if leaf != leaf_of(event.row):
        raise NotAsSealed(position=position)
    path = tuple(inclusion_proof(index, tiles.size, tiles.subtree))
    yield f"events/{position}.json", event.row[STATE]
    yield f"leaves/{position}.json", leaf
    yield f"proofs/{position}.tlog-proof", str(Proof(index, path, place.note)).encode()
    for text in event.texts:
        if text.salt is not None and text.body is not None:
            yield f"texts/{position}.{text.id}.txt", text.body.encode()
            yield f"texts/{position}.{text.id}.salt", text.salt


def _proven(event: Event) -> Proven:
    """As whoever verifies the pack will have it."""
    texts = {text.id: text.body for text in event.texts if text.salt is not None and text.body is not None}
    return Proven(parse_leaf(leaf_of(event.row), f"leaves/{event.position}.json"), event.row[STATE], texts)


def _older(place: Place, positions: Sequence[int], tiles: Tiles) -> Iterator[tuple[str, bytes]]:
    """The checkpoint and the timestamp that came first after each event, with proofs that they are of the same log."""
    source, size = place.source, tiles.size
    sealed = first_after(sizes_of(source, "checkpoints"), positions)
    stamped = first_after(sizes_of(source, "timestamps", ".note"), positions)
    for old in sorted(one for one in sealed if one <= size):
        yield f"checkpoints/{old}", require_file(source, f"checkpoints/{old}")
    for old in sorted(one for one in stamped if one <= size):
        for ending in ("note", "tsr"):
            yield f"timestamps/{old}.{ending}", require_file(source, f"timestamps/{old}.{ending}")
    for old in sorted(one for one in sealed | stamped if one <= size):
        proof = consistency_proof(old, size, tiles.subtree)
        yield f"consistency/{old}", b"".join(base64.b64encode(one) + b"\n" for one in proof)


def _keeping(source: Source, kept: dict[str, bytes]) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        found = source.read(path)
        if found is not None:
            kept[path] = found
        return found

    return read


def _pem(key: VerifierKey) -> bytes:
    coded = base64.b64encode(_SPKI + key.raw).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{coded}\n-----END PUBLIC KEY-----\n".encode()


@contextmanager
def _zip(out: Path) -> Iterator[Callable[[str, bytes], None]]:
    """A zip that depends on its content alone, with SHA256SUMS at its end; it has its name only when it is whole."""
    new, sums = out.with_name(f"{out.name}.new"), {}
    try:
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:

            def write(path: str, content: bytes) -> None:
                member = zipfile.ZipInfo(path, _LONG_AGO)
                member.external_attr = 0o100644 << 16
                member.create_system = 3
                archive.writestr(member, content, zipfile.ZIP_DEFLATED)

            def put(path: str, content: bytes) -> None:
                sums[path] = sha256(content).hexdigest()
                write(path, content)

            yield put
            write("SHA256SUMS", "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode())
        with new.open("rb+") as file:
            os.fsync(file.fileno())
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)
