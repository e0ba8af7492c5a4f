"""Meetings at the command line: what is decided there is carried out in the same append, or nothing is written."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog
from icalendar import Calendar

from domain.seoul import local_day
from domain.streams import meeting_stream, task_stream
from domain.values import LocalText
from projections.meetings import OpenDecisionRow, decisions_open
from projections.runner import project
from projections.slices import AsOf
from projections.views import VIEWS
from store.log import Store
from tests.domain.examples import NOON
from tests.scripts.conftest import Cli, document
from workflows.decisions_waiting import is_citys

PLANNER, OFFICER, HEAD = ("--as", "planner"), ("--as", "officer@gto"), ("--as", "head@gto")
MEETING = "heads-2024-9"
SIGNED_OFF = ("--wording", "과제 승인", "--wording-en", "approve the tasks")


def do(cli: Cli, *words: str) -> None:
    done = cli(*words)
    assert done.exit_code == 0, (words, done.output)


def refuse(cli: Cli, store: Store, *words: str) -> str:
    """The name of the refusal; it says what to do in both languages, and nothing is written."""
    before = store.head().position
    result = cli(*words, "--json")
    assert result.exit_code == 1, result.output
    for lang, letters in (("ko", "다"), ("en", ".")):
        assert cli(*words, "--lang", lang).output.strip().endswith((letters, "."))
    assert store.head().position == before
    return str(document(result)["error"]["name"])


def fold_all(store: Store) -> None:
    structlog.reset_defaults()  # as a command that has run here left them
    for view in VIEWS.values():
        project(store, view)


@pytest.fixture
def day(loaded: Cli, store: Store) -> date:
    """A meeting in a month, of which gto and gjcf are invited under the vice mayor."""
    today = local_day(store.now())
    for year in (today.year - 1, today.year, today.year + 1, today.year + 2):
        do(loaded, "calendar", "open", str(year), *PLANNER)
    do(loaded, "position", "add", "vice-mayor", "--name", "부시장", *PLANNER)
    on = today + timedelta(days=30)
    do(
        loaded, "meeting", "call", MEETING, "--year", "2024", "--name", "제9차 공공기관장 회의", "--on", str(on),
        "--venue", "시청", "--form", "토의", "--chair", "vice-mayor", "--invite", "gto", "--invite", "gjcf", *PLANNER,
    )  # fmt: skip
    return on


@pytest.fixture
def opened(loaded: Cli, day: date) -> Cli:
    """It is open, with an item of gto's, and a task of gto's is proposed."""
    do(loaded, "meeting", "add-item", MEETING, "--name", "관광 협업과제", "--text", "관광 활성화", *OFFICER)
    do(loaded, "meeting", "add-item", MEETING, "--name", "기타", *PLANNER)
    do(
        loaded, "task", "propose", "2024-06", "--start", "2024-04-01", "--end", "2024-11-30", "--budget", "1000",
        *OFFICER,
    )  # fmt: skip
    do(loaded, "meeting", "open", MEETING, "--chair", "vice-mayor", "--came", "gto", *PLANNER)
    return loaded


def test_a_decision_carries_out_its_commands_in_the_same_append(opened: Cli, store: Store) -> None:
    before = store.head().position
    decided = ("meeting", "decide", MEETING, *SIGNED_OFF, "--item", "1", "--vote", "2/0/0")
    do(opened, *decided, "--approve", "2024-06", "--reason", "시민 편익", *PLANNER)
    decision, approved = store.at([before + 1, before + 2])
    assert (decision.kind, approved.kind) == ("meeting.decided", "task.approved")
    assert decision.envelope.command == approved.envelope.command
    assert approved.envelope.cause.due == f"{meeting_stream(MEETING)}#{decision.version}"
    assert approved.envelope.actor.role == "planner"
    assert store.head().position == before + 2
    told = " ".join(opened("task", "history", "2024-06", *PLANNER, "--lang", "en").output.split())
    assert f"by the decision #{decision.version} of the meeting {MEETING}" in told
    assert "reason: 시민 편익" in told
    told = " ".join(opened("task", "history", "2024-06", *PLANNER, "--lang", "ko").output.split())
    assert f"회의 {MEETING}의 의결 #{decision.version}에 따름" in told
    (why,) = document(opened("why", "2024-06", *PLANNER, "--json"))["decided"]
    assert (why["meeting"], why["decision"]) == (MEETING, decision.version)
    assert "what meetings decided" in opened("why", "2024-06", *PLANNER, "--lang", "en").output
    shown = document(opened("meeting", "show", MEETING, *PLANNER, "--json"))
    (one,) = shown["decisions"]
    assert (one["state"], one["carried_out"][0]["stream"]) == ("carried_out", task_stream("2024-06"))
    assert "approve the tasks" in opened("meeting", "show", MEETING, *PLANNER, "--lang", "en").output


def test_a_decision_of_which_a_command_is_refused_writes_nothing(opened: Cli, store: Store) -> None:
    both = ("meeting", "decide", MEETING, *SIGNED_OFF, "--approve", "2024-06", "--approve", "2024-07")
    assert refuse(opened, store, *both, *PLANNER) == "DecisionNotCarriedOut"
    said = " ".join(opened(*both, *PLANNER, "--lang", "en").output.split())
    assert "“approve the tasks”" in said, "which decision"
    assert "task/2024-07" in said, "which command"
    assert "2024-07" in said.rpartition("refused")[2], "why"
    do(opened, *both[:-2], *PLANNER)
    assert store.read(task_stream("2024-06"))[-1].kind == "task.approved", "the other alone goes"


def test_the_right_of_who_records_a_decision_is_not_widened_by_it(opened: Cli, store: Store) -> None:
    """What only an agency's officer may give, and what no decision may give, is refused as without it."""
    for command in (
        'task.start {"task": "2024-06"}',
        'task.nothing {"task": "2024-06"}',
        'task.approve {"job": "2024-06"}',
        'task.approve {"task": "2024-06"} and more',
        f'meeting.close {{"meeting": "{MEETING}"}}',
        'subject.erase {"subject": "%s"}' % ("1" * 32),
    ):
        words = ("meeting", "decide", MEETING, *SIGNED_OFF, "--command", command)
        assert refuse(opened, store, *words, *PLANNER) == "DecisionNotCarriedOut"
    approve = ("meeting", "decide", MEETING, *SIGNED_OFF, "--approve", "2024-06")
    assert refuse(opened, store, *approve, *HEAD) == "NotPermitted"


