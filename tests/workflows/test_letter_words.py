"""A letter that somebody can act on: in one language, what is due in its first line, why, what to do and whom to ask."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from domain.errors import Lang
from domain.task.deadline_kinds import DEADLINE_KINDS
from domain.values import Deadline, LocalText
from workers.setting_forms import MailFrom
from workflows.definitions.templates import templates
from workflows.feed import Entry
from workflows.letters import LATEST_FORM, Letter, Line, from_header
from workflows.letters.pieces import as_html

CITY = LocalText(ko="광주광역시", en="Gwangju")
AGENCY = LocalText(ko="광주관광공사", en="Gwangju Tourism Organization")
BASIS = LocalText(
    ko="계획 종료일부터 10영업일 이내에 결과보고", en="within 10 business days of the plan's end"
)
AT = datetime(2024, 10, 14, 0, 30, tzinfo=UTC)
CONSOLE = "https://console.city.example/app/"
NASTY = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=1>",
    "\"'&amp;<b>",
    "{0} 을(를) {task}",
]


def line(**more: object) -> Line:
    known: dict[str, object] = {
        "task": "2024-06",
        "title": LocalText(ko="북카페 여행", en="A trip of book cafés"),
        "what": LocalText(ko="결과보고", en="the final report"),
        "due": date(2024, 10, 16),
        "left": 2,
        "late": False,
        "stands_in": False,
        "notices": ("5" * 32,),
        "kind": "final_report",
        "agency": AGENCY,
        "basis": BASIS,
        "by": "donghaeng-2024/1",
    }
    return Line(**(known | more))  # type: ignore[arg-type]


def letter_of(*lines: Line, lang: Lang = "ko", **more: object) -> Letter:
    known: dict[str, object] = {
        "message": "6" * 32,
        "store": "7" * 32,
        "simulated": False,
        "at": AT,
        "lines": lines or (line(),),
        "form": LATEST_FORM,
        "lang": lang,
        "recipient": "agency/gto",
        "city": CITY,
        "contact": "planner@city.example",
    }
    return Letter(**(known | more))  # type: ignore[arg-type]


class Read(HTMLParser):
    """What a reader sees of a page, its elements and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self._head = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs
        self._head |= tag == "head"

    def handle_endtag(self, tag: str) -> None:
        self._head &= tag != "head"

    def handle_data(self, data: str) -> None:
        if not self._head:
            self.words += data.split()


def parts(mail: bytes) -> tuple[str, str]:
    """The text and the HTML of a mail, as another reader of mails has them."""
    read = message_from_bytes(mail, policy=policy.default)
    assert read.get_content_type() == "multipart/alternative"
    text, page = read.iter_parts()  # type: ignore[attr-defined]
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    return text.get_content(), page.get_content()


TYPED = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), st.sampled_from("<>&\"'{}()")),
    min_size=1,
    max_size=80,
)


@given(
    TYPED, TYPED, st.sampled_from([-5, 0, 7]), st.sampled_from(["ko", "en"]), st.sampled_from([None, CONSOLE])
)
@settings(max_examples=150, deadline=None)
def test_text_and_page_say_the_same_word_for_word(
    title: str, what: str, left: int, lang: Lang, console: str | None
) -> None:
    told = letter_of(
        line(title=LocalText(ko=title), what=LocalText(ko=what), left=left, late=True, stands_in=True),
        line(task="2024-07", was=date(2024, 9, 1), to="head", left=-3),
        lang=lang,
    )
    text, page = parts(told.mail("a@city.example", "b@gto.example", console=console))
    assert Read(page).words == text.split()


def test_a_word_that_one_of_them_lacks_would_be_seen() -> None:
    """The control."""
    told = letter_of().write()
    assert Read(told.page.replace("하실", "", 1)).words != told.text.split()


