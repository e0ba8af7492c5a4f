"""A city's own letters and quiet days, from the adopted definition to the mail that the server takes."""

from __future__ import annotations

from datetime import date, timedelta
from email.utils import parseaddr
from typing import Any

import pytest

from domain.agency.commands import Appoint
from domain.definition.commands import Adopt
from domain.lifecycle.content import check_content, content_of
from domain.lifecycle.model import Definition
from domain.notice.facts import Due
from domain.programme.commands import Close
from domain.seoul import local_day
from domain.streams import message_stream, notice_stream, task_stream
from domain.subject.commands import Register as RegisterPerson
from tests.workers.delivery.reminded_cities import SENDER, City
from tests.workers.delivery.test_told_before import OFFICER, mails_on, words
from workflows import office_hours
from workflows.automation.deadlines import basis_at, calendars_for, setting
from workflows.automation.reminders import next_reminding
from workflows.definitions.adopted import definitions_of
from workflows.definitions.templates import templates
from workflows.letters import letter

FIRST = date(2024, 5, 13)  # 14 business days before the start is due
LETTER: dict[str, Any] = {
    "letter": "soon",
    "ladder": "agency",
    "subject": {"ko": "[군산시] {{ what }} {{ due }}까지", "en": "{{ what }} by {{ due }}"},
    "text": {
        "ko": "{{ agency }} {{ office }}님,\n\n{{ title }}의 {{ what }}을(를) 기다립니다 <{{ left }}>.",
        "en": "{{ what }} of {{ title }}",
    },
    "sender": {"ko": "군산시 협업과제, 담당", "en": "Gunsan"},
}


def defined(*letters: dict[str, Any], version: int = 1, quiet: tuple[str, ...] = ()) -> Definition:
    known = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    days = [
        {"name": f"q{number}", "label": {"ko": f"축제 {number}", "en": f"festival {number}"}, "first": one}
        for number, one in enumerate(quiet)
    ]
    more = {"letters": list(letters)} if letters else {}
    more |= {"quiet_days": days} if days else {}
    return check_content(known | {"name": "gunsan", "version": version} | more)


def dues(city: City) -> list[Due]:
    return [city.store.read(notice_stream(one))[0].fact for one in city.notices]


def move(city: City, task: str, to: Definition) -> None:
    """Adopt the definition, and have the task go by it."""
    city.give(Adopt(definition=to.name, content=content_of(to)))
    facts = city.store.read(task_stream(task))
    known = calendars_for(city.store, [basis_at(facts)])
    envelope = setting(task_stream(task), facts, known, definitions_of(city.store), city.store.id, by=to)
    assert envelope is not None
    city.handler.handle_all([envelope])


def test_a_reminder_goes_out_in_the_citys_own_words(bare: City) -> None:
    bare.begin(by=defined(LETTER))
    ((_, mail),) = mails_on(bare, [FIRST])
    assert mail["Subject"] == "[모의] [군산시] 착수 2024. 6. 3.(월)까지"
    assert parseaddr(str(mail["From"])) == ("군산시 협업과제, 담당", SENDER)
    page = mail.get_body(("html",))
    assert page is not None
    text = words(mail)
    assert "이름 담당자님,\n\n이름의 착수를 기다립니다 <14영업일 남음>.\n" in text
    assert "이름의 착수를 기다립니다 &lt;14영업일 남음&gt;." in page.get_content()
    assert "담당 기관이" not in text
    assert text.startswith("모의 실행의 메일입니다.\n\n이름 담당자님,")
    (due,) = dues(bare)
    assert due.letter == "gunsan/1/soon"
    assert due.recipient == "agency/a000"


def test_of_another_ladders_letter_nothing_comes_here(bare: City) -> None:
    bare.begin(by=defined(LETTER | {"ladder": "city"}))
    ((_, mail),) = mails_on(bare, [FIRST])
    assert mail["Subject"] == "[모의] [동행] 2024. 6. 3.(월)까지: 2024-001 착수"
    assert mail["From"] == SENDER
    assert words(mail).startswith(
        "이름 담당자님, 과제 2024-001 ‘이름’의 착수 기한은 2024. 6. 3.(월)이며 14영업일 남았습니다.\n"
    )
    assert {one.letter for one in dues(bare)} == {None}


def test_a_digest_of_two_definitions_says_each_in_its_words(bare: City) -> None:
    """One task goes by the version without letters, and one by the next."""
    bare.begin(tasks=2, by=defined())
    newer = defined(LETTER, version=2)
    move(bare, "2024-002", newer)
    ((_, mail),) = mails_on(bare, [FIRST])
    text = words(mail)
    assert mail["Subject"] == "[모의] [동행] 2024. 6. 3.(월)까지: 2024-001 착수 외 1건"
    assert "2024-001 이름\n  할 일: 착수\n" in text
    assert "  명령: donghaeng task start 2024-001\n" in text
    assert (
        "2024-002 이름\n  할 일: 착수\n  기한: 2024. 6. 3.(월), 14영업일 남음\n\n이름 담당자님,\n\n이름의 착수를"
        in text
    )
    assert "task start 2024-002" not in text
    assert mail["From"] == SENDER
    assert sorted(one.letter or "" for one in dues(bare)) == ["", "gunsan/2/soon"]


