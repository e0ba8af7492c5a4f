"""What stands over every page, dates in addresses, and that texts are shown as texts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.seoul import local_day
from domain.task import commands as task
from domain.values import LocalText
from projections.runner import project
from projections.views import VIEWS
from store.envelope import Actor
from tests.web.consoles import OFFICER, Desk

AS_OFFICER = Actor(role="officer", agency="gto", subject=OFFICER)
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}\"'><b>"


@pytest.mark.parametrize(
    "address", ["/", "/tasks/2024-06", "/nowhere", "/api/v1/readings", "/api/v1/nowhere"]
)
def test_over_every_answer_stand_the_same_headers(desk: Desk, address: str) -> None:
    for browser in (desk.browser(), desk.signed_in(OFFICER)):
        answer = browser.get(address)
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert "set-cookie" not in headers, "only signing in and choosing a language set one"


def test_the_stylesheet_is_kept_for_ever_under_an_address_of_its_content(desk: Desk) -> None:
    browser = desk.browser()
    page = browser.get("/").text
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) < 30_000


def test_html_and_templates_in_a_title_are_shown_as_text(desk: Desk) -> None:
    desk.give(task.Revise(task="2024-06", title=LocalText(ko=HOSTILE)), AS_OFFICER)
    browser = desk.signed_in(OFFICER)
    for view in VIEWS.values():
        project(desk.built.store, view)
    for address in ("/", "/tasks/2024-06", "/tasks/2024-06/do/task.withdraw"):
        text = browser.get(address).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}{% raw %}" in text, address
        assert "<script" not in text


def test_the_date_stands_in_the_address_and_shows_the_same_later(desk: Desk) -> None:
    browser = desk.signed_in(OFFICER)
    then = f"{local_day(desk.built.store.now()) - timedelta(days=1)}"
    before = browser.get("/tasks/2024-06", params={"as_of": then})
    assert before.status_code == 422, "nothing was known then"
    now = f"{desk.built.store.now():%Y-%m-%dT%H:%M:%SZ}"
    shown = browser.get("/tasks/2024-06", params={"as_of": now}).text
    assert "제안" in shown
    assert "알려진 대로" in shown
    assert "/do/" not in shown, "of before nothing is done"
    while f"{desk.built.store.now():%Y-%m-%dT%H:%M:%SZ}" == now:
        pass  # a slice goes to the end of the second that is named
    desk.give(task.Approve(task="2024-06"))
    assert browser.get("/tasks/2024-06", params={"as_of": now}).text == shown
    assert "승인" in browser.get("/tasks/2024-06").text
    assert browser.get("/tasks/2024-06", params={"as_of": "gestern"}).status_code == 422


def test_the_morning_shows_what_waits_and_until_when(desk: Desk) -> None:
    desk.give(task.Approve(task="2024-06"))
    for view in VIEWS.values():
        project(desk.built.store, view)
    text = desk.signed_in(OFFICER).get("/").text
    assert 'class="button" href="/tasks/2024-06"' in text
    assert "착수" in text


def test_pages_speak_the_readers_language(desk: Desk) -> None:
    browser = desk.browser()
    assert '<html lang="ko">' in browser.get("/").text
    assert '<html lang="en">' in browser.get("/", headers={"accept-language": "en-GB,ko"}).text
    browser.get("/lang/en", follow_redirects=False)
    assert "Open the link" in browser.get("/").text


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff", b"a=1&" * 300])
def test_a_form_that_cannot_be_read_is_refused(desk: Desk, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = desk.signed_in(OFFICER).post("/sign-out", content=body, headers=headers)
    assert answer.status_code == 422


def test_what_is_too_large_is_not_read(desk: Desk) -> None:
    answer = desk.signed_in(OFFICER).post("/sign-out", content=b"a=" + b"1" * 2_000_000)
    assert answer.status_code == 413
