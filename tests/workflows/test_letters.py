"""What a message says: the same bytes every time, every letter of them legible, nothing of them taken for markup."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.commands import Proclaim
from domain.notice.facts import Due
from domain.programme.commands import AddTask
from domain.streams import message_stream
from domain.task import commands as t
from domain.task.state import Task
from domain.values import LocalText
from store.envelope import Actor
from store.log import Store
from tests.workers.delivery.reminded_cities import NAME, PLAN, PLANNER, City, Rude
from workflows.automation.rescheduling import change_calendar
from workflows.command_envelope import CommandEnvelope
from workflows.letters import Letter, Line, letter
from workflows.letters.first_form import say_line as say
from workflows.letters.lines import line_of

NOTICE, MESSAGE, STORE = "5" * 32, "6" * 32, "7" * 32
AT = datetime(2024, 5, 13, 0, 30, tzinfo=UTC)
KOREAN = st.text(
    st.one_of(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.sampled_from(" ·‧()[]‘’“”.,-~A1")
    ),
    min_size=1,
    max_size=200,
).filter(lambda text: text == text.strip())


def line(what: str = "착수", title: str = "과제", **more: object) -> Line:
    known: dict[str, object] = {
        "task": "2024-07",
        "title": LocalText(ko=title),
        "what": LocalText(ko=what),
        "due": date(2024, 6, 3),
        "left": 14,
        "late": False,
        "stands_in": False,
        "notices": (NOTICE,),
    }
    return Line(**(known | more))  # type: ignore[arg-type]


def written(*lines: Line, simulated: bool = False) -> Letter:
    return Letter(message=MESSAGE, store=STORE, simulated=simulated, at=AT, lines=lines or (line(),))


def mailed(of: Letter, **more: str) -> Message:
    return message_from_bytes(of.mail("donghaeng@city.example", "office@gto.example", **more))


def parts(mail: Message) -> dict[str, str]:
    found = {}
    for part in mail.walk():
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            found[part.get_content_type()] = body.decode()
    return found


@given(KOREAN)
@settings(max_examples=300, deadline=None)
def test_a_korean_subject_however_long_is_read_as_it_was_written(what: str) -> None:
    letter_ = written(line(what))
    mail = letter_.mail("donghaeng@city.example", "office@gto.example")
    assert letter_.subject == f"[동행] 기한 알림: 2024-07 {what} 2024-06-03"
    assert str(make_header(decode_header(str(message_from_bytes(mail)["Subject"])))) == letter_.subject
    assert message_from_bytes(mail, policy=policy.default)["Subject"] == letter_.subject
    head, _, _ = mail.partition(b"\r\n\r\n")
    assert all(len(one) <= 78 for one in head.split(b"\r\n"))
    assert mail.isascii()


@given(st.lists(st.tuples(KOREAN, KOREAN), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_every_line_stands_in_text_and_page_as_it_was_written(told: list[tuple[str, str]]) -> None:
    letter_ = written(*(line(what, title) for what, title in told))
    found = parts(mailed(letter_))
    assert found["text/plain"].replace("\r\n", "\n") == letter_.text
    assert found["text/html"].replace("\r\n", "\n") == letter_.page
    for what, title in told:
        assert f"- 2024-07 {title}: {what}, 기한 2024-06-03, 14영업일 남음" in found["text/plain"]
        assert html.escape(f"{title}: {what}") in found["text/html"]
    assert NOTICE in found["text/plain"]


def test_a_day_that_changed_is_told_by_whichever_reminder_of_a_deadline_says_so() -> None:
    """The first rung with the new day waits for the next one, which no other day was told before."""

    def due(days: int, was: date | None) -> Due:
        return Due(
            task="2024-07", deadline="start", due=date(2024, 6, 3), since=2, days=days, on=date(2024, 5, 13),
            to="planner", recipient="programme/2024/planner", channel="mail", agency="gto", was=was,
        )  # fmt: skip

    def told(*dues: Due, **more: bool) -> date | None:
        by_id = dict(zip(("1" * 32, "2" * 32, "3" * 32), dues, strict=False))
        return line_of(by_id, list(by_id), Task(title=LocalText(ko="과제")), 14, {}, None, **more).was  # type: ignore[arg-type]

    first, second = date(2024, 5, 20), date(2024, 5, 27)
    assert told(due(-9, first), due(-7, None)) == first
    assert told(due(-9, first), due(-7, second), due(-5, None)) == second
    assert told(due(-9, None), due(-7, None)) is None
    assert told(due(-9, first), due(-7, None), all_changes=False) is None, "as what was sent before said it"


def test_no_line_of_the_mail_is_longer_than_smtp_allows_and_all_end_as_it_wants() -> None:
    mail = written(*(line("가" * 200, "나 " * 100) for _ in range(200))).mail("a@b.example", "c@d.example")
    assert max(len(one) for one in mail.split(b"\r\n")) <= 998
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert b"\r" not in mail.replace(b"\r\n", b"")


def test_the_id_stands_in_one_line_and_the_mail_says_that_no_person_wrote_it() -> None:
    raw = written().mail("donghaeng@city.example", "office@gto.example")
    assert f"\r\nMessage-ID: <{MESSAGE}@{STORE[:12]}.donghaeng>\r\n".encode() in raw
    mail = message_from_bytes(raw)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 13 May 2024 00:30:00 +0000"
    assert (mail["From"], mail["To"]) == ("donghaeng@city.example", "office@gto.example")
    assert "List-Unsubscribe" not in mail
    asked = mailed(written(), unsubscribe="mailto:stop@city.example")
    assert asked["List-Unsubscribe"] == "<mailto:stop@city.example>"


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", "</li></ul><img src=x onerror=1>", "\"'&amp;<b>"]
)
def test_nothing_that_people_typed_is_markup(nasty: str) -> None:
    letter_ = written(line(title=nasty), line(nasty))
    text = letter_.page
    assert nasty not in text
    assert html.escape(nasty) in text
    assert set(re.findall(r"<(/?[a-z0-9!]+)", text)) == {
        *("!doctype", "html", "head", "meta", "title", "/title", "/head", "body"),
        *("h1", "/h1", "ul", "li", "/li", "/ul", "h2", "/h2", "/body", "/html"),
    }
    assert nasty in parts(mailed(letter_))["text/plain"], "where there is no markup it stands as it is"


def test_unescaped_it_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("workflows.letters.first_form.html.escape", lambda text: text)
    assert "<script>" in written(line("<script>")).page


def test_how_much_is_left_is_said_in_both_languages() -> None:
    said = {left: (say(line(left=left), "ko"), say(line(left=left), "en")) for left in (3, 1, 0, -1, -5)}
    assert said[3][0].endswith("3영업일 남음")
    assert said[3][1].endswith("3 business days left")
    assert said[1][1].endswith("1 business day left")
    assert said[0] == (
        "2024-07 과제: 착수, 기한 2024-06-03, 오늘까지",
        "2024-07 과제: 착수, due 2024-06-03, today",
    )
    assert said[-1][1].endswith("1 business day overdue")
    assert said[-5][0].endswith("5영업일 지남")
    marked = line(late=True, stands_in=True)
    assert say(marked, "ko").endswith("(늦게 보내는 알림) (직무대리로서 받으시는 알림)")
    assert say(marked, "en").endswith("(sent late) (you stand in for somebody)")


def test_several_are_counted_in_the_subject_and_a_simulated_store_says_so() -> None:
    assert written(line(), line()).subject.endswith("2024-06-03 외 1건")
    assert written(simulated=True).subject.startswith("[모의] [동행]")


def test_a_webhook_tells_the_same_as_json() -> None:
    told = json.loads(written(line("착수", "과제 <1>")).event())
    assert told["type"] == "notice.due"
    assert told["data"]["message"] == MESSAGE
    assert told["data"]["deadlines"] == [
        {
            "task": "2024-07",
            "title": {"ko": "과제 <1>"},
            "what": {"ko": "착수"},
            "due": "2024-06-03",
            "business_days_left": 14,
            "late": False,
            "notices": [NOTICE],
        }
    ]


@pytest.fixture
def proposed(simulated_store: Store, cluster: str, tmp_path: Path) -> City:
    """A task that waits for the city's decision, and the message that reminds the planner of it."""
    with simulated_store.connection() as connection:
        row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None
    dsn = psycopg.conninfo.make_conninfo(cluster, dbname=row[0], user="donghaeng_app")
    city = City(simulated_store, dsn, tmp_path / "data")
    city.begin()
    title = LocalText(ko="예전 제목", en="old title")
    city.give(AddTask(year=2024, task="2024-099", area="culture", lead="a000", title=NAME))
    propose = t.Propose(task="2024-099", title=title, area="culture", lead="a000", plan=PLAN)
    city.give(propose, actor=Actor(role="officer", agency="a000"))
    city.at(2024, 3, 18, 1)  # the first business day after the week of its first rung
    assert len(city.messages) == 1
    return city


