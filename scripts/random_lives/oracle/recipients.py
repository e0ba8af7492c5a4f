"""Whom a rung reaches at a moment, by the facts known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scripts.random_lives.oracle.agencies import (
    Agency,
    Offices,
    addresses_at,
    answering,
    fold_agencies,
    fold_offices,
)
from scripts.random_lives.oracle.cases import moment, seoul_day
from scripts.random_lives.oracle.definitions import AGENCY_STEPS, STEPS
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.tasks import fold_task

Recipient = tuple[str, str]  # whom, and by mail or webhook


@dataclass(frozen=True)
class City:
    """Who was who at a moment. `anybody`: as if everybody could be reached, which is known only when a mail goes."""

    agencies: dict[str, Agency]
    offices: Offices
    day: date
    anybody: bool = False


def city_at(life: Life, position: int, at: datetime) -> City:
    known = [fact for fact in life.facts if fact.position < position]
    changes = [(moment(when), subject, address) for when, subject, address in life.case.address_changes]
    persons = addresses_at(life.case.people, changes, at)
    return City(fold_agencies(known, at), fold_offices(known, at, persons), seoul_day(at))


def lead_at(life: Life, name: str, position: int, at: datetime) -> str:
    """The agency that leads the task by what was known and in effect then."""
    facts = [fact for fact in life.tasks.get(name, []) if fact.position < position and fact.so <= at]
    return fold_task(name, facts).lead


def recipients_of(city: City, name: str, lead: str, steps: tuple[str, ...]) -> set[Recipient]:
    """Each once; where no step reaches anybody it climbs: the agency's mailbox, then the steps above."""
    code = answering(city.agencies, lead)
    agency = city.agencies.get(code, Agency())
    reached = {one for step in steps for one in _reach(city, name, code, agency, step)}
    if not reached:
        reached = _climb(city, name, code, agency, steps)
    if AGENCY_STEPS & set(steps) and not agency.closed and agency.contacts.get("webhook"):
        reached.add((f"agency/{code}", "webhook"))
    return reached


def _climb(city: City, name: str, code: str, agency: Agency, steps: tuple[str, ...]) -> set[Recipient]:
    if reached := _mailbox(code, agency):
        return reached
    for step in STEPS[max(STEPS.index(step) for step in steps) + 1 :]:
        if reached := _reach(city, name, code, agency, step):
            return reached
    return set()


def _reach(city: City, name: str, code: str, agency: Agency, step: str) -> set[Recipient]:
    programme = f"programme/{name[:4]}"
    match step:
        case "planner":
            return {(f"{programme}/planner", "mail")}
        case "department":
            return (
                {(f"{programme}/department", "mail")}
                if (programme, "department") in city.offices.boxes
                else set()
            )
    if agency.closed:
        return set()
    people = agency.people(city.day)
    match step:
        case "substitute":
            subjects = {substitute for _, _, substitute in people}
        case _:
            subjects = {substitute or subject for post, subject, substitute in people if post == step}
    reached = {(f"subject/{one}", "mail") for one in subjects if one and _is_reached(city, one)}
    return reached or (_mailbox(code, agency) if step == "officer" else set())


def _is_reached(city: City, subject: str) -> bool:
    return city.anybody or bool(city.offices.persons.get(subject))


def _mailbox(code: str, agency: Agency) -> set[Recipient]:
    return {(f"agency/{code}", "mail")} if agency.contacts.get("mail") and not agency.closed else set()


def address_of(city: City, recipient: str) -> str | None:
    room, _, rest = recipient.partition("/")
    match room:
        case "subject":
            return city.offices.persons.get(rest)
        case "agency":
            return city.agencies.get(rest, Agency()).contacts.get("mail")
    programme, _, office = recipient.rpartition("/")
    return city.offices.boxes.get((programme, office))
