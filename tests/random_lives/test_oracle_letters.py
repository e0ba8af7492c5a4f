"""The oracle is asked of letters and quiet days: which letter a rung has, what its template comes to, and when nobody is written to."""

from __future__ import annotations

import json
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from scripts.random_lives.oracle.cases import Finding
from scripts.random_lives.oracle.letters import judge_letters, letter_of, write
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.notices import read_notices
from scripts.random_lives.oracle.quiet import is_quiet, judge_quiet
from scripts.random_lives.oracle.rungs import is_office_hour
from tests.random_lives.lives_by_hand import PLAN, TASK, Log, opened, parsed

NOTICE, MESSAGE = "5" * 32, "6" * 32


def worded(letter: str, *days: int) -> dict[str, Any]:
    subject, text = {"ko": f"{letter} {{{{ due }}}}까지"}, {"ko": "‘{{ title }}’을(를) {{ due }}까지"}
    rungs = {"days": list(days)} if days else {}
    return {"letter": letter, "ladder": "city", "subject": subject, "text": text} | rungs


def adopted(log: Log, version: int = 1, known: str = "01-01 09:30", **more: Any) -> None:
    rule = {
        "kind": "decision",
        "who": "city",
        "stage": "proposed",
        "condition": "normal",
        "start": "condition",
    }
    content = {
        "name": "own",
        "version": version,
        "deadlines": [rule | {"within": 5, "ladder": "city", "basis": {"ko": "지침"}}],
        "ladders": [
            {"name": "city", "rungs": [{"days": -1, "to": ["planner"]}, {"days": 0, "to": ["planner"]}]}
        ],
    }
    said = {"version": version, "content": json.dumps(content | more)}
    log.add("definition/own", "definition.adopted", known, from_day=f"2024-{known[:5]}", **said)


def of_own(**more: Any) -> Log:
    """A year by a definition of its own, in which a task was proposed on 2 January."""
    log = opened()
    year = next(one for one in log.facts if one["kind"] == "programme.opened")
    year["fact"] = {"definition": "own/1", "city": {"ko": "동행시"}}
    adopted(log, **more)
    log.add("agency/welfare", "agency.registered", "01-01 12:00", name={"ko": "복지관"})
    said = {"title": {"ko": "돌봄"}, "area": "care", "lead": "welfare", "definition": "own/1"}
    log.task("proposed", "01-02 10:00", role="officer", plan=PLAN, **said)
    log.count("01-02 10:01", definition="own/1")
    return log


def reminded(letter: str | None, text: str, subject: str) -> list[Finding]:
    """What is said of the rung of the day before, told in these words."""
    log = of_own(letters=[worded("any"), worded("before", -1)])
    due: dict[str, Any] = {
        "task": TASK,
        "deadline": "decision",
        "due": "2024-01-09",
        "days": -1,
        "on": "2024-01-08",
    }
    due |= {"to": "planner", "recipient": "programme/2024/planner", "channel": "mail", "agency": "welfare"}
    named = {"letter": letter} if letter else {}
    log.add(f"notice/{NOTICE}", "notice.due", "01-08 09:00", role="system", since=2, **due, **named)
    composed = {"recipient": due["recipient"], "channel": "mail", "notices": [NOTICE]}
    log.add(f"message/{MESSAGE}", "message.composed", "01-08 09:00", role="system", **composed)
    log.add(f"notice/{NOTICE}", "notice.composed", "01-08 09:00", role="system", message=MESSAGE)
    mail = EmailMessage()
    mail["Subject"], mail["From"] = subject, "a@city.example"
    mail.set_content(f"{text}\n\n{NOTICE}\n")
    sent = {"at": "2024-01-08T00:00:00+00:00", "to": "plan@city.example", "message": mail.as_bytes()}
    return judge_letters(Life(log.case("01-08 17:00", mails=[sent])))


RIGHT = "‘돌봄’을 2024. 1. 9.(화)까지"


