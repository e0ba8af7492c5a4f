"""A letter that somebody can act on: in one language, what is due in its first line, why, what to do and whom to ask."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from domain.errors import Lang
from domain.lifecycle.letter_values import BY_NAME
from domain.lifecycle.letters import LetterRule
from domain.task.deadline_kinds import DEADLINE_KINDS
from domain.values import Deadline, LocalText
from workers.setting_forms import MailFrom
from workflows.definitions.templates import templates
from workflows.feed import Entry
from workflows.letters import LATEST_FORM, Letter, Line, from_header
from workflows.letters.earlier import Earlier
from workflows.letters.own_words import values_of
from workflows.letters.pieces import as_html
from workflows.letters.words import Words

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


AS_EVER = {
    ("ko", False): "383a3b93862996a897396dd79261cfe3f90ea807e86b45ab0fcfd911cd10a2e7",
    ("ko", True): "ba65e2ab1f9ebcef09a9dc7a47642825a0fbeefd689718440363a7f43645b531",
    ("en", False): "b1021dbe5872eaa5ce1828ba72161fc88c6d17677f7837a6064e3d67023e79a4",
    ("en", True): "1b6df034601c6387aa30561a565971e4be81dd49294e95b8c9576019c7858e65",
}


@pytest.mark.parametrize(("lang", "named"), AS_EVER)
def test_the_programs_own_letters_are_to_the_byte_as_before_definitions_had_any(
    lang: Lang, named: bool
) -> None:
    told = (Earlier(date(2024, 10, 14), "officer", "subject/x", "mail"),)
    more = {"simulated": True, "name": "김 담당"} if named else {}
    mail = letter_of(
        line(late=True, stands_in=True),
        line(task="2024-07", was=date(2024, 9, 1), to="head", left=-3, told=told),
        line(task="2024-08", left=0, who="city", kind="decision", to="planner"),
        lang=lang,
        **more,
    ).mail("a@city.example", "b@gto.example", console=CONSOLE if named else None)
    assert sha256(mail).hexdigest() == AS_EVER[lang, named]


OWN = LetterRule.model_validate(
    {
        "letter": "soon",
        "ladder": "agency",
        "subject": {"ko": "{{ title }} {{ what }}", "en": "{{ title }} {{ what }}"},
        "text": {
            "ko": "{{ agency }} {{ name or office }}님\n{{ what }}을(를) <b>{{ due }}</b>까지\n\n\n{{ where }} {{ contact }}",
            "en": "{{ what }} of {{ title }} & {{ basis }}, {{ told }}\n\n{% if stands_in %}For another.{% endif %}",
        },
        "sender": {"ko": '시청, "담당" <x@y.example>', "en": 'City, "office" <x@y.example>'},
    }
)


@given(
    TYPED, TYPED, st.sampled_from([-5, 0, 7]), st.sampled_from(["ko", "en"]), st.sampled_from([None, CONSOLE])
)
@settings(max_examples=100, deadline=None)
def test_a_citys_letter_says_the_same_as_text_and_page_beside_the_programs(
    title: str, what: str, left: int, lang: Lang, console: str | None
) -> None:
    own = line(
        title=LocalText(ko=title), what=LocalText(ko=what), left=left, stands_in=True, letter=OWN, told=()
    )
    for lines in ([own], [own, line(task="2024-07")], [line(task="2024-07", left=-9), own]):
        text, page = parts(
            letter_of(*lines, lang=lang, name=title).mail("a@city.example", "b@gto.example", console=console)
        )
        assert Read(page).words == text.split()
        assert {one for one, _ in Read(page).attributes} <= {
            "style",
            "href",
            "role",
            "lang",
            "charset",
            "name",
            "content",
        }
        assert "b" not in Read(page).elements


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_citys_name_is_the_senders_and_nothing_more_of_the_head(lang: Lang) -> None:
    told = letter_of(line(letter=OWN, title=LocalText(ko="가\r\nBcc: c@d.example")), lang=lang)
    mail = message_from_bytes(told.mail("동행 <a@city.example>", "b@gto.example"), policy=policy.default)
    name, address = parseaddr(str(make_header(decode_header(str(mail["From"])))))
    assert address == "a@city.example" or mail["From"].addresses[0].addr_spec == "a@city.example"
    assert mail["From"].addresses[0].display_name == OWN.sender.say(lang)  # type: ignore[union-attr]
    assert len(mail["From"].addresses) == 1
    assert mail["Bcc"] is None
    assert "Bcc: c@d.example" in mail["Subject"]
    assert name


def test_every_value_of_a_letter_is_given_and_in_its_kind() -> None:
    for one in (
        line(letter=OWN),
        line(left=-2, basis=None, agency=None, was=AT.date(), to="head", who="city"),
    ):
        values = values_of(Words("ko"), one, ("시", None, None), None)
        assert values.keys() == BY_NAME.keys()
        for name, value in values.items():
            assert type(value) is {"text": str, "int": int, "bool": bool}[BY_NAME[name].type]


def test_of_several_the_most_pressing_names_subject_and_sender_and_each_has_its_heading() -> None:
    own, other = line(letter=OWN), line(task="2024-07", left=5)
    first = letter_of(own, other).write()
    assert first.subject == "북카페 여행 결과보고 외 1건"
    assert first.sender == OWN.sender.ko  # type: ignore[union-attr]
    assert first.text.startswith(
        "이 메일에는 기한이 있는 일 2건이 있습니다. 급한 것부터 적었습니다.\n\n2024-06 북카페 여행\n"
    )
    second = letter_of(other, own).write()
    assert second.sender is None
    assert second.subject.startswith("[동행] ")
    assert "결과보고를 <b>2024. 10. 16.(수)</b>까지" in second.text
    alone = letter_of(own).write()
    assert alone.text.startswith("광주관광공사 담당자님\n결과보고를")
    assert "문의: 광주광역시 총괄부서 planner@city.example" in alone.text
