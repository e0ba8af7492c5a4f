"""An operator with the database, the log's key and the code: writes another past, and a trail that fits to it."""

from __future__ import annotations

import base64
import shutil
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from store.beside import quick_references
from store.mapper import command_of
from tests.workers.sealing.timestamp_authority import Authority
from trail.checkpoint import Checkpoint
from trail.growing import grow, tiles_in
from trail.leaf import leaf_of
from trail.note import Note, SignerKey
from trail.policy import Policy
from trail.stream_count_facts import MAPPED, file_of
from trail.streams import count_streams
from trail.tree import consistency_proof, leaf_hash, root_of
from workers.sealing.keys import sign_note
from workers.sealing.timestamps import stamp
from workers.sealing.witnesses import ask_all

Row = tuple[Any, ...]  # as Store.rows_after gives one
Rows = Sequence[Row]
POSITION, STREAM, VERSION, KIND, RECORDED, KNOWN, STATE = range(7)


def changed(row: Row, **more: Any) -> Row:
    places = {"stream": STREAM, "version": VERSION, "recorded": RECORDED, "known": KNOWN, "state": STATE}
    found = list(row)
    for name, value in more.items():
        found[places[name]] = value
        if name == "recorded":
            found[KNOWN] = value
    return tuple(found)


def numbered(rows: Rows) -> list[Row]:
    """The rows at positions without holes."""
    return [(position, *row[1:]) for position, row in enumerate(rows, start=1)]


