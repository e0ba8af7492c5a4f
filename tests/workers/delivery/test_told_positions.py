"""Reminders for positions of the city's: the holder of the day is written to, a delegate in the holder's place, of a vacancy the planner."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from domain.lifecycle.content import check_content
from domain.lifecycle.model import Definition
from domain.position.commands import Appoint, Declare, Delegate, Release
from domain.subject.commands import Register as RegisterPerson
from domain.values import LocalText
from tests.workers.delivery.reminded_cities import City
from tests.workers.delivery.test_own_letters import FIRST, LETTER, dues
from tests.workers.delivery.test_told_before import mails_on, words
from workflows import recipients
from workflows.definitions.templates import templates

MAYOR, OTHER = "a" * 32, "b" * 32
PLANNER = "planner@city.example"


def by(*to: str, letters: bool = False) -> Definition:
    """The template, of which the first rung is for the vice mayor."""
    known = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    for ladder in known["ladders"]:
        ladder["rungs"][0]["to"] = ["position/vice-mayor", *to]
    return check_content(known | {"name": "gunsan"} | ({"letters": [LETTER]} if letters else {}))


@pytest.fixture
def held(bare: City) -> City:
    """The position is there, and two persons who can be reached, of whom one is in it."""
    bare.give(
        RegisterPerson(subject=MAYOR),
        RegisterPerson(subject=OTHER),
        Declare(position="vice-mayor", title=LocalText(ko="부시장", en="Vice Mayor")),
        Appoint(position="vice-mayor", subject=MAYOR),
    )
    bare.vault.put(MAYOR, {"name": "김부시", "mail": "mayor@city.example"})
    bare.vault.put(OTHER, {"name": "이대리", "mail": "other@city.example"})
    return bare


def calendars_in(mail: EmailMessage) -> list[str]:
    return [one.get_content_type() for one in mail.walk() if one.get_content_type() == "text/calendar"]


def test_the_holder_is_written_to_by_name_and_position(held: City) -> None:
    held.begin(by=by())
    ((to, mail),) = mails_on(held, [FIRST])
    assert to == "mayor@city.example"
    assert "이름 부시장 김부시 님, 과제 2024-001 ‘이름’의 착수 기한은" in words(mail)
    assert calendars_in(mail) == [], "who holds a position owes nothing of it"
    (due,) = dues(held)
    assert (due.to, due.recipient, due.stands_in_for) == ("position/vice-mayor", f"subject/{MAYOR}", None)
    assert due.to_name == LocalText(ko="부시장", en="Vice Mayor")


def test_a_letter_of_ones_own_says_the_position(held: City) -> None:
    held.begin(by=by(letters=True))
    ((_, mail),) = mails_on(held, [FIRST])
    assert "이름 부시장님," in words(mail)


def test_a_delegate_of_that_day_is_written_to_in_the_holders_place(held: City) -> None:
    held.begin(by=by())
    held.give(
        Delegate(
            position="vice-mayor", mandate="proxy", holder=MAYOR, delegate=OTHER, starts=FIRST, ends=FIRST
        )
    )
    ((to, _),) = mails_on(held, [FIRST])
    assert to == "other@city.example"
    assert dues(held)[0].stands_in_for == MAYOR


def test_of_a_vacant_position_the_planner_is_told(held: City) -> None:
    held.begin(by=by("officer"))
    held.give(Release(position="vice-mayor", subject=MAYOR))
    assert {to for to, _ in mails_on(held, [FIRST])} == {"a000@agency.example", PLANNER}


def test_the_control_without_that_nobody_would_be(held: City, monkeypatch: pytest.MonkeyPatch) -> None:
    held.begin(by=by("officer"))
    held.give(Release(position="vice-mayor", subject=MAYOR))
    usual = recipients._at
    monkeypatch.setattr(recipients, "_at", lambda step, *of: () if step == "planner" else usual(step, *of))
    assert [to for to, _ in mails_on(held, [FIRST])] == ["a000@agency.example"]


def test_who_came_into_it_before_it_went_is_written_to(held: City) -> None:
    held.begin(by=by())
    held.at(FIRST.year, FIRST.month, FIRST.day, 0, 30)  # armed for the mayor, and not sent
    held.give(Release(position="vice-mayor", subject=MAYOR), Appoint(position="vice-mayor", subject=OTHER))
    ((to, _),) = mails_on(held, [FIRST + timedelta(1), date(2024, 5, 16)])
    assert to == "other@city.example"
    assert [one.recipient for one in dues(held)] == [f"subject/{MAYOR}", f"subject/{OTHER}"]
