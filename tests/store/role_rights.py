"""What the database's catalogue says that a role may do, and calls of everything the application's role may execute."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import psycopg

from domain.access.facts import GapAcknowledged, Pruned
from domain.epoch.facts import EpochBegun
from domain.subject.facts import Erased, Registered
from domain.task.facts import HoldLifted, HoldPlaced, ProgressReported
from domain.text.facts import Redacted
from store.accesses import record_access
from store.log import Store
from store.mapper import encode
from store.recorded import Batch, NewFact, NewText
from tests.store.fact_batches import envelope
from tests.store.watched_rows import reading
from tests.texts_by_hand import reference

Connection = psycopg.Connection[tuple[Any, ...]]
OURS = "n.nspname !~ '^(pg_|information_schema$)'"
_FUNCTIONS = f"""
    SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE {OURS} AND has_schema_privilege(%(role)s, n.oid, 'USAGE') AND has_function_privilege(%(role)s, p.oid, 'EXECUTE')
        AND p.prorettype <> 'trigger'::regtype
    ORDER BY 1"""
_TABLES = f"""
    SELECT n.nspname || '.' || c.relname, wanted.may FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS wanted(may)
    WHERE {OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (has_table_privilege(%(role)s, c.oid, wanted.may)
        OR wanted.may IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(%(role)s, c.oid, wanted.may))
    ORDER BY 1, 2"""
_BESIDE = f"""
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OURS} AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(%(role)s, c.oid, 'UPDATE') END
    UNION ALL SELECT n.nspname FROM pg_namespace n
        WHERE {OURS} AND has_schema_privilege(%(role)s, n.oid, 'CREATE')
    UNION ALL SELECT current_database() WHERE has_database_privilege(%(role)s, current_database(), 'CREATE')
    UNION ALL SELECT r.rolname FROM pg_roles r WHERE r.rolname <> %(role)s AND pg_has_role(%(role)s, r.oid, 'MEMBER')
    UNION ALL SELECT r.rolname FROM pg_roles r WHERE r.rolname = %(role)s
        AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)"""


def functions_for(owner: Connection, role: str) -> list[str]:
    """Every function of ours that the role may call, one line an overload."""
    return [row[0] for row in owner.execute(_FUNCTIONS.encode(), {"role": role})]


def changes_for(owner: Connection, role: str) -> set[tuple[str, str]]:
    """Every right of the role on a table or a column of ours that is more than reading."""
    return {(row[0], row[1]) for row in owner.execute(_TABLES.encode(), {"role": role})}


def beside_for(owner: Connection, role: str) -> list[str]:
    """Sequences it may set, places where it may make things, roles that it may become, powers of its own."""
    return [row[0] for row in owner.execute(_BESIDE.encode(), {"role": role})]


READ_AT, LATER = datetime(2024, 5, 7, 3, tzinfo=UTC), datetime(2026, 5, 8, tzinfo=UTC)
# each is the digest of a file, as far as the database is concerned
FREE, HELD, ONCE_HELD = (NewText(digit * 32, b"salt", f"text {digit}", (b"a file",)) for digit in "123")
PERSON, HELD_PERSON = "a" * 32, "b" * 32
BEFORE = date(2024, 5, 8)


class World:
    """A simulated store with texts, persons and readings, some of which tasks on legal hold speak of.

    `given`: the id of a command that was carried out, `digest` its digest.
    """

    def __init__(self, store: Store, owner: Connection) -> None:
        self.store, self.owner = store, owner
        store.move_clock(READ_AT)
        record_access(store, reading())
        store.move_clock(LATER)
        self._put("task/2024-01", ProgressReported(percent=1, text=reference(FREE)), texts=(FREE,))
        self._put(
            "task/2024-02",
            ProgressReported(percent=1, text=reference(HELD)),
            HoldLifted(),
            HoldPlaced(basis="law"),
            texts=(HELD,),
            of=HELD_PERSON,
        )
        self._put(
            "task/2024-03",
            ProgressReported(percent=1, text=reference(ONCE_HELD)),
            HoldPlaced(basis="law"),
            HoldLifted(),
            texts=(ONCE_HELD,),
        )
        for person in (PERSON, HELD_PERSON):
            self._put(f"subject/{person}", Registered())
            owner.execute(
                "INSERT INTO donghaeng.subject_keys VALUES (%s, 'wrapped', 'key')", (uuid.UUID(person),)
            )
            owner.execute(
                "INSERT INTO donghaeng.subject_details VALUES (%s, 'name', 'sealed')", (uuid.UUID(person),)
            )
        self.given, self.digest = uuid.UUID(self._put("task/2024-04", ProgressReported(percent=1))), b"digest"

    def _put(self, stream: str, *facts: Any, texts: tuple[NewText, ...] = (), of: str | None = None) -> str:
        identity = uuid.uuid4().hex
        by = envelope(identity)
        if of is not None:
            by = msgspec.structs.replace(by, actor=msgspec.structs.replace(by.actor, subject=of))
        new = tuple(NewFact(stream, number, by, fact) for number, fact in enumerate(facts, start=1))
        self.store.append(Batch(identity, b"digest", new, texts))
        return identity

    def rows(self) -> dict[str, Counter[str]]:
        """Every row of every table of the log and beside it, but for what says where things stand by now."""
        named = self.owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'donghaeng'::regnamespace AND relkind = 'r' "
            "AND relname NOT IN ('head', 'leases', 'incoming', 'schema_version') ORDER BY 1"
        ).fetchall()
        return {
            name: Counter(
                json.dumps(row, sort_keys=True)
                for (row,) in self.owner.execute(
                    f"SELECT to_jsonb(whole) - 'indexed' FROM donghaeng.{name} whole".encode()
                )
            )
            for (name,) in named
        }


def lost(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> dict[str, int]:
    """How many rows of each table are not there any more, or are not as they were."""
    gone = {name: (rows - after.get(name, Counter())).total() for name, rows in before.items()}
    return {name: count for name, count in gone.items() if count}


Call = tuple[str, dict[str, Any]]
Probe = Callable[[World], Iterator[Call]]


def _call(function: str, **arguments: Any) -> Call:
    given = ", ".join(f"{name} => %({name})s" for name in arguments)
    return f"SELECT * FROM donghaeng.{function}({given})", arguments


def _facts(*facts: tuple[str, Any]) -> dict[str, Any]:
    """Facts as the first of their streams, as the functions take them."""
    by = envelope(uuid.uuid4().hex)
    return {
        "streams": [stream for stream, _ in facts],
        "versions": [1] * len(facts),
        "kinds": [fact.kind for _, fact in facts],
        "states": [encode(by, fact) for _, fact in facts],
    }


def _command(command_id: uuid.UUID | None = None, digest: bytes = b"digest") -> dict[str, Any]:
    return {"command_id": command_id or uuid.uuid4(), "command_digest": digest}


def _texts(*texts: NewText) -> dict[str, Any]:
    return {
        "text_ids": [uuid.UUID(one.id) for one in texts],
        "salts": [one.salt for one in texts],
        "bodies": [one.body for one in texts],
    }


_NOTHING_READ: dict[str, Any] = {"read_streams": [], "read_versions": []}
_HARMLESS = ("task/2024-09", ProgressReported(percent=1))
ALL_TEXTS, ALL_PERSONS = (FREE.id, HELD.id, ONCE_HELD.id), (PERSON, HELD_PERSON)


def removal(
    *facts: tuple[str, Any],
    redacted: tuple[str, ...] = (),
    erased: tuple[str, ...] = (),
    command_id: uuid.UUID | None = None,
) -> Call:
    return _call(
        "append_and_remove",
        **_command(command_id),
        **_facts(*facts),
        **_texts(),
        **_NOTHING_READ,
        redacted=[uuid.UUID(one) for one in redacted],
        erased=[uuid.UUID(one) for one in erased],
    )


def redaction(text: str) -> tuple[str, Any]:
    return f"text/{text}", Redacted()


def erasure(person: str) -> tuple[str, Any]:
    return f"subject/{person}", Erased()


def pruning(
    *facts: Any, before: date = BEFORE, counted: int = 1, command_id: uuid.UUID | None = None
) -> Call:
    return _call(
        "append_and_prune",
        **_command(command_id),
        **_facts(*((f"access/{number}", fact) for number, fact in enumerate(facts))),
        **_texts(),
        **_NOTHING_READ,
        before=before,
        counted=counted,
    )


def _append(world: World) -> Iterator[Call]:
    yield _call("append", **_command(), **_facts(_HARMLESS), **_texts(NewText(FREE.id, b"", "forged")))
    yield _call("append", **_command(world.given, b"other"), **_facts(_HARMLESS))
    yield _call("append", **_command(world.given), **_facts(*map(redaction, ALL_TEXTS)))
    yield _call("append", **_command(), **_facts(*map(redaction, ALL_TEXTS)), **_texts(), **_NOTHING_READ)


def _append_many(world: World) -> Iterator[Call]:
    for known, fact in ((world.given, _HARMLESS), (uuid.uuid4(), redaction(FREE.id))):
        for texts in ((), (NewText(FREE.id, b"", "forged"),)):
            yield _call(
                "append_many",
                command_ids=[known],
                command_digests=[b"digest"],
                sizes=[1],
                **_facts(fact),
                **_texts(*texts),
                **_NOTHING_READ,
            )


def _append_with_files(world: World) -> Iterator[Call]:
    """Pieces of texts that are there, under commands that were carried out and under new ones."""
    for known in (world.given, uuid.uuid4()):
        for texts in ((), (FREE,), (NewText("8" * 32, b"", "new"),)):
            yield _call(
                "append_with_files",
                command_ids=[known],
                command_digests=[b"digest"],
                sizes=[1],
                **_facts(redaction(FREE.id)),
                **_texts(*texts),
                **_NOTHING_READ,
                file_texts=[uuid.UUID(one.id) for one in texts],
                numbers=[1] * len(texts),
                pieces=[b"forged"] * len(texts),
            )


def _append_and_remove(world: World) -> Iterator[Call]:
    for facts in ((_HARMLESS,), (redaction("9" * 32),), (erasure("9" * 32),)):
        yield removal(*facts, redacted=ALL_TEXTS)
        yield removal(*facts, erased=ALL_PERSONS)
        yield removal(*facts, redacted=ALL_TEXTS, erased=ALL_PERSONS, command_id=world.given)
    yield removal(redaction(FREE.id), redacted=(FREE.id, ONCE_HELD.id))
    yield removal(redaction(FREE.id), redacted=(FREE.id,), erased=(PERSON,))
    yield removal(erasure(PERSON), redacted=(FREE.id,), erased=(PERSON,))
    yield removal((f"text/{PERSON}", Redacted()), erased=(PERSON,))
    yield removal((f"subject/{FREE.id}", Erased()), redacted=(FREE.id,))
    yield removal((f"text/{FREE.id}", Erased()), redacted=(FREE.id,))
    yield removal(redaction(HELD.id), redacted=(HELD.id,))
    yield removal(erasure(HELD_PERSON), erased=(HELD_PERSON,))
    yield removal(redaction(FREE.id), redaction(HELD.id), redacted=(FREE.id, HELD.id))
    # whose fact stands in the log already, by a command without the removal
    yield _call("append", **_command(), **_facts(redaction(ONCE_HELD.id)))
    yield removal(_HARMLESS, redacted=(ONCE_HELD.id,))


def _append_and_prune(world: World) -> Iterator[Call]:
    said = Pruned(before=BEFORE, count=1)
    yield pruning(ProgressReported(percent=1))
    yield pruning(Pruned(before=BEFORE, count=2))
    yield pruning(Pruned(before=date(2020, 1, 1), count=1))
    yield pruning(said, said)
    yield pruning(said, counted=2)
    yield pruning(said, before=date(2026, 5, 9))
    yield pruning(said, command_id=world.given)


def gap(*facts: Any, first: int = 1, last: int = 2, command_id: uuid.UUID | None = None) -> Call:
    return _call(
        "append_and_say_gap",
        **_command(command_id),
        **_facts(*((f"access/gap-{number}", fact) for number, fact in enumerate(facts))),
        **_texts(),
        **_NOTHING_READ,
        from_position=first,
        to_position=last,
    )


def _append_and_say_gap(world: World) -> Iterator[Call]:
    said = GapAcknowledged(first=1, last=2, note=reference(FREE))
    yield gap(ProgressReported(percent=1))
    yield gap(said, last=100)
    yield gap(said, said)
    yield gap(said, command_id=world.given)


def _take_incoming(world: World) -> Iterator[Call]:
    yield "SELECT donghaeng.take_incoming()", {}
    for columns in ("position, stream, version", "position + 100, stream, version + 100"):
        selected = f"SELECT {columns}, kind, state, recorded_at, known_at FROM donghaeng.facts"
        yield f"INSERT INTO donghaeng.incoming {selected}", {}
        yield "SELECT donghaeng.take_incoming()", {}
        yield "DELETE FROM donghaeng.incoming", {}


def _move_clock(world: World) -> Iterator[Call]:
    for moment in (READ_AT, LATER):
        yield _call("move_clock", moved_to=moment)


def _record_refused(world: World) -> Iterator[Call]:
    columns = {
        "whats": "command",
        "roles": "system",
        "of_agencies": None,
        "of_subjects": None,
        "behalfs": None,
    }
    columns |= {
        "vias": "rule",
        "authns": "system",
        "tokens": None,
        "commands": "task.start",
        "streams": "task/1",
    }
    columns |= {"refusals": "NotAllowedNow", "machines": None}
    for _ in range(2):
        listed = {name: [value] for name, value in columns.items()}
        yield _call("record_refused", **listed, command_ids=[world.given])


def _record_access(world: World) -> Iterator[Call]:
    about = dict.fromkeys(("role", "agency", "subject", "token", "purpose", "host", "os_user", "client"))
    listed: dict[str, Any] = {name: [] for name in ("tasks", "agencies", "subjects")}
    yield _call("record_access", **about, **listed, authn="none", reading="trail", via="cli", exported=False)


def _index_texts(world: World) -> Iterator[Call]:
    for size in (-1, 0, 2**62):
        yield _call("index_texts", most_bytes=size)


def decision(command_id: uuid.UUID | None = None, *facts: tuple[str, Any]) -> Call:
    said = facts or (("store/epoch", EpochBegun(number=1, after=1)),)
    return _call("append_epoch", **_command(command_id), **_facts(*said), **_texts(), **_NOTHING_READ)


def halting(epochs: int) -> Call:
    return _call("halt", noticed="a hole", epochs=epochs)


def harmless() -> Call:
    return _call("append", **_command(), **_facts(_HARMLESS))


def _append_epoch(world: World) -> Iterator[Call]:
    yield halting(0)
    yield decision(None, _HARMLESS)
    yield decision()
    yield decision(None, redaction(FREE.id))


def _halt(world: World) -> Iterator[Call]:
    yield halting(7)


def _flushed_on(world: World) -> Iterator[Call]:
    yield "SELECT donghaeng.flushed_on('0/1'::pg_lsn)", {}


def _of_a_text(function: str) -> Probe:
    def probe(world: World) -> Iterator[Call]:
        yield f"SELECT donghaeng.{function}(body) FROM donghaeng.texts", {}

    return probe


# One for every function that the application's role may execute; a test looks that there are no others.
PROBES: Mapping[str, Probe] = {
    "donghaeng.append": _append,
    "donghaeng.append_and_prune": _append_and_prune,
    "donghaeng.append_and_remove": _append_and_remove,
    "donghaeng.append_and_say_gap": _append_and_say_gap,
    "donghaeng.append_epoch": _append_epoch,
    "donghaeng.append_many": _append_many,
    "donghaeng.append_with_files": _append_with_files,
    "donghaeng.bigrams": _of_a_text("bigrams"),
    "donghaeng.flushed_on": _flushed_on,
    "donghaeng.halt": _halt,
    "donghaeng.index_texts": _index_texts,
    "donghaeng.move_clock": _move_clock,
    "donghaeng.record_access": _record_access,
    "donghaeng.record_refused": _record_refused,
    "donghaeng.searchable": _of_a_text("searchable"),
    "donghaeng.take_incoming": _take_incoming,
}
