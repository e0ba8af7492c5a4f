"""Persons at the command handler: registered, in office on that day, and for another only by a mandate that is in force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.errors import Refusal
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.seoul import local_day
from domain.subject.commands import Erase, Register
from domain.task import commands as task
from domain.task.facts import Withdrawn
from store.envelope import Actor, Envelope
from store.log import Store
from store.recorded import Batch, NewFact
from store.refused import load_refused
from tests.workflows.test_command_handler import NAME, propose
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.permissions import NotPermitted, NotYourTask
from workflows.persons import (
    ActsForUnnamed,
    NotInOffice,
    PersonErased,
    PersonNotRegistered,
    StandsInForNobody,
)
from workflows.read_access import About, Reader, authorise_and_record

PLANNER, OFFICE = Actor(role="planner"), Actor(role="officer", agency="gto")
ONE, TWO, HEAD, NOBODY = (letter * 32 for letter in "abcd")
OFFICER, OTHER = replace(OFFICE, subject=ONE), replace(OFFICE, subject=TWO)
THE_HEAD = Actor(role="head", agency="gto", subject=HEAD)
CONTACT = agency.SetContact(agency="gto", channel="mail", address="a@gto.example")


class Office:
    """A store with two officers and a head of one agency; nobody is away yet."""

    def __init__(self, store: Store) -> None:
        self.store, self.handler = store, CommandHandler(store, lambda: None)

    @property
    def today(self) -> date:
        return local_day(self.store.now())

    def give(self, command: Command, actor: Actor = PLANNER, behalf: Actor | None = None, **more: Any) -> Any:
        reason = "사유" if command.asks_why(actor.role) else None
        given: dict[str, Any] = {"via": "cli", "reason": reason} | more
        order = CommandEnvelope(command=command, actor=actor, on_behalf_of=behalf, **given)
        self.handler.handle(order)
        return self.store.read(command.stream)[-1].envelope

    def away(self, days: int, substitute: str = ONE, absent: str = HEAD) -> None:
        """Somebody is away from today on for so many days more."""
        span = {"starts": self.today, "ends": self.today + timedelta(days=days)}
        self.give(agency.AppointSubstitute(agency="gto", absent=absent, substitute=substitute, **span))

    def lets(self, decision: str, delegate: str = ONE, holder: str = HEAD) -> None:
        fields: dict[str, Any] = {"holder": holder, "delegate": delegate, "starts": self.today}
        self.give(agency.DelegateDecision(agency="gto", form="standing", decision=decision, **fields))


@pytest.fixture
def office(store: Store) -> Office:
    made = Office(store)
    made.give(Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)))
    made.give(agency.Register(agency="gto", name=NAME))
    made.give(AddTask(year=2024, task="2024-06", area="culture", lead="gto", title=NAME))
    made.give(agency.Register(agency="gjcf", name=NAME))
    for subject, post in ((ONE, "officer"), (TWO, "officer"), (HEAD, "head")):
        made.give(Register(subject=subject))
        made.give(agency.Appoint(agency="gto", subject=subject, post=post))  # type: ignore[arg-type]
    return made


def last(office: Office) -> str:
    return load_refused(office.store, most=1)[0].refusal


def test_who_is_registered_and_in_office_acts_and_stands_in_the_envelope(office: Office) -> None:
    envelope = office.give(propose(), OFFICER)
    assert (envelope.actor, envelope.on_behalf_of, envelope.mandate) == (OFFICER, None, None)


def test_an_office_without_a_person_is_let_in(office: Office) -> None:
    assert office.give(propose(), OFFICE).actor.subject is None


@pytest.mark.parametrize(
    "actor", [PLANNER, OFFICE, Actor(role="head", agency="gto")], ids=lambda one: one.role
)
def test_an_id_that_nobody_was_registered_with_is_refused(office: Office, actor: Actor) -> None:
    command = propose() if actor.role == "officer" else CONTACT
    with pytest.raises(PersonNotRegistered) as told:
        office.give(command, replace(actor, subject=NOBODY))
    assert "subject register" in told.value.say("ko")
    assert "subject register" in told.value.say("en")
    assert last(office) == "PersonNotRegistered"


def test_nobody_acts_as_somebody_whose_details_were_erased(office: Office) -> None:
    office.give(Register(subject=NOBODY))
    office.give(CONTACT, replace(PLANNER, subject=NOBODY))
    office.give(Erase(subject=NOBODY))
    with pytest.raises(PersonErased):
        office.give(CONTACT, replace(PLANNER, subject=NOBODY))


def test_who_holds_another_post_or_is_of_another_agency_does_not_act_in_this_one(office: Office) -> None:
    for actor in (replace(THE_HEAD, subject=ONE), replace(OFFICE, agency="gjcf", subject=ONE)):
        with pytest.raises(NotInOffice) as told:
            office.give(CONTACT if actor.role == "head" else propose(lead="gjcf"), actor)
        assert "agency appoint" in told.value.say("en")


def test_who_was_released_acts_no_more_and_did_until_then(office: Office) -> None:
    office.give(propose(), OTHER)
    office.give(agency.Release(agency="gto", subject=TWO, post="officer"))
    with pytest.raises(NotInOffice):
        office.give(task.Withdraw(task="2024-06"), OTHER)


def test_a_substitute_acts_with_the_right_of_who_is_away_and_says_so(office: Office) -> None:
    with pytest.raises(NotPermitted):
        office.give(CONTACT, OFFICER)
    with pytest.raises(StandsInForNobody):
        office.give(CONTACT, OFFICER, THE_HEAD)
    office.away(3)
    envelope = office.give(CONTACT, OFFICER, THE_HEAD)
    assert (envelope.actor, envelope.on_behalf_of) == (OFFICER, THE_HEAD)
    number = office.store.read("agency/gto")[-2].fact.number
    assert (envelope.mandate, envelope.v) == (f"agency/gto#{number}", 2)
    with pytest.raises(StandsInForNobody):
        office.give(CONTACT, OTHER, THE_HEAD)
    with pytest.raises(NotPermitted):
        office.give(CONTACT, OFFICER)


def test_a_substitution_that_has_ended_or_not_begun_lets_nobody_act(office: Office) -> None:
    span = {"starts": office.today + timedelta(days=1), "ends": office.today + timedelta(days=2)}
    office.give(agency.AppointSubstitute(agency="gto", absent=HEAD, substitute=ONE, **span))
    with pytest.raises(StandsInForNobody):
        office.give(CONTACT, OFFICER, THE_HEAD)
    office.away(0)
    number = office.store.read("agency/gto")[-1].fact.number
    office.give(CONTACT, OFFICER, THE_HEAD)
    office.give(agency.EndSubstitution(agency="gto", number=number))
    with pytest.raises(StandsInForNobody):
        office.give(CONTACT.model_copy(update={"address": "b@gto.example"}), OFFICER, THE_HEAD)


def test_of_a_chain_of_substitutes_the_last_one_acts(office: Office) -> None:
    office.away(3)
    office.away(3, substitute=TWO, absent=ONE)
    with pytest.raises(StandsInForNobody):
        office.give(CONTACT, OFFICER, THE_HEAD)
    assert office.give(CONTACT, OTHER, THE_HEAD).actor == OTHER


def test_a_delegate_takes_the_one_decision_that_was_delegated_also_where_it_is_passed_on(
    office: Office,
) -> None:
    office.lets("task.propose")
    number = office.store.read("agency/gto")[-1].fact.number
    office.lets("task.propose", holder=ONE, delegate=TWO)
    envelope = office.give(propose(), OTHER, THE_HEAD)
    assert envelope.mandate == f"agency/gto#{number}", "what the head gave"
    for actor in (OFFICER, OTHER):
        with pytest.raises(StandsInForNobody):
            office.give(task.Withdraw(task="2024-06"), actor, THE_HEAD)


@pytest.mark.parametrize(
    ("actor", "behalf"),
    [
        (OFFICE, THE_HEAD),
        (OFFICER, replace(THE_HEAD, subject=None)),
        (OFFICER, replace(THE_HEAD, agency="gjcf")),
        (OFFICER, replace(PLANNER, subject=HEAD)),
        (replace(PLANNER, subject=ONE), THE_HEAD),
    ],
    ids=["an office acts", "for an office", "of another agency", "for the city", "the city acts"],
)
def test_who_acts_for_another_and_for_whom_are_persons_of_one_agency(
    office: Office, actor: Actor, behalf: Actor
) -> None:
    office.away(3)
    command = propose() if actor.role == "officer" else CONTACT
    with pytest.raises((ActsForUnnamed, NotYourTask)) as told:
        office.give(command, actor, behalf)
    assert told.type is ActsForUnnamed


def test_for_whom_one_acts_is_in_office_too(office: Office) -> None:
    office.away(3)
    office.give(agency.Release(agency="gto", subject=HEAD, post="head"))
    with pytest.raises(NotInOffice):
        office.give(CONTACT, OFFICER, THE_HEAD)


def test_a_substitute_gets_no_right_beyond_the_agency_that_both_are_of(office: Office) -> None:
    office.away(3)
    with pytest.raises(NotYourTask):
        office.give(CONTACT.model_copy(update={"agency": "gjcf"}), OFFICER, THE_HEAD)
    with pytest.raises(NotPermitted):
        office.give(task.Approve(task="2024-06"), OFFICER, THE_HEAD)


@pytest.mark.parametrize("subject", [NOBODY, ONE], ids=["registered nowhere", "of another agency"])
def test_readers_are_persons_too(office: Office, subject: str) -> None:
    about = About(reading="task.show", agencies=("gto",), tasks=("2024-06",))
    authorise_and_record(office.store, Reader(via="cli", actor=OFFICER, authn="asserted"), about, None)
    agency_of = "gto" if subject == NOBODY else "gjcf"
    stranger = Reader(via="cli", actor=replace(OFFICE, agency=agency_of, subject=subject), authn="asserted")
    with pytest.raises(Refusal) as told:
        authorise_and_record(office.store, stranger, about, None)
    assert told.type in (PersonNotRegistered, NotInOffice)
    assert last(office) == told.value.name


def test_the_same_command_again_is_the_same_also_after_its_giver_was_released(office: Office) -> None:
    identity = "e" * 32
    office.give(propose(), OTHER, command_id=identity)
    office.give(agency.Release(agency="gto", subject=TWO, post="officer"))
    outcome = office.handler.handle(
        CommandEnvelope(command=propose(), actor=OTHER, via="cli", command_id=identity)
    )
    assert outcome.repeated


def test_a_machine_that_people_give_commands_at_stands_beside_their_facts_and_no_others(
    office: Office,
) -> None:
    office.handler.machine = "user=kim; host=pc-1"
    envelope = office.give(propose(), OFFICER)
    assert office.store.text(envelope.machine).body == "user=kim; host=pc-1"
    assert envelope.v == 2
    ruled = office.give(task.Withdraw(task="2024-06"), Actor(role="system"), via="rule")
    assert (ruled.machine, ruled.v) == (None, 1)


def test_it_is_the_command_handler_that_keeps_them_out_and_what_older_ones_let_in_is_still_read(
    office: Office,
) -> None:
    """The control: nothing else refuses an id that nobody was registered with."""
    office.give(propose(), OFFICER)
    envelope = Envelope(
        v=1, schema=1, actor=replace(OFFICE, subject=NOBODY), via="cli", authn="asserted", command="f" * 32
    )
    made = NewFact("task/2024-06", 2, envelope, Withdrawn())
    office.store.append(Batch(command_id="f" * 32, digest=bytes(32), facts=(made,)))
    last = office.store.read("task/2024-06")[-1]
    assert (last.kind, last.envelope.actor.subject) == ("task.withdrawn", NOBODY)
