"""Whatever is done to an attached file's bytes, `trail verify --store` says it, and names the fact."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from domain.values import Attachment
from store import attachments_beside
from store.attachments import PIECE
from store.beside import check_texts
from store.log import Store
from store.texts import TextState
from tests.attachments_by_hand import PDF, attach, batch_with, put_attachment, redact
from tests.sealed_trails import SealedTrail
from tests.store.fact_batches import put
from trail.verdict import Verdict
from workflows.telling import history_of
from workflows.trail.beside import check_beside, say_beside
from workflows.trail.packs import Asked, gather_events


class Kept(NamedTuple):
    store: Store
    owner_dsn: str
    attachment: Attachment

    def tampered(self, statement: str, *given: Any) -> None:
        """As one who has the database."""
        with psycopg.connect(self.owner_dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            assert connection.execute(statement.encode(), given).rowcount > 0

    def failures(self) -> list[str]:
        verdict = Verdict()
        say_beside(check_beside(self.store), verdict)
        return [f"{item.where}: {item.said.en}" for item in verdict.failures]

    def rolling(self) -> list[str]:
        """What a seal's comparison of these facts finds."""
        with self.store.connection() as connection:
            return list(check_texts(connection, self.store.rows_after(0, 100), 0).wrong)

    def sentence(self) -> str:
        return history_of(self.store, "task/2024-07", "en")[0].sentence


@pytest.fixture
def kept(store: Store, owner_dsn: str) -> Kept:
    """Event 2 has an attachment of several pieces."""
    put(store, "task/2024-08")
    return Kept(store, owner_dsn, put_attachment(store))


def test_what_nobody_touched_is_as_committed(kept: Kept) -> None:
    found = check_beside(kept.store)
    assert (found.wrong, found.attachments, found.texts) == ({}, 1, 1)
    verdict = Verdict()
    say_beside(found, verdict)
    told = {item.where: item.said for item in verdict.items}
    assert told["attachments"].en == "the bytes of 1 attachment are what the facts commit to"
    assert kept.rolling() == []
    assert "결과보고서.pdf (3.1 MB)" in kept.sentence()


_BYTE = "UPDATE donghaeng.attachments SET content = set_byte(content, 7, get_byte(content, 7) # 1) WHERE number = 2"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (_BYTE, "has other bytes than the digest that its fact commits to"),
        ("DELETE FROM donghaeng.attachments WHERE number = 3", "has other bytes than"),
        ("UPDATE donghaeng.attachments SET number = 100 WHERE number = 1", "has other bytes than"),
        ("DELETE FROM donghaeng.attachments", "has no bytes, and no fact says why"),
    ],
)
def test_a_changed_byte_and_a_lost_piece_are_found(kept: Kept, statement: str, problem: str) -> None:
    kept.tampered(statement)
    (failure,) = kept.failures()
    assert failure.startswith(f"attachments: event 2, attachment {kept.attachment.content.id} {problem}")
    assert kept.rolling() == [f"attachment_{'missing' if 'no bytes' in problem else 'changed'}"]


def test_without_the_digest_a_changed_byte_would_not_be_found(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    kept.tampered(_BYTE)
    monkeypatch.setattr(attachments_beside, "check_bytes", lambda *_: TextState.COMMITTED)
    assert kept.failures() == []


def test_a_text_that_is_gone_is_what_is_told(kept: Kept) -> None:
    kept.tampered("DELETE FROM donghaeng.texts")
    failures = kept.failures()
    identity = kept.attachment.content.id
    assert failures == [f"texts: event 2, text {identity} is missing and no fact says why"]
    assert "결과보고서.pdf (3.1 MB; is missing and no fact says why)" in kept.sentence()


def test_what_was_redacted_and_put_back_is_named(kept: Kept) -> None:
    said = redact(kept.store, kept.attachment.content.id).first_position
    assert kept.failures() == []
    assert f"결과보고서.pdf (3.1 MB; redacted by fact {said})" in kept.sentence()
    kept.tampered("INSERT INTO donghaeng.attachments VALUES (%s, 1, 'back')", kept.attachment.content.id)
    (failure,) = kept.failures()
    assert "still has its bytes, though this fact says that it was redacted" in failure
    assert kept.rolling() == ["attachment_kept"]


def test_bytes_of_no_fact_are_named(kept: Kept) -> None:
    kept.tampered("INSERT INTO donghaeng.attachments VALUES (gen_random_uuid(), 1, 'slipped in')")
    (failure,) = kept.failures()
    assert "has bytes that no fact refers to" in failure


def test_a_pack_proves_the_digest_and_sha256sum_the_file(kept: Kept, tmp_path: Path) -> None:
    sealed = SealedTrail(tmp_path / "trail", f"donghaeng/{kept.store.id}")
    sealed.seal(kept.store)
    (event,) = [one for one in gather_events(kept.store, Asked(task="2024-07"), 2) if one.texts]
    (text,) = event.texts
    assert text.salt is not None
    assert text.body is not None
    assert sha256(text.salt + text.body.encode()).hexdigest() == kept.attachment.content.commitment
    (tmp_path / "2.txt").write_bytes(text.body.encode())
    for content, code in ((PDF, 0), (PDF[:-1] + b"!", 1)):
        (tmp_path / kept.attachment.name).write_bytes(content)
        done = subprocess.run(
            ["sha256sum", "--check", "2.txt"], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == code, done.stderr


def test_what_two_facts_refer_to_is_read_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that asked for it, and the step that it came to."""
    attachment, text = attach(PDF + b"2")
    kept.store.append(batch_with(text, attachment, version=2))
    _, other = attach(b"%PDF-")
    kept.store.append(batch_with(other, attachment, version=3))  # the same file again
    read: list[str] = []
    true = attachments_beside.check_bytes

    def count(connection: Any, identity: str, body: str) -> TextState:
        read.append(identity)
        return true(connection, identity, body)

    monkeypatch.setattr(attachments_beside, "check_bytes", count)
    found = check_beside(kept.store)
    assert read == [kept.attachment.content.id, attachment.content.id]
    assert list(found.wrong) == ["text_unreferenced", "attachment_unreferenced"], "the other text's own"
    assert len(PDF) > PIECE