def test_its_first_line_says_whom_it_is_for_of_which_task_what_is_due_and_when() -> None:
    ko, en = (letter_of(lang=lang).text.splitlines()[0] for lang in ("ko", "en"))  # type: ignore[arg-type]
    assert ko == (
        "광주관광공사 담당자님, 과제 2024-06 ‘북카페 여행’의 결과보고 기한은 2024. 10. 16.(수)이며 2영업일 남았습니다."
    )
    assert en == (
        "To the officer of Gwangju Tourism Organization: the final report of task 2024-06 “A trip of book cafés” "
        "is due on Wed 16 October 2024, in 2 business days."
    )


def test_it_is_in_one_language() -> None:
    ko, en = letter_of(), letter_of(lang="en")
    assert not re.search("[가-힣]", en.text + en.page + en.subject)
    assert "Contact" not in ko.text
    assert '<html lang="ko">' in ko.page
    assert '<html lang="en">' in en.page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_it_says_why_what_to_do_by_whom_and_whom_to_ask(lang: Lang) -> None:
    text = letter_of(lang=lang).text
    asks = DEADLINE_KINDS["final_report"].asks
    assert asks is not None
    assert f"{BASIS.say(lang)} (donghaeng-2024/1)" in text
    assert asks.say(lang) in text
    assert AGENCY.say(lang) in text
    assert "planner@city.example" in text
    assert CITY.say(lang) in text
    assert "donghaeng task final-report 2024-06" in text


def test_with_a_console_it_leads_there_and_without_one_it_names_the_command() -> None:
    told = letter_of().write(CONSOLE)
    assert "https://console.city.example/app/tasks/2024-06" in told.text
    assert 'href="https://console.city.example/app/tasks/2024-06"' in told.page
    assert "donghaeng task" not in told.text
    assert "tasks/2024-06" not in letter_of().text


def test_an_answer_goes_to_the_planner_and_the_planners_own_mail_asks_for_none() -> None:
    mail = message_from_bytes(letter_of().mail("a@city.example", "b@gto.example"))
    assert mail["Reply-To"] == "planner@city.example"
    own = letter_of(line(to="planner", who="city", kind="decision"), recipient="programme/2024/planner")
    assert message_from_bytes(own.mail("a@city.example", "planner@city.example"))["Reply-To"] is None
    assert "답장" not in own.text


def test_an_escalation_says_who_has_not_done_what_since_when() -> None:
    told = letter_of(line(left=-3, to="head"))
    assert told.text.splitlines()[0] == (
        "광주관광공사 기관장님, 광주관광공사가 과제 2024-06 ‘북카페 여행’의 결과보고를 기한인 2024. 10. 16.(수)까지 "
        "이행하지 않았습니다. 3영업일째 지연되고 있습니다."
    )
    assert told.subject == "[동행] 기한 3영업일 지남: 2024-06 결과보고"
    english = letter_of(line(left=-1, to="department"), lang="en").text
    assert (
        "Gwangju Tourism Organization has not done the final report of task 2024-06 “A trip of book cafés”, "
        "which was due on Wed 16 October 2024: it is 1 business day overdue."
    ) in english
    assert "See that it is done" in english
    of_city = letter_of(line(left=-5, to="planner", who="city", kind="evaluation")).text.splitlines()[0]
    assert of_city.startswith("광주광역시 총괄부서 담당자님, 광주광역시가 ")


def test_the_officers_own_is_no_escalation() -> None:
    assert "이행하지 않았습니다" not in letter_of(line(left=-1)).text
    assert "기한이 2024. 10. 16.(수)이었고 1영업일 지났습니다." in letter_of(line(left=-1)).text


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_that_people_typed_is_markup_or_a_template(nasty: str) -> None:
    typed = LocalText(ko=nasty)
    told = letter_of(line(title=typed, what=typed, basis=typed, agency=typed), city=typed)
    text, page = parts(told.mail("a@city.example", "b@gto.example"))
    assert nasty in text
    assert " ".join(nasty.split()) in " ".join(Read(page).words)
    plain = Read(letter_of().page).elements
    assert Read(page).elements <= plain | {"a"}