def test_another_command_than_approving_is_given_by_its_name(opened: Cli, store: Store) -> None:
    given = 'task.hand_over {"task": "2024-06", "to": "gjcf"}'
    words = ("meeting", "decide", MEETING, "--wording", "주관기관 변경", "--command", given)
    if opened(*words, "--reason", "기능 조정", *PLANNER).exit_code:
        pytest.fail(opened(*words, "--reason", "기능 조정", *PLANNER).output)
    assert store.read(task_stream("2024-06"))[-1].fact.lead == "gjcf"


def test_what_was_decided_and_is_not_done_is_listed_until_it_is(opened: Cli, store: Store, day: date) -> None:
    for agency in ("gto", "gjcf"):
        words = (
            "meeting",
            "decide",
            MEETING,
            "--wording",
            f"{agency} 보고",
            "--agency",
            agency,
            "--until",
            str(day),
        )
        do(opened, *words, *PLANNER)
    fold_all(store)
    listed = document(opened("meeting", "decisions", *OFFICER, "--json"))["decisions"]
    assert [(one["agency"], one["due"], one["overdue"]) for one in listed] == [
        ("gto", str(day), False),
        ("gjcf", str(day), False),
    ]
    number = str(listed[0]["decision"])
    other = str(listed[1]["decision"])
    assert (
        refuse(opened, store, "meeting", "done", MEETING, other, "--result", "끝", *OFFICER) == "NotYourTask"
    )
    position = store.head().position
    do(opened, "meeting", "done", MEETING, number, "--result", "보고를 마침", *OFFICER)
    fold_all(store)
    left = document(opened("meeting", "decisions", *PLANNER, "--json"))["decisions"]
    assert [one["agency"] for one in left] == ["gjcf"]
    assert len(decisions_open(store, AsOf(position))) == 2, "as it was"
    assert "보고를 마침" in opened("meeting", "show", MEETING, *PLANNER).output
    rows = document(opened("meeting", "list", *PLANNER, "--json"))["meetings"]
    (row,) = [one for one in rows if one["meeting"] == MEETING]
    assert (row["decisions"], row["open"], row["overdue"]) == (2, 1, 0)


