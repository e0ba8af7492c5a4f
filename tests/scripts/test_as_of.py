"""Every list and show at a date, in two senses; what changed between two dates; an event with what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from domain.seoul import SEOUL
from projections.runner import project
from projections.views import VIEWS
from scripts.cli.main import app
from store.log import Store
from tests.conftest import _copied
from tests.projections.timed_logs import known_at, of_every_kind, put
from tests.scripts.conftest import Cli, document
from workers.servers import Addresses

TASK = "2024-900"  # with a fact of every kind
READINGS = [
    ("task", "list"),
    ("task", "list", "--lead", "a1"),
    ("task", "show", TASK),
    ("task", "history", TASK),
    ("programme", "show", "2024"),
    ("programme", "inbox"),
    ("agency", "list"),
    ("agency", "inbox"),
    ("agency", "history", "x"),
    ("responsible", TASK),
    ("deadline", "list"),
    ("notices",),
    ("calendar", "show", "2024"),
    ("token", "list"),
    ("views", "certificates"),
    *(("views", "show", name) for name in VIEWS),
]
EVERY_READING = pytest.mark.parametrize("words", READINGS, ids=" ".join)


@pytest.fixture(scope="module")
def dsn(cluster: str, template: str) -> Iterator[str]:
    """One database for all of these tests, with a log of 2024-03-07 09:00 to 12:00 or so."""
    for owner in _copied(cluster, template):
        app_dsn = psycopg.conninfo.make_conninfo(owner, user="donghaeng_app")
        with Store.open(app_dsn) as store:
            put(store, of_every_kind())
            for view in VIEWS.values():
                project(store, view)
        yield app_dsn


@pytest.fixture
def past(
    servers: Addresses, dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Cli:
    assert servers.redis is not None
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("DATABASE_OWNER_URL", dsn)
    monkeypatch.setenv("REDIS_URL", f"unix://{servers.redis['unix_socket_path']}")
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path_factory.mktemp("var")))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("DONGHAENG_AS", raising=False)
    return lambda *words: CliRunner().invoke(app, list(words))


def asked(past: Cli, *words: str) -> Any:
    result = past(*words, "--json")
    assert result.exit_code == 0, result.output
    return document(result)


def at(place: int) -> str:
    """When the fact after so many others became known, as a person types it."""
    return f"{known_at(place).astimezone(SEOUL):%Y-%m-%dT%H:%M}"


@EVERY_READING
def test_at_the_end_of_the_log_it_is_what_is_read_without_a_date(past: Cli, words: tuple[str, ...]) -> None:
    without = asked(past, *words)
    for option in ("--as-of", "--effective"):
        then = asked(past, *words, option, "2024-03-09")
        assert then.pop("slice")["position"] > 100
        for one in (then, without):
            one.pop("today", None)
            one.pop("day", None)
            for due in (*one.get("deadlines", ()), *one.get("due", ())):
                due.pop("overdue", None)
            (one.get("responsible") or {}).pop("day", None)
            for next_due in (row["next"] for row in one.get("tasks", ()) if row["next"]):
                next_due.pop("overdue", None)
        if option == "--as-of":
            assert then == without


def test_a_years_progress_in_either_sense_is_the_sum_of_what_its_tasks_say_in_it(past: Cli) -> None:
    sums = {}
    known, so = ("--as-of", at(150)), ("--effective", at(150))
    for when in ((), known, so, ("--effective", "2024-03-09")):
        told: Counter[tuple[str, str]] = Counter()
        for row in asked(past, "task", "list", *when)["tasks"]:
            told[row["area"], row["stage"]] += row["progress"] or 0
        rows = asked(past, "programme", "show", "2024", *when)["rows"]
        assert {(row["area"], row["stage"]): row["progress_sum"] for row in rows} == told
        sums[when] = told
    assert sums[known] != sums[so], "the control: some reports were entered late"


@EVERY_READING
def test_an_answer_says_of_when_it_is_and_in_which_sense(past: Cli, words: tuple[str, ...]) -> None:
    both = past(*words, "--as-of", "2024-03-08", "--effective", at(150))
    assert both.exit_code == 0, both.output
    head = both.stdout.splitlines()[0]
    assert head.startswith("As it was before 2024-03-07 11:")
    assert "as known by the end of 2024-03-08 (facts up to position" in head


def test_a_list_in_the_past_is_shorter_and_says_so_in_korean(past: Cli) -> None:
    early, late = (asked(past, "task", "list", "--as-of", at(place)) for place in (20, 90))
    assert 0 < len(early["tasks"]) < len(late["tasks"])
    assert early["slice"]["as_of"].startswith("2024-03-07T09:")
    assert (
        "2024-03-07까지 알려진 대로 (기록"
        in past("task", "list", "--as-of", "2024-03-07", "--lang", "ko").stdout
    )


def test_a_long_list_comes_in_pages_and_says_that_there_are_more(past: Cli) -> None:
    whole = asked(past, "task", "list")
    assert not whole["more"]
    for when in ((), ("--as-of", at(90))):
        numbers = [row["task"] for row in asked(past, "task", "list", *when)["tasks"]]
        first = asked(past, "task", "list", "--most", "2", *when)
        rest = asked(past, "task", "list", "--after", numbers[1], *when)
        assert ([row["task"] for row in first["tasks"]], first["more"]) == (numbers[:2], True)
        assert ([row["task"] for row in rest["tasks"]], rest["more"]) == (numbers[2:], False)
    assert f"--after {numbers[1]}" in past("task", "list", "--most", "2", "--as-of", at(90)).stdout
    assert "더 있습니다" in past("task", "list", "--most", "2", "--lang", "ko").stdout
    assert "--after" not in past("task", "list").stdout, "the control"


def test_late_entries_stand_where_they_belong_in_the_other_sense(past: Cli) -> None:
    known = asked(past, "task", "history", TASK, "--as-of", "2024-03-08")["history"]
    so = asked(past, "task", "history", TASK, "--effective", "2024-03-08")["history"]
    assert sorted(line["at"] for line in known) == [line["at"] for line in so]
    assert {line["position"] for line in known} == {line["position"] for line in so}
    assert known != so


def test_what_was_not_there_yet_is_named(past: Cli) -> None:
    early, late = (asked(past, "task", "list", "--as-of", at(place))["tasks"] for place in (20, 90))
    (unheard_of, *_) = {row["task"] for row in late} - {row["task"] for row in early}
    gone = past("task", "show", unheard_of, "--as-of", at(20))
    assert (gone.exit_code, "is not on the list" in gone.stderr) == (1, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2024-03-06", "there is no fact at all. The first one is of 2024-03-07 09:00"),
        ("2999-01-01", "has not come yet (it is "),
        ("2024-02-30", "neither a day nor a time"),
        ("2023-02-29", "neither a day nor a time"),
        ("2024-3-7", "neither a day nor a time"),
        ("yesterday", "neither a day nor a time"),
        ("٢٠٢٤-03-07", "neither a day nor a time"),
        ("2024-03-07T25:00", "neither a day nor a time"),
        ("2024-03-07T09:00+99:00", "neither a day nor a time"),
        ("0000-01-01", "neither a day nor a time"),
        ("0001-01-01T00:00+14:00", "neither a day nor a time"),
        ("9999-12-31", "neither a day nor a time"),
        ("9999-12-30", "has not come yet"),
        ("0001-01-01", "there is no fact at all"),
    ],
)
def test_a_bad_date_is_refused_with_words(past: Cli, given: str, said: str) -> None:
    for option, lang in (("--as-of", "en"), ("--effective", "ko")):
        refused = past("task", "list", option, given, "--lang", lang)
        assert refused.exit_code == 1, refused.output
        assert "Traceback" not in refused.output
        assert (said in refused.stderr) == (lang == "en"), refused.stderr


def test_a_time_with_another_offset_is_the_same_moment(past: Cli) -> None:
    seoul, utc, kathmandu = (
        asked(past, "task", "list", "--as-of", f"2024-03-07{time}")
        for time in ("T09:30", "T00:30Z", " 06:15+05:45")
    )
    assert seoul == utc == kathmandu


def test_what_is_typed_is_meant_to_its_end(past: Cli) -> None:
    moment = known_at(30).astimezone(SEOUL)
    minute, second = (
        asked(past, "task", "list", "--as-of", f"{one:%Y-%m-%dT%H:%M:%S}"[:length])["slice"]["position"]
        for one, length in ((moment, 16), (moment - timedelta(seconds=1), 19))
    )
    assert minute == second + 3  # three facts became known in that very moment


def test_a_diff_says_in_words_what_changed_and_by_which_facts(past: Cli) -> None:
    result = past("diff", "task_board", "--from", at(20), "--to", at(90))
    assert result.exit_code == 0, result.output
    assert "- As it was known before 2024-03-07 09:" in result.stdout
    assert "  stage: proposed → in progress" in result.stdout
    assert "  task.started" in result.stdout
    korean = past("diff", "task_board", "--from", at(20), "--to", at(90), "--lang", "ko").stdout
    assert "  단계: 제안 → 추진" in korean


@pytest.mark.parametrize("effective", [(), ("--effective",)])
@pytest.mark.parametrize("view", VIEWS)
def test_what_a_diff_tells_leads_from_the_one_to_the_other(
    past: Cli, view: str, effective: tuple[str, ...]
) -> None:
    told = asked(past, "diff", view, "--from", at(40), "--to", at(130), *effective)
    sense = effective[0] if effective else "--as-of"
    before, after = (asked(past, "views", "show", view, sense, at(place))["rows"] for place in (40, 130))
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {row["key"] for row in told["rows"]} == differing
    for row in told["rows"]:
        assert (row["before"], row["after"]) == (before.get(row["key"]), after.get(row["key"]))
        assert row["by"]
        assert row["facts"] == len(row["by"])
    low, high = (one["position"] for one in (told["from"], told["to"]))
    if not effective:
        assert all(low < fact["position"] <= high for row in told["rows"] for fact in row["by"])


def test_a_diff_from_before_everything_shows_all_as_new(past: Cli) -> None:
    told = asked(past, "diff", "task_board", "--from", "2024-01-01", "--to", "2024-03-08")
    assert told["rows"]
    assert all(row["before"] is None for row in told["rows"])


def test_a_diff_of_nothing_at_all_is_refused(past: Cli) -> None:
    upside_down = past("diff", "task_board", "--from", "2024-03-09", "--to", "2024-03-08")
    assert "Turn the two round" in upside_down.stderr
    assert "There is no view" in past("diff", "nothing", "--from", "2024-03-07", "--to", "2024-03-08").stderr


def test_who_may_not_read_a_list_may_not_read_it_at_a_date_either(past: Cli) -> None:
    for words in (
        ("views", "show", "trail_entries"),
        ("diff", "notices", "--from", "2024-03-07", "--to", "2024-03-08"),
    ):
        assert past(*words, "--as", "officer@a1").exit_code == 1
        assert past(*words, "--as", "inspector").exit_code == 0


def test_an_event_is_told_with_the_task_before_and_after_it(past: Cli) -> None:
    lines = asked(past, "task", "history", TASK)["history"]
    started = next(line["version"] for line in lines if line["kind"] == "task.approved")
    told = asked(past, "task", "history", TASK, "--at", str(started))
    assert told["event"]["kind"] == "task.approved"
    assert told["before"]["stage"] != told["after"]["stage"]
    assert ["stage"] in [change["path"] for change in told["changes"]]
    shown = past("task", "history", TASK, "--at", str(started)).stdout
    assert "what changed" in shown
    assert "  stage: proposed → approved" in shown
    assert "not proposed yet" in past("task", "history", TASK, "--at", "1").stdout
    assert "달라진 것" in past("task", "history", TASK, "--at", "1", "--lang", "ko").stdout


def test_an_event_that_is_not_there_is_named(past: Cli) -> None:
    gone = past("task", "history", TASK, "--at", "99")
    assert "there is no fact 99" in gone.stderr
