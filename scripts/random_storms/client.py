"""One client: `python -m scripts.random_storms.client NUMBER INCARNATION SEED FOLDER`. Gives commands and reads, until it is ended.

It does what a person's command line does, by the same command handler, and puts down in its ledger what it asks and what it hears.
"""

from __future__ import annotations

import random
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from domain.agency.commands import Rename
from domain.aggregate import Command
from domain.errors import DonghaengError, OutcomeUnknown, Refusal, ServerUnreachable
from domain.programme.commands import AddTask
from domain.task import commands as task
from domain.values import LocalText, Plan
from projections.board_page import board
from projections.inbox import agency_inbox
from projections.notices import notice_states
from scripts.random_storms.founding import AGENCIES, AREA, YEAR, next_morning
from scripts.random_storms.ledger import Ledger
from store.envelope import Actor
from workers.bootstrap import engine
from workers.engine import Engine
from workers.settings import Settings
from workflows.command_envelope import CommandEnvelope

PLANNER = Actor(role="planner")
_AGAIN_SECONDS = 60.0
_TASKS_OF_ONE = 8
PAUSE = "pause"  # a file in the folder, as long as nobody is to do anything
# By turns what moves deadlines and what does not: nobody is reminded at a tick at which deadlines are counted anew.
_MOVING_SECONDS, _ROUND_SECONDS = 1.5, 6.0
_SEAL_SECONDS, _DAY_SECONDS = 1.0, 0.2
Given = tuple[Command, Actor, str | None]


