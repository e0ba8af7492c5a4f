"""Whom a rung comes to: whoever is responsible on the day, or the next one up where there is nobody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from domain.agency import facts as a
from domain.fact import Fact
from domain.lifecycle.reached import STEPS
from domain.position.facts import Delegated, Mandate, Position
from domain.programme.state import Programme
from domain.seoul import SEOUL
from domain.task import facts as t
from domain.values import LocalText
from projections.responsible import responsible
from store.recorded import RecordedFact
from tests.projections.appended_facts import PROPOSED, envelope
from workflows.recipients import Reaches, Recipient, anybody, recipients

OFFICER, SECOND, HEAD, DEPUTY = "1" * 32, "4" * 32, "2" * 32, "3" * 32
JANUARY, MAY, JUNE = date(2024, 1, 2), date(2024, 5, 1), date(2024, 6, 10)
FIRST = PROPOSED.lead
MAIL, HOOK = {"mail": "office@gto.example"}, {"webhook": "https://gto.example/hook"}
MAYOR = "position/vice-mayor"
DEPARTMENT = {"planner": "planner@city.example", "department": "culture@city.example"}


def told(stream: str, *facts: tuple[date, Fact]) -> list[RecordedFact[Any]]:
    """Facts at noon of their days."""
    found = []
    for place, (day, fact) in enumerate(facts, start=1):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=SEOUL)
        found.append(RecordedFact(place, stream, place, fact.kind, noon, noon, envelope(), fact))
    return found


def appointed(subject: str, post: a.Post, day: date = JANUARY) -> tuple[date, Fact]:
    return day, a.Appointed(subject=subject, post=post)


def away(absent: str, substitute: str, starts: date, ends: date) -> tuple[date, Fact]:
    fact = a.SubstituteAppointed(number=4, absent=absent, substitute=substitute, starts=starts, ends=ends)
    return JANUARY, fact


def reached(
    *steps: str,
    day: date = JUNE,
    life: tuple[tuple[date, Fact], ...] = (),
    agencies: dict[str, tuple[tuple[date, Fact], ...]] | None = None,
    contacts: dict[str, str] | None = None,
    city: dict[str, str] | None = None,
    position: Position | None = None,
    reaches: Reaches = anybody,
) -> list[Recipient]:
    """Whom these steps come to on the day. `agencies`: what happened to each; `contacts`: of the one that answers."""
    given = agencies or {}
    registered = {name: (JANUARY, a.Registered(name=LocalText(ko=name))) for name in (FIRST, "gjcf", "gtc")}
    found = responsible(
        "2024-01",
        told("task/2024-01", (MAY, PROPOSED), *life),
        lambda name: told(f"agency/{name}", registered[name], *given.get(name, ())),
        day,
    )
    assert found is not None
    programme = Programme(contacts=DEPARTMENT if city is None else city)
    held = {} if position is None else {MAYOR: position}
    return recipients(steps, found.answering, contacts or {}, programme, reaches, held)


def names(found: list[Recipient]) -> list[tuple[str, str, str]]:
    return [(one.to, one.recipient, one.channel) for one in found]


STAFFED = {FIRST: (appointed(OFFICER, "officer"), appointed(HEAD, "head"))}


def test_each_step_comes_to_who_holds_the_post() -> None:
    assert names(reached("officer", agencies=STAFFED)) == [("officer", f"subject/{OFFICER}", "mail")]
    assert names(reached("head", agencies=STAFFED)) == [("head", f"subject/{HEAD}", "mail")]
    assert names(reached("department")) == [("department", "programme/2024/department", "mail")]
    assert names(reached("planner")) == [("planner", "programme/2024/planner", "mail")]


def test_all_officers_are_reminded_and_who_holds_two_posts_once() -> None:
    both = {FIRST: (*STAFFED[FIRST], appointed(SECOND, "officer"), appointed(HEAD, "officer"))}
    found = reached("officer", "head", agencies=both)
    assert sorted(one.recipient for one in found) == sorted(
        f"subject/{one}" for one in (OFFICER, SECOND, HEAD)
    )


@pytest.mark.parametrize(
    ("day", "to"),
    [
        (date(2024, 6, 2), OFFICER),
        (date(2024, 6, 3), DEPUTY),
        (date(2024, 6, 14), DEPUTY),
        (date(2024, 6, 15), OFFICER),
    ],
)
def test_who_is_away_is_stood_in_for_from_the_first_day_to_the_last(day: date, to: str) -> None:
    people = {
        FIRST: (
            appointed(OFFICER, "officer"),
            appointed(DEPUTY, "head"),
            away(OFFICER, DEPUTY, date(2024, 6, 3), date(2024, 6, 14)),
        )
    }
    (found,) = reached("officer", day=day, agencies=people)
    assert found.recipient == f"subject/{to}"
    assert found.stands_in_for == (OFFICER if to == DEPUTY else None)


def test_the_substitutes_step_is_for_whoever_stands_in_for_anybody_and_is_empty_else() -> None:
    people = {FIRST: (*STAFFED[FIRST], away(HEAD, OFFICER, JUNE, JUNE))}
    (found,) = reached("substitute", agencies=people)
    assert (found.to, found.recipient, found.stands_in_for) == ("substitute", f"subject/{OFFICER}", HEAD)
    assert names(reached("substitute", agencies=STAFFED)) == [("head", f"subject/{HEAD}", "mail")]


def test_who_is_officer_and_substitute_gets_one_notice() -> None:
    people = {FIRST: (*STAFFED[FIRST], away(HEAD, OFFICER, JUNE, JUNE))}
    assert names(reached("officer", "substitute", agencies=people)) == [
        ("officer", f"subject/{OFFICER}", "mail")
    ]


def test_a_post_that_is_empty_is_climbed_over() -> None:
    only_head = {FIRST: (appointed(HEAD, "head"),)}
    assert names(reached("officer", agencies=only_head)) == [("head", f"subject/{HEAD}", "mail")]
    assert names(reached("officer")) == [("department", "programme/2024/department", "mail")]
    assert names(reached("head")) == [("department", "programme/2024/department", "mail")]
    assert names(reached("head", city={})) == [("planner", "programme/2024/planner", "mail")]
    assert names(reached("department", city={})) == [("planner", "programme/2024/planner", "mail")]


def test_who_was_released_is_not_reminded_any_more() -> None:
    gone = {FIRST: (*STAFFED[FIRST], (MAY, a.Released(subject=OFFICER, post="officer")))}
    assert names(reached("officer", agencies=gone)) == [("head", f"subject/{HEAD}", "mail")]
    assert names(reached("officer", agencies=gone, day=MAY))[0][0] == "head"


def test_a_rung_with_one_step_filled_climbs_no_further() -> None:
    assert names(reached("officer", "head", agencies={FIRST: (appointed(HEAD, "head"),)})) == [
        ("head", f"subject/{HEAD}", "mail")
    ]


def test_nobody_in_post_the_agencys_mailbox_is_written_to_before_anything_climbs() -> None:
    assert names(reached("officer", contacts=MAIL)) == [("officer", f"agency/{FIRST}", "mail")]
    assert names(reached("officer", contacts=MAIL, agencies=STAFFED)) == [
        ("officer", f"subject/{OFFICER}", "mail")
    ]


def test_the_webhook_is_added_once_for_what_is_the_agencys() -> None:
    found = names(reached("officer", "substitute", "head", contacts=MAIL | HOOK, agencies=STAFFED))
    assert found.count(("officer", f"agency/{FIRST}", "webhook")) == 1
    assert [channel for *_, channel in found].count("webhook") == 1
    assert {one for one, *_ in found} == {"officer", "head"}


def test_what_is_the_citys_goes_to_no_agencys_webhook() -> None:
    assert "webhook" not in {one.channel for one in reached("department", "planner", contacts=HOOK)}


def test_an_agency_that_has_but_a_webhook_is_told_by_it_though_the_rung_climbs() -> None:
    assert names(reached("officer", "planner", contacts=HOOK)) == [
        ("planner", "programme/2024/planner", "mail"),
        ("officer", f"agency/{FIRST}", "webhook"),
    ]
    assert names(reached("officer", contacts=HOOK)) == [
        ("department", "programme/2024/department", "mail"),
        ("officer", f"agency/{FIRST}", "webhook"),
    ]


def test_after_a_hand_over_the_other_agency_is_reminded_from_that_day_on() -> None:
    people = STAFFED | {"gtc": (appointed(SECOND, "officer"),)}
    life = ((JUNE, t.HandedOver(lead="gtc")),)
    before = reached("officer", agencies=people, life=life, day=date(2024, 6, 9))
    after = reached("officer", agencies=people, life=life)
    assert [one.recipient for one in (*before, *after)] == [f"subject/{OFFICER}", f"subject/{SECOND}"]


def test_after_a_merger_the_agency_that_took_over_is_reminded() -> None:
    people = {
        FIRST: (*STAFFED[FIRST], (JUNE, a.Merged(into="gjcf"))),
        "gjcf": (appointed(SECOND, "officer"), (JUNE, a.Merged(into="gtc"))),
        "gtc": (appointed(DEPUTY, "officer"),),
    }
    assert names(reached("officer", agencies=people)) == [("officer", f"subject/{DEPUTY}", "mail")]
    assert names(reached("officer", agencies=people, day=date(2024, 6, 9)))[0][1] == f"subject/{OFFICER}"


def test_an_agency_that_was_closed_has_no_mailbox_any_more() -> None:
    closed = {FIRST: ((JUNE, a.Closed()),)}
    assert names(reached("officer", agencies=closed, contacts=MAIL)) == [
        ("department", "programme/2024/department", "mail")
    ]
    assert names(reached("officer", agencies=closed, contacts=MAIL, city={}))[0][0] == "planner"
    assert names(reached("officer", contacts=MAIL, agencies=closed, day=date(2024, 6, 9)))[0][0] == "officer"


def test_nor_are_people_and_webhook_of_a_closed_agency_written_to() -> None:
    closed = {FIRST: (*STAFFED[FIRST], (JUNE, a.Closed()))}
    found = names(reached("officer", agencies=closed, contacts=MAIL | HOOK))
    assert found == [("department", "programme/2024/department", "mail")]


@pytest.mark.parametrize("step", STEPS)
def test_whatever_the_step_somebody_is_reached(step: str) -> None:
    assert reached(step, city={})
    assert reached(step, agencies={FIRST: ((MAY, a.Closed()),)}, city={})


CHAIN = (
    appointed(OFFICER, "officer"),
    appointed(SECOND, "officer"),
    appointed(HEAD, "head"),
    (JANUARY, a.SubstituteAppointed(number=4, absent=OFFICER, substitute=SECOND, starts=JUNE, ends=JUNE)),
    (JANUARY, a.SubstituteAppointed(number=5, absent=SECOND, substitute=HEAD, starts=JUNE, ends=JUNE)),
)


def test_a_substitute_who_is_away_too_is_stood_in_for() -> None:
    (found,) = reached("officer", agencies={FIRST: CHAIN})
    assert found.recipient == f"subject/{HEAD}"


def test_a_substitute_who_has_left_stands_in_for_nobody() -> None:
    left = (JANUARY, a.Released(subject=HEAD, post="head"))
    found = reached("officer", agencies={FIRST: (*CHAIN, left)})
    assert [one.recipient for one in found] == [f"subject/{SECOND}"], "who is away, and replaced by nobody"
    both = (JANUARY, a.Released(subject=SECOND, post="officer"))
    found = reached("officer", agencies={FIRST: (*CHAIN, left, both)})
    assert [one.recipient for one in found] == [f"subject/{OFFICER}"]


def position(*holders: str, mandate: Mandate | None = None) -> Position:
    """The vice mayor's, held by these; whoever of them is first lets DEPUTY sign in May."""
    since = datetime(2024, 1, 2, tzinfo=SEOUL)
    given = {}
    if mandate is not None:
        fact = Delegated(
            number=3, mandate=mandate, holder=holders[0], delegate=DEPUTY, starts=MAY, ends=date(2024, 5, 31)
        )
        given = {3: fact}
    return Position(LocalText(ko="부시장", en="Vice Mayor"), dict.fromkeys(holders, since), given)


