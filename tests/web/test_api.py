"""The API: every reading and command from its own declaration, by token, as on the command line."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from domain.catalogue import COMMANDS
from domain.seoul import local_day
from domain.task import commands as task
from domain.token.commands import Issue, Revoke
from store.envelope import Actor
from store.refused import load_refused
from tests.web.consoles import OFFICER, PLANNER, Desk
from web.api import list_offered
from web.cookies import SESSION
from workflows.answers import plain
from workflows.queries.inquiry import Inquiry
from workflows.queries.task_histories import task_history
from workflows.queries.task_page import show_task
from workflows.read_access import Reader
from workflows.tokens import format_token, new_secret, sha256_of

AS_OFFICER = Actor(role="officer", agency="gto", subject=OFFICER)


class Client:
    def __init__(self, desk: Desk, role: str = "planner", agency: str | None = None) -> None:
        self.desk, self.id, secret = desk, uuid.uuid4().hex, new_secret()
        until = local_day(desk.built.store.now()) + timedelta(days=1)
        desk.give(
            Issue(token=self.id, role=role, agency=agency, secret_sha256=sha256_of(secret), until=until)  # type: ignore[arg-type]
        )
        self.browser = desk.browser()
        self.headers = {"authorization": f"Bearer {format_token(desk.built.store.id, self.id, secret)}"}

    def get(self, name: str, **options: Any) -> Any:
        return self.browser.get(f"/api/v1/readings/{name}", params=options, headers=self.headers)

    def post(self, name: str, document: Any, key: str | None = None) -> Any:
        headers = self.headers | ({} if key is None else {"idempotency-key": key})
        return self.browser.post(f"/api/v1/commands/{name}", content=json.dumps(document), headers=headers)


def test_a_reading_gives_the_document_of_the_command_line(desk: Desk) -> None:
    client = Client(desk)
    inquiry = Inquiry(desk.built.store, Reader(via="cli", actor=PLANNER, authn="asserted"), "ko")
    for name, query in (("task_page.show_task", show_task), ("task_histories.task_history", task_history)):
        answer = client.get(name, task="2024-06")
        assert answer.status_code == 200
        assert answer.json() == json.loads(json.dumps(plain(query(inquiry, "2024-06"))))
    listed = client.get("tasks.list_tasks", most="10").json()
    assert listed.keys() >= {"tasks", "areas", "more"}


def test_a_slice_says_of_when_it_is(desk: Desk) -> None:
    now = desk.built.store.now().isoformat(timespec="seconds")
    answer = Client(desk).get("task_page.show_task", task="2024-06", as_of=now)
    assert answer.json()["slice"]["position"] == desk.built.store.head().position


def test_every_reading_is_offered_or_needs_what_no_address_can_say(desk: Desk) -> None:
    names = {one.partition(".")[2] for one in list_offered()}
    assert {
        "list_tasks",
        "show_task",
        "task_history",
        "list_sessions",
        "show_entry",
        "planner_inbox",
    } <= names
    assert not names & {"export_history", "verify_report", "reconcile", "make_pack"}, (
        "no file of the server's"
    )
    listed = desk.browser().get("/api/v1/readings").json()["readings"]
    assert [one["name"] for one in listed] == sorted(list_offered())


@pytest.mark.parametrize("name", sorted(list_offered()))
def test_no_reading_is_had_without_a_token(desk: Desk, name: str) -> None:
    answer = desk.browser().get(f"/api/v1/readings/{name}")
    assert (answer.status_code, answer.json()["title"]) == (401, "TokenMalformed")


def test_a_session_is_no_token(desk: Desk) -> None:
    browser = desk.signed_in(OFFICER)
    assert browser.cookies[SESSION]
    assert browser.get("/api/v1/readings/tasks.list_tasks").status_code == 401


def test_a_command_is_carried_out_once_under_its_key(desk: Desk) -> None:
    client, key = Client(desk), uuid.uuid4().hex
    document = {"command": {"task": "2024-06"}, "reason": "사유"}
    first, again = (client.post("task.approve", document, key).json() for _ in range(2))
    assert (first["kinds"], first["repeated"], again["repeated"]) == (["task.approved"], False, True)
    assert first["first_position"] == again["first_position"]
    envelope = desk.built.store.read("task/2024-06")[-1].envelope
    assert (envelope.via, envelope.authn, envelope.token, envelope.command) == (
        "api",
        "token",
        client.id,
        key,
    )
    other = client.post("task.reject", document, key)
    assert (other.status_code, other.json()["title"]) == (409, "CommandIdReused")


@pytest.mark.parametrize(
    ("document", "status", "title"),
    [
        ({"command": {"task": "2024-06", "extra": 1}}, 422, "BadInput"),
        ({"command": {"task": "2024-06"}, "extra": 1}, 422, "BadInput"),
        ({"command": {"task": 7}}, 422, "BadInput"),
        ({"task": "2024-06"}, 422, "BadInput"),
        ([], 422, "BadInput"),
    ],
)
def test_what_is_not_known_is_refused(desk: Desk, document: Any, status: int, title: str) -> None:
    answer = Client(desk).post("task.approve", document)
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["ko"] != answer.json()["en"]


def test_an_option_that_a_reading_does_not_have_is_refused(desk: Desk) -> None:
    client = Client(desk)
    for options in ({"task": "2024-06", "all": "1"}, {}, {"task": ["2024-06", "2024-07"]}):
        assert client.get("task_page.show_task", **options).status_code == 422
    assert client.get("deadlines.list_deadlines", until="gestern").status_code == 422


def test_another_agencys_is_refused_and_recorded(desk: Desk) -> None:
    client = Client(desk, "officer", "gjcf")
    answer = client.get("task_page.show_task", task="2024-06")
    assert (answer.status_code, answer.json()["title"]) == (403, "NotYoursToRead")
    answer = client.post("task.approve", {"command": {"task": "2024-06"}})
    assert (answer.status_code, answer.json()["title"]) == (403, "NotPermitted")
    answer = client.post("task.withdraw", {"command": {"task": "2024-06"}, "reason": "사유"})
    assert (answer.status_code, answer.json()["title"]) == (403, "NotYourTask")
    rows = load_refused(desk.built.store, most=3)
    assert [(row.refusal, row.via, row.token) for row in rows] == [
        (refusal, "api", client.id) for refusal in ("NotYourTask", "NotPermitted", "NotYoursToRead")
    ]


def test_a_revoked_token_opens_nothing(desk: Desk) -> None:
    client = Client(desk)
    desk.give(Revoke(token=client.id))
    assert client.get("tasks.list_tasks").json()["title"] == "TokenRevoked"


def test_commands_of_rules_are_nobodys_to_give(desk: Desk) -> None:
    (rules,) = [one for one in COMMANDS if one == "task.set_deadlines"]
    answer = Client(desk).post(rules, {"command": {"task": "2024-06"}})
    assert (answer.status_code, answer.json()["title"]) == (422, "NoSuchCommand")


def test_a_report_over_the_api(desk: Desk) -> None:
    desk.give(task.Approve(task="2024-06"))
    desk.give(task.Start(task="2024-06"), AS_OFFICER)
    client = Client(desk, "officer", "gto")
    assert (
        client.post("task.report_progress", {"command": {"task": "2024-06", "percent": 25}}).status_code
        == 200
    )
    assert desk.built.store.read("task/2024-06")[-1].fact.percent == 25
