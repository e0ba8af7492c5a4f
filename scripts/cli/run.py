"""What every command shares: the engine, what is asked and given, and the frame in which all of it runs."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.console import Console

from domain.errors import Bilingual, DonghaengError, Refusal
from domain.positions import position_label
from domain.refusals import bad_input
from projections.behind import Read, note_views_read
from scripts.cli.acting import Acting
from scripts.cli.actor import NotByToken
from scripts.cli.asked import check_lang
from scripts.cli.client_info import machine, where_from
from scripts.cli.entry import begin
from scripts.cli.given import check_given, show_odd_names
from scripts.cli.options import SHARED
from scripts.cli.registering import add_command, declare, ids_among, with_shared_options
from scripts.cli.values import ids_of
from store.log import Store
from store.waits import READING, Waits
from trail.ending import end_politely
from trail.files import close_to_others, name_failing_file
from trail.logs import log_to_stderr
from workers.bootstrap import engine, names_of
from workers.engine import Engine
from workers.environment import BadSettings
from workers.servers import Addresses
from workers.settings import Settings
from workflows.as_of_options import slice_read
from workflows.beginnings import ById, complete_id
from workflows.command_envelope import CommandEnvelope, Outcome, command_id
from workflows.queries.inquiry import Inquiry

if TYPE_CHECKING:
    from domain.aggregate import Command

C = TypeVar("C", bound="Command")
_WHOLE_ID = 32  # letters


class NotConfirmed(Refusal):
    """Whoever was asked whether what cannot be undone is to be done did not say yes."""

    ko = (
        "‘{command}’: 실행하지 않았습니다. 바뀐 것이 없습니다. 실행하려면 ‘예’로 답하거나 --yes를 붙이십시오."
    )
    en = "“{command}” was not carried out; nothing has changed. To carry it out answer “yes”, or give --yes."


class Run(Acting):
    """One run of one command: what was asked for, and where the answer goes."""

    def __init__(
        self,
        *,
        data: Path | None = None,
        as_json: bool = False,
        actor: str | None = None,
        reason: str | None = None,
        command_id: str | None = None,
        on_behalf_of: str | None = None,
        lang: str | None = None,
        log: str | None = None,
    ) -> None:
        super().__init__(check_lang(lang), as_json=as_json, actor=actor, on_behalf_of=on_behalf_of)
        self.reason = reason
        self.yes = False  # whether what cannot be undone is done without asking
        self.files: dict[str, bytes] = {}  # that go with the command, by their SHA-256
        self._command_id = command_id
        given: dict[str, Any] = {"data": data, "log": _log_form(log)}
        try:
            self.settings = Settings(**{name: one for name, one in given.items() if one is not None})
        except BadSettings as error:
            self.fail(error)
        self._inquiry: Inquiry | None = None
        self._read: Read = {}
        self._built: Engine | None = None

    @contextmanager
    def asking(
        self, as_of: str | None = None, effective: str | None = None, waits: Waits = READING
    ) -> Iterator[Inquiry]:
        """The store, asked by who runs this, of when --as-of and --effective say; `show` then says so too."""
        with self.engine(waits) as built:
            yield self.inquiry(built.store, as_of, effective)

    def inquiry(self, store: Store, as_of: str | None = None, effective: str | None = None) -> Inquiry:
        """Raises NotForAnother, and what `who` raises."""
        self._inquiry = Inquiry(
            store,
            self.reader(store),
            self.lang,
            purpose=self.reason,
            as_of=as_of,
            effective=effective,
            named=self._name_people,
        )
        return self._inquiry

    def _name_people(self, subjects: Collection[str]) -> dict[str, str]:
        return {} if self._built is None else names_of(self.settings, self._built, subjects)

    def may_act(self, store: Store, act: str) -> None:
        """Refuse who may not do this beside the log, and record who does where `ACTS` says so, before anything is done."""
        self.inquiry(store).may_act(act)

    def with_whole_ids(self, given: dict[str, Any], ids: Mapping[str, ById]) -> dict[str, Any]:
        """What was typed, with ids whole of which only the beginning was. Raises BeginsSeveral."""
        short = {name: kind for name, kind in ids.items() if given[name] and len(given[name]) < _WHOLE_ID}
        if not short:
            return given
        with self.engine() as built:
            reader = self.reader(built.store) if self._behalf is None else where_from()
            return given | {
                name: complete_id(built.store, reader, kind, given[name]) for name, kind in short.items()
            }

    def may_act_at(self, addresses: Addresses, act: str) -> None:
        """The same before what is done with the owner's login alone, without an engine."""
        assert addresses.app_dsn is not None
        with Store.open(addresses.app_dsn) as store:
            self.may_act(store, act)

    def may_give(self, built: Engine, *commands: type[Command]) -> None:
        """Refuse, and record, whose role may not give such commands: before anything is looked up or made for them."""
        from workflows.command_handler import admit  # noqa: PLC0415 - who only reads gives no commands

        for one in commands:
            admit(built.store, self.giver(built.store), self.on_behalf(built.store), one, machine())

    @contextmanager
    def engine(self, waits: Waits = READING) -> Iterator[Engine]:
        """The engine. A token that opens nothing does not open it. `waits`: see workers.bootstrap.engine.

        A command begins so: who (here), what and by which right (a query of the inquiry, `may_act`,
        `may_give`, `give`), which also record it or the refusal; then its first effect.
        """
        with engine(self.settings, waits, machine) as built, note_views_read() as self._read:
            self._built = built
            if self.settings.token is not None:
                self.giver(built.store)
            yield built

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The store, for what has to be looked up before the command begins."""
        with self.engine() as built:
            yield built.store

    def give(self, built: Engine, make: Callable[[], Command], **more: Any) -> Outcome:
        """Make the command from what was typed and hand it in at the command handler. Raises NotConfirmed."""
        envelope = self.wrap(built, make, **more)
        self._confirm(built, envelope)
        return built.handler.handle(envelope)

    def _confirm(self, built: Engine, envelope: CommandEnvelope) -> None:
        """Ask at a terminal before what cannot be undone. Who is no terminal has said it all, with the reason."""
        foretold = envelope.command.foretell()
        if foretold is None or self.yes or not sys.stdin.isatty():
            return
        try:
            built.handler.handle_all([envelope], dry_run=True)
        except Refusal:
            return  # it is refused, and that recorded, where it is handed in
        if not self.ask(foretold):
            raise NotConfirmed(command=envelope.command.label)

    def wrap(self, built: Engine, make: Callable[[], Command], **more: Any) -> CommandEnvelope:
        """The command from what was typed, with who gives it and why."""
        command = make_command(make)
        return CommandEnvelope(
            command=command,
            **self.giver(built.store)._asdict(),
            on_behalf_of=self.on_behalf(built.store),
            command_id=command_id(self._command_id),
            reason=self.reason,
            files=self.files,
            **more,
        )

    def show(self, document: Any, text: Callable[[Console], None], *, lists: bool = True) -> None:
        """The document as JSON, or the same as text for people; of a slice both say of when it is.

        Where it `lists` what views hold that lag behind the log or have stopped, both say how far they are.
        """
        behind = [one for one in self._read.values() if one is not None] if lists else []
        sliced = None if self._inquiry is None else self._inquiry.sliced
        self.say(document, text, behind, None if sliced is None else slice_read(*sliced))

    def show_outcome(self, outcome: Outcome) -> None:
        def text(out: Console) -> None:
            done = self.words("처리했습니다", "Done")
            if outcome.repeated:
                done = self.words("이미 처리된 명령입니다", "Had been carried out before")
            place = position_label(outcome.last_position).say(self.lang)
            out.print(f"{done}: {outcome.stream} {' '.join(outcome.kinds)} ({place})", soft_wrap=True)
            out.print(
                self.words(f"명령 번호 {outcome.command_id}", f"Command id {outcome.command_id}"), style="dim"
            )

        self.show(outcome, text, lists=False)


def needs_reason(run: Run, what: Bilingual) -> None:
    """What is kept beside it, so that whoever reads of it learns why. Raises ReasonNeeded."""
    from workflows.unit_of_work import ReasonNeeded  # noqa: PLC0415 - as in may_give

    if not run.reason:
        raise ReasonNeeded(command=what)


def make_command(make: Callable[[], C]) -> C:
    """The command, or a refusal that names the field and the limit."""
    try:
        return make()
    except ValueError as error:  # pydantic's is one; bad_input lets any other go on
        raise bad_input(error) from None


def command(
    app: typer.Typer, name: str | None = "", *, by_token: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(run, …)` under a name, with the options that every command has.

    `name`: None for what a group does by itself; left out, the app is this one command and has its name from the contents.

    `by_token`: not for what runs the machine, where no store may be there yet that knows of tokens.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function, eval_str=True).parameters
        ids = ids_among(own)

        def call(**given: Any) -> None:
            begin()
            typed = dict(given)
            run = Run(**{key: given.pop(key) for key in SHARED.parameters if key not in own})
            show_odd_names()
            log_to_stderr(run.settings.log, os.environ.get("DONGHAENG_LOG_LEVEL", "warning"), at_once=False)
            end_politely()
            close_to_others()
            with _failing(run):
                check_given(typed)
                if run.settings.token is not None and not by_token:
                    raise NotByToken
                function(run, **ids_of(run.with_whole_ids(given, ids), run.opened))

        add_command(app, name, declare(call, with_shared_options(own), function.__doc__))
        return function

    return register


@contextmanager
def _failing(run: Run) -> Iterator[None]:
    """What goes wrong in the block ends the run, with its words and its exit code."""
    try:
        with name_failing_file():
            yield
    except DonghaengError as error:
        run.fail(error)
    except ValueError as error:  # as in make_command
        run.fail(bad_input(error))


def _log_form(asked: str | None) -> str | None:
    if asked not in (None, "json", "console"):
        raise typer.BadParameter("--log takes json or console.")
    return asked
