"""`up`, `worker`, `ticker`, `migrate`: running the engine, whole or in parts."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from redis.exceptions import RedisError

from domain.errors import DonghaengError
from scripts.cli.epoch import restored_note
from scripts.cli.run import Run, command
from workers.acted_on import standing
from workers.bootstrap import Engine, migrate_store, open_engine, servers
from workers.crew import at_work, only_up
from workers.logs import log_to_stderr
from workers.parts import PARTS, tick_until_told, work
from workers.queues import QUEUES
from workers.redis_health import refusal, refuses


class UnknownQueue(DonghaengError):
    """There is no such queue."""

    exit_code = 2
    ko = "‘{given}’이라는 대기열은 없습니다. 가능한 값: {queues}."
    en = "There is no queue “{given}”. Choose one of: {queues}."


def add(app: typer.Typer) -> None:
    @command(app, "up")
    def up(run: Run) -> None:
        """Run servers, workers and ticker until Ctrl-C."""
        log_to_stderr(run.settings.log, run.settings.log_level)
        with only_up(run.settings.data), servers(run.settings) as addresses:
            migrate_store(addresses)
            with open_engine(addresses, run.settings.data) as engine:
                _check_written(engine)
                with at_work(run.settings) as crew:
                    _say_up(run, engine)
                    try:
                        crew.watch(_slept)
                    except KeyboardInterrupt:
                        run.err.print(run.words("정리하고 끝냅니다 …", "Stopping in order …"))

    @command(app, "worker")
    def worker(run: Run, queue: Annotated[str, typer.Argument(help="One of: " + ", ".join(QUEUES))]) -> None:
        """Run one worker for one queue (for several machines)."""
        if queue not in QUEUES:
            raise UnknownQueue(given=queue, queues=tuple(QUEUES))
        log_to_stderr(run.settings.log, run.settings.log_level)
        with run.engine() as engine:
            work(engine, queue, run.settings)

    @command(app, "ticker")
    def ticker(run: Run) -> None:
        """Run the ticker alone (for several machines); two of them are harmless."""
        log_to_stderr(run.settings.log, run.settings.log_level)
        with run.engine() as engine:
            tick_until_told(engine, run.settings)

    @command(app, "migrate")
    def migrate(
        run: Run,
        simulated: Annotated[
            bool,
            typer.Option(
                "--simulated", help="Make a new store simulated, for ever; its clock is moved by hand."
            ),
        ] = False,
    ) -> None:
        """Make the schema, or bring it up to date. The only command that changes it."""
        with servers(run.settings, with_redis=False) as addresses:
            migrate_store(addresses, simulated=simulated)
        run.show(
            {"migrated": True, "simulated": simulated},
            lambda out: out.print(run.words("저장소를 준비했습니다.", "The store is ready.")),
        )


def _check_written(engine: Engine) -> None:
    """Raises RedisRefuses where Redis answers and takes no writes: no part could do anything."""
    try:
        engine.queues.probe()
    except RedisError as error:
        if refuses(error):
            raise refusal(error) from None
        engine.queues.health.trouble(error)


def _slept(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _say_up(run: Run, engine: Engine) -> None:
    store = engine.store
    state = standing(store, engine.data).state
    document = {
        "up": True,
        "store": store.id,
        "simulated": store.simulated,
        "state": state,
        "parts": [" ".join(p) for p in PARTS],
    }

    def text(out: object) -> None:
        kind = run.words(" (모의 저장소)", " (simulated)") if store.simulated else ""
        run.out.print(run.words("동행이 실행 중입니다", "Donghaeng is up") + kind, style="bold")
        run.out.print(f"  {run.words('저장소', 'store')}  {store.id}")
        run.out.print(f"  {run.words('자료', 'data')}  {run.settings.data.absolute()}", soft_wrap=True)
        run.out.print(f"  {run.words('실행', 'parts')}  {', '.join(' '.join(p) for p in PARTS)}")
        if state == "restored":
            run.out.print(restored_note(run.lang), style="yellow", soft_wrap=True)
        run.out.print(run.words("끝내려면 Ctrl-C를 누르십시오.", "Press Ctrl-C to stop."), style="dim")

    run.show(document, text)