def test_a_rung_goes_in_the_words_of_its_letter() -> None:
    assert reminded("own/1/before", RIGHT, "before 2024. 1. 9.(화)까지") == []
    (found,) = reminded("own/1/any", RIGHT, "any 2024. 1. 9.(화)까지")
    assert "in the words of own/1/any; by its definition of own/1/before" in found.says
    (found,) = reminded(None, RIGHT, "before 2024. 1. 9.(화)까지")
    assert "in the words of None" in found.says
    (found,) = reminded("own/1/before", "‘돌봄’를 2024. 1. 9.(화)까지", "before 2024. 1. 9.(화)까지")
    assert "the mail should say" in found.says
    (found,) = reminded("own/1/before", RIGHT, "any 2024. 1. 9.(화)까지")
    assert "the mail's subject is" in found.says


def test_of_two_letters_that_of_the_rung_goes_before_that_of_the_ladder() -> None:
    definition = Life(of_own(letters=[worded("any"), worded("before", -1)]).case()).definitions["own/1"]
    assert [(letter_of(definition, "decision", days) or {})["letter"] for days in (-1, 0)] == [
        "before",
        "any",
    ]
    assert letter_of(definition, "answer", 0) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("과제 2024-01", "을 로"),
        ("과제 2024-03", "을 으로"),
        ("과제 2024-02", "를 로"),
        ("서울", "을 로"),
        ("2024. 5. 3.(금)", "을 으로"),
        ("공사", "를 로"),
    ],
)
def test_particles_follow_the_last_sound(value: str, said: str) -> None:
    first, second = said.split()
    assert (
        write("{{ one }}을(를) ‘{{ one }}’(으)로 가(를)", {"one": value})
        == f"{value}{first} ‘{value}’{second} 가(를)"
    )


def test_quiet_days_are_of_the_newest_version_in_force_while_the_year_is_open() -> None:
    span = {"name": "festival", "first": "05-18", "last": "05-20"}
    log = of_own(quiet_days=[span])
    adopted(
        log,
        2,
        "05-19 12:00",
        quiet_days=[
            {"name": "wide", "first": "2024-05-20"},
            {"name": "ends", "first": "12-30", "last": "01-02"},
        ],
    )
    life = Life(log.case())
    before, after = len(log.facts), len(log.facts) + 1
    assert [is_quiet(life, date(2024, 5, day), before) for day in (17, 18, 20, 21)] == [
        False,
        True,
        True,
        False,
    ]
    assert [is_quiet(life, date(2024, 5, day), after) for day in (19, 20, 21)] == [False, True, False]
    assert [is_quiet(life, date(2025, 1, day), after) for day in (2, 3)] == [True, False]
    assert not is_quiet(life, date(2026, 1, 1), after), "no year beside it is open"
    assert not is_office_hour(life, parsed("05-20 10:00"), after)
    assert is_office_hour(life, parsed("05-21 10:00"), after)
    log.add("programme/2024", "programme.closed", "05-21 12:00")
    assert not is_quiet(Life(log.case()), date(2024, 12, 31), after + 1)


def test_a_version_is_not_in_force_before_its_day_or_for_another_year() -> None:
    log = of_own()
    adopted(log, 2, "03-01 12:00", quiet_days=[{"name": "one", "first": "2024-02-05"}])
    assert not is_quiet(Life(log.case()), date(2024, 2, 5), len(log.facts) + 1)
    log.facts[-1]["fact"] |= {"from_day": "2024-01-01"}
    assert is_quiet(Life(log.case()), date(2024, 2, 5), len(log.facts) + 1)
    log.facts[-1]["fact"] |= {"programmes": [2025]}
    assert not is_quiet(Life(log.case()), date(2024, 2, 5), len(log.facts) + 1)


def test_what_is_armed_or_sent_on_a_quiet_day_is_found() -> None:
    log = of_own(quiet_days=[{"name": "one", "first": "01-08"}])
    log.add(f"message/{MESSAGE}", "message.attempted", "01-08 09:00", role="system")
    log.add(f"message/{MESSAGE}", "message.attempted", "01-09 09:00", role="system")
    (found,) = judge_quiet(Life(log.case()))
    assert (found.kind, found.day, found.says) == ("quiet", "2024-01-08", "message.attempted on a quiet day.")
    assert read_notices(Life(log.case())) == []