def rendered(city: City, at: int | None = None) -> bytes:
    name = city.messages[0]
    (first, *_) = city.store.read(message_stream(name))
    found = letter(city.store, name, at or first.position, first.fact.notices)
    return found.mail("donghaeng@city.example", "planner@city.example")


def revised(city: City) -> None:
    command = t.Revise(task="2024-099", title=LocalText(ko="새 제목", en="new title"))
    city.handler.handle(
        CommandEnvelope(command=command, actor=Actor(role="officer", agency="a000"), via="cli")
    )
    city.give(t.Return(task="2024-099"), actor=PLANNER)


def test_what_comes_late_says_how_much_is_left_on_the_day_it_comes(proposed: City) -> None:
    """The rung of seven days before, two days late; with a holiday proclaimed after it was written."""
    proposed.at(2024, 5, 24, 1)
    composed = {one: proposed.store.read(message_stream(one))[0] for one in proposed.messages}
    (name,) = (one for one, fact in composed.items() if fact.fact.recipient == "agency/a000")
    first = composed[name]
    told = letter(proposed.store, name, first.position, first.fact.notices)
    (start,) = (one for one in told.lines if one.task == "2024-001")
    assert (start.left, start.late, start.due) == (6, True, date(2024, 6, 3))
    command = Proclaim(day=date(2024, 5, 31), title=LocalText(ko="임시공휴일"))
    change_calendar(
        proposed.store, proposed.handler, CommandEnvelope(command=command, actor=PLANNER, via="cli"), command
    )
    assert letter(proposed.store, name, first.position, first.fact.notices) == told


def test_it_is_the_same_to_the_byte_though_the_task_was_revised_meanwhile(proposed: City) -> None:
    before = rendered(proposed)
    revised(proposed)
    proposed.at(2024, 3, 19, 1)
    assert rendered(proposed) == before
    assert "예전 제목" in parts(message_from_bytes(before))["text/plain"]


def test_were_the_task_told_as_it_is_now_it_would_not_be(proposed: City) -> None:
    """The control."""
    before = rendered(proposed)
    revised(proposed)
    now = rendered(proposed, proposed.store.head().position)
    assert now != before
    assert "새 제목" in parts(message_from_bytes(now))["text/plain"]


def test_the_attempts_of_one_message_are_the_same_to_the_byte(proposed: City) -> None:
    with Rude("after the dot", times=1) as server:
        post = proposed.post(server.url)
        post.send_due()
        command = t.Revise(task="2024-099", title=LocalText(ko="새 제목"))
        proposed.give(command, actor=Actor(role="officer", agency="a000"))
        post.send_due()
        assert proposed.kinds()[-1] == "sent"
    assert len(server.mails) == 2
    assert server.mails[0] == server.mails[1]
