"""`up`, `worker`, `ticker`, `migrate`: running the engine, whole or in parts."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from redis.exceptions import RedisError

from domain.errors import DonghaengError
from scripts.cli.documents import Migrated, Up
from scripts.cli.epoch import note_of_restored
from scripts.cli.run import Run, command
from store.waits import JOB
from trail.logs import log_to_stderr
from workers.bootstrap import kinds_of, migrate_store, open_engine, servers
from workers.engine import Engine
from workers.processes import PARTS, tick_until_stopped, work
from workers.queues import QUEUES
from workers.redis_health import refusal, refuses
from workers.restore_guard import state_of_store
from workers.servers.watching import watch_servers
from workers.startable import check_startable
from workers.supervisor import at_work, only_up

_NAMES = ", ".join(QUEUES)


class UnknownQueue(DonghaengError):
    """There is no such queue."""

    exit_code = 2
    ko = "‘{given}’이라는 대기열은 없습니다. 가능한 값: {queues}."
    en = "There is no queue “{given}”. Choose one of: {queues}."


def add_up(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def up(run: Run) -> None:
        check_startable(run.settings)
        log_to_stderr(run.settings.log, run.settings.log_level)
        with (
            only_up(run.settings.data),
            servers(run.settings) as addresses,
            watch_servers(run.settings.data, kinds_of(run.settings)),
        ):
            migrate_store(addresses)
            with open_engine(addresses, run.settings.data) as engine:
                _check_writable(engine)
                with at_work(run.settings) as supervisor:
                    _say_up(run, engine)
                    try:
                        supervisor.watch(_sleep)
                    except KeyboardInterrupt:
                        run.err.print(run.words("정리 후 종료합니다 …", "Stopping in order …"))


def add_worker(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def worker(
        run: Run, queue: Annotated[str, typer.Argument(help=f"One of: {_NAMES} = 다음 가운데 하나: {_NAMES}")]
    ) -> None:
        if queue not in QUEUES:
            raise UnknownQueue(given=queue, queues=tuple(QUEUES))
        log_to_stderr(run.settings.log, run.settings.log_level)
        check_startable(run.settings)
        with run.engine(JOB) as engine:
            work(engine, queue, run.settings)


def add_ticker(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def ticker(run: Run) -> None:
        log_to_stderr(run.settings.log, run.settings.log_level)
        check_startable(run.settings)
        with run.engine(JOB) as engine:
            tick_until_stopped(engine, run.settings)


def add_migrate(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def migrate(
        run: Run,
        simulated: Annotated[
            bool,
            typer.Option(
                "--simulated",
                help="Make a new store simulated, for ever; its clock is moved by hand. "
                "= 새 저장소를 영구히 모의 저장소로 만듭니다. 시계는 손으로 옮깁니다.",
            ),
        ] = False,
    ) -> None:
        with servers(run.settings, with_redis=False) as addresses:
            migrate_store(addresses, simulated=simulated)
        run.show(
            Migrated(migrated=True, simulated=simulated),
            lambda out: out.print(run.words("저장소를 준비했습니다.", "The store is ready.")),
        )


def _check_writable(engine: Engine) -> None:
    """Raises RedisRefuses where Redis answers and takes no writes: no part could do anything."""
    try:
        engine.queues.probe()
    except RedisError as error:
        if refuses(error):
            raise refusal(error) from None
        engine.queues.health.trouble(error)


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _say_up(run: Run, engine: Engine) -> None:
    store = engine.store
    state = state_of_store(store, engine.data).state
    parts = tuple(" ".join(one) for one in PARTS)
    document = Up(up=True, store=store.id, simulated=store.simulated, state=state, parts=parts)

    def text(out: object) -> None:
        kind = run.words(" (모의 저장소)", " (simulated)") if store.simulated else ""
        run.out.print(run.words("동행이 실행 중입니다", "Donghaeng is up") + kind, style="bold")
        run.out.print(f"  {run.words('저장소', 'store')}  {store.id}")
        run.out.print(f"  {run.words('자료', 'data')}  {run.settings.data.absolute()}", soft_wrap=True)
        run.out.print(f"  {run.words('실행', 'parts')}  {', '.join(' '.join(p) for p in PARTS)}")
        if state == "restored":
            run.out.print(note_of_restored(run.lang), style="yellow", soft_wrap=True)
        run.out.print(run.words("끝내려면 Ctrl-C를 누르십시오.", "Press Ctrl-C to stop."), style="dim")

    run.show(document, text)