def test_bad_input_is_refused_and_changes_nothing(loaded: Cli, store: Store, day: date) -> None:
    late = ("--reason", "앞당김", *PLANNER)
    do(loaded, "meeting", "add-item", MEETING, "--name", "안건", *OFFICER)
    words = ("meeting", "withdraw-item", MEETING, "1", "--as", "officer@gjcf")
    assert refuse(loaded, store, *words) == "NotYourTask"
    do(loaded, "meeting", "withdraw-item", MEETING, "1", *OFFICER)
    today = local_day(store.now())
    do(loaded, "meeting", "move", MEETING, "--on", str(today + timedelta(days=1)), *late)
    add = ("meeting", "add-item", MEETING, "--name", "늦은 안건")
    assert refuse(loaded, store, *add, *OFFICER) == "AgendaOver"
    two = ("meeting", "open", MEETING, "--chair", "vice-mayor", "--chair", "agency/gto", *PLANNER)
    assert refuse(loaded, store, *two) == "TwoChairs"
    do(loaded, "meeting", "open", MEETING, "--chair", "vice-mayor", *PLANNER)
    decide = ("meeting", "decide", MEETING, *SIGNED_OFF, "--until", str(day))
    assert refuse(loaded, store, *decide, *PLANNER) == "QuorumAbsent"
    do(loaded, "meeting", "join", MEETING, "--came", "gto", *PLANNER)
    assert refuse(loaded, store, *decide, "--item", "1", *PLANNER) == "ItemIsWithdrawn"
    assert refuse(loaded, store, *decide, "--vote", "2", *PLANNER) == "NotAVote"
    do(loaded, "meeting", "close", MEETING, *PLANNER)
    do(loaded, "meeting", "circulate", MEETING, *PLANNER)
    do(loaded, "meeting", "object", MEETING, "--text", "빠진 발언이 있음", *OFFICER)
    assert refuse(loaded, store, "meeting", "confirm", MEETING, *PLANNER) == "ObjectionsOpen"
    number = str(store.read(meeting_stream(MEETING))[-1].version)
    do(loaded, "meeting", "settle", MEETING, number, "--text", "발언을 넣음", *PLANNER)
    assert refuse(loaded, store, "meeting", "confirm", MEETING, *PLANNER) == "ObjectionsMayCome"


def test_minutes_are_the_same_bytes_twice_and_are_verified(opened: Cli, store: Store, tmp_path: Path) -> None:
    do(opened, "meeting", "note", MEETING, "--item", "1", "--text", "축제와 연계하기로 함", *PLANNER)
    do(opened, "meeting", "decide", MEETING, *SIGNED_OFF, "--approve", "2024-06", "--vote", "2/0/0", *PLANNER)
    do(opened, "meeting", "close", MEETING, *PLANNER)
    made = ("meeting", "minutes", MEETING, "--format", "html,pdf,hwpx", *PLANNER, "--lang", "ko")
    once, twice = tmp_path / "once", tmp_path / "twice"
    do(opened, *made, "--out", str(once))
    do(opened, "agency", "register", "later", "--name", "나중 기관", *PLANNER)  # the log goes on
    do(opened, *made, "--out", str(twice))
    files = sorted(one.name for one in once.iterdir())
    assert {one.rpartition(".")[2] for one in files} == {"hwpx", "html", "pdf"}
    for name in files:
        assert (once / name).read_bytes() == (twice / name).read_bytes()
        do(opened, "report", "verify", str(once / name), *PLANNER)
    said = (once / f"minutes-{MEETING}.ko.html").read_text(encoding="utf-8")
    for words in (
        "축제와 연계하기로 함",
        "과제 승인",
        "확정되지 않은 회의록",
        "찬성 2, 반대 0, 기권 0",
        "광주관광공사",
    ):
        assert words in said
    do(opened, "meeting", "circulate", MEETING, *PLANNER)
    do(opened, *made, "--out", str(twice))
    assert said != (twice / f"minutes-{MEETING}.ko.html").read_text(encoding="utf-8"), "the control"


