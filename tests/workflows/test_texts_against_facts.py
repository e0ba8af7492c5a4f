"""Texts and command ids beside the log: whatever is done to them, who reads is told and who checks finds the first."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from domain.task.facts import ProgressReported
from domain.text.facts import Redacted
from domain.trail.facts import KeyAdded
from projections.history import history
from store.beside import quick_references
from store.beside_found import Wrong
from store.envelope import Text, text_of
from store.log import Store
from store.recorded import Batch, NewFact, NewText
from store.texts import TextRead, TextState
from tests.sealed_trails import SealedTrail
from tests.store.fact_batches import envelope, put
from tests.texts_by_hand import reference
from tests.workflows.trail_parts import verify_parts
from trail.sources import Folder
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail
from workflows.telling import history_of
from workflows.trail.beside import BesidePart, check_beside
from workflows.trail.packs import Asked, TextNotAsCommitted, gather_events
from workflows.trail.showing import describe_entry
from workflows.trail.verifying import verify_store

FORGED = "아무 문제 없음"
REASON, REPORT = "예산 근거 부족", "행사 준비를 마침"


class Told(NamedTuple):
    store: Store
    owner_dsn: str
    reason: NewText
    report: NewText
    trail: SealedTrail

    def tampered(self, statement: str, *given: Any) -> None:
        """As one who has the database."""
        with psycopg.connect(self.owner_dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode(), given)

    def failures(self) -> list[str]:
        verdict = Verdict()
        verify_parts(self.store, (BesidePart,), verdict, lambda _: None)
        return [f"{item.where}: {item.said.en}" for item in verdict.failures]

    def sentence(self) -> str:
        return history_of(self.store, "task/2024-07", "en")[1].sentence


@pytest.fixture
def told(store: Store, owner_dsn: str, tmp_path: Path) -> Told:
    """Event 2 with a reason and a report's text among others, sealed."""
    reason, report = (NewText(uuid.uuid4().hex, b"0123456789abcdef", body) for body in (REASON, REPORT))
    put(store)
    identity = uuid.uuid4().hex
    said = envelope(identity, reason=text_of(reference(reason)))
    facts = (
        NewFact("task/2024-07", 2, said, ProgressReported(percent=2, text=reference(report))),
        NewFact("task/2024-07", 3, said, ProgressReported(percent=3)),
    )
    store.append(Batch(identity, b"d" * 32, facts, (reason, report)))
    put(store, "task/2024-08", count=3)
    sealed = SealedTrail(tmp_path / "trail", f"donghaeng/{store.id}")
    sealed.seal(store)
    return Told(store, owner_dsn, reason, report, sealed)


def redact(store: Store, text: NewText) -> int:
    identity = uuid.uuid4().hex
    fact = NewFact(f"text/{text.id}", 1, envelope(identity), Redacted())
    return store.append(Batch(identity, b"", (fact,))).first_position


def test_what_nobody_touched_is_as_committed(told: Told) -> None:
    assert told.failures() == []
    assert REASON in told.sentence()
    found = check_beside(told.store)
    assert (found.texts, found.redacted, found.commands, found.taken_in) == (2, 0, 3, 0)


def test_a_forged_reason_is_not_shown_and_stands_nowhere_beside_a_proof(told: Told) -> None:
    told.tampered("UPDATE donghaeng.texts SET body = %s WHERE id = %s", FORGED, told.reason.id)
    assert "(reason: (text differs from its commitment))" in told.sentence()
    assert REPORT in told.sentence(), "the other text stays"
    document = describe_entry(told.store, 2, "ko", told.trail.folder)
    assert (document.proof.state, document.reason) == ("sealed", "(본문이 봉인된 지문과 다릅니다)")
    assert document.texts[told.reason.id] == TextRead(TextState.CHANGED)
    assert FORGED not in repr(document)
    assert told.failures() == [f"texts: event 2, text {told.reason.id} differs from its commitment"]


