"""A life in the real machine: it comes to its end, and everybody is written to once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from scripts.random_lives.judging import try_life
from scripts.random_lives.life import Life, Step, moment
from scripts.random_lives.oracle import Case
from scripts.random_lives.place import Ground, TimedSink
from scripts.random_lives.scripting import script_of
from scripts.random_lives.story import life_of

D = date(2026, 3, 2)


def plain_life(*more: Step) -> Life:
    """One task of one agency with an officer, proposed and approved, due to start and to be reported on."""
    at = moment(D, 9)
    steps = (
        *(Step(at, "calendar_open", values={"year": year}) for year in (2025, 2026, 2027)),
        Step(at, "agency_register", agency="one"),
        Step(at, "programme_open", values={"year": 2026}),
        Step(
            at,
            "programme_contact",
            values={"year": 2026, "office": "planner", "mail": "planner@city.example"},
        ),
        Step(at, "person_register", agency="one", values={"person": "p", "mail": "p@people.example"}),
        Step(at, "agency_appoint", agency="one", values={"person": "p", "post": "officer"}),
        Step(at, "programme_add_task", task="2026-01", values={"lead": "one"}),
        Step(
            moment(date(2026, 3, 3), 10),
            "task_propose",
            task="2026-01",
            values={"lead": "one", "start": "2026-03-16", "end": "2026-12-20", "budget": 1_000_000},
        ),
        Step(moment(date(2026, 3, 4), 10), "task_approve", task="2026-01"),
        *more,
    )
    return Life(seed=1, until=moment(date(2026, 4, 20), 12), steps=steps)


def kinds(case: Case | None) -> list[str]:
    assert case is not None
    return [fact["kind"] for fact in case.facts]


@pytest.mark.slow
def test_a_life_comes_to_its_end_with_each_notice_told_once(ground: Ground, sink: TimedSink) -> None:
    lived, case, findings = try_life(plain_life(), ground, sink)
    assert findings == []
    assert not lived.refusals
    assert kinds(case).count("task.started") == 1, "by rule, on the plan's first day"
    assert case is not None
    assert len(case.mails) > 5, "of the start and of the quarter's report"
    assert set(sink.notices().values()) == {1}
    assert {one["sense"] for one in case.observed} == {"known", "effective", "now"}
    started = next(fact for fact in case.facts if fact["kind"] == "task.started")
    assert started["fact"]["on"] == "2026-03-16"


@pytest.mark.slow
def test_what_is_lived_twice_comes_to_the_same(ground: Ground, sink: TimedSink) -> None:
    def told() -> tuple[Sequence[Any], Sequence[Any]]:
        _, case, _ = try_life(life_of(9), ground, sink)
        assert case is not None
        facts = [(one["kind"], one["known_at"], one["effective_at"]) for one in case.facts]
        # ids come from the store's, and by them what is of one moment is ordered
        return sorted(facts), sorted((one["at"], one["to"]) for one in case.mails)

    assert told() == told()


@pytest.mark.slow
def test_while_the_ticker_is_away_nothing_happens_by_rule(ground: Ground, sink: TimedSink) -> None:
    away = Step(moment(date(2026, 3, 10), 10), "ticker_away", values={"hours": 24 * 10})
    _, case, findings = try_life(plain_life(away), ground, sink)
    assert findings == []
    assert case is not None
    (span,) = case.away
    assert span == ("2026-03-10T01:00:00+00:00", "2026-03-20T01:00:00+00:00")
    inside = [one for one in case.facts if span[0] < one["known_at"] < span[1]]
    assert inside == []
    started = next(fact for fact in case.facts if fact["kind"] == "task.started")
    assert started["known_at"] >= span[1]


@pytest.mark.slow
def test_a_backup_takes_the_stores_place_and_does_nothing_until_it_is_accepted(
    ground: Ground, sink: TimedSink
) -> None:
    """The last mail's day is lost: what was told on it is held, and goes no second time."""
    _, plain, _ = try_life(plain_life(), ground, sink)
    assert plain is not None
    day = datetime.fromisoformat(plain.mails[-1]["at"]).date()
    turns = (
        Step(moment(day, 7), "backed_up"),
        Step(moment(day + timedelta(days=1), 10), "restored"),
        Step(moment(day + timedelta(days=2), 23), "epoch_accepted"),
    )
    lived, case, findings = try_life(plain_life(*turns), ground, sink)
    assert findings == []
    assert not lived.refusals
    assert case is not None
    accepted = next(fact for fact in case.facts if fact["kind"] == "store.epoch_begun")
    lost = [fact for fact in case.facts if case.lost[0][0] < fact["known_at"] < accepted["known_at"]]
    assert lost == []
    assert [mail for mail in case.mails if case.lost[0][0] < mail["at"] <= case.lost[0][1]]
    assert [fact for fact in case.facts if fact["kind"] == "notice.due" and fact["fact"].get("held")]
    assert len(case.mails) == len(plain.mails)
    script = "\n".join(script_of(lived))
    assert "donghaeng restore" in script
    assert "donghaeng epoch accept" in script


@pytest.mark.slow
def test_what_a_closed_mail_server_does_not_take_comes_when_it_is_open(
    ground: Ground, sink: TimedSink
) -> None:
    _, plain, _ = try_life(plain_life(), ground, sink)
    assert plain is not None
    day = datetime.fromisoformat(plain.mails[-1]["at"]).date()
    closed = Step(moment(day, 8), "mail_closed", values={"hours": 26})
    _, case, findings = try_life(plain_life(closed), ground, sink)
    assert findings == []
    assert case is not None
    assert "message.deferred" in kinds(case)
    assert "message.deferred" not in kinds(plain)
    assert len(case.mails) == len(plain.mails)


@pytest.mark.slow
def test_real_workers_do_the_same_and_may_be_killed(ground: Ground, sink: TimedSink) -> None:
    killed = Step(moment(date(2026, 3, 18), 10), "worker_killed")
    _, plain, _ = try_life(plain_life(killed), ground, sink)
    _, crewed, findings = try_life(replace(plain_life(killed), supervisor=True), ground, sink)
    assert findings == []
    assert sorted(kinds(crewed)) == sorted(kinds(plain))
    assert set(sink.notices().values()) == {1}


@pytest.mark.slow
def test_a_traceback_is_a_finding(ground: Ground, sink: TimedSink, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> int:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("workers.simulating.sweep", broken)
    _, case, findings = try_life(plain_life(), ground, sink)
    assert case is None
    (finding,) = findings
    assert finding.kind == "broken: RuntimeError: broken on purpose"
    assert "until_settled" in finding.said
