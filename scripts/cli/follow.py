"""`follow`: the log from a position on, a line a fact, and then whatever comes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Event
from typing import Annotated

import typer

from domain.errors import Refusal, ServerUnreachable
from domain.seoul import SEOUL
from domain.values import LocalText
from projections.history import history
from scripts.cli.run import Run, command
from store.bulk import export_facts
from store.following import Pages
from store.texts import Ref, TextRead, TextState
from trail.files import problem_of
from trail.stored import POSITION, StoredFact
from workers.engine import Engine
from workflows.lookups import agency_names
from workflows.queries.histories import may_follow
from workflows.titles import item_names

_REST_SECONDS = 2.0  # after which a store that did not answer is asked again
_RIGHT_SECONDS = 3600.0


class LinesFail(Refusal):
    """Standard output takes no more, e.g. because a disk is full."""

    ko = "기록을 더 내보낼 수 없어 {position}번에서 멈추었습니다: {problem}. 고친 뒤 `--from {next}`로 이어서 받으십시오."
    en = "No more of the log can be written; it ended with fact {position}: {problem}. Mend that, and go on with `--from {next}`."


def add(app: typer.Typer) -> None:
    @command(app)
    def follow(
        run: Run,
        first: Annotated[
            int | None,
            typer.Option(
                "--from",
                metavar="N",
                min=1,
                help="Begin with the fact at this position; else with the next one. "
                "= 이 위치의 기록부터. 없으면 다음 기록부터입니다.",
            ),
        ] = None,
    ) -> None:
        with run.engine() as engine, _end_when_told() as stopped:
            may_follow(run.inquiry(engine.store))
            after = engine.store.head().position if first is None else first - 1
            Following(run, engine, after, stopped).go_on()


class Following:
    """`position`: of the last fact that was printed; `right`: for how many seconds who may follow is not asked again.

    Agencies' names are folded at the start, and again where a page tells of an agency.
    """

    def __init__(
        self, run: Run, engine: Engine, position: int, stopped: Event, right: float = _RIGHT_SECONDS
    ) -> None:
        self._run, self._engine, self.position, self._stopped = run, engine, position, stopped
        self._lines = _as_stored if run.as_json else self._narrate
        self._right, self._asked, self._lost = right, time.monotonic(), False
        self._names: Mapping[str, LocalText] | None = None

    def go_on(self) -> None:
        """Print until it is told to end, or nobody reads any more. A store that does not answer is waited for."""
        pages = Pages(self._rows_after, self.position, self._stopped)
        rows: Sequence[StoredFact] = ()
        with suppress(BrokenPipeError):
            while not self._stopped.is_set():
                try:
                    rows = [row for row in rows if row[POSITION] > self.position] or next(pages, ())
                    self._print(rows)
                except ServerUnreachable as error:
                    self._say_lost(error)
                    self._stopped.wait(_REST_SECONDS)

    def _print(self, rows: Sequence[StoredFact]) -> None:
        if time.monotonic() - self._asked > self._right:
            self._run.forget_who()
            may_follow(self._run.inquiry(self._engine.store))
            self._asked = time.monotonic()
        for (position, *_), line in zip(rows, self._lines(rows), strict=True):
            if self._stopped.is_set():
                return
            self._write(line + b"\n")
            self.position = position

    def _write(self, line: bytes) -> None:
        """A whole line, at once. Raises BrokenPipeError, LinesFail."""
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except OSError as error:
            # what is left of it would be tried once more at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                raise
            self._run.as_json = False  # the refusal goes where there is room
            raise LinesFail(
                position=self.position, next=self.position + 1, problem=problem_of(error)
            ) from None

    def _narrate(self, rows: Sequence[StoredFact]) -> Iterator[bytes]:
        """Position, when it became known in Seoul, of which stream, and what happened."""
        store, lang = self._engine.store, self._run.lang
        if self._names is None or any(row[1].startswith("agency/") for row in rows):
            self._names = agency_names(store)
        items = item_names(store)
        for one in map(store.decode, rows):
            (line,) = history([one], _leave_out, self._names, lang, items=items)
            told = f"{one.position:>7}  {one.known_at.astimezone(SEOUL):%Y-%m-%d %H:%M}  {one.stream}  {line.sentence}"
            yield " ".join(told.splitlines()).encode(errors="backslashreplace")

    def _rows_after(self, position: int, limit: int) -> Sequence[StoredFact]:
        rows = self._engine.store.rows_after(position, limit)
        if self._lost:
            self._lost = False
            self._say("저장소가 다시 응답합니다. 이어서 따라갑니다.", "The store answers again; it goes on.")
        return rows

    def _say_lost(self, error: ServerUnreachable) -> None:
        """Once, until it answers again."""
        if not self._lost:
            self._lost = True
            self._run.err.print(error.say(self._run.lang), style="red", soft_wrap=True, markup=False)
            self._say(
                f"{self.position}번까지 받았습니다. 저장소가 응답하면 저절로 이어서 따라갑니다. 끝내려면 Ctrl-C를 누르십시오.",
                f"It came as far as fact {self.position}, and goes on by itself once the store answers. Press Ctrl-C to stop.",
            )

    def _say(self, ko: str, en: str) -> None:
        self._run.err.print(self._run.words(ko, en), style="yellow", soft_wrap=True, markup=False)


def _as_stored(rows: Sequence[StoredFact]) -> Iterator[bytes]:
    return export_facts(rows)


def _leave_out(ref: Ref) -> TextRead:
    return TextRead(TextState.COMMITTED, body="…")


@contextmanager
def _end_when_told() -> Iterator[Event]:
    """Set by Ctrl-C or a polite kill, so that a line that was begun is ended. Asked a second time, it ends at once."""
    stopped = Event()

    def told(signum: int, frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = {one: signal.signal(one, told) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