def test_without_the_commitment_a_forged_reason_stands_unnoticed(told: Told) -> None:
    """The control: the row is told as it lies there, and the facts alone are what was sealed."""
    told.tampered("UPDATE donghaeng.texts SET body = %s WHERE id = %s", FORGED, told.reason.id)

    def unchecked(ref: Any) -> TextRead:
        with psycopg.connect(told.owner_dsn) as connection:
            row = connection.execute("SELECT body FROM donghaeng.texts WHERE id = %s", (ref.id,)).fetchone()
        assert row is not None
        return TextRead(TextState.COMMITTED, body=row[0])

    lines = history(told.store.read("task/2024-07"), unchecked, {}, "en")
    assert f"reason: {FORGED}" in lines[1].sentence
    trail = verify_trail(Folder(told.trail.folder), Own(), Verdict(), lambda _: None)
    verdict = Verdict()
    verify_store(told.store, trail, verdict, lambda _: None, parts=())
    assert verdict.failures == []
    verdict = Verdict()
    verify_store(told.store, trail, verdict, lambda _: None)
    assert [item.where for item in verdict.failures] == ["texts"], "and with it, it is found"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM donghaeng.texts WHERE id = %s",
        "UPDATE donghaeng.texts SET body = NULL, salt = NULL, redacted_at = now() WHERE id = %s",
    ],
)
def test_a_text_that_is_gone_without_a_fact_does_not_read_as_redacted(told: Told, statement: str) -> None:
    told.tampered(statement, told.reason.id)
    assert "(text is missing and no fact says why)" in told.sentence()
    assert "redacted" not in told.sentence()
    assert told.failures() == [f"texts: event 2, text {told.reason.id} is missing and no fact says why"]


def test_a_text_that_was_redacted_reads_so_with_the_fact_and_nothing_is_wrong(told: Told) -> None:
    """The control of the one before."""
    position = redact(told.store, told.reason)
    assert f"(text redacted by fact {position})" in told.sentence()
    document = describe_entry(told.store, 2, "en", told.trail.folder)
    assert document.texts[told.reason.id] == TextRead(TextState.REDACTED, fact=position)
    assert told.failures() == []


def test_a_redacted_text_that_was_put_back_is_not_shown_and_is_named(told: Told) -> None:
    position = redact(told.store, told.reason)
    put_back = "UPDATE donghaeng.texts SET body = %s, salt = %s WHERE id = %s"
    told.tampered(put_back, told.reason.body, told.reason.salt, told.reason.id)
    assert REASON not in told.sentence()
    (said,) = told.failures()
    assert f"event {position}, text {told.reason.id} is still there" in said


def test_a_text_that_no_fact_commits_to_is_named(told: Told) -> None:
    other = "f" * 31 + "e"
    told.tampered("INSERT INTO donghaeng.texts (id, salt, body) VALUES (%s, 'salt', 'x')", other)
    assert told.failures() == [f"texts: text {other} is one that no fact commits to"]


def test_a_text_is_held_against_each_fact_that_refers_to_it(told: Told) -> None:
    """A later fact that commits to the forged text makes it not right where the older one is told."""
    forged = NewText(told.reason.id, told.reason.salt, FORGED)
    told.tampered("UPDATE donghaeng.texts SET body = %s WHERE id = %s", FORGED, told.reason.id)
    identity = uuid.uuid4().hex
    said = envelope(identity, reason=Text(forged.id, reference(forged).commitment))
    new = NewFact("task/2024-07", 4, said, ProgressReported(percent=4))
    told.store.append(Batch(identity, b"", (new,)))
    lines = history_of(told.store, "task/2024-07", "en")
    assert "differs from its commitment" in lines[1].sentence
    assert FORGED in lines[3].sentence
    assert told.failures() == [f"texts: event 2, text {forged.id} differs from its commitment"]


def test_several_texts_are_counted_behind_the_first(told: Told) -> None:
    told.tampered("UPDATE donghaeng.texts SET body = 'x'")
    (said,) = told.failures()
    assert said.startswith("texts: event 2, text ")
    assert said.endswith("(2 such in all)")


