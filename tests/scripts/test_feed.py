"""`donghaeng calendar feed`: what other calendar programs read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import vobject

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import folded, running

__all__ = ["running"]


# before and after 16 October 2024, with 1 (no holiday yet), 3 and 9 October in between
LADDER = ("09-24", "10-04", "10-11", "10-15", "10-16", "10-17", "10-21")


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
    assert "결과보고" in final.summary.value
    assert "[2024-06]" in final.summary.value
    # the rungs for the agency's people, counted by hand: of the fifth day after it the city alone is told
    days = [date.fromisoformat(f"2024-{day}") for day in LADDER]
    assert [final.dtstart.value + timedelta(alarm.trigger.value.days) for alarm in final.valarm_list] == days
    assert {alarm.trigger.value.seconds for alarm in final.valarm_list} == {9 * 3600}
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


INVITED = ("--to", "officer@gto.example")


def invited(cli: Cli, folder: Path, *more: str) -> dict[str, vobject.base.Component]:
    """The files as another library reads them, by method and UID; each holds one event."""
    done = cli("calendar", "invite", "gto", "--out", str(folder), *INVITED, *more)
    assert done.exit_code == 0, done.stderr
    found = {}
    for path in sorted(folder.iterdir()):
        calendar = vobject.readOne(path.read_bytes().decode())
        (event,) = calendar.vevent_list
        calendar.validate()
        assert path.name.endswith(f".{calendar.method.value.lower()}.ics")
        found[f"{calendar.method.value} {event.uid.value.partition('@')[0]}"] = event
    return found


def test_an_invitation_is_one_event_with_who_invites_whom(running: Cli, tmp_path: Path) -> None:
    found = invited(running, tmp_path / "out")
    assert set(found) == {
        "REQUEST 2024-06-final_report-one",
        *(f"REQUEST 2024-06-progress-2024-Q{number}" for number in (1, 2, 3)),
    }
    final = found["REQUEST 2024-06-final_report-one"]
    assert final.organizer.value == "mailto:donghaeng@localhost"
    assert final.attendee.value == "mailto:officer@gto.example"
    assert final.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert final.status.value == "CONFIRMED"
    assert (final.dtstart.value, final.dtend.value) == (date(2024, 10, 16), date(2024, 10, 17))
    assert len(final.valarm_list) == len(LADDER)
    assert {one.uid.value for one in found.values()} == set(events(running)), "as in the feed"


def test_the_planner_of_the_programme_invites_where_there_is_an_address(running: Cli, tmp_path: Path) -> None:
    said = (
        "programme",
        "set-contact",
        "2024",
        "planner",
        "--mail",
        "planner@city.example",
        "--as",
        "planner",
    )
    assert running(*said).exit_code == 0, running(*said).stderr
    found = invited(running, tmp_path / "out")
    assert {one.organizer.value for one in found.values()} == {"mailto:planner@city.example"}


def test_a_moved_deadline_is_requested_again_with_a_higher_sequence_and_what_is_done_is_cancelled(
    running: Cli, store: Store, tmp_path: Path
) -> None:
    before = invited(running, tmp_path / "before")
    store.move_clock(datetime(2024, 4, 2, 1, tzinfo=UTC))
    for words in (
        ("calendar", "proclaim", "2024-10-01", "--name", "국군의 날", "--as", "planner", "--reason", "의결"),
        ("task", "report", "2024-06", "--percent", "10", "--for", "2024-Q1", "--as", "officer@gto"),
        ("deadline", "refresh", "2024-06", "--as", "planner"),
    ):
        done = running(*words)
        assert done.exit_code == 0, done.stderr
    folded(store)
    after = invited(running, tmp_path / "after", "--since", "2024-04-02")
    assert set(after) == {
        "REQUEST 2024-06-final_report-one",
        "REQUEST 2024-06-progress-2024-Q3",
        "CANCEL 2024-06-progress-2024-Q1",
    }
    moved, was = after["REQUEST 2024-06-final_report-one"], before["REQUEST 2024-06-final_report-one"]
    assert (was.dtstart.value, moved.dtstart.value) == (date(2024, 10, 16), date(2024, 10, 17))
    gone, was_q1 = after["CANCEL 2024-06-progress-2024-Q1"], before["REQUEST 2024-06-progress-2024-Q1"]
    assert gone.status.value == "CANCELLED"
    assert (gone.uid.value, gone.organizer.value) == (was_q1.uid.value, was_q1.organizer.value)
    assert "valarm" not in gone.contents
    for new, old in ((moved, was), (gone, was_q1)):
        assert int(new.sequence.value) > int(old.sequence.value)


def test_without_an_address_nobody_is_invited(running: Cli, tmp_path: Path) -> None:
    refused = running("calendar", "invite", "gto", "--out", str(tmp_path / "out"), "--json")
    assert document(refused)["error"]["name"] == "NobodyInvited"
