"""Bytes of attached files stand beside the log with the fact that has them, whole, or not at all."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import psycopg
import pytest

from domain.errors import OutcomeUnknown
from domain.task.facts import HoldPlaced
from store.appending import MOST_BYTES
from store.attachments import PIECE, read_attachment
from store.beside_found import Wrong
from store.errors import BatchTooLarge, CommandIdReused, RemovalHeld, StreamConflict
from store.log import Store
from store.mapper import encode
from store.recorded import Batch, CommandPart, NewFact
from store.texts import TextRead, TextState
from store.whole_log import as_of_now
from tests.attachments_by_hand import PDF, attach, batch_with, put_attachment, redact, step_with
from tests.store.fact_batches import envelope, positions, progress, put
from workflows.trail.beside import check_beside


def rows(owner_dsn: str) -> list[tuple[str, int, int]]:
    """Text, number and length of each piece that there is."""
    with psycopg.connect(owner_dsn) as connection:
        found = connection.execute(
            "SELECT text, number, octet_length(content) FROM donghaeng.attachments ORDER BY 1, 2"
        ).fetchall()
    return [(text.hex, number, size) for text, number, size in found]


def read(store: Store, attachment: Any) -> tuple[TextState, bytes]:
    pieces: list[bytes] = []
    with as_of_now(store) as connection:
        found = read_attachment(connection, attachment.content, pieces.append)
    return found.state, b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_a_file_is_read_back_as_it_was_appended(store: Store, owner_dsn: str, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    attachment = put_attachment(store, content[:size])
    assert read(store, attachment) == (TextState.COMMITTED, content[:size])
    assert sum(length for _, _, length in rows(owner_dsn)) == size
    assert max(length for _, _, length in rows(owner_dsn)) <= PIECE
    (recorded,) = store.read("task/2024-07")
    text = store.text(attachment.content)
    assert recorded.fact == step_with(attachment)
    assert text.body is not None
    assert text.body.endswith("  결과보고서.pdf"), "as sha256sum writes it"


def test_what_is_refused_leaves_no_bytes(store: Store, owner_dsn: str) -> None:
    put(store)
    attachment, text = attach()
    with pytest.raises(StreamConflict):
        store.append(batch_with(text, attachment))
    assert (rows(owner_dsn), positions(store)) == ([], [1])
    store.append(batch_with(text, attachment, version=2))
    assert len(rows(owner_dsn)) == len(text.pieces)


def test_more_than_an_append_takes_is_refused(store: Store, owner_dsn: str) -> None:
    attachment, text = attach(bytes(MOST_BYTES))
    with pytest.raises(BatchTooLarge):
        store.append(batch_with(text, attachment))
    assert (rows(owner_dsn), positions(store)) == ([], [])


def test_the_same_command_sent_again_keeps_its_first_file(store: Store, owner_dsn: str) -> None:
    identity = uuid.uuid4().hex
    first = put_attachment(store, command_id=identity)
    before = rows(owner_dsn)
    attachment, text = attach()  # the same bytes, put aside anew
    again = store.append(batch_with(text, attachment, command_id=identity))
    assert (again.repeated, rows(owner_dsn), positions(store)) == (True, before, [1])
    other, text = attach(PDF + b"!")
    with pytest.raises(CommandIdReused):
        store.append(batch_with(text, other, command_id=identity))
    assert (rows(owner_dsn), positions(store)) == (before, [1])
    assert read(store, first)[0] is TextState.COMMITTED


def test_sent_by_two_at_once_it_is_there_once(store: Store, other_store: Store, owner_dsn: str) -> None:
    identity, done = uuid.uuid4().hex, []

    def send(to: Store) -> None:
        attachment, text = attach()
        done.append(to.append(batch_with(text, attachment, command_id=identity)).repeated)

    with psycopg.connect(owner_dsn) as connection:  # until both have put their bytes down
        connection.execute("SELECT pg_advisory_xact_lock(20240307)")
        threads = [threading.Thread(target=send, args=(one,)) for one in (store, other_store)]
        for thread in threads:
            thread.start()
        _wait_for_two(owner_dsn)
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert positions(store) == [1]
    assert len(rows(owner_dsn)) == len(attach()[1].pieces)


def _wait_for_two(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        for _ in range(2000):
            row: Any = connection.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ).fetchone()
            if row[0] == 2:
                return
            connection.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")


def _end_before_facts(owner_dsn: str, *, ended: bool) -> None:
    """Whoever appends loses its session after the bytes went in and before the facts."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        if ended:
            connection.execute(
                "CREATE FUNCTION public.die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF NOT EXISTS (SELECT FROM donghaeng.attachments) THEN RAISE 'no bytes yet'; END IF; "
                "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
            )
            connection.execute(
                "CREATE TRIGGER die BEFORE INSERT ON donghaeng.facts FOR EACH STATEMENT EXECUTE FUNCTION public.die()"
            )
        else:
            connection.execute("DROP TRIGGER die ON donghaeng.facts")


