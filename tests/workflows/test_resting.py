"""What did not work is left alone for longer and longer, each thing for itself, until it works."""

from __future__ import annotations

from workflows.resting import Rests


def test_each_thing_rests_for_itself_and_longer_each_time() -> None:
    now = [0.0]
    rests = Rests(1.0, 5.0, lambda: now[0])
    assert not rests.resting("a")
    assert [rests.note_failure("a") for _ in range(5)] == [1, 2, 4, 5, 5]
    assert (rests.resting("a"), rests.resting("b")) == (True, False)
    now[0] = 5.0
    assert not rests.resting("a"), "its time is over"
    assert rests.note_failure("a") == 5, "the control: not forgotten by that alone"
    rests.well("a")
    assert not rests.resting("a")
    assert rests.note_failure("a") == 1


def test_a_try_is_taken_to_be_in_vain_until_it_is_known_to_have_worked() -> None:
    now = [0.0]
    rests = Rests(1.0, 100.0, lambda: now[0])
    tried = []
    for _ in range(20):
        if rests.may_try("a"):
            tried.append(now[0])
        now[0] += 1
    assert tried == [0, 1, 3, 7, 15]


def test_whose_rest_is_over_may_be_forgotten_and_what_is_kept_is_not() -> None:
    now = [0.0]
    rests = Rests(1.0, 100.0, lambda: now[0])
    for _ in range(2):
        for name in ("a", "b"):
            rests.note_failure(name)
    now[0] = 2.0
    rests.forget_over()
    assert rests.note_failure("a") == 4, "at the very end of its rest it is remembered"
    now[0] = 7.0
    rests.forget_over(keep={"b"})
    assert (rests.note_failure("a"), rests.note_failure("b")) == (1, 4)