class Client:
    def __init__(self, number: int, incarnation: int, seed: int, folder: Path, built: Engine) -> None:
        self._number, self._built = number, built
        self._first = number * 240 + incarnation % 30 * _TASKS_OF_ONE + 1
        self._random = random.Random(f"{seed} {number} {incarnation}")  # noqa: S311 - the same for a seed
        self._name = f"{built.store.id} {number} {incarnation}"
        self._ledger = Ledger(folder / f"client-{number}-{incarnation}.ledger")
        self._pause = folder / PAUSE
        self._made = 0
        self._done: list[CommandEnvelope] = []
        self._turns: dict[str, float] = {}

    def run(self) -> None:
        steps = self._steps()
        while not _told:
            if self._pause.exists():
                self._idle()
                continue
            moving = time.monotonic() % _ROUND_SECONDS < _MOVING_SECONDS
            if moving:
                self._turn_days()
            self._turn_seal()
            draw = self._random.random()
            if draw < 0.15:
                self._read()
            elif draw < 0.2 and self._done:
                self._give(self._random.choice(self._done))  # once more: it must come to the same
            else:
                self._give(self._order(next(steps) if moving else self._rename()))
            time.sleep(self._random.uniform(0.005, 0.04))

    def _idle(self) -> None:
        self._ledger.put("idle", id="")
        while self._pause.exists() and not _told:
            time.sleep(0.05)

    def _turn_days(self) -> None:
        if self._number == 0 and self._turn("clock", _DAY_SECONDS):
            self._day()

    def _turn_seal(self) -> None:
        if self._number == 1 and self._turn("seal", _SEAL_SECONDS):
            self._seal()

    def _turn(self, what: str, every: float) -> bool:
        if time.monotonic() < self._turns.get(what, 0.0):
            return False
        self._turns[what] = time.monotonic() + every
        return True

    # What is asked

    def _steps(self) -> Iterator[Given]:
        """The lives of some tasks, one after the other, then reports without end; now and then what others ask too."""
        for number in range(_TASKS_OF_ONE):
            name, lead = f"{YEAR}-{self._first + number:03}", self._random.choice(AGENCIES)
            officer = Actor(role="officer", agency=lead)
            start = date(YEAR, 3, 4) + timedelta(days=self._random.randrange(200))
            plan = Plan(start=start, end=date(YEAR, 12, 20), budget_krw=1_000_000)
            title = LocalText(ko=f"과제 {name}")
            yield AddTask(year=YEAR, task=name, area=AREA, lead=lead, title=title), PLANNER, "목록"
            yield task.Propose(task=name, title=title, area=AREA, lead=lead, plan=plan), officer, None
            for _ in range(self._random.randrange(20)):  # so that there is always somebody to be reminded
                yield self._report(name, officer)
            if self._random.random() < 0.6:
                continue
            yield task.Approve(task=name), PLANNER, "적정"
            yield task.Start(task=name), officer, None
            for _ in range(self._random.randrange(6)):
                yield self._report(name, officer)
        while True:
            yield self._report(name, officer)

    def _report(self, name: str, officer: Actor) -> Given:
        return (
            task.ReportProgress(task=name, percent=self._random.randrange(100), text="추진 상황"),
            officer,
            None,
        )

    def _rename(self) -> Given:
        agency = self._random.choice(AGENCIES)
        return (
            Rename(agency=agency, name=LocalText(ko=f"{agency} {self._random.randrange(99)}")),
            PLANNER,
            None,
        )

    def _order(self, given: Given) -> CommandEnvelope:
        self._made += 1
        command, actor, reason = given
        named = uuid.uuid5(uuid.NAMESPACE_OID, f"{self._name} {self._made}").hex
        return CommandEnvelope(command=command, actor=actor, via="cli", reason=reason, command_id=named)

    def _give(self, envelope: CommandEnvelope) -> None:
        """Asked again under the same id as long as nobody knows what came of it, or nobody is there to be asked."""
        end = time.monotonic() + _AGAIN_SECONDS
        while not _told:
            outcome = self._ask(envelope)
            if outcome in ("done", "refused") or time.monotonic() > end:
                return
            time.sleep(0.2)

    def _ask(self, envelope: CommandEnvelope) -> str:
        about = {
            "id": envelope.command_id,
            "command": envelope.command.name,
            "stream": envelope.command.stream,
        }
        self._ledger.put("intent", **about)
        try:
            done = self._built.handler.handle(envelope)
        except OutcomeUnknown as error:
            self._ledger.put("unknown", id=envelope.command_id, error=error.name)
            return "unknown"
        except (ServerUnreachable, Refusal) as error:
            self._ledger.put("refused", id=envelope.command_id, error=error.name)
            return "refused" if isinstance(error, Refusal) else "unreachable"
        except Exception as error:
            self._ledger.put("broken", id=envelope.command_id, error=f"{type(error).__name__}: {error}")
            return "unknown"
        self._ledger.put("done", id=envelope.command_id, first=done.first_position, last=done.last_position)
        self._done = [*self._done[-9:], envelope]
        return "done"

    def _read(self) -> None:
        reading: Any = self._random.choice((board, agency_inbox, notice_states))
        self._note("reading", lambda: reading(self._built.store), reading.__name__)

    def _seal(self) -> None:
        from workers.sealing.sealer import seal  # noqa: PLC0415 - ciphers take a tenth of a second to load

        self._note("job", lambda: seal(self._built), "seal")

    def _day(self) -> None:
        """The simulated clock moves on by a day, as far as the programme's year goes."""
        store = self._built.store

        def move() -> None:
            store.move_clock(next_morning(store.now()))

        self._note("clock", move, "clock")

    def _note(self, what: str, act: Any, name: str) -> None:
        self._ledger.put(f"{what} begun", id=name)
        try:
            act()
        except DonghaengError as error:
            self._ledger.put(f"{what} ended", id=name, error=error.name)
        except Exception as error:
            self._ledger.put("broken", id=name, error=f"{type(error).__name__}: {error}")
        else:
            self._ledger.put(f"{what} ended", id=name)


_told: list[int] = []


def main() -> None:
    number, incarnation, seed, folder = sys.argv[1:]

    def told(signum: int, frame: FrameType | None) -> None:
        _told.append(signum)

    signal.signal(signal.SIGTERM, told)
    with suppress(KeyboardInterrupt), engine(Settings()) as built:
        Client(int(number), int(incarnation), int(seed), Path(folder), built).run()


if __name__ == "__main__":
    main()
