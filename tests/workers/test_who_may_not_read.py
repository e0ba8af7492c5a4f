"""Every query, asked with a citizen's and a foreign agency's token: refused, and not told whether there is such a thing."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.calendar.commands import Proclaim
from domain.token.commands import Issue
from domain.values import LocalText
from projections.inspection.searching import Filters
from store.accesses import accesses
from store.envelope import Actor
from store.log import Store
from store.refused import load_refused
from tests.workers.delivery.reminded_cities import City
from workers.reading_list import queries
from workflows.command_envelope import CommandEnvelope
from workflows.permissions import NotYoursToRead, ReadingNotPermitted
from workflows.queries.inquiry import Inquiry
from workflows.queries.notices import MessageRead, NoticeShown, find_notice
from workflows.read_access import Reader
from workflows.tokens import authenticate, format_token, new_secret, sha256_of

QUERIES = {one.__name__: one for one in queries()}
NOBODYS = "f" * 32
NOWHERE = Path("/nowhere")
REFUSALS = (ReadingNotPermitted, NotYoursToRead)
# which everybody may ask: public, or about the program
OPEN = {
    *("list_tasks", "show_year", "list_agencies", "show_calendar", "count_days"),
    *("list_definitions", "show_definitions", "compare_two"),
    *("list_funds", "show_statement", "show_fund"),
    *("list_money", "reconcile"),  # an agency's people are told of their own tasks, as of their own deadlines
}
# every agency's people may read of every meeting, concern and reform case; citizens of none
OPEN_TO_AGENCIES = {
    *("list_meetings", "list_open_decisions", "show_meeting", "make_minutes", "invite_by_calendar"),
    *("list_concerns", "show_concern", "concern_history"),
    *("list_cases", "show_case", "case_history"),
}
EVERYTHING, TASKS = {"filters": Filters()}, ({"task": "2024-001"}, {"task": "2024-777"})
ABOUT_TASKS = ({"about": "2024-001"}, {"about": "2024-777"})
AGENCIES = ({"agency": "a000"}, {"agency": "nobody"})
TRAIL = {"trail_folder": NOWHERE}

Given = Mapping[str, Any]


def never(*_: object) -> Any:
    raise AssertionError("who may not read it has it looked up")


def asked(city: City) -> dict[str, tuple[Given, Given]]:
    """By query: what is there, and what is not. What a query is handed to work with is not there: it has not come so far."""
    change = Proclaim(day=date(2024, 10, 1), title=LocalText(ko="임시공휴일"))
    preview = {
        "handler": city.handler,
        "envelope": CommandEnvelope(command=change, actor=Actor(role="planner"), via="cli"),
        "command": change,
    }
    only: dict[str, Given] = {
        "list_jobs": {"engine": None},
        "show_epoch": {"data": None},
        "show_trail": {"engine": None},
        "verify_store": dict.fromkeys(("engine", "own", "verdict", "tick", "vault")),
        "list_accesses": TRAIL,
        "list_attempts": {},
        "list_audits": {},
        "list_tokens": {},
        "list_sessions": {},
        "list_views": {},
        "list_transitions": {"handler": None},
        "may_follow": {},
        "may_verify": {},
        "may_read_trail": EVERYTHING,
        "search_trail": EVERYTHING,
        "list_findings": EVERYTHING,
        "planner_inbox": {},
        "export_history": {"out": NOWHERE, "form": "jsonl"},
        "export_trail": EVERYTHING | TRAIL | {"form": "jsonl", "out": NOWHERE},
        "sample_trail": EVERYTHING | TRAIL | {"wanted": None, "out": NOWHERE},
        "make_pack": TRAIL | {"asked": _Asked(), "out": NOWHERE, "comparing": None, "writing": never},
        "make_report": {"year": 2024, "formats": ("html",), "out": NOWHERE},
        "verify_report": {"file": NOWHERE},
        "suppose": {"rule": None, "years": range(2024, 2025)},
        "preview_calendar": preview,
        "migrate_tasks": dict.fromkeys(("handler", "to", "giver", "apply")),
    }
    notice = ({"notice": city.notices[0]}, {"notice": NOBODYS})
    return {name: (given, given) for name, given in only.items()} | {
        "show_task": TASKS,
        "task_history": TASKS,
        "list_attachments": ABOUT_TASKS,
        "show_attachment": both(ABOUT_TASKS, given="a.pdf"),
        "save_attachment": both(ABOUT_TASKS, given="a.pdf", keep=never),
        "task_event": both(TASKS, number=1),
        "who_is_responsible": TASKS,
        "explain_task": both(TASKS, handler=None),
        "explain_deadlines": TASKS,
        "show_thread": ({"given": "2024-001"}, {"given": "2024-777"}),
        "recounting": TASKS,
        "list_deadlines": TASKS,
        "list_notices": both(AGENCIES, most=1),
        "show_notice": notice,
        "agency_inboxes": AGENCIES,
        "agency_history": AGENCIES,
        "calendar_feed": AGENCIES,
        "calendar_invitations": both(AGENCIES, organizer="a@b.example", since=None, to=None),
        "webhook_secret": AGENCIES,
        "show_person": (
            {"subject": "1" * 32, "details_of": never},
            {"subject": NOBODYS, "details_of": never},
        ),
        "show_actor": ({"name": "planner", "ids_of": never}, {"name": "officer@nobody", "ids_of": never}),
        "show_audit": ({"subject": "2024-001"}, {"subject": "2024-777"}),
        "closing_audit": both(({"subject": "2024-001"}, {"subject": "2024-777"}), points=(), note="x"),
        "examining": both(({"finding": "late_entry-1"}, {"finding": "late_entry-9999"}), note="x"),
        "acknowledging_gap": both(({"first": 1, "last": 1}, {"first": 9, "last": 9}), note="x", **TRAIL),
        "examining_row": both(({"number": 1}, {"number": 9999}), what="entry", note="x", **TRAIL),
        "review_month": both(({"month": "2024-03"}, {"month": "2031-01"}), **TRAIL),
        "signing_off": both(({"month": "2024-03"}, {"month": "2031-01"}), note="x"),
        "explain_figure": both(({"figure": "tasks"}, {"figure": "no such"}), year=2024),
        "show_entry": both(({"event": 1}, {"event": 999_999}), **TRAIL),
        "prove_entry": both(({"position": 1}, {"position": 999_999}), **TRAIL),
        "show_rows": both(({"key": "2024-001"}, {"key": "2024-777"}), name="deadlines"),
        "diff_rows": both(
            ({"since": "2024-03-08"}, {"since": "2001-01-01"}), name="deadlines", to="2024-05-13"
        ),
        "list_certificates": ({"name": "task_board"}, {"name": None}),
    }


class _Asked:
    agency = task = None


# a query that came later is asked by the names and types of what it takes: of what is there, and of what is not
_BY_NAME = {"task": ("2024-001", "2024-777"), "agency": ("a000", "nobody"), "year": (2024, 2031)}
_BY_TYPE = {"str": ("one", "nobody"), "int": (1, 999_999)}


def by_its_parameters(query: Callable[..., Any]) -> tuple[Given, Given]:
    _, *taken = inspect.signature(query).parameters.values()
    found = {
        one.name: _BY_NAME.get(one.name) or _BY_TYPE.get(one.annotation, (None, None))
        for one in taken
        if one.default is one.empty
    }
    there, missing = ({name: pair[at] for name, pair in found.items()} for at in (0, 1))
    return there, missing


def both(pair: tuple[Given, Given], **more: Any) -> tuple[Given, Given]:
    return ({**pair[0], **more}, {**pair[1], **more})


@pytest.fixture
def city(simulated_store: Store, cluster: str, tmp_path: Path) -> City:
    """Two agencies with a task each, on the day on which the first reminders go."""
    with simulated_store.connection() as connection:
        row: Any = connection.execute("SELECT current_database()").fetchone()
    dsn = psycopg.conninfo.make_conninfo(cluster, dbname=row[0], user="donghaeng_app")
    made = City(simulated_store, dsn, tmp_path / "data")
    made.begin(agencies=2, tasks=1)
    made.at(2024, 5, 13, 0, 30)
    assert made.notices
    return made


def by_token(city: City, role: str, agency: str | None) -> Reader:
    identity, secret = uuid.uuid4().hex, new_secret()
    issue = Issue.model_validate(
        {
            "token": identity,
            "role": role,
            "agency": agency,
            "secret_sha256": sha256_of(secret),
            "until": date(2024, 12, 31),
        }
    )
    city.give(issue)
    actor, token = authenticate(city.store, format_token(city.store.id, identity, secret))
    return Reader(via="cli", actor=actor, authn="token", token=token)


def told(city: City, reader: Reader, query: Callable[..., Any], given: Given) -> tuple[str, str]:
    """The refusal's name and words; where there is none, what was given or went wrong instead."""
    before, recorded = len(list(load_refused(city.store, most=10_000))), len(list(accesses(city.store)))
    try:
        came = query(Inquiry(city.store, reader, "en", purpose="to try it"), **given)
    except REFUSALS as refusal:
        assert len(list(load_refused(city.store, most=10_000))) == before + 1, "the attempt is on record"
        assert len(list(accesses(city.store))) == recorded, "and no reading"
        return refusal.name, refusal.say("en")
    except Exception as other:
        return type(other).__name__, str(other)
    return "read", repr(came)[:80]


