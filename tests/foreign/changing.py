"""Seeded changes to packs: what somebody could do to one, sums made anew or not. No verifier is known here."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from random import Random

Files = dict[str, bytes]
Change = Callable[
    [Random, Files, Mapping[str, bytes]], None
]  # `other`: the files of another pack of the same log
SUMS = "SHA256SUMS"


def summed(files: Files) -> None:
    """The sums made anew: whoever changes a pack can do that as well."""
    lines = (f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files) if name != SUMS)
    files[SUMS] = "".join(lines).encode()


def pick(random: Random, files: Mapping[str, bytes], prefix: str = "", ending: str = "") -> str:
    """One of the files of a kind; any where there is none."""
    names = sorted(one for one in files if one.startswith(prefix) and one.endswith(ending) and one != SUMS)
    return random.choice(names or sorted(files))


def _any(random: Random, files: Files) -> str:
    """A folder first, lest tiles and keys are all that is ever changed."""
    return pick(random, files, random.choice(sorted({name.partition("/")[0] for name in files})))


def flip(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    name = _any(random, files)
    content = bytearray(files[name])
    for _ in range(random.choice((1, 1, 1, 3)) if content else 0):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    files[name] = bytes(content)


def cut(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    name = _any(random, files)
    files[name] = files[name][: random.randrange(len(files[name]) + 1)]


def lengthen(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    name = _any(random, files)
    files[name] += random.choice((b"\n", b" ", b"\0", b"x", files[name]))


def drop(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    del files[_any(random, files)]


def duplicate(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    name = _any(random, files)
    number = re.sub(r"\d+", lambda found: str(int(found[0]) + random.choice((1, 4))), name, count=1)
    files[random.choice((f"more/{name}", f"{name}.old", number, name.replace("0", "00", 1)))] = files[name]


def swap(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """Two files of one kind change places: events, leaves, proofs, timestamps, checkpoints, texts."""
    prefix = random.choice(("events/", "leaves/", "proofs/", "timestamps/", "checkpoints/", "texts/", "consistency/", "tile/", "streams/"))  # fmt: skip
    a, b = pick(random, files, prefix), pick(random, files, prefix)
    files[a], files[b] = files[b], files[a]


def _renumbered(name: str, position: int) -> str:
    return re.sub(r"\d+", str(position), name, count=1)


def _parts(files: Mapping[str, bytes], position: int) -> list[str]:
    return [one for one in files if re.match(rf"(?:events|leaves|proofs|texts)/{position}\.", one)]


def _positions(files: Mapping[str, bytes]) -> list[int]:
    return sorted(int(one[7:-5]) for one in files if re.fullmatch(r"events/\d+\.json", one))


def swap_events(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """Everything of two events, each under the other's number."""
    if len(at := _positions(files)) < 2:
        return
    a, b = random.sample(at, 2)
    taken = {name: files.pop(name) for one in (a, b) for name in _parts(files, one)}
    for name, content in taken.items():
        files[_renumbered(name, b if f"/{a}." in name else a)] = content


