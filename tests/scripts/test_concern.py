"""Policy concerns at the command line: raised, deliberated, put on a meeting's agenda, resolved by its decision, reviewed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.streams import concern_stream, meeting_stream, task_stream
from projections.concerns import concerns_of
from projections.slices import AsOf
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import begin_2024
from tests.scripts.test_meeting import do, fold_all, refuse

PLANNER, OFFICER, OTHER = ("--as", "planner"), ("--as", "officer@gto"), ("--as", "officer@gjcf")
WHY = ("--reason", "시민 편익")
CONCERN, MEETING = "night-buses", "heads-2024-9"
STREAM = concern_stream(CONCERN)
DUE = "2024-03-22"  # ten business days after 8 March


def at(month: int, day: int, year: int = 2024) -> datetime:
    """Ten in the morning in Seoul."""
    return datetime(year, month, day, 1, tzinfo=UTC)


@pytest.fixture
def raised(cli: Cli, owner_dsn: str, store: Store) -> Cli:
    """gto has raised it on 8 March 2024, with two alternatives; a meeting is called for 12 April."""
    begin_2024(cli, owner_dsn, store)
    do(
        cli, "concern", "raise", CONCERN, "--year", "2024", "--name", "심야버스", "--name-en", "night buses",
        "--question", "심야에도 버스를 운행할 것인가?", "--task", "2024-06", "--invite", "gto", "--invite", "gjcf", *OFFICER,
    )  # fmt: skip
    add = ("concern", "add-alternative", CONCERN)
    do(
        cli,
        *add,
        "--name",
        "노선 연장",
        "--cost",
        "300000000",
        "--effects",
        "귀가 편의",
        "--risks",
        "적자",
        *OFFICER,
    )
    do(cli, *add, "--name", "수요응답형", "--sources", "타 도시 사례", *PLANNER)
    do(
        cli, "meeting", "call", MEETING, "--year", "2024", "--name", "제9차 회의", "--on", "2024-04-12",
        "--venue", "시청", "--form", "토의", "--invite", "gto", *PLANNER,
    )  # fmt: skip
    return cli


def waiting(cli: Cli, store: Store, *words: str) -> list[tuple[str, str | None, str]]:
    fold_all(store)
    done = cli(*words, "--json")
    assert done.exit_code == 0, done.output
    found = document(done)["concerns"]
    return [(one["wanted"], one["agency"], one["due"]) for one in found]


def decide(cli: Cli, *commands: str) -> Any:
    do(cli, "position", "add", "vice-mayor", "--name", "부시장", *PLANNER)
    do(cli, "meeting", "open", MEETING, "--chair", "vice-mayor", "--came", "gto", *PLANNER)
    given = [word for one in commands for word in ("--command", one)]
    return ("meeting", "decide", MEETING, "--wording", "심야버스", "--item", "1", *given, *WHY, *PLANNER)


def test_it_is_deliberated_resolved_by_a_meetings_decision_and_reviewed(raised: Cli, store: Store) -> None:
    agencies, city = ("agency", "inbox", *PLANNER), ("programme", "inbox", *PLANNER)
    assert waiting(raised, store, *agencies) == [("opinion", "gjcf", DUE), ("opinion", "gto", DUE)]
    assert waiting(raised, store, "agency", "inbox", *OTHER) == [("opinion", "gjcf", DUE)]
    assert "심야버스" in raised("agency", "inbox", *OTHER, "--lang", "ko").output
    do(raised, "concern", "give-opinion", CONCERN, "--text", "수요가 많음", *OTHER)
    assert waiting(raised, store, "agency", "inbox", *OTHER) == []
    assert waiting(raised, store, *city) == [], "not before the last day for opinions"
    do(raised, "meeting", "add-item", MEETING, "--name", "심야버스", "--concern", CONCERN, *OFFICER)
    before = store.head().position
    store.move_clock(at(4, 12))
    assert waiting(raised, store, *agencies) == [], "the last day is over"
    assert waiting(raised, store, *city) == [("resolve", None, DUE)]

    drop, choose = (f'concern.{name} {{"concern": "{CONCERN}", "alternative": {number}}}' for name, number in (("drop_alternative", 2), ("choose", 1)))  # fmt: skip
    do(raised, *decide(raised, drop, choose))
    decision = store.read(meeting_stream(MEETING))[-1]
    dropped, chosen = store.read(STREAM)[-2:]
    assert (dropped.kind, chosen.kind) == ("concern.alternative_dropped", "concern.chosen")
    cause = f"{meeting_stream(MEETING)}#{decision.version}"
    assert (chosen.envelope.cause.due, chosen.envelope.command) == (cause, decision.envelope.command)

    for what in (task_stream("2024-06"), cause):
        do(raised, "concern", "link", CONCERN, what, *PLANNER)
    fold_all(store)
    shown = document(raised("concern", "show", CONCERN, *PLANNER, "--json"))
    assert [one["state"] for one in shown["alternatives"]] == ["chosen", "dropped"]
    assert shown["alternatives"][1]["reason"] == "시민 편익"
    (resolved,) = shown["resolutions"]
    assert (resolved["how"], resolved["alternative"], resolved["cause"]) == ("chosen", 1, cause)
    assert shown["follow_ups"] == [task_stream("2024-06"), cause]
    assert [(one["meeting"], one["item"]) for one in shown["meetings"]] == [(MEETING, 1)]
    item = document(raised("meeting", "show", MEETING, *PLANNER, "--json"))["items"][0]
    assert item["concern"] == CONCERN
    told = raised("concern", "show", CONCERN, *PLANNER, "--lang", "ko").output
    for words in ("300,000,000", "귀가 편의", "타 도시 사례", "수요가 많음", "채택", "제외", MEETING):
        assert words in told
    assert waiting(raised, store, *city) == [], "it is resolved"

    store.move_clock(at(10, 9))
    assert waiting(raised, store, *city) == [("review", None, "2024-10-09")]
    do(raised, "concern", "review", CONCERN, "--came", "in_part", "--text", "이용이 적었음", *PLANNER)
    assert waiting(raised, store, *city) == []
    assert "이용이 적었음" in raised("concern", "show", CONCERN, *PLANNER).output
    history = " ".join(raised("concern", "history", CONCERN, *PLANNER, "--lang", "en").output.split())
    for words in (
        "raised the concern “night buses” of",
        "costs KRW 300,000,000",
        "chose alternative 1",
        f"by the decision #{decision.version} of the meeting {MEETING}",
        "reviewed it: in part as expected. 이용이 적었음",
    ):
        assert words in history
    history = " ".join(raised("concern", "history", CONCERN, *PLANNER, "--lang", "ko").output.split())
    assert f"회의 {MEETING}의 의결 #{decision.version}에 따름" in history

    (then,) = concerns_of(store, at=AsOf(before))
    assert (then.stage, len(then.state.opinions), then.state.chosen) == ("open", 1, None), "as it was"
    (now,) = concerns_of(store)
    assert now.stage == "reviewed"
    listed = document(raised("concern", "list", "--year", "2024", *PLANNER, "--json"))["concerns"]
    assert [(one["concern"], one["stage"], one["alternatives"]) for one in listed] == [
        (CONCERN, "reviewed", 1)
    ]
    was = document(raised("concern", "list", "--as-of", "2024-04-01", *PLANNER, "--json"))["concerns"]
    assert [(one["stage"], one["alternatives"]) for one in was] == [("open", 2)]


def test_what_is_not_allowed_is_refused_and_changes_nothing(raised: Cli, store: Store) -> None:
    opinion = ("concern", "give-opinion", CONCERN, "--text", "의견")
    choose = ("concern", "choose", CONCERN, "1", *WHY, *PLANNER)
    assert refuse(raised, store, *choose) == "OpinionsMayCome"
    assert refuse(raised, store, *opinion, "--agency", "gjcf", *OFFICER) == "NotYourTask"
    assert refuse(raised, store, "concern", "choose", CONCERN, "1", *WHY, *OFFICER) == "NotPermitted"
    store.move_clock(at(3, 23))
    assert refuse(raised, store, *opinion, *OTHER) == "OpinionsOver"
    assert refuse(raised, store, "concern", "choose", CONCERN, "1", *PLANNER) == "ReasonNeeded"
    do(raised, "concern", "drop-alternative", CONCERN, "2", *WHY, *PLANNER)
    assert refuse(raised, store, "concern", "choose", CONCERN, "2", *WHY, *PLANNER) == "AlternativeIsDropped"
    do(raised, *choose)
    for again in (choose, ("concern", "drop", CONCERN, *WHY, *PLANNER)):
        assert refuse(raised, store, *again) == "ConcernNotNow", "it is resolved once"
    review = ("concern", "review", CONCERN, "--came", "otherwise", "--text", "다름", *PLANNER)
    assert refuse(raised, store, *review) == "ReviewNotYet"
    for nothing in ("task/2024-07", f"meeting/{MEETING}#1", "definition/own/2", "concern/none"):
        assert refuse(raised, store, "concern", "link", CONCERN, nothing, *PLANNER) == "NothingThere"
    assert refuse(raised, store, "concern", "link", CONCERN, "2024-07", *PLANNER) == "BadInput"
    add = ("meeting", "add-item", MEETING, "--name", "다른 현안", "--concern", "none", *PLANNER)
    assert refuse(raised, store, *add) == "ItemOfNoConcern"


def test_a_later_concern_may_follow_and_no_circle_can(raised: Cli, store: Store) -> None:
    store.move_clock(at(3, 11))
    more = ("--year", "2024", "--name", "후속", "--question", "그다음은?", *PLANNER)
    do(raised, "concern", "raise", "later", *more)
    do(raised, "concern", "link", CONCERN, "concern/later", *PLANNER)
    assert (
        refuse(raised, store, "concern", "link", "later", f"concern/{CONCERN}", *PLANNER)
        == "ConcernsInCircle"
    )
    assert refuse(raised, store, "concern", "link", CONCERN, "concern/later", *PLANNER) == "LinkedAlready"
    fold_all(store)
    shown = document(raised("concern", "show", "later", *PLANNER, "--json"))
    assert (shown["follows_from"], shown["follow_ups"], shown["invited"]) == ([CONCERN], [], [])
    found = waiting(raised, store, "agency", "inbox", *PLANNER)
    assert ("opinion", None, "2024-03-25") in found, "all agencies are asked where none is named"
    assert ("opinion", "gjcf", "2024-03-25") in waiting(raised, store, "agency", "inbox", *OTHER)


def test_what_was_deferred_is_taken_up_again_in_another_round(raised: Cli, store: Store) -> None:
    defer = ("concern", "defer", CONCERN, "--until", "2024-05-31", *WHY, *PLANNER)
    do(raised, *defer)
    assert refuse(raised, store, *defer) == "ConcernNotNow"
    city = ("programme", "inbox", *PLANNER)
    assert waiting(raised, store, *city) == []
    store.move_clock(at(6, 3))
    assert waiting(raised, store, *city) == [("take_up", None, "2024-05-31")]
    do(raised, "concern", "open-round", CONCERN, "--invite", "gtc", *PLANNER)
    asked = {agency for _, agency, _ in waiting(raised, store, "agency", "inbox", *PLANNER)}
    assert asked == {"gto", "gjcf", "gtc"}
    assert waiting(raised, store, *city) == []
    do(raised, "concern", "drop", CONCERN, *WHY, *PLANNER)
    shown = document(raised("concern", "show", CONCERN, *PLANNER, "--json"))
    assert [one["how"] for one in shown["resolutions"]] == ["deferred", "dropped"]
    assert shown["concern"]["round"] == 2


def test_a_decision_may_raise_a_concern_and_one_that_is_refused_writes_nothing(
    raised: Cli, store: Store
) -> None:
    do(raised, "meeting", "add-item", MEETING, "--name", "심야버스", "--concern", CONCERN, *OFFICER)
    choose = f'concern.choose {{"concern": "{CONCERN}", "alternative": 7}}'
    opened = (
        'concern.raise {"concern": "next", "year": 2024, "title": {"ko": "다음 현안"}, "question": "무엇을?"}'
    )
    store.move_clock(at(4, 12))
    words = decide(raised, opened, choose)
    assert refuse(raised, store, *words) == "DecisionNotCarriedOut"
    assert store.read(concern_stream("next")) == []
    given = words.index("--command")
    do(raised, *words[: given + 2], *words[given + 4 :])
    (made,) = store.read(concern_stream("next"))
    assert made.fact.agency is None, "it is the city's"
    assert "무엇을?" in raised("concern", "show", "next", *PLANNER).output


OWN = """
name = "own"
version = 1
extends = "donghaeng-2024/2"

[concerns]
opinion_business_days = 3
"""


def test_a_city_says_in_its_definition_how_long_opinions_are_given(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    assert cli("definition", "check", str(path)).exit_code == 0
    assert cli("definition", "adopt", str(path), *PLANNER, "--reason", "숙의 규정").exit_code == 0
    (shown,) = document(cli("definition", "show", "own/1", "--json"))["definitions"]
    assert shown["concerns"] == {"opinion_business_days": 3, "review_days": 180}
    assert "의견 제출 기간(영업일): 3" in cli("definition", "show", "own/1", "--lang", "ko").output
    assert "opinions" not in cli("definition", "show", "donghaeng-2024/2", "--lang", "en").output
    diff = document(cli("definition", "diff", "donghaeng-2024/2", "own/1", "--json"))["differences"]
    assert [(one["entry"], one["field"], one["after"]) for one in diff] == [
        ("concerns", "opinion_business_days", "3")
    ]
    path.write_text(OWN.replace("= 3", "= 900"), encoding="utf-8")
    refused = cli("definition", "check", str(path), "--json")
    assert "concerns.opinion_business_days" in document(refused)["error"]["message"]
