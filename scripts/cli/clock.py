"""`clock …`: a simulated store's clock, which is moved by hand."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from typing import Annotated

import typer
from pydantic import SecretStr

from domain.seoul import SEOUL, Moment
from scripts.cli.run import Run, command
from store.errors import ClockBackwards, NotSimulated
from workers.bootstrap import Engine, open_engine, servers
from workers.crew import at_work, only_up
from workers.parts import PARTS
from workers.post.sink import mail_sink
from workers.simulating import move_on, until_at_rest, until_settled
from workflows.rescheduling import Recounting

_WORKERS = tuple(words for words in PARTS if words[0] == "worker")
_MAIL = ("mail",)


def add(app: typer.Typer) -> None:
    @command(app, "move")
    def move(
        run: Run,
        to: Annotated[
            datetime,
            typer.Argument(
                formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
                metavar="DAY",
                help="Till when, in Seoul: a day or a minute.",
            ),
        ],
        alone: Annotated[
            bool,
            typer.Option("--alone", help="Nothing is done by rule on the way, as if the ticker were away."),
        ] = False,
    ) -> None:
        """Move a simulated store's clock on; what falls due by rule on the way is done, and mails go nowhere."""
        moment = to.replace(tzinfo=SEOUL)
        data = run.settings.data.absolute()
        with ExitStack() as held:
            held.enter_context(only_up(data))
            addresses = held.enter_context(servers(run.settings))
            engine = held.enter_context(open_engine(addresses, data))
            _check(engine, moment)
            before, mails = engine.store.head().position, 0
            if alone:
                engine.store.move_clock(moment)
            else:
                mails = _move(run, engine, moment)
            facts = engine.store.head().position - before
        _say(run, moment, facts, mails)

    @command(app, "show")
    def show(run: Run) -> None:
        """Say where the store's clock stands."""
        with run.engine() as engine:
            now = engine.store.now().astimezone(SEOUL)
        run.show({"now": now}, lambda out: out.print(f"{now:%Y-%m-%d %H:%M} (KST)"))


def _check(engine: Engine, moment: datetime) -> None:
    if not engine.store.simulated:
        raise NotSimulated
    now = engine.store.now()
    if moment < now:
        raise ClockBackwards(now=Moment(now), to=Moment(moment))


def _move(run: Run, engine: Engine, moment: datetime) -> int:
    """As `simulate` walks; how many mails came to a mail server of our own, since nobody else is written to."""
    with mail_sink() as sink:
        settings = run.settings.model_copy(update={"smtp_url": SecretStr(sink.url)})
        with at_work(settings, logs=engine.data / "logs", parts=_WORKERS):
            recounting = Recounting(engine.store)
            move_on(engine, moment, recounting, _MAIL)
            until_settled(engine, recounting, _MAIL)
            until_at_rest(engine)
        return len(sink.mails)


def _say(run: Run, moment: datetime, facts: int, mails: int) -> None:
    said = run.words(
        f"시계를 {moment:%Y-%m-%d %H:%M}(으)로 옮겼습니다. 그 사이 기록 {facts}건, 메일 {mails}통.",
        f"The clock stands at {moment:%Y-%m-%d %H:%M}. On the way: {facts} facts, {mails} mails.",
    )
    run.show({"now": moment, "facts": facts, "mails": mails}, lambda out: out.print(said))
