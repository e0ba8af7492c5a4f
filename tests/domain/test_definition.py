"""Lifecycle definitions as facts: what is adopted never changes, dates back over nothing, and may be taken or not."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from domain.definition.commands import Adopt, Draft, Withdraw
from domain.definition.decider import AGGREGATE
from domain.definition.facts import Adopted, Drafted, Withdrawn
from domain.definition.hashing import sha256_of
from domain.definition.refusals import (
    AdoptedAlready,
    AdoptedForThePast,
    ForOtherYears,
    NameInContent,
    NotAdopted,
    NotInForceYet,
    WithdrawnAlready,
)
from domain.definition.state import DEFINITION, Versions
from domain.errors import BadInput, Refusal
from domain.lifecycle.content import canonical, content_of, parse_content
from domain.programme.commands import Open
from tests.domain.examples import AREAS, CONTENT, NOON, WORLD, fold, ko, refused, when

NAME = "donghaeng-2024"
TODAY = date(2024, 3, 8)  # on which `when` decides
ADOPT = Adopt(definition=NAME, content=CONTENT)
ADOPTED = Adopted(version=1, content=CONTENT, sha256=sha256_of(CONTENT), from_day=TODAY)


def other(**changes: object) -> str:
    """The content with these of its entries."""
    return canonical(json.loads(CONTENT) | changes)


def test_what_is_adopted_stands_whole_in_the_fact() -> None:
    assert when(ADOPT) == (ADOPTED,)
    assert content_of(parse_content(ADOPTED.content)) == CONTENT


def test_spaces_and_the_order_of_keys_make_no_other_content() -> None:
    loose = json.dumps(dict(reversed(json.loads(CONTENT).items())), indent=2)
    assert when(Adopt(definition=NAME, content=loose)) == (ADOPTED,)


def test_a_draft_is_held_until_it_is_adopted() -> None:
    (drafted,) = when(Draft(definition=NAME, content=CONTENT))
    assert drafted == Drafted(version=1, content=CONTENT, sha256=sha256_of(CONTENT))
    assert set(fold(DEFINITION, (drafted,)).drafts) == {1}
    after = fold(DEFINITION, (drafted, ADOPTED))
    assert (after.drafts, set(after.adopted)) == ({}, {1})


def test_what_is_adopted_never_changes() -> None:
    for content in (CONTENT, other(grades=[{"grade": "S", "least": "0"}])):
        for command in (
            Adopt(definition=NAME, content=content),
            Draft(definition=NAME, content=content),
        ):
            assert refused(AdoptedAlready, command, (ADOPTED,)).details["next"] == 2
    assert when(Adopt(definition=NAME, content=other(version=2)), (ADOPTED,))


def test_nothing_is_adopted_for_days_that_are_past() -> None:
    refused(AdoptedForThePast, ADOPT.model_copy(update={"from_day": TODAY - timedelta(days=1)}))
    (fact,) = when(ADOPT.model_copy(update={"from_day": TODAY + timedelta(days=1)}))
    assert isinstance(fact, Adopted)
    assert fact.from_day == TODAY + timedelta(days=1)


def test_a_late_entry_of_an_adoption_dates_nothing_back() -> None:
    """The day on which it is entered counts, not the one that is said."""
    from domain.aggregate import DecisionContext  # noqa: PLC0415 only here

    context = DecisionContext(NOON, now=NOON + timedelta(days=300))
    (fact,) = AGGREGATE.decide(ADOPT, Versions(), context)
    assert isinstance(fact, Adopted)
    assert fact.from_day == (NOON + timedelta(days=300)).date()


def test_the_content_says_the_name() -> None:
    refused(NameInContent, Adopt(definition="gunsan", content=CONTENT))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deadlines": []}, "transitions[start_as_planned].deadline"),
        ({"name": "Gunsan"}, "name"),
        ({"stage": []}, "stage"),
        ({"transitions": [{"rule": "x"}]}, "transitions[x].stage"),
    ],
)
def test_what_is_not_sound_is_refused_by_its_entry(changes: dict[str, object], field: str) -> None:
    found = refused(BadInput, Adopt(definition=NAME, content=other(**changes)))
    assert found.details["field"] == field


def test_a_version_is_withdrawn_once() -> None:
    assert when(Withdraw(definition=NAME, version=1), (ADOPTED,)) == (Withdrawn(version=1),)
    refused(WithdrawnAlready, Withdraw(definition=NAME, version=1), (ADOPTED, Withdrawn(version=1)))
    refused(NotAdopted, Withdraw(definition=NAME, version=2), (ADOPTED,))


OPEN = Open(year=2025, name=ko("동행전략"), city=ko("광주광역시"), areas=AREAS, definition=f"{NAME}/1")


@pytest.mark.parametrize(
    ("held", "refusal"),
    [
        ((ADOPTED,), None),
        ((replace(ADOPTED, programmes=(2025,)),), None),
        ((replace(ADOPTED, programmes=(2024,)),), ForOtherYears),
        ((replace(ADOPTED, from_day=TODAY + timedelta(days=1)),), NotInForceYet),
        ((ADOPTED, Withdrawn(version=1)), WithdrawnAlready),
        ((), None),  # by a template: whoever knows the templates looks after that
    ],
)
def test_a_year_is_opened_by_what_may_be_taken(
    held: tuple[Adopted | Withdrawn, ...], refusal: type[Refusal] | None
) -> None:
    world = {**WORLD, f"definition/{NAME}": held}
    if refusal is None:
        assert when(OPEN, world=world)
    else:
        refused(refusal, OPEN, world=world)


def test_who_moves_tasks_is_held_to_the_same() -> None:
    versions = fold(DEFINITION, (ADOPTED, Withdrawn(version=1)))
    with pytest.raises(WithdrawnAlready):
        versions.check_may_be_taken(f"{NAME}/1", TODAY)
