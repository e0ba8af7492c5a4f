"""Lists: what stands in them, what is next, and that an empty one says so."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Bilingual
from projections.runner import project
from projections.views import VIEWS
from scripts.cli.simulate import days_of
from scripts.cli.tables import NOTHING
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from workers.finding import Finding
from workflows import beginnings
from workflows.beginnings import SUBJECT, BeginsSeveral, complete_id
from workflows.programme_file import read_programme
from workflows.queries import definitions
from workflows.read_access import Reader
from workflows.simulation.year import steps

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "120000000")
MILESTONE = ("--milestone", "m1=2024-06-01=첫 운행")


def folded(store: Store) -> None:
    for view in VIEWS.values():
        project(store, view)


@pytest.fixture
def begun(loaded: Cli, store: Store) -> Cli:
    """A task is in progress with its deadlines set, one is proposed, the others are listed."""
    propose = ("task", "propose", "2024-06", *PLAN, *MILESTONE, "--partner", "gjcf", *OFFICER)
    for words in (
        ("calendar", "open", "2023", *PLANNER),
        ("calendar", "open", "2024", *PLANNER),
        ("calendar", "open", "2025", *PLANNER),
        propose,
        ("task", "approve", "2024-06", *PLANNER),
        ("task", "start", "2024-06", *OFFICER),
        ("deadline", "refresh", "2024-06", *PLANNER),
        ("task", "propose", "2024-07", *PLAN, "--as", "officer@gjcf"),
    ):
        result = loaded(*words)
        assert result.exit_code == 0, (words, result.output)
    folded(store)
    return loaded


def tasks(cli: Cli, *words: str) -> dict[str, Any]:
    return {row["task"]: row for row in document(cli("task", "list", *words, "--json"))["tasks"]}


def test_calendars_call_a_milestone_by_its_name(begun: Cli, tmp_path: Path) -> None:
    feed = begun("calendar", "feed", "gto", *OFFICER, "--lang", "ko").output.replace("\r\n ", "")
    assert "[2024-06] 추진일정 첫 운행: " in feed
    done = begun(
        "calendar",
        "invite",
        "gto",
        "--out",
        str(tmp_path / "out"),
        "--to",
        "a@b.example",
        *PLANNER,
        "--lang",
        "ko",
    )
    assert done.exit_code == 0, done.output
    files = [
        one.read_text(encoding="utf-8").replace("\n ", "") for one in (tmp_path / "out").glob("*milestone*")
    ]
    assert ["[2024-06] 추진일정 첫 운행: " in one for one in files] == [True]


def test_the_next_of_a_task_is_the_first_that_the_list_of_deadlines_has_of_it(begun: Cli) -> None:
    listed = document(begun("deadline", "list", "--task", "2024-06", "--json"))["deadlines"]
    assert len(listed) > 1
    assert tasks(begun)["2024-06"]["next"] == listed[0]
    (milestone,) = [one for one in listed if one["kind"] == "milestone"]
    assert milestone["item_name"]["ko"] == "첫 운행"
    shown = document(begun("task", "show", "2024-06", *PLANNER, "--json"))
    assert shown["due"] == listed
    assert tasks(begun)["2024-07"]["next"] is None, "nothing was counted of it: the control"
    day = listed[0]["due"]
    assert day in begun("task", "list").stdout
    assert f"next deadline: {day}" in begun("task", "show", "2024-06", *PLANNER).stdout


def test_a_task_that_is_listed_is_a_task_of_the_year(begun: Cli) -> None:
    rows = tasks(begun)
    assert len(rows) == 21
    assert (rows["2024-01"]["stage"], rows["2024-01"]["budget_krw"]) == ("listed", None)
    assert len(tasks(begun, "--stage", "listed")) == 19
    shown = document(begun("task", "show", "2024-01", *PLANNER, "--json"))
    assert (shown["stage"], shown["lead"], shown["due"]) == ("listed", rows["2024-01"]["lead"], [])
    assert [(one["what"], one["agency"]) for one in shown["waits"]] == [
        ("propose", shown["lead"]),
        ("urge", None),
    ]
    assert "listed" in begun("task", "show", "2024-01", *PLANNER).stdout
    assert begun("task", "show", "2024-99", *PLANNER).exit_code == 1


def test_a_task_shows_all_that_a_reader_may_know(begun: Cli) -> None:
    said = begun("task", "show", "2024-06", *PLANNER).stdout
    for part in (
        "Gwangju Tourism Organization",
        "Gwangju Cultural Foundation",
        "[gjcf]",
        "report progress",
        "responsible:",
    ):
        assert part in said, said
    korean = begun("task", "show", "2024-06", *PLANNER, "--lang", "ko").stdout
    for part in ("주관기관", "협업기관", "다음 기한", "할 일", "책임기관"):
        assert part in korean, korean


def test_an_officers_inbox_is_that_of_ones_own_agency(begun: Cli) -> None:
    own = document(begun("agency", "inbox", *OFFICER, "--json"))["inboxes"]
    assert [one["agency"] for one in own] == ["gto"]
    every = document(begun("agency", "inbox", *PLANNER, "--json"))["inboxes"]
    assert len(every) > 1, "the control"


EMPTY = [
    ("task", "list", "--stage", "evaluated"),
    ("deadline", "list"),
    ("notices",),
    ("access", "list", "--as", "inspector", "--about", "2024-01"),
    ("refused", "list", "--as", "inspector"),
    ("token", "list"),
    ("agency", "inbox", "gto", *PLANNER),
    ("audit", "list", "--as", "inspector"),
    ("subject", "list", *PLANNER),
    ("views", "certificates"),
    ("programme", "show", "2031"),
    ("agency", "list"),
]


@pytest.mark.parametrize("words", EMPTY, ids=" ".join)
@pytest.mark.parametrize(("lang", "said"), [("ko", "없"), ("en", "No")])
def test_a_list_without_entries_says_so(cli: Cli, words: tuple[str, ...], lang: str, said: str) -> None:
    result = cli(*words, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert said in result.stdout, result.stdout


def register(cli: Cli, name: str) -> str:
    return str(document(cli("subject", "register", "--name", name, *PLANNER, "--json"))["subject"])


def test_persons_are_listed_and_found_by_name_by_who_may(loaded: Cli) -> None:
    one, other = register(loaded, "가상의 담당자"), register(loaded, "모의 기관장")
    assert loaded("agency", "appoint", "gto", "--subject", one, "--post", "officer", *PLANNER).exit_code == 0
    people = document(loaded("subject", "list", *PLANNER, "--json"))["people"]
    assert [(each["subject"], each["name"]) for each in people] == [
        (one, "가상의 담당자"),
        (other, "모의 기관장"),
    ]
    assert people[0]["posts"] == [{"agency": "gto", "post": "officer"}]
    (found,) = document(loaded("subject", "list", "--name", "의기관", *PLANNER, "--json"))["people"]
    assert found["subject"] == other
    refused = loaded("subject", "list", *OFFICER)
    assert (refused.exit_code, one in refused.output) == (1, False)


def test_an_id_is_given_by_its_beginning_and_several_that_begin_so_are_named(
    loaded: Cli, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = register(loaded, "가상의 담당자")
    assert "가상의 담당자" in loaded("subject", "show", first[:8], *PLANNER).stdout
    assert (
        loaded("agency", "appoint", "gto", "--subject", first[:8], "--post", "officer", *PLANNER).exit_code
        == 0
    )
    assert store.read("agency/gto")[-1].fact.subject == first, "the fact holds the whole id"
    monkeypatch.setattr(beginnings, "LEAST", 0)
    for _ in range(17):  # of seventeen two begin alike
        register(loaded, "모의 담당자")
    ids = [stream.partition("/")[2] for stream in store.streams("subject/")]
    digit = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    alike = [one for one in ids if one[0] == digit]
    with pytest.raises(BeginsSeveral) as told:
        complete_id(store, Reader(via="cli"), SUBJECT, digit)
    assert all(one in told.value.say("en") for one in alike[:5])
    assert loaded("subject", "show", digit, *PLANNER).exit_code == 1
    assert complete_id(store, Reader(via="cli"), SUBJECT, secrets.token_hex(8) + "x") not in ids


def test_a_reader_who_may_not_know_ids_finds_none_by_their_beginnings(loaded: Cli) -> None:
    subject = register(loaded, "가상의 담당자")
    said = loaded("subject", "show", subject[:8], "--as", "citizen").output
    assert (subject[8:] in said, "citizen" in said) == (False, True)


def test_the_bar_of_the_simulated_year_fills_by_days() -> None:
    story = steps(read_programme(ANNOUNCED))
    told = [days_of(story, step) for step in story]
    assert told[0] == (1, told[0][1])
    assert told[-1][0] == told[-1][1], "it is full at the end"
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert sum(step.by_rule for step in story), (
        "the control: some steps are nobody's, which a count of steps never reaches"
    )


SECTIONS = [
    (
        ("programme", "inbox", *PLANNER),
        [
            "처리할 일이 없습니다.",
            "전달되지 않은 알림이 없습니다.",
            "사용을 중지한 주소가 없습니다.",
            "미해소 지적이 있는 감사가 없습니다.",
        ],
    ),
    (
        ("agency", "inbox", "gto", *PLANNER),
        [
            "처리할 일이 없습니다.",
            "전달되지 않은 알림이 없습니다.",
            "사용을 중지한 주소가 없습니다.",
        ],
    ),
]


@pytest.mark.parametrize(("words", "said"), SECTIONS)
def test_each_section_of_an_inbox_says_that_it_is_empty(
    cli: Cli, words: tuple[str, ...], said: list[str]
) -> None:
    assert cli(*words, "--lang", "ko").stdout.splitlines() == said


@pytest.mark.parametrize("form", ["text", "mermaid", "svg"])
def test_where_there_is_no_definition_the_list_says_so(
    cli: Cli, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("definition", "show", "--format", form, "--lang", "ko").stdout != NOTHING.ko + "\n", (
        "the control"
    )
    monkeypatch.setattr(definitions, "_find", lambda *_: [])
    assert cli("definition", "show", "--format", form, "--lang", "ko").stdout == NOTHING.ko + "\n"


def test_a_doctor_without_findings_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.cli.doctor.examine", lambda settings: [])
    assert cli("doctor", "--lang", "ko").stdout == NOTHING.ko + "\n"
    said = Bilingual("본 것", "seen"), Bilingual("할 일", "to do")
    monkeypatch.setattr("scripts.cli.doctor.examine", lambda settings: [Finding("disk", "warn", *said)])
    assert cli("doctor", "--lang", "ko").stdout == "! disk: 본 것\n    → 할 일\n", "the control"
