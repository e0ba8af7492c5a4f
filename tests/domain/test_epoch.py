"""The store's epochs: counted upwards, each begun once."""

from __future__ import annotations

import pytest

from domain.epoch.commands import BeginEpoch
from domain.epoch.facts import EpochBegun
from domain.epoch.refusals import EpochBegunAlready
from domain.epoch.state import EPOCH, Epoch
from tests.domain.examples import fold, refused, when

SECOND = EpochBegun(number=2, after=41)


def test_a_store_is_in_its_first_epoch_until_a_person_begins_another() -> None:
    assert fold(EPOCH, []) == Epoch(number=1)
    assert when(BeginEpoch(number=2, after=41), []) == (SECOND,)
    assert fold(EPOCH, [SECOND]) == Epoch(number=2)


def test_an_epoch_may_be_left_out_when_another_life_of_the_store_had_it() -> None:
    """A backup of the first epoch is restored after a second one had begun and was lost."""
    assert when(BeginEpoch(number=3, after=41), []) == (EpochBegun(number=3, after=41),)


@pytest.mark.parametrize("number", [2, 3])
def test_no_epoch_begins_twice_or_backwards(number: int) -> None:
    refused(EpochBegunAlready, BeginEpoch(number=number, after=50), [SECOND, EpochBegun(number=3, after=45)])
