"""Whose role may not give a command is refused before anything is looked up for it, and so is not told what there is."""

from __future__ import annotations

from typing import Any

import pytest

from store.accesses import accesses
from store.log import Store
from store.refused import load_refused
from tests.scripts.conftest import Cli, document

NOTE = ("--note", "살펴봄")
# the command, who may not give it though they may read what it is about, who may, and what these are told
COMMANDS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("notice", "retry", "f" * 32), "officer@gto", "planner", "NoSuchNotice"),
    (("trail", "examine", "late_entry-9999", *NOTE), "planner", "inspector", "NoSuchFinding"),
    (("audit", "close", "2024-99", *NOTE), "planner", "inspector", "NothingToAudit"),
    (("access", "acknowledge", "7", "9", *NOTE), "planner", "inspector", "NotAGap"),
    (("access", "examine", "entry", "9999", *NOTE), "planner", "inspector", "NoDifference"),
    (("access", "review", "2031-01", "--sign-off", *NOTE), "planner", "inspector", "MonthNotOver"),
    (
        ("agency", "set-contact", "gto", "--webhook", "https://127.0.0.1/"),
        "officer@gto",
        "planner",
        "HostNotPublic",
    ),
    (
        ("calendar", "proclaim", "2024-10-01", "--name", "휴일", "--preview"),
        "officer@gto",
        "planner",
        "CalendarNotOpen",
    ),
)


def name(found: Any) -> str | None:
    said = document(found)
    return said["error"]["name"] if "error" in said else None


@pytest.mark.parametrize(
    ("words", "may_not", "may", "otherwise"), COMMANDS, ids=[" ".join(one[0][:2]) for one in COMMANDS]
)
def test_it_is_refused_first_and_the_attempt_is_on_record(
    loaded: Cli, store: Store, words: tuple[str, ...], may_not: str, may: str, otherwise: str
) -> None:
    before, read = len(list(load_refused(store))), len(list(accesses(store)))
    assert name(loaded(*words, "--as", may_not, "--json")) == "NotPermitted"
    (attempt, *_) = load_refused(store)
    assert len(list(load_refused(store))) == before + 1
    assert (attempt.what, attempt.refusal) == ("command", "NotPermitted")
    assert len(list(accesses(store))) == read, "nothing was read for it"
    assert name(loaded(*words, "--as", may, "--json")) == otherwise, "the control: who may is told"


def test_a_calendars_preview_is_a_reading_and_on_record(loaded: Cli, store: Store) -> None:
    assert loaded("calendar", "open", "2030", "--as", "planner").exit_code == 0
    words = ("calendar", "proclaim", "2030-10-01", "--name", "휴일", "--as", "planner")
    loaded(*words, "--preview")
    (row, *_) = accesses(store)
    assert (row.reading, row.actor) == ("deadlines", row.actor)
    assert row.actor is not None
    assert row.actor.role == "planner"
    count = len(list(accesses(store)))
    assert loaded(*words, "--reason", "국무회의 의결").exit_code == 0
    assert len(list(accesses(store))) == count, "the control: what changes something is a fact"
