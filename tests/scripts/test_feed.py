"""`donghaeng calendar feed`: what other calendar programs read."""

from __future__ import annotations

from datetime import date, timedelta

import vobject

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import folded, running

__all__ = ["running"]


def events(cli: Cli, agency: str = "gto", *more: str) -> dict[str, vobject.base.Component]:
    """The feed as another library's parser reads it, by UID."""
    done = cli("calendar", "feed", agency, *more)
    assert done.exit_code == 0
    assert all(len(line.encode()) <= 75 for line in done.stdout.replace("\r\n", "\n").split("\n"))
    calendar = vobject.readOne(done.stdout)
    return {one.uid.value: one for one in calendar.contents.get("vevent", [])}


def test_another_library_reads_the_open_deadlines_as_days_with_alarms(running: Cli) -> None:
    found = events(running, "gto", "--lang", "ko")
    assert len(found) == 4
    (final,) = (one for uid, one in found.items() if "final_report" in uid)
    assert (final.dtstart.value, final.dtend.value) == (date(2024, 10, 16), date(2024, 10, 17))
    assert "최종 보고" in final.summary.value
    assert "[2024-06]" in final.summary.value
    assert [alarm.trigger.value for alarm in final.valarm_list] == [
        timedelta(days=-7, hours=9),
        timedelta(days=-1, hours=9),
    ]
    assert "donghaeng-2024/1" in final.description.value


def test_a_moved_deadline_keeps_its_uid_and_its_sequence_grows(running: Cli, store: Store) -> None:
    before = events(running)
    proclaim = (
        "calendar",
        "proclaim",
        "2024-10-01",
        "--name",
        "국군의 날",
        "--as",
        "planner",
        "--reason",
        "의결",
    )
    assert running(*proclaim).exit_code == 0
    folded(store)
    after = events(running)
    assert before.keys() == after.keys()
    for uid, one in after.items():
        assert int(one.sequence.value) > int(before[uid].sequence.value)
    moved = {uid for uid, one in after.items() if one.dtstart.value != before[uid].dtstart.value}
    assert {uid.split("@")[0] for uid in moved} == {"2024-06-final_report-one", "2024-06-progress-2024-Q3"}


def test_the_same_feed_is_the_same_and_an_agency_without_deadlines_has_an_empty_one(running: Cli) -> None:
    assert events(running).keys() == events(running).keys()
    assert events(running, "gjcf") == {}


def test_who_may_not_see_it_and_what_is_no_agency(running: Cli) -> None:
    refused = running("calendar", "feed", "gto", "--as", "officer@gjcf", "--json")
    assert document(refused)["error"]["name"] == "NotYoursToRead"
    assert document(running("calendar", "feed", "nobody", "--json"))["error"]["name"] == "NoSuchAgency"
