"""Protections taken out by a switch: a patch of one function each, or a setting of the server, to see that a storm finds it.

It is loaded in every process of such a storm, keepers too, so that nothing of the product is imported here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.random_storms.rig import Patch
from scripts.random_storms.weather import Fault

_ID_BYTES = 16


@dataclass(frozen=True)
class Control:
    """`protection`: what is missing, in a sentence; `patches`: place ("module:name", "module:Class.name") to what makes the
    wrong one of the right one; `statement`: SQL of the owner's beside; `faults`: the storm that finds it;
    `kinds`: of the findings that show it.
    """

    protection: str
    faults: Sequence[Fault]
    kinds: Sequence[str]
    patches: Mapping[str, Patch] = field(default_factory=dict)
    statement: str = ""


def _instead(value: Any) -> Patch:
    return lambda right: value


def _does_nothing(answer: Any) -> Patch:
    return lambda right: lambda *_, **__: answer


def _another_id(right: Any) -> Any:
    """What is asked again is asked under another command id."""
    asked: set[bytes] = set()

    def run_before(statement: Any, second: Any, connection: Any, parameters: Any) -> Any:
        first, *others = parameters
        again = (
            len(first) == _ID_BYTES and bytes(first) in asked
        )  # what is longer has the ids of several commands
        asked.add(bytes(first))
        return right(statement, second, connection, [os.urandom(_ID_BYTES), *others] if again else parameters)

    return run_before


def _not_known(right: Any) -> Any:
    """Nobody looks whether a command was carried out before."""
    return lambda store, names, command_id=None, connection=None: right(store, names, None, connection)


def _nobody_knows(right: Any) -> Any:
    """Of an attempt that broke off it is said that nothing went out."""

    def settle(post: Any, name: Any, token: Any, state: Any, handed: Any) -> Any:
        if handed.problem in ("worker_lost", "no_answer"):
            handed = type(handed)("deferred", "not_now")
        return right(post, name, token, state, handed)

    return settle


def _position_first(right: Any) -> Any:
    """The position is committed before the rows are."""

    def folded(store: Any, connection: Any, view: Any, own: Any, rows: Any) -> Any:
        from projections.positions import move  # noqa: PLC0415 - only where views are folded

        move(connection, view, rows[-1][0])
        connection.execute("COMMIT")
        connection.execute("BEGIN")
        return right(store, connection, view, own, rows)

    return folded


def _patient(right: Any) -> Any:
    return type(right)(answer=3600.0, idle=3600.0)


def _only_waits(right: Any) -> Any:
    def watch(supervisor: Any, stopped: Callable[[float], bool]) -> None:
        while not stopped(1.0):
            pass

    return watch


def _kills(*targets: str, kind: str = "kill", seconds: float = 0.0) -> tuple[Fault, ...]:
    return tuple(Fault(kind, target, 1.0 + number, seconds) for number, target in enumerate(targets))


CONTROLS: Mapping[str, Control] = {
    "flushed": Control(
        "A command is acknowledged before it is on the disk.",
        _kills("immediate", "immediate", "immediate", kind="end postgres"),
        ("lost", "seal broken"),
        {"store.connecting:_ON_DISK": _instead("SELECT 1")},
        statement="ALTER DATABASE donghaeng SET synchronous_commit = off",
    ),
    "known": Control(
        "The store does not know a command id again.",
        _kills("", "", "", "", kind="lose reply"),
        ("twice", "command unknown"),
        {"store.prepared:Statement.run_before": _another_id, "store.log:Store.load": _not_known},
    ),
    "in one transaction": Control(
        "A view's rows and its position are written in two transactions.",
        # each once the worker that the last one killed is back
        [Fault("die at", "before view write", 1.0 + 6.0 * number) for number in range(4)],
        ("view differs",),
        {"projections.runner:_fold_batch": _position_first},
    ),
    "went back": Control(
        "A store that lost its last facts takes commands as before.",
        [Fault("lose tail", "", 1.0, 2.0)],
        ("built on a loss",),
        {
            "workers.restore_guard:look": _does_nothing(None),
            "workers.restore_guard:may_act": _does_nothing(True),
        },
    ),
    "unknown": Control(
        "A mail of which nobody knows whether it went is sent again without a word.",
        _kills("silent", kind="mail", seconds=12.0),
        ("mail twice",),
        {"workers.delivery.sending:Delivery._settle": _nobody_knows},
    ),
    "limits": Control(
        "PostgreSQL is waited for as long as it takes.",
        _kills("postgres", kind="stop", seconds=22.0),
        ("waited",),
        {
            "store.waits:COMMAND_SECONDS": _instead(3600.0),
            "store.waits:READING": _patient,
            "store.waits:JOB": _patient,
        },
    ),
    "watched": Control(
        "Nobody looks whether the keepers live.",
        _kills("keeper redis"),
        ("not at rest", "not told"),
        {"workers.servers.watching:keep_on": _does_nothing(False)},
    ),
    "healed": Control(
        "Keys of another type stay in Redis.",
        _kills("poisoned", kind="redis", seconds=1.0),
        ("not at rest", "alarm stays"),
        {"workers.redis_keys:heal": _does_nothing([])},
    ),
    "run again": Control(
        "Jobs that failed stay failed.",
        _kills(*["immediate"] * 4, kind="end postgres"),
        ("alarm stays",),
        {"workers.again:FailedJobs.run": _does_nothing([])},
    ),
    "made again": Control(
        "A view whose table is damaged stays as it is.",
        [Fault("page", "view", 1.0, 3.0)],
        ("view unreadable",),
        {"projections.rebuilding.rebuild:rebuild_view": _does_nothing(None)},
    ),
    "restarted": Control(
        "A part that ended is not started again.",
        _kills("ticker"),
        ("alarm stays", "not told"),
        {"workers.supervisor:Supervisor.watch": _only_waits},
    ),
}