class Operator:
    """`keys`: the log's."""

    def __init__(self, owner_dsn: str, origin: str, keys: tuple[SignerKey, ...], tsa: Authority) -> None:
        self.dsn, self.origin, self._keys, self._tsa = owner_dsn, origin, keys, tsa
        with psycopg.connect(owner_dsn) as connection:
            self._texts = connection.execute("SELECT id, salt, body FROM donghaeng.texts").fetchall()
            self._pieces = connection.execute(
                "SELECT text, number, content FROM donghaeng.attachments"
            ).fetchall()

    def overwrite(self, rows: Rows) -> None:
        """Put these rows into the database in place of all that is there."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM donghaeng.facts")
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO donghaeng.facts (position, stream, version, kind, recorded_at, known_at, state) "
                    "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    list(rows),
                )
            connection.execute("UPDATE donghaeng.head SET position = %s, halted = NULL", (len(rows),))
            self._beside(connection, rows)

    def _beside(self, connection: Any, rows: Rows) -> None:
        """Texts, files and command ids as the rows want them: who rewrites the log forgets none."""
        connection.execute("DELETE FROM donghaeng.commands")
        connection.execute("DELETE FROM donghaeng.texts")
        connection.execute("DELETE FROM donghaeng.attachments")
        wanted = {identity for row in rows for identity, _ in quick_references(row[STATE])}
        told = groupby(rows, lambda row: (command_of(row[STATE]), row[RECORDED]))
        made = [(command, list(group)) for (command, _), group in told]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO donghaeng.commands VALUES (%s, 'digest', %s, %s, %s, %s)",
                [
                    (command, facts[0][POSITION], facts[-1][POSITION], facts[0][RECORDED], facts[0][KNOWN])
                    for command, facts in made
                ],
            )
            cursor.executemany(
                "INSERT INTO donghaeng.texts (id, salt, body) VALUES (%s, %s, %s)",
                [text for text in self._texts if text[0].hex.encode() in wanted],
            )
            cursor.executemany(
                "INSERT INTO donghaeng.attachments VALUES (%s, %s, %s)",
                [piece for piece in self._pieces if piece[0].hex.encode() in wanted],
            )

    def fitting(self, rows: Rows, old: Rows, uncounted: int = 0) -> list[Row]:
        """The rows with seals and timestamps in them that fit to what now comes before: signed and stamped anew.

        `uncounted`: the position of a fact that the counts of the streams leave out.
        """
        places = {row[1:4]: row[POSITION] for row in old}
        found: list[Row] = []
        hashes: list[bytes] = []
        last = rows[0][RECORDED]
        for one in numbered(rows):
            row = one
            if one[KIND] == MAPPED:
                row = _counted_anew(one, found, uncounted)
            if one[KIND] in ("trail.sealed", "trail.timestamped"):
                moved = places.get(one[1:4], one[POSITION]) - one[POSITION]
                row, last = self._resealed(one, hashes, moved, last)
            # an authority's time is not to be had for the past
            recorded = max(last, row[RECORDED])
            known = recorded if row[KNOWN] == row[RECORDED] else row[KNOWN]
            found.append(changed(row, recorded=recorded, known=known))
            hashes.append(leaf_hash(leaf_of(found[-1])))
        return found

    def _resealed(
        self, row: Row, hashes: Sequence[bytes], earlier: int, last: datetime
    ) -> tuple[Row, datetime]:
        """The fact, and from when on others can stand after it. `earlier`: by how many places the fact has moved."""
        envelope, _, fact = row[STATE].partition(b"\n")
        held = msgspec.json.decode(fact)
        size = min(held["size"] - earlier, len(hashes))
        root = root_of(hashes[:size])
        if held["note"].split("\n")[1:3] == [str(size), base64.b64encode(root).decode()]:
            return row, last  # nothing before it has changed
        note = sign_note(Checkpoint(self.origin, size, root).text, self._keys)
        held |= {"size": size, "note": str(note)}
        if row[KIND] == "trail.sealed":
            held |= {"root": base64.b64encode(root).decode(), "witnesses": [], "quorum": False}
            return changed(row, state=envelope + b"\n" + msgspec.json.encode(held)), last
        token = stamp(self._tsa.url, str(note).encode(), self._tsa.certificate)
        held |= {"token": base64.b64encode(token.der).decode(), "at": token.at}
        state = envelope + b"\n" + msgspec.json.encode(held)
        return changed(row, state=state), max(last, token.at)

    def rebuilt(self, folder: Path, rows: Rows, honest: Path) -> Note:
        """Tiles, older checkpoints and the newest over these rows, under the log's key, published in a folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        grow(folder, 0, map(leaf_of, rows))
        tiles = tiles_in(folder, len(rows))
        (folder / "maps").mkdir()
        for row in rows:
            if row[KIND] == MAPPED:
                (folder / file_of(row[POSITION])).write_bytes(row[STATE])
        (folder / "checkpoints").mkdir()
        sizes = {int(one.name) for one in (honest / "checkpoints").iterdir()}
        for size in sorted(size for size in sizes if size <= len(rows)):
            note = sign_note(Checkpoint(self.origin, size, tiles.subtree(0, size)).text, self._keys)
            (folder / "checkpoints" / str(size)).write_text(str(note))
        note = sign_note(Checkpoint(self.origin, len(rows), tiles.root()).text, self._keys)
        (folder / "checkpoint").write_text(str(note))
        return note

    def cosigned(self, folder: Path, note: Note, policy: Policy, own: Sequence[SignerKey] = ()) -> Note:
        """What the witnesses of the policy cosign, and `own` ones whatever it is; stamped, and published."""
        size = int(note.text.split("\n")[1])
        subtree = tiles_in(folder, size).subtree

        def proof(old: int) -> list[bytes]:
            return consistency_proof(old, size, subtree) if 0 < old < size else []

        answers = ask_all(policy, note, {}, proof)
        lines = [one.signature for one in answers if one.signature is not None]
        found = note.with_lines([*lines, *(key.sign(note.text, int(time.time())) for key in own)])
        (folder / "checkpoint").write_text(str(found))
        (folder / "timestamps").mkdir(exist_ok=True)
        token = stamp(self._tsa.url, str(found).encode(), self._tsa.certificate)
        (folder / "timestamps" / f"{size}.note").write_text(str(found))
        (folder / "timestamps" / f"{size}.tsr").write_bytes(token.der)
        return found


def _counted_anew(row: Row, before: Rows, uncounted: int) -> Row:
    """The count of the streams that fits to what now comes before it."""
    envelope, _, fact = row[STATE].partition(b"\n")
    streams = count_streams(
        (one[STREAM], leaf_hash(leaf_of(one))) for one in before if one[POSITION] != uncounted
    )
    held = msgspec.json.decode(fact)
    held |= {"size": len(before), "streams": streams.count, "root": base64.b64encode(streams.root()).decode()}
    return changed(row, state=envelope + b"\n" + msgspec.json.encode(held))


def edited(row: Row) -> Row:
    return changed(row, state=row[STATE].replace("광주관광공사".encode(), "다른공사".encode()))


def anew(row: Row) -> Row:
    """By a command of its own."""
    before, after = command_of(row[STATE]).encode(), uuid.uuid4().hex.encode()
    return changed(row, state=row[STATE].replace(before, after))