def test_what_was_armed_keeps_its_words_whatever_is_adopted_later(bare: City) -> None:
    bare.begin(by=defined(LETTER))
    bare.at(FIRST.year, FIRST.month, FIRST.day, 0, 30)
    other = LETTER | {"subject": {"ko": "다른 문안", "en": "other"}}
    newer = defined(other, version=2)
    move(bare, "2024-001", newer)
    (_, before), (_, after) = mails_on(bare, [FIRST, FIRST + timedelta(14)])
    assert before["Subject"] == "[모의] [군산시] 착수 2024. 6. 3.(월)까지"
    assert after["Subject"] == "[모의] 다른 문안"


def test_whoever_it_is_addressed_to_again_reads_the_same_words(bare: City) -> None:
    bare.begin(by=defined(LETTER))
    bare.at(FIRST.year, FIRST.month, FIRST.day, 0, 30)  # for the mailbox, and not sent
    bare.give(RegisterPerson(subject=OFFICER), Appoint(agency="a000", subject=OFFICER, post="officer"))
    bare.vault.put(OFFICER, {"name": "김 담당", "mail": "officer@agency.example"})
    ((to, mail),) = mails_on(bare, [FIRST + timedelta(1), FIRST + timedelta(7)])
    assert (to, mail["Subject"]) == ("officer@agency.example", "[모의] [군산시] 착수 2024. 6. 3.(월)까지")
    assert [(one.recipient, one.letter) for one in dues(bare)] == [
        ("agency/a000", "gunsan/1/soon"),
        (f"subject/{OFFICER}", "gunsan/1/soon"),
    ]


def test_two_attempts_are_the_same_to_the_byte(bare: City) -> None:
    bare.begin(by=defined(LETTER))
    mails_on(bare, [FIRST])
    (message,) = bare.messages
    facts = bare.store.read(message_stream(message))
    one, two = (
        letter(bare.store, message, facts[0].position, bare.notices).mail(SENDER, "a@b.example")
        for _ in range(2)
    )
    assert one == two
    assert "군산시".encode() not in one  # encoded, in the subject and in the sender's name


@pytest.mark.parametrize("quiet", ["05-13", "2024-05-13"])
def test_on_a_quiet_day_nobody_is_written_to_and_the_next_allowed_day_brings_it(
    bare: City, quiet: str
) -> None:
    bare.begin(by=defined(quiet=(quiet, "05-16")))
    bare.at(2024, 5, 13, 0, 30)
    assert (bare.notices, bare.messages) == ([], [])
    coming = next_reminding(bare.store)
    assert coming is not None
    assert local_day(coming) == date(2024, 5, 14)
    ((_, mail),) = mails_on(bare, [FIRST, date(2024, 5, 14)])
    assert "늦게 보내는 알림입니다." in words(mail)
    assert [(one.days, one.on, one.late) for one in dues(bare)] == [(-14, FIRST, True)]


def test_what_was_composed_before_a_quiet_day_waits_over_it(bare: City) -> None:
    bare.begin(by=defined(quiet=("2024-05-14",)))
    bare.at(2024, 5, 13, 0, 30)
    assert len(bare.messages) == 1
    # the 14th is quiet, the 15th is Buddha's birthday
    assert mails_on(bare, [date(2024, 5, 14), date(2024, 5, 15)]) == []
    assert len(mails_on(bare, [date(2024, 5, 16)])) == 1


def test_if_no_day_were_kept_quiet_it_would_go(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(office_hours, "_is_quiet_in", lambda *_: False)
    bare.begin(by=defined(quiet=("05-13",)))
    assert len(mails_on(bare, [FIRST])) == 1


def test_a_newer_version_says_which_days_are_quiet_before_any_task_is_moved_to_it(bare: City) -> None:
    bare.begin(by=defined())
    bare.give(Adopt(definition="gunsan", content=content_of(defined(version=2, quiet=("05-13",)))))
    bare.give(
        Adopt(
            definition="gunsan",
            content=content_of(defined(version=3, quiet=("05-14",))),
            programmes=(2025,),
        )
    )
    is_quiet = office_hours.quiet_days_of(bare.store)
    assert [is_quiet(date(2024, 5, day)) for day in (12, 13, 14)] == [False, True, False]
    assert mails_on(bare, [FIRST]) == []


def test_a_year_that_nobody_opened_or_that_is_closed_keeps_no_day_quiet(bare: City) -> None:
    bare.begin(tasks=0, by=defined(quiet=("05-13",)))
    is_quiet = office_hours.quiet_days_of(bare.store)
    assert [is_quiet(date(year, 5, 13)) for year in (2022, 2023, 2024, 2025, 2026)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    bare.give(Close(year=2024))
    assert not is_quiet(date(2024, 5, 13))
