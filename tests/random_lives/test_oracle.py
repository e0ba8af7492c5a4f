"""The oracle on lives of a dozen facts, with days that were counted by hand; each with a wrong fact that it finds."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from scripts.random_lives.oracle import Case, Finding, judge
from scripts.random_lives.oracle.exports import read_line
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.recipients import city_at, recipients_of
from tests.random_lives.lives_by_hand import (
    PLAN,
    TASK,
    Log,
    approved,
    at,
    at_work,
    opened,
    parsed,
    proposed,
    staffed,
)


def kinds(case: Case) -> set[str]:
    return {finding.kind for finding in judge(case)}


def of(kind: str, case: Case) -> list[Finding]:
    return [finding for finding in judge(case) if finding.kind == kind]


def assert_judged(log: Log, known: str) -> None:
    """A right count is passed over, and one with another day is found."""
    log.count(known)
    assert not of("count", log.case())
    wrong = log.case()
    wrong.facts[-1]["fact"]["deadlines"][0]["due"] = "2024-12-24"
    assert of("count", wrong)


def test_a_quiet_life_without_faults_has_no_findings() -> None:
    log = proposed()
    log.count("01-02 10:01")
    assert judge(log.case("01-04 17:00")) == []


def test_a_task_with_something_due_and_no_count_is_found() -> None:
    assert kinds(proposed().case("01-04 17:00")) == {"not_counted"}


def test_a_decision_is_due_ten_business_days_after_the_proposal() -> None:
    log = proposed()
    assert log.due() == {"decision": "2024-01-16"}
    assert_judged(log, "01-02 10:01")


def test_an_answer_is_counted_past_the_lunar_new_year_and_its_substitute() -> None:
    log = proposed()
    log.task("returned", "02-07 15:00")
    assert log.due() == {"answer": "2024-02-16"}
    assert [(act.rule, act.on.isoformat()) for act in log.reckoning().acts] == [
        ("lapse_unanswered", "2024-02-17")
    ]
    assert_judged(log, "02-07 15:01")


def test_a_start_on_a_holiday_is_due_on_the_next_business_day() -> None:
    log = approved()
    assert log.due() == {"start": "2024-03-04"}
    assert_judged(log, "01-10 10:01")


def test_the_bar_of_the_list_moves_the_act_and_not_the_deadline() -> None:
    log = approved(opened(not_before="2024-03-15"))
    assert log.due() == {"start": "2024-03-04"}
    assert [act.on.isoformat() for act in log.reckoning().acts] == ["2024-03-15"]


WORK = {
    "progress 2024-Q1": "2024-04-05",
    "progress 2024-Q2": "2024-07-05",
    "progress 2024-Q3": "2024-10-08",
    "milestone m1": "2024-06-07",
    "final_report": "2024-12-13",
}


def test_work_owes_its_quarters_its_milestones_and_a_final_report() -> None:
    log = at_work()
    assert log.due() == WORK
    assert_judged(log, "03-04 09:01")


def test_a_milestone_that_a_report_reached_is_not_due() -> None:
    log = at_work()
    log.task("progress_reported", "04-02 10:00", percent=10, milestones=["m1"], period="2024-Q1")
    assert log.due().keys() == {"progress 2024-Q2", "progress 2024-Q3", "final_report"}


def test_an_evaluation_is_due_twenty_business_days_after_the_final_report() -> None:
    log = at_work()
    log.task("final_report_submitted", "11-29 10:00")
    log.task("rating_opened", "11-29 10:01", role="system", cause={"rule": "open_rating"})
    assert log.due() == {"evaluation": "2024-12-30"}
    assert_judged(log, "11-29 10:02")


@pytest.mark.parametrize(("suspended", "due"), [("04-01 00:00", False), ("04-01 09:00", True)])
def test_a_quarter_that_was_suspended_as_a_whole_is_not_due(suspended: str, due: bool) -> None:
    log = at_work()
    log.task("suspended", suspended)
    log.task("resumed", "07-01 00:00")
    assert ("progress 2024-Q2" in log.due()) is due
    assert_judged(log, "07-01 00:01")


def test_a_report_dated_to_the_last_day_of_its_quarter_stands_for_the_quarter_that_it_says() -> None:
    log = at_work()
    log.task("progress_reported", "04-02 10:00", so="03-31 18:00", percent=10, period="2024-Q1")
    assert "progress 2024-Q1" not in log.due()
    assert_judged(log, "04-02 10:01")


def test_an_old_report_stands_for_the_quarters_that_ended_before_its_day() -> None:
    log = at_work()
    log.task("progress_reported", "04-02 10:00", so="03-31 18:00", percent=10)
    assert "progress 2024-Q1" in log.due()
    log.task("progress_reported", "04-02 11:00", percent=10)
    assert "progress 2024-Q1" not in log.due()


def test_a_report_for_a_quarter_stands_for_those_before_it() -> None:
    log = at_work()
    log.task("progress_reported", "07-02 10:00", percent=10, period="2024-Q2")
    assert [key for key in log.due() if key.startswith("progress")] == ["progress 2024-Q3"]


def test_a_plan_entered_late_does_not_outdo_a_newer_one() -> None:
    log = at_work()
    log.task("replanned", "04-10 10:00", plan=PLAN | {"end": "2024-12-20"})
    log.task("replanned", "04-12 10:00", so="04-05 10:00", plan=PLAN | {"end": "2024-10-31"})
    # 23, 24, 26, 27, 30, 31 December, 2, 3, 6, 7 January
    assert log.due()["final_report"] == "2025-01-07"
    assert_judged(log, "04-12 10:01")


def observed(log: Log, sense: str, day: str, **rows: Any) -> Case:
    return log.case(observed=[{"day": day, "sense": sense, **rows}])


def board(**more: Any) -> list[dict[str, Any]]:
    row = {"task": TASK, "lead": "welfare", "title": "돌봄", "stage": "in_progress", "condition": "normal"}
    return [row | {"progress": 0, "budget_krw": 1000, "start": "2024-03-01", "end": "2024-11-29"} | more]


def test_a_hand_over_entered_late_counts_from_its_day_in_one_sense_and_from_its_entry_in_the_other() -> None:
    log = at_work()
    log.task("handed_over", "05-10 10:00", so="04-10 10:00", lead="parks")
    log.task("handed_over", "05-11 10:00", so="04-05 10:00", lead="roads")
    for sense, day, lead in [
        ("known", "2024-05-01", "welfare"),
        ("effective", "2024-05-01", "parks"),
        ("effective", "2024-04-08", "roads"),
        ("now", "2024-12-31", "parks"),
    ]:
        assert not of("list", observed(log, sense, day, board=board(lead=lead)))
        assert of("list", observed(log, sense, day, board=board(lead="nobody")))


def test_of_two_reports_of_one_moment_the_second_stands_whatever_corrects_the_first() -> None:
    log = at_work()
    first = log.task("progress_reported", "04-02 10:00", percent=30, period="2024-Q1")
    log.task("progress_reported", "04-02 10:00", percent=40, period="2024-Q1")
    log.task("corrected", "04-03 10:00", so="04-02 10:00", fact=first, percent=35)
    assert not of("list", observed(log, "now", "2024-12-31", board=board(progress=40)))
    assert of("list", observed(log, "now", "2024-12-31", board=board(progress=35)))


def test_what_needs_a_calendar_that_is_not_open_waits_for_it() -> None:
    log = at_work(PLAN | {"end": "2025-12-31"})
    assert [(one.kind, one.year) for one in log.reckoning().waiting] == [
        ("progress", 2026),
        ("final_report", 2026),
    ]
    log.count("03-04 09:01")
    case = log.case("03-05 10:00", doctor={"transitions_left": [], "waits": [[TASK, 2026]]})
    assert not {"count", "doctor"} & kinds(case)
    assert "calendar_left" in kinds(case)
    silent = log.case("03-05 10:00", doctor={"transitions_left": [], "waits": []})
    silent.facts[-1]["fact"]["waiting"] = []
    assert {"count", "doctor"} <= kinds(silent)


CAUSE = {"rule": "start_as_planned"}


def test_a_late_transition_states_the_moment_of_the_rule() -> None:
    away = [(at("03-02 00:00"), at("03-06 08:00"))]
    late = approved()
    late.task("started", "03-06 09:00", so="03-04 00:00", role="system", cause=CAUSE, on="2024-03-04")
    assert not of("transition", late.case(away=away))
    silent = approved()
    silent.task("started", "03-06 09:00", role="system", cause=CAUSE, on="2024-03-04")
    assert of("transition", silent.case(away=away))


def test_a_transition_that_is_left_is_found_and_the_doctor_has_to_name_it() -> None:
    log = approved()
    named = log.case("03-05 10:00", doctor={"transitions_left": [[TASK, "start_as_planned"]], "waits": []})
    assert of("transition_left", named)
    assert not of("doctor", named)
    assert of("doctor", log.case("03-05 10:00", doctor={"transitions_left": [], "waits": []}))
    assert not of("transition_left", log.case("03-03 10:00"))


def test_a_transition_before_its_day_is_found() -> None:
    log = approved()
    log.task("started", "03-03 09:00", role="system", cause=CAUSE, on="2024-03-04")
    assert of("transition", log.case())


def test_a_programme_closes_after_its_tasks_on_the_first_of_march() -> None:
    log = proposed()
    log.task("rejected", "01-04 10:00")
    log.count("01-04 10:01")
    left = log.case("2025-03-02 10:00")
    assert of("programme_left", left)
    log.add("programme/2024", "programme.closed", "2025-03-01 00:00", role="system")
    assert not {"programme_left", "transition"} & kinds(log.case("2025-03-02 10:00"))
    log.facts[-1]["known_at"] = log.facts[-1]["effective_at"] = at("2025-02-28 23:00")
    assert of("transition", log.case("2025-03-02 10:00"))


def test_a_calendar_opened_by_rule_is_provisional_and_holds_the_days_of_the_law() -> None:
    right = opened((2023, 2024))
    days = list(opened((2025,)).facts[0]["fact"]["holidays"])
    right.add(
        "calendar/2025",
        "calendar.opened",
        "01-01 10:01",
        role="system",
        year=2025,
        provisional=True,
        holidays=days,
    )
    assert not of("calendar", right.case("01-02 10:00"))
    right.facts[-1]["fact"] |= {"holidays": days[1:], "provisional": False}
    assert len(of("calendar", right.case("01-02 10:00"))) == 2


def arm(
    log: Log, known: str, recipient: str, days: int, on: str, due: str = "2024-03-04", **more: Any
) -> int:
    told = {
        "task": TASK,
        "deadline": "start",
        "due": due,
        "since": 3,
        "days": days,
        "on": on,
        "to": "officer",
    }
    name = f"notice/{len(log.facts):032x}"
    channel = {"recipient": recipient, "channel": "mail", "agency": "welfare"}
    return log.add(name, "notice.due", known, role="system", **told, **channel, **more)


PEOPLE = {"ana": "ana@a.example", "bo": "bo@a.example", "chi": "chi@a.example", "dan": "dan@a.example"}


def reminded() -> Log:
    """A start due on 4 March, counted on 15 February: of its rungs the one 14 days before, 8 February, is over."""
    log = staffed(opened())
    plan = {
        "title": {"ko": "돌봄"},
        "area": "care",
        "lead": "welfare",
        "definition": "donghaeng-2024/1",
        "plan": PLAN,
    }
    log.task("proposed", "02-15 08:00", role="officer", **plan)
    log.task("approved", "02-15 08:30")
    log.count("02-15 09:00")
    return log


def test_each_rung_is_armed_on_its_day_for_those_who_are_responsible() -> None:
    log = reminded()
    arm(log, "02-21 09:01", "subject/ana", -7, "2024-02-21")
    arm(log, "02-21 09:01", "subject/bo", -7, "2024-02-21")
    assert not {"notice", "notice_left"} & kinds(log.case("02-21 17:00", people=PEOPLE))
    one_left_out = log.case("02-21 17:00", people=PEOPLE)
    one_left_out.facts.pop()
    assert of("notice", one_left_out)
    both_left_out = one_left_out
    both_left_out.facts.pop()
    assert of("notice_left", both_left_out)


def test_a_rung_whose_day_was_before_the_deadline_began_is_never_armed() -> None:
    log = reminded()
    on = {days: day for one in log.reckoning().deadlines for days, day in one.rungs}[-14]
    assert on is not None
    assert on.isoformat() == "2024-02-08"
    assert not of("notice_left", log.case("02-15 17:00", people=PEOPLE))
    arm(log, "02-15 09:01", "subject/ana", -14, "2024-02-08", late=True)
    arm(log, "02-15 09:01", "subject/bo", -14, "2024-02-08", late=True)
    assert [
        "before the deadline began" in one.says
        for one in of("notice", log.case("02-15 17:00", people=PEOPLE))
    ]


def test_a_late_rung_says_so_and_one_outside_office_hours_is_found() -> None:
    away = [(at("02-21 00:00"), at("02-22 08:00"))]
    log = reminded()
    for recipient in ("subject/ana", "subject/bo"):
        arm(log, "02-22 09:01", recipient, -7, "2024-02-21", late=True)
    assert not {"notice", "notice_left"} & kinds(log.case("02-22 17:00", people=PEOPLE, away=away))
    assert of("notice_left", log.case("02-22 17:00", people=PEOPLE))
    log.facts[-1]["fact"].pop("late")
    assert of("notice", log.case("02-22 17:00", people=PEOPLE, away=away))


def test_a_deadline_that_goes_and_comes_back_with_its_day_is_not_armed_again() -> None:
    log = reminded()
    for recipient in ("subject/ana", "subject/bo"):
        arm(log, "02-21 09:01", recipient, -7, "2024-02-21")
    back = log.facts[-3]["fact"]
    log.task("replanned", "02-21 10:00", plan=PLAN | {"start": "2024-03-11"})
    log.count("02-21 10:01")
    log.task("replanned", "02-21 11:00", plan=PLAN)
    log.count("02-21 11:01")
    assert log.facts[-1]["fact"] == back
    assert not {"notice", "notice_left"} & kinds(log.case("02-22 17:00", people=PEOPLE))
    arm(log, "02-22 09:01", "subject/ana", -7, "2024-02-21", late=True)
    assert of("notice", log.case("02-22 17:00", people=PEOPLE))


def test_a_chain_of_substitutes_is_followed_and_who_is_in_no_post_stands_in_for_nobody() -> None:
    log = staffed(opened())
    spans = {"starts": "2024-02-01", "ends": "2024-02-29"}
    log.agency("substitute_appointed", "01-20 10:00", number=1, absent="ana", substitute="bo", **spans)
    log.agency("substitute_appointed", "01-20 10:00", number=2, absent="bo", substitute="chi", **spans)
    assert reached(log, "02-29 10:00") == {"subject/chi"}
    assert reached(log, "03-01 10:00") == {"subject/ana", "subject/bo"}
    log.agency("substitute_appointed", "01-20 10:00", number=3, absent="chi", substitute="dan", **spans)
    assert reached(log, "02-29 10:00") == {"subject/chi"}
    log.agency("appointed", "01-20 10:00", subject="dan", post="head")
    assert reached(log, "02-29 10:00") == {"subject/dan"}


def test_a_rung_that_reaches_nobody_climbs_to_the_mailbox_and_then_to_the_next_step() -> None:
    log = staffed(opened())
    assert reached(log, "02-29 10:00", steps=("head",), people={}) == {"programme/2024/planner"}
    assert reached(log, "02-29 10:00", people={"chi": "chi@a.example"}) == {"subject/chi"}
    log.agency("contact_set", "01-20 10:00", channel="mail", address="box@a.example")
    assert reached(log, "02-29 10:00", steps=("head",), people={}) == {"agency/welfare"}
    log.agency("closed", "01-21 10:00")
    assert reached(log, "02-29 10:00") == {"programme/2024/planner"}


def reached(
    log: Log, known: str, steps: tuple[str, ...] = ("officer",), people: dict[str, str | None] | None = None
) -> set[str]:
    life = Life(log.case(people=PEOPLE if people is None else people))
    city = city_at(life, len(log.facts) + 1, parsed(known))
    return {recipient for recipient, _ in recipients_of(city, TASK, "welfare", steps)}


def test_each_notice_is_in_one_mail_to_its_own_address() -> None:
    log = reminded()
    for recipient in ("subject/ana", "subject/bo"):
        arm(log, "02-21 09:01", recipient, -7, "2024-02-21")
    ids = [one["stream"][7:] for one in log.facts[-2:]]
    mails = [mail(f"{who}@a.example", one) for who, one in zip(("ana", "bo"), ids, strict=True)]
    assert not of("mail", log.case("02-22 17:00", people=PEOPLE, mails=mails))
    late = log.case("02-27 17:00", people=PEOPLE, mails=mails)
    assert of("mail", late), "on Monday at the latest they are to be put into a message"
    assert of("mail", log.case("02-22 17:00", people=PEOPLE, mails=[*mails, mails[0]]))
    assert of("mail", log.case("02-22 17:00", people=PEOPLE, mails=[mails[0], mail("ana@a.example", ids[1])]))


def mail(to: str, *ids: str) -> dict[str, Any]:
    text = "- 2024-01 돌봄: 착수, 기한 2024-03-04\n\n알림번호 (notice ids):\n" + "\n".join(ids) + "\n"
    head = f"To: {to}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return {"at": at("02-21 09:05"), "to": to, "message": (head + text).encode()}


def test_a_count_made_late_is_dated_with_what_was_so_by_rule() -> None:
    log = approved()
    log.task("started", "03-06 09:00", so="03-04 00:00", role="system", cause=CAUSE, on="2024-03-04")
    log.count("03-06 09:01")
    assert ["is dated" in one.says for one in of("count", log.case())] == [True]
    log.facts[-1] |= {"effective_at": at("03-04 00:00"), "stated": True}
    assert not of("count", log.case())


def test_a_changed_due_day_is_said_and_what_moved_is_cancelled() -> None:
    log = reminded()
    for recipient in ("subject/ana", "subject/bo"):
        arm(log, "02-21 09:01", recipient, -7, "2024-02-21")
    log.task("replanned", "02-21 10:00", plan=PLAN | {"start": "2024-03-05"})
    log.count("02-21 10:01")
    # 7 business days before 5 March: 4 March, 29, 28, 27, 26, 23, 22 February
    for recipient in ("subject/ana", "subject/bo"):
        arm(log, "02-22 09:01", recipient, -7, "2024-02-22", due="2024-03-05", was="2024-03-04")
    assert not {"notice", "notice_left"} & kinds(log.case("02-22 17:00", people=PEOPLE))
    log.facts[-1]["fact"].pop("was")
    assert of("notice", log.case("02-22 17:00", people=PEOPLE))


def test_a_notice_is_cancelled_only_where_it_moved_or_its_recipient_did() -> None:
    log = reminded()
    for recipient in ("subject/ana", "subject/bo"):
        arm(log, "02-21 09:01", recipient, -7, "2024-02-21")
    notice = log.facts[-1]["stream"]
    log.agency("released", "02-21 17:00", subject="bo", post="officer")
    log.agency("appointed", "02-21 17:00", subject="dan", post="officer")
    log.add(notice, "notice.cancelled", "02-22 09:00", role="system", why="readdressed")
    assert of("notice", log.case("02-22 17:00", people=PEOPLE))
    arm(log, "02-22 09:00", "subject/dan", -7, "2024-02-21", late=True)
    assert not of("notice", log.case("02-22 17:00", people=PEOPLE))
    log.facts[-2]["fact"]["why"] = "moved"
    assert of("notice", log.case("02-22 17:00", people=PEOPLE))


def test_the_end_of_a_substitution_is_dated_with_the_midnight_after_its_last_day() -> None:
    log = staffed(opened())
    log.agency(
        "substitute_appointed",
        "01-20 10:00",
        number=1,
        absent="ana",
        substitute="bo",
        starts="2024-02-01",
        ends="2024-02-28",
    )
    assert of("end_left", log.case("02-29 12:00"))
    log.agency("substitution_ended", "02-29 00:01", so="02-29 00:00", role="system", number=1)
    assert not {"end_left", "transition"} & kinds(log.case("02-29 12:00"))
    log.facts[-1]["effective_at"] = at("02-28 00:00")
    assert of("transition", log.case("02-29 12:00"))


def test_who_is_waited_for_and_who_is_responsible_stand_in_the_lists() -> None:
    log = staffed(approved())
    log.task("replan_requested", "01-12 10:00", plan=PLAN)
    log.agency("merged", "01-15 10:00", into="parks")
    log.add("agency/parks", "agency.appointed", "01-15 10:00", subject="eun", post="head")
    right = {
        "agency_inbox": [{"agency": "parks", "task": TASK, "waits": "start"}],
        "city_inbox": [{"task": TASK, "waits": "replan"}],
        "responsible": [{"task": TASK, "agency": "parks", "gone": False, "people": [["head", "eun", None]]}],
    }
    assert not of("list", observed(log, "now", "2024-01-31", **right))
    wrong = {
        "agency_inbox": [{"agency": "welfare", "task": TASK, "waits": "start"}],
        "city_inbox": [],
        "responsible": [{"task": TASK, "agency": "parks", "gone": False, "people": []}],
    }
    for name, rows in wrong.items():
        assert of("list", observed(log, "now", "2024-01-31", **(right | {name: rows})))


def test_a_line_of_an_export_becomes_a_fact() -> None:
    envelope = (
        '{"known_at":"2024-04-02T01:00:00Z","effective_at":"2024-03-31T01:00:00Z","actor":{"role":"officer"}}'
    )
    row = {"position": 7, "stream": "task/2024-01", "version": 3, "kind": "task.progress_reported"}
    read = read_line(json.dumps(row | {"state": envelope + '\n{"percent":10}'}))
    assert read["stated"]
    assert (read["known_at"], read["effective_at"]) == ("2024-04-02T01:00:00Z", "2024-03-31T01:00:00Z")
    assert (read["actor"], read["cause"], read["fact"]) == ({"role": "officer"}, None, {"percent": 10})


def test_what_stays_wrong_is_said_once_with_the_first_day_on_which_it_shows() -> None:
    left = of("transition_left", approved().case("06-15 10:00"))
    assert [one.day for one in left] == ["2024-03-31"]


def test_deadlines_stand_in_the_list_as_they_were_counted_last() -> None:
    log = proposed()
    log.count("01-02 10:01")
    row = {"task": TASK, "kind": "decision", "item": "", "who": "city", "due": "2024-01-16"}
    assert not of("list", observed(log, "known", "2024-01-31", deadlines=[row], waiting=[]))
    assert of("list", observed(log, "known", "2024-01-31", deadlines=[row | {"due": "2024-01-17"}]))
    assert of("list", observed(log, "known", "2024-01-31", deadlines=[]))


def test_a_calendar_that_is_confirmed_keeps_days_past_and_days_proclaimed() -> None:
    log = opened((2024,))
    log.add(
        "calendar/2024", "calendar.day_proclaimed", "02-01 10:00", day="2024-10-01", name={"ko": "임시공휴일"}
    )
    log.add("calendar/2024", "calendar.day_withdrawn", "02-01 10:00", day="2024-06-06")
    log.add(
        "calendar/2024", "calendar.opened", "03-15 10:00", year=2024, source="by hand", holidays=confirmed()
    )
    calendars = Life(log.case()).calendars.before(len(log.facts) + 1)
    off = {text for text in DAYS if not calendars.is_business_day(date.fromisoformat(text))}
    assert off == {"2024-03-01", "2024-10-01", "2024-05-06"}


DAYS = ("2024-03-01", "2024-03-05", "2024-05-06", "2024-06-06", "2024-10-01", "2024-12-25")


def confirmed() -> list[dict[str, str]]:
    """Without 1 March and Christmas, with 5 March: only days from 15 March on count as they are here."""
    return [{"day": day} for day in ("2024-03-05", "2024-05-06", "2024-06-06")]


def test_a_mail_with_what_was_done_by_then_is_found() -> None:
    log = reminded()
    arm(log, "02-21 09:01", "subject/ana", -7, "2024-02-21")
    sent = mail("ana@a.example", log.facts[-1]["stream"][7:])
    arm(log, "02-21 09:01", "subject/bo", -7, "2024-02-21")
    assert not list(of("mail", log.case("02-21 17:00", people=PEOPLE, mails=[sent])))
    log.task("started", "02-21 09:02", role="officer", on="2024-02-21")
    log.count("02-21 09:03")
    assert of("mail", log.case("02-21 17:00", people=PEOPLE, mails=[sent]))


def test_more_than_four_messages_on_a_day_are_found() -> None:
    log = reminded()
    ids = []
    for recipient in ["subject/ana"] * 5:
        arm(log, "02-21 09:01", recipient, -7, "2024-02-21")
        ids.append(log.facts[-1]["stream"][7:])
    mails = [mail("ana@a.example", one) for one in ids]
    says = [one.says for one in of("mail", log.case("02-21 17:00", people=PEOPLE, mails=mails))]
    assert "subject/ana got 5 messages on one day; 4 is the most." in says
    says = [one.says for one in of("mail", log.case("02-21 17:00", people=PEOPLE, mails=mails[:4]))]
    assert not any("the most" in text for text in says)


def test_an_evaluation_by_rule_has_the_score_of_the_rating_and_its_grade() -> None:
    log = at_work()
    log.task("final_report_submitted", "11-29 10:00", role="officer")
    log.task("rating_opened", "11-29 10:00", role="system", cause={"rule": "open_rating"})
    log.task("rated", "12-10 10:00", score="88.5", raters=20)
    log.task(
        "evaluated",
        "12-10 10:01",
        role="system",
        cause={"rule": "complete_evaluation"},
        score="88.5",
        grade="A",
    )
    assert not of("transition", log.case())
    log.facts[-1]["fact"]["grade"] = "B"
    assert of("transition", log.case())