def edit(rows: Rows, at: int) -> list[Row]:
    """`at`: a position, here as in the others."""
    assert edited(rows[at - 1]) != rows[at - 1]
    return [*rows[: at - 1], edited(rows[at - 1]), *rows[at:]]


def delete(rows: Rows, at: int) -> list[Row]:
    return [*rows[: at - 1], *rows[at:]]


def reorder(rows: Rows, at: int) -> list[Row]:
    """Two facts change places; the times stay where they are, since these must rise."""
    one, two = rows[at - 1], rows[at]
    swapped = [changed(two, recorded=one[RECORDED]), changed(one, recorded=two[RECORDED])]
    return [*rows[: at - 1], *swapped, *rows[at + 1 :]]


def insert(rows: Rows, at: int) -> list[Row]:
    return [*rows[: at - 1], changed(rows[at - 1], stream="agency/slipped", version=1), *rows[at - 1 :]]


def miscount(rows: Rows, at: int) -> list[Row]:
    """The counts of the streams leave the fact at this position out."""
    return [
        _counted_anew(row, rows[:place], at) if row[KIND] == MAPPED and place >= at else row
        for place, row in enumerate(rows)
    ]


def truncate(rows: Rows, at: int) -> list[Row]:
    return list(rows[: at - 1])


def roll_back(rows: Rows, at: int) -> list[Row]:
    """As after a backup was restored: other facts come where those were, and more of them."""
    now = datetime.now(UTC)
    others = [row for row in rows if row[KIND] == "agency.registered"]
    made = [
        changed(anew(edited(others[number % len(others)])), stream=f"agency/other{number}", recorded=now)
        for number in range(len(rows) - at + 3)
    ]
    return [*rows[: at - 1], *made]


def back_date(rows: Rows, at: int) -> list[Row]:
    """With what comes before it, to the minute after the seal before that; five days where there is none."""
    seals = [row[POSITION] for row in rows[: at - 1] if row[KIND] == "trail.sealed"]
    if not seals:
        days = timedelta(days=5)
        return [changed(row, recorded=row[RECORDED] - days) for row in rows[:at]] + list(rows[at:])
    first = seals[-1]
    then = rows[first - 1][RECORDED] + timedelta(minutes=1)
    between = [changed(row, recorded=then) for row in rows[first:at]]
    return [*rows[:first], *between, *rows[at:]]


def back_date_end(rows: Rows, at: int) -> list[Row]:
    """The first fact that is not sealed yet (`at`), to the minute after the last that is; the seal between them is left out."""
    last = max(
        msgspec.json.decode(row[STATE].partition(b"\n")[2])["size"]
        for row in rows
        if row[KIND] == "trail.sealed"
    )
    facts = rows[at - 1 :]
    return [
        *rows[:last],
        changed(facts[0], recorded=rows[last - 1][RECORDED] + timedelta(minutes=1)),
        *facts[1:],
    ]


def set_date(rows: Rows, at: int) -> list[Row]:
    """A fact was known, it says, a day before it was recorded; or as long before as the fact before it allows."""
    row, before = rows[at - 1], rows[at - 2]
    day = max(row[RECORDED] - timedelta(days=1), before[KNOWN] + timedelta(microseconds=1))
    assert day < row[RECORDED]
    return [*rows[: at - 1], changed(row, known=day), *rows[at:]]


def date_ahead(rows: Rows, at: int) -> list[Row]:
    """From there on all is dated a month ahead."""
    return [
        *rows[: at - 1],
        *(changed(row, recorded=row[RECORDED] + timedelta(days=30)) for row in rows[at - 1 :]),
    ]


def back_date_stamp(rows: Rows) -> list[Row]:
    """The same with the seal and the timestamp before it, whose fact now says an earlier time than its token."""
    place = next(row[POSITION] for row in rows if row[KIND] == "trail.timestamped")
    then = rows[place - 2][RECORDED] + timedelta(minutes=1)
    envelope, _, fact = rows[place - 1][STATE].partition(b"\n")
    state = envelope + b"\n" + msgspec.json.encode(msgspec.json.decode(fact) | {"at": then})
    stamp_fact = changed(rows[place - 1], recorded=then, state=state)
    return [*rows[: place - 1], stamp_fact, changed(rows[place], recorded=then), *rows[place + 1 :]]
