"""A command by a form, end to end: once, refused with what was typed, told of changes, of one's own agency alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient

from domain.agency.commands import AppointSubstitute
from domain.seoul import local_day
from domain.task import commands as task
from store.envelope import Actor
from store.refused import load_refused
from tests.web.consoles import HEAD, HERE, OFFICER, OTHER, Desk, hidden

FORM = "/tasks/2024-06/do/task.report_progress"
AS_OFFICER = Actor(role="officer", agency="gto", subject=OFFICER)
Browser = TestClient[Any]


@pytest.fixture
def under_way(desk: Desk) -> Desk:
    desk.give(task.Approve(task="2024-06"))
    desk.give(task.Start(task="2024-06"), AS_OFFICER)
    return desk


def opened(browser: Browser, address: str = FORM) -> dict[str, str]:
    """What the form carries unseen."""
    text = browser.get(address).text
    return {name: hidden(text, name) for name in ("form_token", "command_id", "seen")}


def send(browser: Browser, address: str = FORM, **fields: str) -> Any:
    return browser.post(address, data=fields, headers={"origin": HERE}, follow_redirects=False)


def last(desk: Desk, number: int = 1) -> Any:
    return desk.built.store.read("task/2024-06")[-number]


def test_a_report_by_the_form_stands_in_the_log_with_who_and_how(under_way: Desk) -> None:
    browser = under_way.signed_in(OFFICER)
    form = opened(browser)
    answer = send(browser, **form, percent="40", text="1분기 추진", reason="분기 보고")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/tasks/2024-06?done={form['command_id']}"
    fact = last(under_way)
    assert (fact.kind, fact.fact.percent) == ("task.progress_reported", 40)
    envelope = fact.envelope
    assert (envelope.actor, envelope.via, envelope.authn, envelope.command) == (
        AS_OFFICER,
        "web",
        "code",
        form["command_id"],
    )
    shown = browser.get(answer.headers["location"]).text
    assert "처리했습니다." in shown
    assert "40%" in shown


def test_sent_twice_it_is_carried_out_once(under_way: Desk) -> None:
    browser, before = under_way.signed_in(OFFICER), last(under_way).version
    form = opened(browser)
    answers = [send(browser, **form, percent="40").headers["location"] for _ in range(3)]
    assert len(set(answers)) == 1
    assert last(under_way).version == before + 1


def test_other_values_under_a_used_id_are_refused_and_the_next_form_has_its_own(under_way: Desk) -> None:
    browser = under_way.signed_in(OFFICER)
    form = opened(browser)
    send(browser, **form, percent="40")
    answer = send(browser, **form, percent="55")
    assert answer.status_code == 409
    assert 'value="55"' in answer.text
    assert hidden(answer.text, "command_id") != form["command_id"]
    assert last(under_way).fact.percent == 40


def test_looked_at_first_nothing_is_carried_out(under_way: Desk) -> None:
    browser, before = under_way.signed_in(OFFICER), last(under_way).version
    answer = send(browser, **opened(browser), percent="40", send="check")
    assert (answer.status_code, last(under_way).version) == (200, before)
    assert "막는 것이 없습니다" in answer.text
    assert 'value="40"' in answer.text


def test_what_was_typed_stays_where_it_is_refused(under_way: Desk) -> None:
    browser, before = under_way.signed_in(OFFICER), last(under_way).version
    answer = send(browser, **opened(browser), percent="140", text="그대로 남을 글", reason="사유도")
    assert (answer.status_code, last(under_way).version) == (422, before)
    assert 'value="140"' in answer.text
    assert "그대로 남을 글" in answer.text
    assert "사유도" in answer.text
    assert 'role="alert"' in answer.text


def test_a_field_that_the_command_does_not_have_is_refused(under_way: Desk) -> None:
    browser, before = under_way.signed_in(OFFICER), last(under_way).version
    answer = send(browser, **opened(browser), percent="40", lead="gjcf")
    assert (answer.status_code, last(under_way).version) == (422, before)


def test_who_sends_an_old_form_is_told_what_changed_meanwhile(under_way: Desk) -> None:
    browser = under_way.signed_in(OFFICER)
    form = opened(browser)
    under_way.give(task.ReportProgress(task="2024-06", percent=30), AS_OFFICER)
    checked = send(browser, **form, percent="40", send="check")
    assert hidden(checked.text, "seen") == form["seen"], "looking at it first hides no change"
    answer = send(browser, **form, percent="40")
    assert answer.status_code == 409
    assert "30%" in answer.text
    assert 'value="40"' in answer.text
    again = send(browser, **form | {"seen": hidden(answer.text, "seen")}, percent="40")
    assert again.status_code == 303
    assert last(under_way).fact.percent == 40


def test_a_form_of_another_session_is_refused(under_way: Desk) -> None:
    one, two, before = under_way.signed_in(OFFICER), under_way.signed_in(OFFICER), last(under_way).version
    assert send(two, **opened(one), percent="40").status_code == 403
    assert send(two, **opened(two) | {"form_token": ""}, percent="40").status_code == 403
    assert last(under_way).version == before


@pytest.mark.parametrize(
    ("address", "refusal"),
    [("/tasks/2024-06", "NotYoursToRead"), (FORM, "NotYoursToRead")],
)
def test_another_agencys_task_is_refused_as_on_the_command_line(
    under_way: Desk, address: str, refusal: str
) -> None:
    browser = under_way.signed_in(OTHER)
    answer = browser.get(address)
    assert answer.status_code == 403
    assert "다른 기관의" in answer.text
    row = load_refused(under_way.built.store, most=1)[0]
    assert (row.refusal, row.via, row.authn) == (refusal, "web", "code")


def test_another_agencys_command_is_refused_too(under_way: Desk) -> None:
    browser, before = under_way.signed_in(OTHER), last(under_way).version
    token = hidden(browser.get("/").text, "form_token")
    answer = send(browser, form_token=token, command_id="1" * 32, seen=str(before), percent="40")
    assert (answer.status_code, last(under_way).version) == (403, before)
    assert {row.refusal for row in load_refused(under_way.built.store, command="task.report_progress")} <= {
        "NotYourTask"
    }


def test_what_nothing_takes_back_needs_a_reason_and_a_yes(desk: Desk) -> None:
    browser, address = desk.signed_in(HEAD, "planner"), "/tasks/2024-06/do/task.reject"
    token = hidden(browser.get("/offices").text, "form_token")
    browser.post(
        "/offices", data={"form_token": token, "office": f"planner:{HEAD}"}, headers={"origin": HERE}
    )
    form = opened(browser, address)
    assert "되돌릴 수 없음" in browser.get(address).text
    for fields in ({"reason": "사유"}, {"yes": "1"}):
        assert send(browser, address, **form, **fields).status_code == 422
    assert send(browser, address, **form, reason="사유", yes="1").status_code == 303
    assert last(desk).kind == "task.rejected"


def test_who_stands_in_says_for_whom_and_for_nobody_else(under_way: Desk) -> None:
    today = local_day(under_way.built.store.now())
    browser = under_way.signed_in(OFFICER)
    assert "대신하는 사람" not in browser.get(FORM).text
    under_way.give(AppointSubstitute(agency="gto", absent=HEAD, substitute=OFFICER, starts=today, ends=today))
    assert f"head@gto:{HEAD}" in browser.get(FORM).text
    form = opened(browser)
    assert send(browser, **form, percent="40", behalf=f"head@gto:{OTHER}").status_code == 403
    assert send(browser, **form, percent="40", behalf=f"head@gto:{HEAD}").status_code == 303
    assert last(under_way).envelope.on_behalf_of == Actor(role="head", agency="gto", subject=HEAD)


def test_what_may_be_done_now_is_what_the_log_allows(under_way: Desk) -> None:
    officer, head = under_way.signed_in(OFFICER), under_way.signed_in(HEAD)
    offered = set(re.findall(r"/do/([a-z_.]+)", officer.get("/tasks/2024-06").text))
    assert {"task.report_progress", "task.submit_final_report"} <= offered
    assert "task.approve" not in offered
    assert re.findall(r"/do/([a-z_.]+)", head.get("/tasks/2024-06").text) == []
