"""Several commands given at once: all are carried out or none, and which of them were refused is told together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from domain.errors import Lang, Refusal
from workflows.command_envelope import CommandEnvelope

_NAMED = 20
G = TypeVar("G")
R = TypeVar("R")


class SomeRefused(Refusal):
    """Some of the commands given at once were refused, so none was carried out. `faults`: by place, from 0."""

    ko = "명령 {all}개 가운데 {count}개가 거부되어 아무것도 처리하지 않았습니다: {listed}"
    en = "None of {all} command(s) was carried out, since {count} of them would be refused: {listed}"

    def __init__(self, faults: Sequence[tuple[int, Refusal]], given: int) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults), all=given, listed=_Listed(self.faults))


class _Listed:
    def __init__(self, faults: Sequence[tuple[int, Refusal]]) -> None:
        self._faults = faults

    def say(self, lang: Lang) -> str:
        told = [f"{place + 1}: {refusal.say(lang)}" for place, refusal in self._faults[:_NAMED]]
        return " / ".join(told) + (" …" if len(self._faults) > _NAMED else "")


def work_on_each(given: Sequence[G], work: Callable[[G], R]) -> list[R]:
    """The work done on each. Raises SomeRefused with all that were refused."""
    done: list[R] = []
    faults: list[tuple[int, Refusal]] = []
    for place, one in enumerate(given):
        try:
            done.append(work(one))
        except Refusal as refusal:
            faults.append((place, refusal))
    if faults:
        raise SomeRefused(faults, len(given))
    return done


def attribute(
    envelopes: Sequence[CommandEnvelope], refusal: Refusal
) -> list[tuple[CommandEnvelope, Refusal]]:
    """Which of several commands were refused, each with its own refusal; those beside them were only not carried out."""
    if isinstance(refusal, SomeRefused):
        return [(envelopes[place], one) for place, one in refusal.faults]
    stream = refusal.details.get("stream")  # of a conflict
    return [(next((one for one in envelopes if one.command.stream == stream), envelopes[0]), refusal)]
