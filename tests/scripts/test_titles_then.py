"""A task that was called otherwise: lists of before and the trail tell the title as it was, with today's beside it."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from domain.values import LocalText
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document
from workflows.queries import today

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "120000000")
OLD, NEW = "부르면 갑니다. 광주여행을 더욱 편리하게! 광주 관광 DRT", "부르는 버스"
THEN = ("--as-of", "2024-03-12")


@pytest.fixture
def renamed(cli: Cli, simulated_store: Store, cluster: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A proposed task that has another title since 20 March, and a listed one that has one since."""
    with simulated_store.connection() as connection:
        name = connection.info.dbname
    for variable, user in (("DATABASE_URL", "donghaeng_app"), ("DATABASE_OWNER_URL", "donghaeng_owner")):
        monkeypatch.setenv(variable, psycopg.conninfo.make_conninfo(cluster, dbname=name, user=user))
    simulated_store.move_clock(datetime(2024, 3, 7, 3, tzinfo=UTC))
    for words in (
        ("load", str(ANNOUNCED), *PLANNER),
        *(("calendar", "open", str(year), *PLANNER) for year in (2023, 2024, 2025)),
        ("task", "propose", "2024-06", *PLAN, *OFFICER),
        ("deadline", "refresh", "2024-06", *PLANNER),
    ):
        assert cli(*words).exit_code == 0, words
    simulated_store.move_clock(datetime(2024, 3, 20, 3, tzinfo=UTC))
    for words in (
        ("task", "revise", "2024-06", "--title", NEW, "--title-en", "Bus on call", *OFFICER),
        ("programme", "change-task", "2024", "2024-05", "--title", "새 목록 제목", *PLANNER),
    ):
        assert cli(*words).exit_code == 0, words
    for view in VIEWS.values():
        project(simulated_store, view)
    return cli


def said(cli: Cli, *words: str) -> str:
    done = cli(*words, "--lang", "ko")
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


WHOLE = [("deadline", "list", *PLANNER), ("task", "show", "2024-06", *PLANNER)]
CUT_SHORT = [("task", "list"), ("programme", "inbox", *PLANNER)]


@pytest.mark.parametrize("words", WHOLE, ids=" ".join)
def test_a_list_of_before_has_todays_title_beside_the_former(renamed: Cli, words: tuple[str, ...]) -> None:
    assert f"{OLD}(현 {NEW})" in said(renamed, *words, *THEN)
    assert "(현 " not in said(renamed, *words), "the control"
    assert NEW in said(renamed, *words)


@pytest.mark.parametrize("words", CUT_SHORT, ids=" ".join)
def test_where_titles_are_cut_short_it_stands_whole_below(renamed: Cli, words: tuple[str, ...]) -> None:
    told = said(renamed, *words, *THEN)
    assert f"2024-06: 현재 과제명 ‘{NEW}’" in told
    assert "2024-05: 현재 과제명 ‘새 목록 제목’" in told
    assert told.count("현재 과제명") == 2, "of the others there is nothing to say"
    assert "현재 과제명" not in said(renamed, *words), "the control"


def test_in_json_todays_titles_stand_by_task(renamed: Cli) -> None:
    for words in (*CUT_SHORT, WHOLE[0], ("agency", "inbox", "gitle", *PLANNER)):
        found = document(renamed(*words, *THEN, "--json"))["titles_now"]
        assert found, words
        assert {one["ko"] for one in found.values()} <= {NEW, "새 목록 제목"}
        assert document(renamed(*words, "--json")).get("titles_now", {}) == {}
    assert document(renamed(*WHOLE[1], *THEN, "--json"))["title_now"] == {"ko": NEW, "en": "Bus on call"}


def test_did_nobody_ask_how_it_is_called_now_nothing_would_be_said(
    renamed: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    nothing: dict[str, LocalText] = {}
    monkeypatch.setattr(today, "titles_since", lambda store, shown: nothing)
    assert "현재 과제명" not in said(renamed, *CUT_SHORT[0], *THEN)


def test_the_trail_tells_a_title_as_it_was_with_todays_beside_it(renamed: Cli) -> None:
    told = said(renamed, "trail", "search", "--task", "2024-06", *PLANNER)
    assert f"과제 ‘{OLD}’(현 ‘{NEW}’)를 제안하였음." in told
    assert f"과제 2024-06 ‘{OLD}’(현 ‘{NEW}’)를 목록에 등재하였음." in told
    english = renamed("trail", "search", "--task", "2024-06", *PLANNER, "--lang", "en").stdout
    assert "” (now “Bus on call”), led by" in english
    assert "(현 ‘" not in said(renamed, "trail", "search", "--task", "2024-07", *PLANNER), "the control"
    assert "(현 ‘" not in said(renamed, "task", "history", "2024-06"), "there the change stands below it"


def test_of_a_change_of_the_list_nothing_is_said_to_have_been_before_where_nobody_looked(
    renamed: Cli,
) -> None:
    told = said(renamed, "trail", "search", "--kind", "programme.task_changed", *PLANNER)
    assert "과제명 새 목록 제목" in told
    assert "없음 →" not in told
    whole = said(renamed, "task", "history", "2024-05")
    assert "→ 새 목록 제목" in whole, "the control: a history knows what was before"
