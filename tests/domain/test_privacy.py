"""Persons' entries, erasing and redaction, and the legal hold that refuses both."""

from __future__ import annotations

import pytest

from domain.aggregate import Command
from domain.subject import commands as c
from domain.subject import facts as f
from domain.subject import refusals as r
from domain.text.facts import Redacted
from domain.text.refusals import NoSuchText, RedactedAlready
from tests.domain.examples import COMMANDS, HELD, IN_PROGRESS, OFFICER, TASK_ID, refused, when

REGISTERED, ERASED = f.Registered(), f.Erased()
ERASE, REDACT = COMMANDS["subject.erase"], COMMANDS["text.redact"]
FREE = {f"task/{TASK_ID}": IN_PROGRESS}
ON_HOLD = {f"task/{TASK_ID}": (*IN_PROGRESS, HELD)}


def test_a_person_is_registered_once_changed_and_erased_once() -> None:
    assert when(c.Register(subject=OFFICER)) == (REGISTERED,)
    assert when(COMMANDS["subject.change"], [REGISTERED]) == (f.Changed(fields=("mail",)),)
    assert when(ERASE, [REGISTERED], world=FREE) == (ERASED,)
    refused(r.SubjectRegisteredAlready, c.Register(subject=OFFICER), [REGISTERED])
    refused(r.SubjectRegisteredAlready, c.Register(subject=OFFICER), [REGISTERED, ERASED])


@pytest.mark.parametrize("command", [ERASE, COMMANDS["subject.change"]])
def test_nothing_is_asked_of_who_is_not_there(command: Command) -> None:
    refused(r.SubjectNotRegistered, command, world=FREE)
    refused(r.SubjectErased, command, [REGISTERED, ERASED], world=FREE)


def test_a_text_is_redacted_once_and_only_if_some_fact_refers_to_it() -> None:
    assert when(REDACT, world=FREE) == (Redacted(),)
    refused(RedactedAlready, REDACT, [Redacted()], world=FREE)
    refused(NoSuchText, REDACT.model_copy(update={"appears_in": ()}))


def test_a_legal_hold_refuses_both_and_says_why() -> None:
    for command, given in ((ERASE, [REGISTERED]), (REDACT, [])):
        refusal = refused(r.HeldByLaw, command, given, world=ON_HOLD)
        assert HELD.basis in refusal.say("ko")
        assert f"task/{TASK_ID}" in refusal.say("en")