@contextmanager
def without_asking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(Inquiry, "authorise", lambda *_, **__: None)
        patched.setattr(Inquiry, "may_act", lambda *_: None)
        yield


@pytest.mark.parametrize(("role", "agency"), [("citizen", None), ("officer", "a001")])
def test_it_is_refused_in_the_same_words_whether_or_not_there_is_such_a_thing(
    city: City, role: str, agency: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, table = by_token(city, role, agency), asked(city)
    is_open = OPEN if agency is None else OPEN | OPEN_TO_AGENCIES
    assert QUERIES.keys() >= is_open | table.keys(), "a query of the table is gone"
    table |= {name: by_its_parameters(QUERIES[name]) for name in QUERIES.keys() - is_open - table.keys()}
    names = {one.__name__ for one in REFUSALS}
    for name, (there, missing) in table.items():
        came = told(city, reader, QUERIES[name], there)
        assert came[0] in names, (name, came)
        assert told(city, reader, QUERIES[name], missing) == came, name
    with without_asking(monkeypatch):
        for name, (there, _) in table.items():
            assert told(city, reader, QUERIES[name], there)[0] not in names, f"the control: {name}"


def test_the_control_a_query_that_looks_first_tells_them_apart(city: City) -> None:
    def looks_first(inquiry: Inquiry, notice: str) -> object:
        row, _ = find_notice(inquiry.store, notice)
        return inquiry.authorise("notices", (row.agency,))

    reader = by_token(city, "officer", "a001")
    there, missing = asked(city)["show_notice"]
    assert told(city, reader, looks_first, there) != told(city, reader, looks_first, missing)


def test_a_query_that_came_later_is_asked_by_what_it_takes() -> None:
    def later(inquiry: Inquiry, agency: str, title: str, number: int, plan: object, most: int = 3) -> None:
        """One that the table does not have."""

    there, missing = by_its_parameters(later)
    assert there == {"agency": "a000", "title": "one", "number": 1, "plan": None}
    assert missing == {"agency": "nobody", "title": "nobody", "number": 999_999, "plan": None}


def test_the_control_whose_it_is_reads_it(city: City) -> None:
    reader = by_token(city, "officer", "a000")
    there, missing = asked(city)["show_notice"]
    shown = QUERIES["show_notice"](Inquiry(city.store, reader, "en"), **there)
    assert isinstance(shown, NoticeShown)
    assert isinstance(shown.message, MessageRead | None)
    planner = by_token(city, "planner", None)
    assert told(city, planner, QUERIES["show_notice"], missing)[0] == "NoSuchNotice"
