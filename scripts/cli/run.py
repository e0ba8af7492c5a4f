"""What every command shares: its options, the actor, the reader's language, output as text or one JSON document."""

from __future__ import annotations

import inspect
import json
import os
import signal
import sys
import typing
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec
import typer
from msgspec.structs import replace
from pydantic import ValidationError
from rich.console import Console

from domain.aggregate import Command
from domain.errors import DonghaengError, Lang, Refusal
from domain.refusals import bad_input
from domain.seoul import local_day
from projections.behind import Read, watched
from projections.slices import Cut, Slice
from scripts.cli.actor import AnotherActor, NotForAnother, WhoActs, actor_from
from scripts.cli.slicing import document_of, head
from scripts.cli.whence import machine, where_from
from store.envelope import Actor, Authn, spelled
from store.log import Store
from workers.bootstrap import Engine, engine
from workers.logs import log_to_stderr
from workers.settings import Settings
from workflows.order import Order, Outcome, command_id
from workflows.readers import About, read
from workflows.refusing import put_down, refused_token
from workflows.slicing import cut_from
from workflows.tokens import authenticated

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder of the servers that come along.", show_default="./var"),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout; log lines on stderr.")]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="ACTOR",
        help="Who acts: ROLE or ROLE@AGENCY, e.g. planner or officer@gto; a person with :ID.",
    ),
]
Behalf = Annotated[
    str | None,
    typer.Option(
        "--on-behalf-of",
        metavar="ACTOR",
        help="In whose place you act, as substitute or delegate: ROLE@AGENCY:ID. --as then names you by your id.",
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; kept beside the fact.")]
CommandId = Annotated[
    str | None, typer.Option("--command-id", metavar="UUID", help="The same id is carried out once.")
]
Log = Annotated[
    str | None, typer.Option("--log", metavar="json|console", help="Form of the log lines on stderr.")
]
LangOption = Annotated[
    str | None, typer.Option("--lang", metavar="ko|en", help="Language; by default from LANG.")
]
Ref = Annotated[str | None, typer.Option("--ref", help="Number of the approval document (문서번호).")]
EffectiveAt = Annotated[
    datetime | None,
    typer.Option(
        "--effective-at", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="When it was so, for a late entry."
    ),
]


C = TypeVar("C", bound=Command)


class Run:
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
        self.lang: Lang = _lang(lang)
        self.as_json = as_json
        self.reason = reason
        self._actor, self._command_id = actor, command_id
        self._behalf = on_behalf_of
        given: dict[str, Any] = {"data": data, "log": _log_form(log)}
        self.settings = Settings(**{name: value for name, value in given.items() if value is not None})
        self.sliced: tuple[Slice, Cut] | None = None
        self._read: Read = {}
        self.out = Console(highlight=False)
        self.err = Console(stderr=True, highlight=False)

    def words(self, ko: str, en: str) -> str:
        return ko if self.lang == "ko" else en

    @property
    def asserted(self) -> Actor | None:
        """Who is said to act, by --as or the environment."""
        given = self._actor or os.environ.get("DONGHAENG_AS")
        return actor_from(given) if given else None

    def who(self, built: Engine) -> tuple[Actor, Authn, str | None]:
        """Who acts by their own right, how that is known, and the token's id where it is by token.

        Raises WhoActs, AnotherActor, NotForAnother.
        """
        if self._behalf is not None:
            raise NotForAnother
        return self._who(built)

    def _who(self, built: Engine) -> tuple[Actor, Authn, str | None]:
        if self.settings.token is None:
            if self.asserted is None:
                raise WhoActs
            return self.asserted, "asserted", None
        try:
            actor, token = authenticated(built.store, self.settings.token.get_secret_value())
        except Refusal as refusal:
            put_down(built.store, [refused_token(self.settings.token.get_secret_value(), refusal)])
            raise
        if self.asserted not in (None, actor):
            raise AnotherActor(said=spelled(self.asserted), token=spelled(actor))
        return actor, "token", token

    def may_read(
        self,
        built: Engine,
        reading: str,
        agencies: Collection[str | None] = (),
        *,
        tasks: Collection[str | None] = (),
        subjects: Collection[str] = (),
    ) -> None:
        """Refuse who may not read this, and record who does where `READINGS` says so, before anything is shown.

        `agencies`: whose it is; `tasks`, `subjects`: which tasks and persons, by their ids. Where nobody is named,
        whoever can run the command reads all, and is recorded as nobody, by the machine's user.
        """
        self._reads(built, reading, agencies, tasks, subjects, exported=False)

    def may_export(
        self,
        built: Engine,
        reading: str,
        agencies: Collection[str | None] = (),
        *,
        tasks: Collection[str | None] = (),
        subjects: Collection[str] = (),
    ) -> None:
        """The same for what leaves as a file or a stream: call it in place of `may_read`, before the first byte.

        It refuses without --reason (ExportNeedsReason), and is recorded whatever `READINGS` says, as an export.
        """
        self._reads(built, reading, agencies, tasks, subjects, exported=True)

    def _reads(
        self,
        built: Engine,
        reading: str,
        agencies: Collection[str | None],
        tasks: Collection[str | None],
        subjects: Collection[str],
        *,
        exported: bool,
    ) -> None:
        reader = where_from()
        if self._behalf is not None:
            raise NotForAnother
        if self.asserted is not None or self.settings.token is not None:
            actor, authn, token = self._who(built)
            reader = replace(reader, actor=actor, authn=authn, token=token)
        about = About(
            reading=reading,
            agencies=agencies,
            tasks=[one for one in tasks if one],
            subjects=list(subjects),
        )
        read(built.store, reader, about, self.reason, exported=exported)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        with engine(self.settings) as built, watched() as self._read:
            built.door.machine = machine()
            yield built

    def give(self, built: Engine, make: Callable[[], Command], **more: Any) -> Outcome:
        """Make the command from what was typed and hand it in at the door."""
        return built.door.handle(self.order(built, make, **more))

    def order(self, built: Engine, make: Callable[[], Command], **more: Any) -> Order:
        """The command from what was typed, with who gives it and why."""
        command = made(make)
        actor, authn, token = self._who(built)
        return Order(
            command=command,
            actor=actor,
            on_behalf_of=None if self._behalf is None else actor_from(self._behalf),
            authn=authn,
            token=token,
            command_id=command_id(self._command_id),
            reason=self.reason,
            **more,
        )

    def slice(self, store: Store, as_of: str | None, effective: str | None) -> Cut | None:
        """Where to cut the log for --as-of and --effective, None without them; the answer's head then says so.

        Raises BadMoment, NotYet, NothingKnownThen.
        """
        self.sliced = cut_from(store, as_of, effective)
        return None if self.sliced is None else self.sliced[1]

    def today(self, store: Store) -> date:
        """The last day (Seoul) of the slice that is shown, or else the store's own."""
        moments = () if self.sliced is None else (self.sliced[0].as_of, self.sliced[0].effective)
        given = [one for one in moments if one is not None]
        return local_day(min(given) - timedelta.resolution if given else store.now())

    def show(self, document: Any, text: Callable[[Console], None], *, lists: bool = True) -> None:
        """The document as JSON, or the same as text for people; of a slice both say of when it is.

        Where it `lists` what views hold that lag behind the log or have stopped, both say how far they are.
        """
        behind = [one for one in self._read.values() if one is not None] if lists else []
        if behind and self.as_json:
            document = {**plain(document), "behind": behind}
        for one in behind if not self.as_json else ():
            self.out.print(one.say(self.lang), style="yellow", soft_wrap=True, markup=False)
        if self.sliced is not None and self.as_json:
            document = {**plain(document), "slice": document_of(*self.sliced)}
        elif self.sliced is not None:
            self.out.print(head(*self.sliced, self.lang), style="dim", soft_wrap=True)
        if self.as_json:
            print(json.dumps(plain(document), ensure_ascii=False))
        else:
            text(self.out)

    def show_outcome(self, outcome: Outcome) -> None:
        def text(out: Console) -> None:
            done = self.words("처리했습니다", "Done")
            if outcome.repeated:
                done = self.words("이미 처리된 명령입니다", "Had been carried out before")
            out.print(f"{done}: {outcome.stream} #{outcome.last_position} {' '.join(outcome.kinds)}")
            out.print(
                self.words(f"명령 번호 {outcome.command_id}", f"Command id {outcome.command_id}"), style="dim"
            )

        self.show(outcome, text, lists=False)

    def fail(self, error: DonghaengError) -> NoReturn:
        if self.as_json:
            document = {
                "error": {"name": error.name, "message": error.say(self.lang), "exit": error.exit_code}
            }
            print(json.dumps(document, ensure_ascii=False))
        else:
            self.err.print(error.say(self.lang), style="red", soft_wrap=True, markup=False)
        raise typer.Exit(error.exit_code)


def plain(document: Any) -> Any:
    """Structs and values as JSON has them; decimals and times as text."""
    return msgspec.to_builtins(document, enc_hook=lambda value: value.model_dump(mode="json"))


def made(make: Callable[[], C]) -> C:
    """The command, or a refusal that names the field and the limit."""
    try:
        return make()
    except ValidationError as error:
        raise bad_input(error) from None


def command(app: typer.Typer, name: str | None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(run, …)` under a name, with the options that every command has; None: for the group itself."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function, eval_str=True).parameters
        shared = _SHARED.parameters
        # an option of one's own goes before one that all have, e.g. what a search takes --on-behalf-of for
        others = [p for n, p in shared.items() if n not in own]
        signature = inspect.Signature([*(p for n, p in own.items() if n != "run"), *others])

        def call(**given: Any) -> None:
            run = Run(**{key: given.pop(key) for key in shared if key not in own})
            log_to_stderr(run.settings.log, os.environ.get("DONGHAENG_LOG_LEVEL", "warning"))
            _orderly_end()
            try:
                function(run, **given)
            except DonghaengError as error:
                run.fail(error)

        call.__signature__ = signature  # type: ignore[attr-defined]
        call.__annotations__ = {n: p.annotation for n, p in signature.parameters.items()}
        call.__doc__ = function.__doc__
        if name is None:
            app.callback(invoke_without_command=True)(_alone(call))
        else:
            app.command(name)(call)
        return function

    return register


def _alone(call: Callable[..., None]) -> Callable[..., None]:
    """A group's own command, which gives way to the one named after it."""

    def alone(ctx: typer.Context, **given: Any) -> None:
        if ctx.invoked_subcommand is None:
            call(**given)

    signature = inspect.signature(call)
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    alone.__signature__ = inspect.Signature([context, *signature.parameters.values()])  # type: ignore[attr-defined]
    alone.__annotations__ = {"ctx": typer.Context, **call.__annotations__}
    alone.__doc__ = call.__doc__
    return alone


def _shared(
    *,
    actor: As = None,
    on_behalf_of: Behalf = None,
    reason: Reason = None,
    command_id: CommandId = None,
    as_json: AsJson = False,
    lang: LangOption = None,
    log: Log = None,
    data: Data = None,
) -> None:
    """The options that every command has; only its signature is used."""


_SHARED = inspect.signature(_shared, eval_str=True)


def _lang(asked: str | None) -> Lang:
    if asked is None:
        asked = "ko" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("ko") else "en"
    if asked not in typing.get_args(Lang):
        raise typer.BadParameter("--lang takes ko or en.")
    return typing.cast(Lang, asked)


def _log_form(asked: str | None) -> str | None:
    if asked not in (None, "json", "console"):
        raise typer.BadParameter("--log takes json or console.")
    return asked


def _orderly_end() -> None:
    """A polite kill unwinds like Ctrl-C, so that nothing is left behind."""

    def told(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, told)


def interrupted() -> NoReturn:
    print("", file=sys.stderr)
    sys.exit(130)