def move_event(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    a, b = random.choice(_positions(files)), random.choice((1, 2, 18, 299, 301, 4096))
    for name in _parts(files, a):
        files[_renumbered(name, b)] = files.pop(name)


def drop_event(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """Whole and clean: versions are skipped; allowed where the pack does not say that it holds all."""
    for position in (
        random.sample(_positions(files), random.choice((1, 1, 2))) if len(_positions(files)) > 2 else []
    ):
        drop_parts(files, position)


def from_another(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """A file of another pack comes in, in its place or as an addition."""
    name = _any(random, dict(other))
    files[name] = other[name]


def proof_of_another(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """Proofs exchanged: their path, index or checkpoint alone."""
    a, b = pick(random, files, "proofs/"), pick(random, {**files, **other}, "proofs/")
    first, second = files[a].partition(b"\n\n"), {**other, **files}[b].partition(b"\n\n")
    files[a] = random.choice((first[0] + first[1] + second[2], second[0] + first[1] + first[2]))


def proof_lines(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """A proof's or consistency proof's lines taken out, doubled, in another order, or another hash."""
    name = pick(random, files, random.choice(("proofs/", "consistency/")))
    lines = files[name].split(b"\n")
    _lines(random, lines, 10)
    files[name] = b"\n".join(lines)


def _lines(random: Random, lines: list[bytes], first: int) -> None:
    at = random.randrange(min(len(lines), first))
    match random.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            to = random.randrange(len(lines))
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines[at] = base64.b64encode(random.randbytes(32))
        case _:
            lines[at] = random.choice(
                (lines[at] + b" ", lines[at].replace(b"=", b""), lines[at].swapcase(), b"0" + lines[at])
            )


def everywhere(files: Files, change: Callable[[bytes], bytes]) -> None:
    """A change to the checkpoint, in the proofs as well, which repeat it."""
    before = files.get("checkpoint", b"")
    after = change(before)
    for name, content in files.items():
        if name == "checkpoint" or (name.startswith("proofs/") and before):
            files[name] = content.replace(before, after) if before else content


def note_lines(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """A checkpoint's lines changed, reordered, doubled; signatures removed; everywhere, or in one note alone."""

    def change(given: bytes) -> bytes:
        lines = given.split(b"\n")
        _lines(random, lines, len(lines))
        return b"\n".join(lines)

    if random.random() < 0.5:
        everywhere(files, change)
    else:
        name = pick(random, files, random.choice(("checkpoint", "timestamps/", "checkpoints/")))
        files[name] = change(files[name])


def forged(random: Random, line: bytes) -> bytes:
    """A signature under the name and number of its key, by somebody who has not got the key."""
    name, _, coded = line.rstrip(b"\n").rpartition(b" ")
    try:
        signature = bytearray(base64.b64decode(coded, validate=True))
    except ValueError:
        return line
    if len(signature) > 4:  # the first four bytes are the key's number
        signature[random.randrange(4, len(signature))] ^= 1 << random.randrange(8)
    return name + b" " + base64.b64encode(signature) + b"\n"


def signatures(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """Of the last checkpoint: some removed, in another order, one forged, or a stranger's added. The others may be enough."""

    def change(given: bytes) -> bytes:
        text, between, lines = given.partition(b"\n\n")
        kept = lines.splitlines(keepends=True)
        if not kept:
            return given
        match random.randrange(5):
            case 0:
                del kept[random.randrange(len(kept))]
            case 1:
                random.shuffle(kept)
            case 2:
                coded = base64.b64encode(random.randbytes(68)).decode()
                kept.insert(
                    random.randrange(len(kept) + 1), f"— a.stranger/{random.randrange(9)} {coded}\n".encode()
                )
            case 3:
                at = random.randrange(len(kept))
                kept[at] = forged(random, kept[at])
            case _:
                kept.append(random.choice(kept))
        return text + between + b"".join(kept)

    if files.get("checkpoint"):
        everywhere(files, change)


def fields(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """A field of an event or leaf, of asked.json at times, changed and written again."""
    name = pick(random, files, random.choice(("events/", "leaves/", "leaves/", "asked")), ".json")
    lines = files[name].split(b"\n")
    try:
        said = json.loads(lines[-1])
    except ValueError:
        return
    if not isinstance(said, dict) or not said:
        said = {"more": 1}
    key = random.choice(sorted(said))
    value = said[key]
    match value:
        case int():
            said[key] = value + random.choice((-1, 1, 1000))
        case str() if re.match(r"\d{4}-\d\d-\d\dT", value):
            said[key] = random.choice((value.replace("2024", "2023"), value.replace("2024", "2025"), value[:-1], value.replace("T05", "T25")))  # fmt: skip
        case str():
            said[key] = random.choice(
                (value + "x", value[:-1], "task/2024-01", "task.rejected", "text.redacted")
            )
        case _:
            said[key] = random.choice((None, [], {}, "x"))
    if random.random() < 0.2:
        said["more"] = random.choice((1, None))
    spaced = random.choice(((",", ":"), (",", ":"), (", ", ": ")))
    lines[-1] = json.dumps(said, ensure_ascii=False, separators=spaced).encode()
    files[name] = b"\n".join(lines)


def leaf_and_event(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """An event is written anew and its leaf made to fit."""
    position = random.choice(_positions(files))
    event, leaf = f"events/{position}.json", f"leaves/{position}.json"
    if leaf not in files:
        return
    files[event] = (
        files[event].replace(b"planner", b"officer") if random.random() < 0.5 else files[event] + b" "
    )
    digest = sha256(files[event]).hexdigest().encode()
    files[leaf] = re.sub(rb'"state_sha256":"[0-9a-f]*"', b'"state_sha256":"' + digest + b'"', files[leaf])


def texts(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """Another text, another salt, none, one too many."""
    name = pick(random, files, "texts/", random.choice((".txt", ".salt")))
    match random.randrange(5):
        case 0:
            files[name] = "예산이 맞지 않음".encode()
        case 1:
            del files[name]
        case 2:
            files[re.sub(r"[0-9a-f]{32}", "cd" * 16, name)] = files[name]
        case 3:
            for one in [one for one in files if one.startswith("texts/")]:
                del files[one]
        case _:
            files[f"texts/{random.choice(_positions(files))}.{'ef' * 16}.txt"] = b"more"


def tiles(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    name = pick(random, files, "tile/")
    content = files[name]
    match random.randrange(5):
        case 0:
            files[re.sub(r"\.p/\d+$", "", name)] = content + b"more"
        case 1:
            files[re.sub(r"\.p/\d+$", "", name)] = files.pop(name)
        case 2:
            files[name] = content[32:] + content[:32]
        case 3:
            files[f"{name}.p/{random.randrange(1, 256)}"] = content
        case _:
            del files[name]


def paths(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """The path of a stream in the count of all: its leaf, its hashes, another's, none; with the count itself or without."""
    name, last = pick(random, files, "streams/"), _positions(files)[-1]
    lines = files[name].split(b"\n")
    match random.randrange(9):
        case 0:
            _lines(random, lines, len(lines))
        case 1:
            lines[0] = random.choice((b"-", b"", lines[0].replace(b'"n":', b'"n":1'), lines[0].replace(b"task", b"agency")))  # fmt: skip
        case 2:
            lines[0] = re.sub(rb'"n":(\d+)', lambda found: b'"n":%d' % (int(found[1]) - 1), lines[0])
        case 3:
            lines = other.get(pick(random, other, "streams/"), b"").split(b"\n")
        case 4:
            of_another = sha256(b"task/2024-01").hexdigest()
            files[random.choice(("streams/more", f"streams/{of_another}"))] = files[name]
        case 5:
            drop_parts(files, last)
        case 6:
            drop_parts(files, last)
            files.pop(name, None)
            return
        case 7:
            files.pop(name, None)
            return
        case _:
            drop_parts(files, random.choice(_positions(files)[:-1] or [last]))
    files[name] = b"\n".join(lines)


def drop_parts(files: Files, position: int) -> None:
    for name in _parts(files, position):
        del files[name]


def whole(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """The pack says that it holds all of more, of fewer, of another stream, or of one twice."""
    try:
        said = json.loads(files["asked.json"])
    except (KeyError, ValueError):
        return
    stream = random.choice(
        ("task/2024-01", "agency/nobody", "agency/gto", "trail/2024-03-07", *said["whole"])
    )
    said["whole"] = random.choice(([], [*said["whole"], stream], [stream], [stream, stream]))
    files["asked.json"] = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def older(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    """An older checkpoint or timestamp with or without what belongs to it, or under another number."""
    names = [one for one in files if re.match(r"(?:checkpoints|timestamps|consistency)/", one)]
    if not names:
        return
    size = re.findall(r"\d+", random.choice(sorted(names)))[0]
    mine = [one for one in names if re.search(rf"/{size}\b", one)]
    if random.random() < 0.4:
        for name in mine if random.random() < 0.6 else mine[:1]:
            del files[name]
    else:
        name = random.choice(mine)
        files[_renumbered(name, random.choice((1, 7, 256, 300, 301)))] = files.pop(name)


def sums(random: Random, files: Files, other: Mapping[str, bytes]) -> None:
    lines = files[SUMS].split(b"\n")
    _lines(random, lines, len(lines))
    files[SUMS] = b"\n".join(lines)


CHANGES: tuple[Change, ...] = (
    flip, flip, flip, cut, lengthen, drop, duplicate, swap, swap_events, move_event, drop_event, from_another,
    proof_of_another, proof_lines, proof_lines, note_lines, note_lines, signatures, signatures, fields, fields,
    leaf_and_event, texts, texts, tiles, older, paths, paths, whole, sums,
)  # fmt: skip


def changed(random: Random, base: Mapping[str, bytes], other: Mapping[str, bytes]) -> tuple[str, Files]:
    """A pack that was changed, and what was done to it. One time in six the sums are left as they were."""
    files, said = dict(base), []
    for _ in range(random.choice((1, 1, 1, 2))):
        if not _positions(files):
            break  # of a pack of one event there may be nothing left to change
        change = random.choice(CHANGES)
        change(random, files, other)
        said.append(change.__name__)
    if "sums" not in said and random.random() < 0.84:
        summed(files)
        said.append("summed")
    return " ".join(said), files


def changed_zip(random: Random, base: Mapping[str, bytes]) -> tuple[str, bytes]:
    """A zip with something odd about it: names, kinds, order, twice the same, other packing, cut off.

    No flipped bits: libraries differ in which of a zip's own fields they look at where all files are whole.
    """
    kind = random.choice(("order", "twice", "name", "link", "folder", "stored", "comment", "cut", "before", "after", "bzip2"))  # fmt: skip
    names = sorted(base)
    if kind == "order":
        random.shuffle(names)
    held = io.BytesIO()
    packing = {"stored": zipfile.ZIP_STORED, "bzip2": zipfile.ZIP_BZIP2}.get(kind, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(held, "w", packing) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), base[name], packing)
        if kind == "twice":
            archive.NameToInfo.pop(name := random.choice(names))
            archive.writestr(zipfile.ZipInfo(name), random.choice((base[name], b"another")))
        if kind == "name":
            name = random.choice(("../x", "/x", "a/../x", "a//x", "a\\x", "C:x", "./x", "a\nb", "a b"))
            archive.writestr(zipfile.ZipInfo(name), b"x")
        if kind == "link":
            link = zipfile.ZipInfo("link")
            link.external_attr, link.create_system = 0o120777 << 16, 3
            archive.writestr(link, b"policy")
        if kind == "folder":
            archive.writestr(zipfile.ZipInfo("empty/"), b"")
        if kind == "comment":
            archive.comment = b"a comment"
    given = bytearray(held.getvalue())
    if kind == "cut":
        del given[random.randrange(len(given)) :]
    return kind, {"before": b"x" * 9 + given, "after": given + b"x" * 9}.get(kind, bytes(given))
