"""The oracle is asked of money, funds and meetings: right ones are passed over, and each wrong one is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scripts.random_lives.oracle.funds import judge_funds
from scripts.random_lives.oracle.ledgers import show_ledgers
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.meetings import judge_meetings, suffices
from scripts.random_lives.oracle.money import judge_money
from tests.random_lives.lives_by_hand import PLAN, TASK, Log, opened

STREAM, FUND, MEETING = f"money/{TASK}", "fund/gongik", "meeting/heads-1"
CITY = {"funding": "city", "year": 2024}
MARCH = {"agency": "welfare", "funding": "city", "month": "2024-03"}


class Books(Log):
    def money(self, kind: str, known: str, **fact: Any) -> None:
        self.add(STREAM, f"money.{kind}", known, **fact)

    def fund(self, kind: str, known: str, **fact: Any) -> None:
        self.add(FUND, f"fund.{kind}", known, **fact)

    def meeting(self, kind: str, known: str, **fact: Any) -> None:
        self.add(MEETING, f"meeting.{kind}", known, **fact)

    @property
    def life(self) -> Life:
        return Life(self.case("12-01 17:00"))

    def found(self) -> str:
        judged = (*judge_money(self.life), *judge_funds(self.life), *judge_meetings(self.life))
        return "\n".join(one.says for one in judged)


def begun() -> Books:
    log = Books()
    log.facts = opened().facts
    said = {"title": {"ko": "돌봄"}, "area": "care", "lead": "welfare", "definition": "donghaeng-2024/1"}
    log.task("proposed", "01-02 10:00", role="officer", plan=PLAN, **said)
    log.task("approved", "01-03 10:00")
    return log


def spent() -> Books:
    log = begun()
    log.money("budget_set", "01-04 10:00", amount_krw=1000, **CITY)
    log.money("spent", "03-05 10:00", amount_krw=600, **MARCH)
    corrected = {"number": 2, "posting": "spent", "funding": "city", "month": "2024-03"}
    log.money("corrected", "03-08 10:00", so="03-05 10:00", amount_krw=700, was_krw=600, **corrected)
    return log


def given() -> Books:
    log = begun()
    log.add("subject/kim", "subject.registered", "01-01 10:00")
    log.fund("opened", "01-05 10:00", name={"ko": "기금"})
    log.fund("pledged", "01-06 10:00", giver="kim", amount_krw=500)
    gift = {"giver": "kim", "form": "money", "amount_krw": 800, "pledge": 2, "of_pledge_krw": 500}
    log.fund("contributed", "01-07 10:00", **gift)
    log.fund("allocated", "01-08 10:00", beneficiary=TASK, form="money", amount_krw=300)
    use = {"beneficiary": TASK, "form": "money", "amount_krw": 100}
    log.fund("used", "01-09 10:00", what={}, **use)
    log.fund("use_proven", "01-10 10:00", use=5, evidence={}, **use)
    return log


def met() -> Books:
    log = begun()
    terms = {"agenda_days": 1, "objection_days": 5, "quorum": "more than 1/2", "majority": "2/3"}
    seats = ["agency/welfare", "agency/culture", "agency/health"]
    log.meeting("called", "01-10 10:00", on="2024-01-18", terms=terms, invited=seats)
    log.meeting("item_added", "01-11 10:00", item=1)
    log.meeting("opened", "01-18 10:00", chair=seats[0], present=[{"seat": one} for one in seats[:2]])
    vote = {"votes_for": 2, "votes_against": 0, "abstained": 0}
    log.meeting("decided", "01-18 11:00", decision=4, item=1, agency="welfare", due="2024-01-31", vote=vote)
    log.meeting("decision_done", "01-25 10:00", decision=4, result={})
    return log


@pytest.mark.parametrize("make", [spent, given, met])
def test_what_is_right_has_no_findings(make: Callable[[], Books]) -> None:
    assert make().found() == ""


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda of: of[1]["fact"].update(amount_krw=1200), "beyond what there is by 200, and says 0"),
        (lambda of: of[1]["fact"].update(amount_krw=1200, over_krw=200), "which the definition refuses"),
        (lambda of: of[1]["fact"].update(month="2024-01"), "was closed after 2024-02-10"),
        (lambda of: of[1]["fact"].update(month="2024-04"), "2024-04 took an entry on 2024-03-05"),
        (lambda of: of[1]["fact"].update(agency="culture"), "takes no part"),
        (lambda of: of[2]["fact"].update(was_krw=500), "says that it was 500; it was 600"),
        (lambda of: of[2].update(effective_at="2024-03-08T01:00:00+00:00"), "The correction takes effect at"),
        (lambda of: of[2]["fact"].update(month="2024-02"), "which the entry does not"),
        (lambda of: of[2].update(kind="money.returned"), "700 went of city 2024"),
    ],
)
def test_what_is_wrong_of_money_is_found(change: Callable[[list[dict[str, Any]]], Any], found: str) -> None:
    log = spent()
    change(log.facts[-3:])
    if log.facts[-1]["kind"] == "money.returned":
        log.facts[-1]["fact"] |= {"agency": "welfare"}
    assert found in log.found()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda of: of[2]["fact"].update(of_pledge_krw=400), "500 fulfils the pledge"),
        (lambda of: of[2]["fact"].update(giver="lee"), "whom nobody registered"),
        (lambda of: of[3]["fact"].update(amount_krw=900), "was taken of free_money, which held 800"),
        (lambda of: of[4]["fact"].update(amount_krw=301), "which held 300"),
        (lambda of: of[3].update(stated=True, effective_at="2024-01-06T10:00:00+09:00"), "which held 0"),
        (lambda of: of[5]["fact"].update(amount_krw=99), "says what the use does not"),
        (lambda of: of[5]["fact"].update(use=4), "is no use"),
    ],
)
def test_what_is_wrong_of_a_fund_is_found(change: Callable[[list[dict[str, Any]]], Any], found: str) -> None:
    log = given()
    change(log.facts[-6:])
    assert found in log.found()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda of: of[2]["fact"].update(present=[{"seat": "agency/welfare"}]), "1 of 3 were there"),
        (lambda of: of[3]["fact"]["vote"].update(votes_for=1), "1 of 2 were for it"),
        (lambda of: of[3]["fact"].update(item=2), "Item 2 is not on the agenda"),
        (lambda of: of[3]["fact"].pop("due"), "has no last day"),
        (lambda of: of[1].update(known_at="2024-01-18T00:00:00+00:00"), "An item was put in on 2024-01-18"),
        (lambda of: of[4]["fact"].update(decision=3), "is done, which was not open"),
        (lambda of: of[4].update(effective_at="2024-01-17T10:00:00+09:00"), "before it was decided"),
        (lambda of: of[3]["fact"].update(carried_out=[{"stream": f"task/{TASK}"}]), "gave commands about"),
    ],
)
def test_what_is_wrong_of_a_meeting_is_found(
    change: Callable[[list[dict[str, Any]]], Any], found: str
) -> None:
    log = met()
    change(log.facts[-5:])
    assert found in log.found()


def test_a_transfer_balances_by_money_and_by_kind() -> None:
    def moved(*entries: dict[str, Any]) -> str:
        log = given()
        log.fund("transferred", "01-11 10:00", entries=list(entries))
        return log.found()

    right = {"account": "free_money", "debit_krw": 10}, {"account": "money", "credit_krw": 10}
    assert moved(*right) == ""
    assert "does not balance" in moved(right[0], {"account": "kind", "credit_krw": 10})
    assert "moves pledges" in moved(right[0], right[1], {"account": "pledges", "debit_krw": 1})


def test_a_late_budget_leaves_the_one_that_was_so_after_it_and_open_decisions_climb() -> None:
    log = spent()
    log.money("budget_set", "03-09 10:00", so="01-03 12:00", amount_krw=2000, **CITY)
    found = show_ledgers(log.life.facts, date(2024, 3, 31), lambda agency: agency)
    assert found["money"] == {(TASK, "city", 2024, 1000, 0, 0, 0, 700, 0)}
    held = [one for one in met().life.facts if one.kind != "meeting.decision_done"]
    for day, climbs in ((date(2024, 1, 31), set()), (date(2024, 2, 1), {("", "heads-1", 4)})):
        shown = show_ledgers(held, day, lambda agency: agency)
        assert shown["decisions"] == {("welfare", "heads-1", 4), *climbs}


@pytest.mark.parametrize(
    ("share", "of", "needed"),
    [("more than 1/2", 4, 3), ("more than 1/2", 3, 2), ("1/2", 4, 2), ("2/3", 4, 3), ("1/3", 0, 0)],
)
def test_how_many_suffice(share: str, of: int, needed: int) -> None:
    assert suffices(share, of) == needed