def test_no_pack_is_made_with_a_text_that_proves_nothing(told: Told) -> None:
    told.tampered("UPDATE donghaeng.texts SET body = %s WHERE id = %s", FORGED, told.reason.id)
    with pytest.raises(TextNotAsCommitted, match="event 2: it differs from its commitment"):
        gather_events(told.store, Asked(everything=True), told.trail.size)
    told.tampered("DELETE FROM donghaeng.texts")
    with pytest.raises(TextNotAsCommitted, match="no fact says why"):
        gather_events(told.store, Asked(everything=True), told.trail.size)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM donghaeng.commands WHERE first_position = 2", "event 2, command {}: its row is missing"),
        ("UPDATE donghaeng.commands SET id = gen_random_uuid() WHERE first_position = 2", "event 2, command {}: its row differs"),
        ("UPDATE donghaeng.commands SET last_position = 2 WHERE first_position = 2", "event 2, command {}: its row differs"),
        ("UPDATE donghaeng.commands SET known_at = known_at - interval '1 s' WHERE first_position = 2", "event 2, command {}: its row differs"),
        ("INSERT INTO donghaeng.commands SELECT gen_random_uuid(), digest, 3, 3, recorded_at, known_at FROM donghaeng.commands WHERE first_position = 2", "event 3, command"),
        ("INSERT INTO donghaeng.commands SELECT gen_random_uuid(), digest, 99, 99, recorded_at, known_at FROM donghaeng.commands WHERE first_position = 2", "event 99, command"),
    ],
)  # fmt: skip
def test_a_command_id_that_does_not_fit_its_facts_is_named(told: Told, statement: str, said: str) -> None:
    command = told.store.at([2])[0].envelope.command
    told.tampered(statement)
    failures = told.failures()
    assert failures[0].startswith("commands: " + said.format(command)), failures
    assert len(failures) == 1


def test_what_came_out_of_an_export_has_neither_command_ids_nor_texts_and_that_is_said(told: Told) -> None:
    """Facts older than the store; the control: were the store older, both would be missing."""
    told.tampered("DELETE FROM donghaeng.commands")
    told.tampered("DELETE FROM donghaeng.texts")
    assert len(told.failures()) == 2
    told.tampered("UPDATE donghaeng.store SET created_at = now() + interval '1 hour'")
    verdict = Verdict()
    verify_parts(told.store, (BesidePart,), verdict, lambda _: None)
    assert verdict.failures == []
    assert any("the first 6 facts are older than this store" in item.said.en for item in verdict.items)


@pytest.mark.parametrize("own", [True, False])
def test_a_store_that_says_it_is_younger_than_its_own_seal_hides_nothing(
    store: Store, owner_dsn: str, own: bool
) -> None:
    """The seal names the store; the control: that of another store was taken in with the rest."""
    name = store.id if own else uuid.uuid4().hex
    text = NewText(uuid.uuid4().hex, b"salt", REASON)
    first, second = uuid.uuid4().hex, uuid.uuid4().hex
    key = NewFact("trail", 1, envelope(first), KeyAdded(vkey=f"donghaeng/{name}+00000000+AAAA", note=""))
    said = envelope(second, reason=text_of(reference(text)))
    store.append(Batch(first, b"", (key,)))
    store.append(
        Batch(second, b"", (NewFact("task/2024-07", 1, said, ProgressReported(percent=1)),), (text,))
    )
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM donghaeng.texts")
        connection.execute("UPDATE donghaeng.store SET created_at = now() + interval '1 hour'")
    verdict = Verdict()
    verify_parts(store, (BesidePart,), verdict, lambda _: None)
    assert [item.where for item in verdict.failures] == (["texts"] if own else [])


def test_a_reference_is_found_however_it_is_written() -> None:
    one, other = ("a" * 32, "b" * 64), ("c" * 32, "d" * 64)
    plain = f'{{"reason":{{"id":"{one[0]}","commitment":"{one[1]}"}}}}\n{{"title":"x"}}'
    turned = (
        f'{{"reason":{{"commitment":"{one[1]}", "id":"{one[0]}"}}}}\n'
        f'{{"conditions":[{{"id":"{other[0]}","commitment":"{other[1]}"}}]}}'
    )
    first, second = ((identity.encode(), commitment.encode()) for identity, commitment in (one, other))
    assert quick_references(plain.encode()) == [first]
    assert quick_references(turned.encode()) == [first, second]


def test_the_kinds_of_what_is_wrong_are_all_told() -> None:
    from workflows.trail import beside as trail_beside  # noqa: PLC0415

    assert set(trail_beside._TEXTS) | set(trail_beside._ATTACHMENTS) | set(trail_beside._COMMANDS) == set(
        Wrong
    )