def test_nothing_is_loaded_from_elsewhere_and_styles_stand_inline() -> None:
    read = Read(letter_of(line(), line(left=-4, to="head")).write(CONSOLE).page)
    assert read.elements == {
        *("html", "head", "meta", "title", "body", "div", "p", "br", "h2", "table", "tr", "td", "a")
    }
    assert {name for name, _ in read.attributes} == {
        "lang",
        "charset",
        "name",
        "content",
        "style",
        "role",
        "href",
    }
    assert not any("url(" in (value or "") for _, value in read.attributes)
    assert {value for name, value in read.attributes if name == "href"} == {f"{CONSOLE}tasks/2024-06"}


def test_were_it_not_escaped_it_would_be_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("workflows.letters.pieces.html.escape", lambda text: text)
    page = as_html((), NASTY[0], "ko")
    assert "script" in Read(page).elements


def test_several_stand_below_each_other_and_the_first_line_counts_them() -> None:
    told = letter_of(line(left=0), line(task="2024-09", notices=("8" * 32,)))
    assert told.subject == "[동행] 오늘까지: 2024-06 결과보고 외 1건"
    assert told.text.splitlines()[1] == "이 메일에는 기한이 있는 일 2건이 있습니다. 급한 것부터 적었습니다."
    ids = [one for one in told.text.splitlines() if re.fullmatch("[0-9a-f]{32}", one)]
    assert ids == ["5" * 32, "8" * 32]


def test_a_simulated_store_says_so() -> None:
    told = letter_of(simulated=True)
    assert told.subject.startswith("[모의] [동행]")
    assert "모의 실행" in told.text


@pytest.mark.parametrize("name", ["", "Donghaeng, Gwangju", "광주광역시 동행", "가" * 60])
def test_the_senders_name_is_read_as_it_was_set_and_no_line_is_too_long(name: str) -> None:
    mail = letter_of().mail(from_header(MailFrom("donghaeng@city.example", name)), "b@gto.example")
    # by the older reader of heads: the newer one puts a blank between two encoded words
    read = str(make_header(decode_header(str(message_from_bytes(mail)["From"]))))
    assert parseaddr(read.replace('\\"', '"')) == (name, "donghaeng@city.example")
    head, _, _ = mail.partition(b"\r\n\r\n")
    assert all(len(one) <= 78 for one in head.split(b"\r\n"))


@pytest.mark.parametrize("kind", DEADLINE_KINDS)
def test_of_each_kind_it_is_said_what_is_to_be_done(kind: str) -> None:
    known = DEADLINE_KINDS[kind]
    assert known.asks is not None
    assert known.command is not None


def brought(number: int) -> list[tuple[str, int]]:
    """The calendar files of a mail that brings so many deadlines along, each with how many are in it."""
    due = Deadline(kind="final_report", who="agency", start=AT.date(), days=10, due=date(2024, 10, 16))
    lines = [
        line(entry=Entry(f"2024-{at:02d}", LocalText(ko="과제"), due, "donghaeng-2024/1", 7))
        for at in range(number)
    ]
    mail = message_from_bytes(
        letter_of(*lines, rules=templates()).mail("a@city.example", "b@gto.example"), policy=policy.default
    )
    return [
        (str(part.get_filename()), len(Calendar.from_ical(part.get_content()).walk("VEVENT")))
        for part in mail.iter_attachments()  # type: ignore[attr-defined]
    ]


def test_a_few_deadlines_are_a_file_each_and_many_are_one() -> None:
    assert brought(2) == [("2024-00-final_report-one.ics", 1), ("2024-01-final_report-one.ics", 1)]
    assert len(brought(3)) == 3
    assert brought(4) == [("deadlines-2024-10-14.ics", 4)]