def test_killed_between_bytes_and_fact_there_is_neither(
    store: Store, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.appending._PATIENCE_SECONDS", 0.3)
    attachment, text = attach()
    one = batch_with(text, attachment)
    _end_before_facts(owner_dsn, ended=True)
    with pytest.raises(OutcomeUnknown):
        store.append(one)
    assert (rows(owner_dsn), positions(store)) == ([], [])
    _end_before_facts(owner_dsn, ended=False)
    store.append(one)
    assert read(store, attachment) == (TextState.COMMITTED, PDF)
    assert check_beside(store).wrong == {}


def test_bytes_in_a_transaction_of_their_own_would_be_orphaned(store: Store, owner_dsn: str) -> None:
    """The control: who writes them first and is killed then leaves what the check finds."""
    put(store)
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("INSERT INTO donghaeng.attachments VALUES (gen_random_uuid(), 1, 'half')")
    assert list(check_beside(store).wrong) == [Wrong.ATTACHMENT_UNREFERENCED]


def test_several_commands_at_once_bring_their_files_along(store: Store, owner_dsn: str) -> None:
    given = [attach(PDF + bytes([number])) for number in range(2)]
    ids = [uuid.uuid4().hex for _ in given]
    facts = tuple(
        NewFact(f"task/2024-0{number}", 1, envelope(ids[number], schema=2), step_with(one))
        for number, (one, _) in enumerate(given)
    )
    parts = tuple(CommandPart(one, b"digest", 1) for one in ids)
    store.append(Batch(ids[0], b"digest", facts, tuple(text for _, text in given), commands=parts))
    assert [read(store, one)[0] for one, _ in given] == [TextState.COMMITTED] * 2
    assert check_beside(store).attachments == 2


def test_a_redaction_takes_the_bytes_away_and_a_hold_keeps_them(store: Store, owner_dsn: str) -> None:
    attachment = put_attachment(store)
    command = uuid.uuid4().hex
    held = NewFact("task/2024-07", 2, envelope(command), HoldPlaced(basis="law"))
    kept = rows(owner_dsn)
    other = put_attachment(store, PDF + b"2", stream="task/2024-08")
    store.append(Batch(command, b"", (held,)))
    with pytest.raises(RemovalHeld):
        redact(store, attachment.content.id)
    said = redact(store, other.content.id)
    assert rows(owner_dsn) == kept
    assert store.text(other.content) == TextRead(TextState.REDACTED, fact=said.first_position)
    assert read(store, other) == (TextState.REDACTED, b"")
    assert read(store, attachment) == (TextState.COMMITTED, PDF)


def _append_by_hand(
    dsn: str, attachment: Any, file_text: str, *, with_text: bool, command_id: str | None = None
) -> None:
    """As who has only the application's login: a piece more for a text."""
    one = progress("task/2024-09", 1, command_id or uuid.uuid4().hex)
    given = {
        "c": [uuid.UUID(one.envelope.command)],
        "s": [encode(one.envelope, one.fact)],
        "t": [uuid.UUID(file_text)] if with_text else [],
        "salts": [b"salt"] if with_text else [],
        "bodies": ["forged"] if with_text else [],
        "f": [uuid.UUID(file_text)],
    }
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT donghaeng.append_with_files(%(c)s, ARRAY['digest'::bytea], ARRAY[1::bigint], "
            "ARRAY['task/2024-09'], ARRAY[1::bigint], ARRAY['task.progress_reported'], %(s)s, %(t)s::uuid[], "
            "%(salts)s::bytea[], %(bodies)s::text[], '{}', '{}', %(f)s, ARRAY[99::bigint], ARRAY['more'::bytea])",
            given,
        )


@pytest.mark.parametrize(("with_text", "sqlstate"), [(False, "DH015"), (True, "23505")])
def test_nobody_adds_bytes_to_a_file_that_is_there(
    store: Store, app_dsn: str, owner_dsn: str, with_text: bool, sqlstate: str
) -> None:
    attachment = put_attachment(store)
    before = rows(owner_dsn)
    with pytest.raises(psycopg.DatabaseError) as raised:
        _append_by_hand(app_dsn, attachment, attachment.content.id, with_text=with_text)
    assert raised.value.sqlstate == sqlstate
    known = store.read("task/2024-07")[0].envelope.command
    with pytest.raises(psycopg.DatabaseError):
        _append_by_hand(app_dsn, attachment, attachment.content.id, with_text=with_text, command_id=known)
    for statement in (
        "INSERT INTO donghaeng.attachments VALUES (gen_random_uuid(), 1, '')",
        "UPDATE donghaeng.attachments SET content = ''",
        "DELETE FROM donghaeng.attachments",
    ):
        with psycopg.connect(app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
    assert rows(owner_dsn) == before


def test_without_the_comparison_with_the_appends_texts_bytes_could_be_added(
    store: Store, app_dsn: str, owner_dsn: str
) -> None:
    """The control of DH015."""
    attachment = put_attachment(store)
    with psycopg.connect(owner_dsn) as connection:
        row: Any = connection.execute(
            "SELECT pg_get_functiondef('donghaeng.append_with_files'::regproc)"
        ).fetchone()
        connection.execute(row[0].replace("NOT file_texts <@ text_ids", "false").encode())
    _append_by_hand(app_dsn, attachment, attachment.content.id, with_text=False)
    assert read(store, attachment)[0] is TextState.CHANGED