def test_no_minutes_of_what_was_never_opened(loaded: Cli, store: Store, day: date, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "none"))
    assert refuse(loaded, store, "meeting", "minutes", MEETING, *out, *PLANNER) == "NoMinutes"
    assert not (tmp_path / "none").exists()


def test_an_invitation_is_the_same_event_until_the_meeting_is_cancelled(
    loaded: Cli, store: Store, day: date
) -> None:
    do(loaded, "agency", "set-contact", "gto", "--mail", "office@gto.example", *PLANNER)
    asked = document(loaded("meeting", "invitation", MEETING, *PLANNER, "--json"))
    assert (asked["method"], asked["to"], asked["without_address"]) == (
        "REQUEST",
        ["office@gto.example"],
        ["gjcf"],
    )
    moved_to = ("--on", str(day), "--time", "14:00", "--reason", "시각 확정")
    do(loaded, "meeting", "move", MEETING, *moved_to, *PLANNER)
    moved = document(loaded("meeting", "invitation", MEETING, *PLANNER, "--json"))
    assert moved["sequence"] > asked["sequence"]
    event, earlier = (Calendar.from_ical(one["ics"]).walk("VEVENT")[0] for one in (moved, asked))
    assert event["uid"] == earlier["uid"]
    assert event.decoded("dtstart").isoformat() == f"{day}T14:00:00+09:00"
    assert earlier.decoded("dtstart") == day
    do(loaded, "meeting", "cancel", MEETING, "--reason", "호우", *PLANNER)
    gone = document(loaded("meeting", "invitation", MEETING, *PLANNER, "--json"))
    assert gone["method"] == "CANCEL"


def test_what_waits_is_in_the_inbox_of_who_carries_it_out(opened: Cli, store: Store, day: date) -> None:
    for agency in ("gto", "gjcf"):
        words = ("meeting", "decide", MEETING, "--wording", f"{agency} 보고", "--agency", agency)
        do(opened, *words, "--until", str(day), *PLANNER)
    do(opened, "meeting", "decide", MEETING, "--wording", "시 검토", "--until", str(day), *PLANNER)
    fold_all(store)
    (own,) = document(opened("agency", "inbox", *OFFICER, "--json"))["decisions"]
    assert (own["agency"], own["overdue"]) == ("gto", False)
    assert "gto 보고" in opened("agency", "inbox", *OFFICER, "--lang", "ko").output
    city = document(opened("programme", "inbox", *PLANNER, "--json"))["decisions"]
    assert [one["wording"]["ko"] for one in city] == ["시 검토"], (
        "of agencies nothing, before its day is over"
    )


def test_an_agencys_decision_whose_day_is_over_climbs_to_the_city() -> None:
    rows = [
        OpenDecisionRow("m", number, LocalText(ko="가"), agency, date(2024, 4, number), NOON)
        for number, agency in ((1, "gto"), (2, "gto"), (3, None))
    ]
    assert [one.decision for one in rows if is_citys(one, date(2024, 4, 2))] == [1, 3]


def test_the_announced_meeting_is_loaded_as_it_was_announced(loaded: Cli, store: Store) -> None:
    fold_all(store)
    (one,) = document(loaded("meeting", "list", *PLANNER, "--json"))["meetings"]
    assert (one["meeting"], one["on"], one["format"]) == ("heads-2024-1", "2024-03-07", "discussion")
    assert one["name"]["ko"] == "2024년도 제1차 공공기관장 회의"
    assert one["venue"]["ko"] == "시청 중회의실"
    assert one["theme"]["ko"] == "공공기관과 함께 시민의 힘이 되어드리겠습니다!"
    shown = document(loaded("meeting", "show", "heads-2024-1", *PLANNER, "--json"))
    assert (shown["seats"], shown["items"], one["time"]) == ([], [], None), "nothing is made up"
