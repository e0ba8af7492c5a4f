"""Persons' details: swapped, taken out or put back they are named, where they are read and where they are checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from domain.aggregate import Command
from domain.channels import Channel
from domain.streams import subject_stream
from domain.subject.facts import Changed, Erased, Registered
from projections.persons import PersonState, person_read
from store.connecting import connect
from store.log import Store
from store.recorded import Batch, NewFact
from store.vault import VAULT_ROLE, DetailsChanged, Vault
from tests.store.fact_batches import envelope
from trail.verdict import Verdict
from workers.delivery.addresses import address_of
from workflows.privacy import register_person
from workflows.vault_against_facts import verify_vault

DETAILS = {"name": "가상의 사람", "mail": "person@example.org"}
OTHER = {"name": "다른 사람", "mail": "other@example.org"}


class People(NamedTuple):
    store: Store
    vault: Vault
    owner_dsn: str
    one: str
    other: str

    def tampered(self, statement: str, *given: object) -> None:
        with psycopg.connect(self.owner_dsn) as connection:
            connection.execute(statement.encode(), given)

    def failures(self) -> list[str]:
        verdict = Verdict()
        verify_vault(self.store, self.vault, verdict)
        return [f"{item.where}: {item.said.en}" for item in verdict.failures]

    def state(self, subject: str) -> PersonState:
        facts = self.store.read(subject_stream(subject))
        return person_read(facts, self.vault.read(subject)).state

    def address(self, subject: str) -> str | None:
        return address_of(self.store, self.vault, subject_stream(subject), Channel.MAIL)


@pytest.fixture
def people(store: Store, owner_dsn: str, tmp_path: Path) -> People:
    dsn = psycopg.conninfo.make_conninfo(owner_dsn, user=VAULT_ROLE)
    vault = Vault(lambda: connect(dsn, role=VAULT_ROLE), store.id, tmp_path / "keys" / "vault.json")
    one, other = (register_person(vault, giving(store), details) for details in (DETAILS, OTHER))
    return People(store, vault, owner_dsn, one, other)


def giving(store: Store) -> Callable[[Command], object]:
    return lambda command: add(store, command.stream, 1, Registered())  # type: ignore[attr-defined]


def add(store: Store, stream: str, version: int, fact: object) -> int:
    identity = f"{store.head().position + 1:032x}"
    new = NewFact(stream, version, envelope(identity), fact)
    return store.append(Batch(identity, b"", (new,))).first_position


def test_what_nobody_touched_is_as_sealed(people: People) -> None:
    assert people.failures() == []
    assert people.state(people.one) is PersonState.SEALED
    assert people.address(people.one) == DETAILS["mail"]
    assert people.vault.find_by_name("다른 사람") == [people.other]


@pytest.mark.parametrize(
    ("table", "column", "fields"),
    [("subject_details", "sealed", "mail, name"), ("subject_keys", "wrapped", "key")],
)
def test_the_rows_of_two_persons_swapped_are_nobodys_details(
    people: People, table: str, column: str, fields: str
) -> None:
    same = "AND o.field = d.field" if table == "subject_details" else ""
    people.tampered(
        f"UPDATE donghaeng.{table} d SET {column} = o.{column} FROM donghaeng.{table} o "
        f"WHERE o.subject <> d.subject {same}"
    )
    for subject in (people.one, people.other):
        assert people.state(subject) is PersonState.CHANGED
        assert people.address(subject) is None, "no mail goes to another's address"
        with pytest.raises(DetailsChanged, match=fields):
            people.vault.details(subject)
    with pytest.raises(DetailsChanged):
        people.vault.find_by_name("가상의 사람")
    (said,) = people.failures()
    assert f"details ({fields}) are not what was sealed for this person (2 such in all)" in said


def test_details_that_are_gone_without_a_fact_are_missing_and_not_an_empty_person(people: People) -> None:
    people.tampered("DELETE FROM donghaeng.subject_keys WHERE subject = %s", people.one)
    assert people.vault.read(people.one).details == {}, "the control: the vault alone knows nothing of them"
    assert people.state(people.one) is PersonState.MISSING
    assert people.failures() == [
        f"vault: {people.one}: details are missing and no fact says that they were erased"
    ]


def test_details_that_a_fact_says_were_erased_are_not_missing(people: People) -> None:
    add(people.store, subject_stream(people.one), 2, Erased())
    assert people.state(people.one) is PersonState.ERASED
    assert people.failures() == []


def test_a_detail_that_a_fact_names_and_is_not_there_is_missing(people: People) -> None:
    add(people.store, subject_stream(people.one), 2, Changed(fields=("mail",)))
    assert people.failures() == [], "the control"
    people.tampered("DELETE FROM donghaeng.subject_details WHERE subject = %s AND field = 'mail'", people.one)
    (said,) = people.failures()
    assert "details (mail) are missing" in said


def test_somebody_whom_no_fact_registers_is_named(people: People) -> None:
    people.vault.put("a" * 32, DETAILS)
    assert people.failures() == [f"vault: {'a' * 32}: details are there, and no fact registers this person"]


def test_erased_details_that_were_put_back_are_named_and_not_shown(people: People) -> None:
    add(people.store, subject_stream(people.one), 2, Erased())
    people.vault.put(people.one, DETAILS)
    read = person_read(people.store.read(subject_stream(people.one)), people.vault.read(people.one))
    assert (read.state, read.details) == (PersonState.ERASED, {})
    (said,) = people.failures()
    assert "still there, though a fact says that they were erased" in said


def test_without_the_key_file_it_is_said_that_nothing_was_seen(people: People, tmp_path: Path) -> None:
    (tmp_path / "keys" / "vault.json").unlink()
    verdict = Verdict()
    verify_vault(people.store, people.vault, verdict)
    (item,) = verdict.items
    assert (item.holds, "not looked at" in item.said.en) == (None, True)