def test_a_position_comes_to_who_holds_it_under_its_name() -> None:
    found = reached(MAYOR, position=position(HEAD, SECOND), agencies=STAFFED)
    assert names(found) == [(MAYOR, f"subject/{HEAD}", "mail"), (MAYOR, f"subject/{SECOND}", "mail")]
    assert {one.to_name for one in found} == {LocalText(ko="부시장", en="Vice Mayor")}


@pytest.mark.parametrize("mandate", ["standing", "proxy", "substitute"])
@pytest.mark.parametrize(("day", "to"), [(MAY, DEPUTY), (date(2024, 5, 31), DEPUTY), (JUNE, HEAD)])
def test_who_signs_for_the_holder_on_the_day_is_told_in_their_place(
    mandate: Mandate, day: date, to: str
) -> None:
    (found,) = reached(MAYOR, position=position(HEAD, mandate=mandate), day=day)
    assert found.recipient == f"subject/{to}"
    assert found.stands_in_for == (HEAD if to == DEPUTY else None)


def test_a_position_that_nobody_holds_is_the_planners_also_where_others_are_told() -> None:
    planner = ("planner", "programme/2024/planner", "mail")
    assert names(reached(MAYOR, position=position())) == [planner]
    both = names(reached("officer", MAYOR, position=position(), agencies=STAFFED))
    assert both == [("officer", f"subject/{OFFICER}", "mail"), planner]
    unreached = reached(MAYOR, position=position(HEAD), reaches=lambda one, _: HEAD not in one)
    assert names(unreached) == [planner]


def test_a_position_is_told_of_no_agencys_mailbox() -> None:
    found = reached(MAYOR, position=position(HEAD), contacts=MAIL | HOOK)
    assert names(found) == [(MAYOR, f"subject/{HEAD}", "mail")]
