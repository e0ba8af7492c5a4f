"""Signing in at the console: by a link, once; a session of one's own; what the log lets somebody act as."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from domain.agency import commands as agency
from store.accesses import accesses
from store.refused import load_refused
from store.sessions import load_sessions
from tests.web.consoles import BY_PLANNER, HEAD, HERE, NOBODY, OFFICER, Desk, hidden, sign_in
from web import cookies
from web.cookies import SESSION
from workflows.accounts import NoSuchAccount, hash_secret, invite


def test_a_link_signs_in_once_and_both_are_recorded(desk: Desk) -> None:
    browser, code = desk.browser(), desk.code(OFFICER)
    shown = browser.get(f"/sign-in/{code}")
    assert hidden(shown.text, "code") == code
    assert SESSION not in browser.cookies, "opened, it does nothing yet"
    answer = sign_in(browser, code)
    cookie = answer.headers["set-cookie"]
    for part in (f"{SESSION}=", "Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie, cookie
    assert "Domain" not in cookie
    assert "오늘 할 일" in browser.get("/").text
    (session,) = load_sessions(desk.built.store)
    assert (session.subject, session.authn, session.acts and session.acts.agency) == (OFFICER, "code", "gto")
    recorded = [one for one in accesses(desk.built.store) if one.reading == "account.sign_in"]
    assert [(one.actor and one.actor.role, one.subjects, one.authn, one.via) for one in recorded] == [
        ("officer", (OFFICER,), "code", "web"),
        (None, (OFFICER,), "code", "web"),
    ]
    again = sign_in(desk.browser(), code)
    assert again.status_code == 401
    assert "한 번" not in again.headers.get("set-cookie", "")
    (refused,) = load_refused(desk.built.store, command="account.sign_in")
    assert (refused.refusal, refused.actor, refused.via) == ("LinkOpensNothing", None, "web")
    assert code not in str(refused)


def test_only_hashes_of_secrets_are_kept(desk: Desk) -> None:
    waiting, browser = desk.code(OFFICER), desk.signed_in(OFFICER)
    with desk.built.store.connection() as connection:
        links: Any = connection.execute("SELECT secret FROM donghaeng.sign_in_links").fetchall()
        sessions: Any = connection.execute("SELECT secret FROM donghaeng.sessions").fetchall()
    assert [row[0] for row in links] == [hash_secret(waiting)]
    assert [row[0] for row in sessions] == [hash_secret(browser.cookies[SESSION])]


def test_an_attackers_cookie_is_not_kept_through_sign_in(desk: Desk) -> None:
    browser = desk.browser()
    browser.cookies.set(SESSION, "attackers" * 5, domain="console.example")
    answer = sign_in(browser, desk.code(OFFICER))
    assert "attackers" not in answer.headers["set-cookie"]
    fixed = desk.browser()
    fixed.cookies.set(SESSION, "attackers" * 5, domain="console.example")
    assert fixed.get("/").status_code == 401


def test_who_signs_in_again_leaves_no_session_behind(desk: Desk) -> None:
    browser = desk.signed_in(OFFICER)
    first = browser.cookies[SESSION]
    sign_in(browser, desk.code(OFFICER))
    assert browser.cookies[SESSION] != first
    assert len(load_sessions(desk.built.store)) == 1


@pytest.mark.parametrize(("column", "age"), [("seen_at", "31 minutes"), ("began_at", "13 hours")])
def test_a_session_ends_by_itself(desk: Desk, column: str, age: str) -> None:
    browser = desk.signed_in(OFFICER)
    assert browser.get("/").status_code == 200
    with desk.built.store.connection() as connection:
        connection.execute(f"UPDATE donghaeng.sessions SET {column} = {column} - interval '{age}'".encode())
    assert browser.get("/tasks/2024-06").status_code == 401
    assert load_sessions(desk.built.store) == []


def test_a_link_ends_by_itself(desk: Desk, owner_dsn: str) -> None:
    code = desk.code(OFFICER)
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("UPDATE donghaeng.sign_in_links SET until = until - interval '25 hours'")
    assert sign_in(desk.browser(), code).status_code == 401


def test_signing_out_ends_the_session_and_not_only_the_cookie(desk: Desk) -> None:
    browser = desk.signed_in(OFFICER)
    secret, token = browser.cookies[SESSION], hidden(browser.get("/").text, "form_token")
    answer = browser.post("/sign-out", data={"form_token": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/signed-out")
    kept = desk.browser()
    kept.cookies.set(SESSION, secret, domain="console.example")
    assert kept.get("/").status_code == 401


def test_an_owner_ends_another_session_of_his_own_and_nobody_elses(desk: Desk) -> None:
    one, two, stranger = desk.signed_in(OFFICER), desk.signed_in(OFFICER), desk.signed_in(HEAD)
    sessions = {found.subject: found.id for found in load_sessions(desk.built.store)}
    token = hidden(stranger.get("/offices").text, "form_token")
    refused = stranger.post(f"/sessions/{sessions[OFFICER]}/end", data={"form_token": token})
    assert refused.status_code == 403
    mine = next(found.id for found in load_sessions(desk.built.store, OFFICER))  # the newest: two
    token = hidden(one.get("/offices").text, "form_token")
    assert one.post(f"/sessions/{mine}/end", data={"form_token": token}).status_code == 200
    assert (one.get("/").status_code, two.get("/").status_code, stranger.get("/").status_code) == (
        200,
        401,
        200,
    )


def test_who_holds_two_offices_chooses_and_gets_no_other(desk: Desk) -> None:
    desk.give(agency.Appoint(agency="gjcf", subject=OFFICER, post="head"))
    browser = desk.signed_in(OFFICER)
    first = browser.get("/", follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/offices")
    page = browser.get("/offices").text
    assert f"head@gjcf:{OFFICER}" in page
    token = hidden(page, "form_token")
    for wanted, status in ((f"head@gto:{OFFICER}", 403), ("planner", 403), (f"head@gjcf:{OFFICER}", 303)):
        answer = browser.post(
            "/offices", data={"form_token": token, "office": wanted}, follow_redirects=False
        )
        assert answer.status_code == status, wanted
    assert f"head@gjcf:{OFFICER}" in browser.get("/").text


def test_who_leaves_the_office_is_refused_from_then_on_as_on_the_command_line(desk: Desk) -> None:
    browser = desk.signed_in(OFFICER)
    assert browser.get("/tasks/2024-06").status_code == 200
    desk.give(agency.Release(agency="gto", subject=OFFICER, post="officer"))
    answer = browser.get("/tasks/2024-06")
    assert answer.status_code == 403
    assert "담당자" in answer.text
    assert load_refused(desk.built.store, most=1)[0].refusal == "NotInOffice"


def test_who_is_nobody_gets_no_link(desk: Desk) -> None:
    with pytest.raises(NoSuchAccount):
        invite(desk.built.store, BY_PLANNER, NOBODY, None, None)


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_another_sites_page_signs_nobody_in(desk: Desk, headers: dict[str, str]) -> None:
    browser, code = desk.browser(), desk.code(OFFICER)
    assert browser.post("/sign-in", data={"code": code}, headers=headers).status_code == 403
    assert sign_in(browser, code).status_code == 303, "and the link is not used up"


def test_a_form_without_its_token_is_refused(desk: Desk) -> None:
    browser = desk.signed_in(OFFICER)
    other = hidden(desk.signed_in(HEAD).get("/").text, "form_token")
    for given in ({}, {"form_token": ""}, {"form_token": "f" * 64}, {"form_token": other}):
        assert browser.post("/sign-out", data=given, headers={"origin": HERE}).status_code == 403
    assert browser.get("/").status_code == 200


def test_control_where_tokens_are_not_looked_at_anybodys_form_passes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cookies.hmac, "compare_digest", lambda one, two: True)
    browser = desk.signed_in(OFFICER)
    assert browser.post("/sign-out", data={}, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("to", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_nobody_is_led_elsewhere_by_our_address(desk: Desk, to: str) -> None:
    answer = desk.browser().get("/lang/en", params={"to": to}, follow_redirects=False)
    assert answer.headers["location"] == "/"
