"""Processes that write at once: `python -m scripts.benchmarks.many SIDE DSN PROCESSES`, told to work line by line.

A line `WRITERS SECONDS` on stdin lets so many of them work for so long; what they did a second stands on stdout. They
are forked here, where nothing has been opened yet.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TextIO

from domain.agency.commands import Register
from domain.task.commands import ReportProgress
from domain.values import Figure, LocalText
from scripts.benchmarks import data, peer
from scripts.benchmarks.dbos_peer import launch
from scripts.benchmarks.place import LOADED, MOST_LOADED, new_tasks
from store.connecting import session
from store.envelope import Actor
from store.log import Store
from store.mapper import encode
from store.recorded import Batch, NewFact
from trail.logs import log_to_stderr
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

Work = Callable[[int], object]
_A_WRITER = 10_000_000  # positions for each of the raw ones
_TASKS = 40
_ONE_CONNECTION = {
    "POSTGRES_POOL_SIZE": "1",
    "POSTGRES_MAX_OVERFLOW": "1",
}  # with its own five each, the server is full


def _append(dsn: str, number: int) -> Work:
    store, stream = Store.open(dsn), f"task/{number}"

    def work(turn: int) -> None:
        fact = NewFact(stream, turn, data.envelope(), data.report(turn))
        store.append(Batch(command_id=uuid.uuid4().hex, digest=bytes(32), facts=(fact,)))

    return work


def _raw(dsn: str, number: int) -> Work:
    connection = session(dsn)

    def work(turn: int) -> None:
        fact = data.report(turn)
        state = encode(data.envelope(), fact)
        row = (number * _A_WRITER + turn, f"task/{number}", turn, fact.kind, state)
        connection.execute(data.INSERT, row, prepare=True, binary=True)

    return work


def _command(dsn: str, number: int) -> Work:
    """New tasks as soon as those there have twice the facts."""
    store = Store.open(dsn)
    handler = CommandHandler(store, lambda: None, recent=0)
    tasks: list[tuple[str, str]] = []
    figures = (Figure(indicator="results", value="5"),)

    def work(turn: int) -> None:
        nonlocal tasks
        again, place = divmod(turn - 1, _TASKS)
        if again % (MOST_LOADED - LOADED) == 0 and place == 0:
            tasks = new_tasks(store, _TASKS, LOADED, 100 * number + again // (MOST_LOADED - LOADED))
        task, lead = tasks[place]
        report = ReportProgress(task=task, percent=50, text="분기 보고", figures=figures)
        handler.handle(
            CommandEnvelope(
                command=report, actor=Actor(role="officer", agency=lead), via="cli", reason="분기"
            )
        )

    return work


def _register(dsn: str, number: int) -> Work:
    """A new stream each time, which the command handler takes for empty without reading."""
    handler = CommandHandler(Store.open(dsn), lambda: None)
    name = LocalText(ko="기관", en="Agency")

    def work(turn: int) -> None:
        handler.handle(
            CommandEnvelope(
                command=Register(agency=f"a{number}-{turn}", name=name),
                actor=Actor(role="planner"),
                via="cli",
            )
        )

    return work


def _peer_append(dsn: str, number: int) -> Work:
    app = peer.Tasks(env=peer.environment(dsn) | _ONE_CONNECTION)
    task = peer.grow(peer.steps(data.life(number, 3)))
    app.save(task)
    report = peer.steps([data.report(25)])[0]

    def work(turn: int) -> None:
        peer.take(task, report)
        app.save(task)

    return work


def _peer_command(dsn: str, number: int) -> Work:
    app = peer.Tasks(env=peer.environment(dsn) | _ONE_CONNECTION)
    report = peer.steps([data.report(25)])[0]
    grown: list[peer.PeerTask] = []

    def work(turn: int) -> None:
        nonlocal grown
        again, place = divmod(turn - 1, _TASKS)
        if again % (MOST_LOADED - LOADED) == 0 and place == 0:
            grown = [peer.grow(peer.steps(data.life(one, LOADED))) for one in range(_TASKS)]
            peer.save(app, grown)
        task: peer.PeerTask = app.repository.get(grown[place].id)
        peer.take(task, report)
        app.save(task)

    return work


def _dbos(dsn: str, number: int) -> Work:
    whole = launch(dsn, ("report",), connections=2)
    return lambda turn: whole(uuid.uuid4().hex)


SIDES: Mapping[str, Callable[[str, int], Work]] = {
    "append": _append,
    "raw": _raw,
    "command": _command,
    "register": _register,
    "peer-append": _peer_append,
    "peer-command": _peer_command,
    "dbos": _dbos,
}


def _fork(side: str, dsn: str, number: int) -> tuple[int, TextIO]:
    """One process: seconds go in, how much it did and for how long comes out."""
    told, tell = os.pipe()
    hear, say = os.pipe()
    if os.fork():
        os.close(told)
        os.close(say)
        return tell, os.fdopen(hear)
    os.close(tell)  # the end of it, not ours, is what ends this process
    log_to_stderr("json", "error")
    work, turn = SIDES[side](dsn, number), 1
    work(turn)
    os.write(say, b"ready\n")
    while seconds := os.read(told, 64):
        began, before = time.perf_counter(), turn
        while (passed := time.perf_counter() - began) < float(seconds):
            turn += 1
            work(turn)
        os.write(say, f"{(turn - before) / passed}\n".encode())
    os._exit(0)


def main(side: str, dsn: str, processes: int) -> None:
    children = []
    for number in range(1, processes + 1):
        children.append(_fork(side, dsn, number))
        children[-1][1].readline()
    print("ready", flush=True)
    for line in sys.stdin:
        writers, seconds = line.split()
        used = children[: int(writers)]
        for tell, _ in used:
            os.write(tell, seconds.encode())
        print(sum(float(heard.readline()) for _, heard in used), flush=True)
    os._exit(0)  # with it the children's pipes end


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
