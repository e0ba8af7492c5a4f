"""The end of a simulated year: the log is sealed with two witnesses on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from domain.errors import DonghaengError
from domain.trail.commands import OnKeys
from projections.inspection.pack_page import in_sentences
from projections.inspection.watched import own_key
from store.envelope import Actor
from trail.note import parse_vkey
from trail.pack_asked import Asked
from trail.packing import place_of, whole_of, write_pack
from trail.sources import Folder
from trail.witness.state import make_witness, trust
from workers.engine import Engine
from workers.sealing.errors import SealingNow
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import begin, set_policy
from workers.sealing.keys import read_keys
from workers.sealing.sealer import Sealing, seal, waiting_since
from workers.servers.process import dies_with_parent, environment_for_child
from workers.simulated_year import TrailSealed
from workers.simulating import until_at_rest
from workflows.command_envelope import CommandEnvelope
from workflows.simulation.year import REASON
from workflows.trail.packs import gather_events

_NAMES = ("audit", "council")
_PATIENCE_SECONDS = 60.0


class NotSealed(DonghaengError):
    ko = "모의 이력이 {seconds}초 안에 봉인되지 않았습니다. `donghaeng trail status`와 작업자 기록을 확인하십시오."
    en = "The simulated trail was not sealed within {seconds} s. Look at `donghaeng trail status` and the workers' logs."


def seal_with_witnesses(engine: Engine, planner: Actor, task: str, out: Path) -> TrailSealed:
    """Begin the trail, have a worker seal it with two witnesses, then seal what that has put into the log.

    `planner`: who begins it; `out`: where the pack of the task goes.
    """

    def give(command: OnKeys) -> object:
        return engine.handler.handle(
            CommandEnvelope(command=command, actor=planner, via="cli", reason=REASON)
        )

    (key,) = begin(engine, give, None, new_log=False).log_keys
    folder = TrailFolder(engine.data)
    with _witnesses(engine.data / "witnesses", str(key)) as lines:
        group = f"group both all {' '.join(_NAMES)}\nquorum both\n"
        set_policy(folder, lines + group, read_keys(engine.data))
        until_at_rest(engine)
        _wait_until_sealed(engine, folder)
        until_at_rest(engine)
        found = _seal_when_free(engine)
        until_at_rest(engine)
    events = _pack(engine, task, out)
    return TrailSealed(found.size, found.witnesses, found.quorum, str(out), events)


def _pack(engine: Engine, task: str, out: Path) -> int:
    """How many of the task's facts are in it."""
    asked = Asked(task=task)
    place = place_of(Folder(TrailFolder(engine.data).path))
    whole = whole_of(place, asked)
    events = gather_events(engine.store, asked, place.checkpoint.size)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_pack(place, events, asked, REASON, out, lambda _: None, in_sentences(), whole)
    return sum(event.asked for event in events)


def _seal_when_free(engine: Engine) -> Sealing:
    """Sealed with the seal itself; the worker may be at it right now."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return seal(engine, own_too=True)
        except SealingNow:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _wait_until_sealed(engine: Engine, folder: TrailFolder) -> None:
    """Have a worker seal it, until the year is sealed under both cosignatures."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _is_sealed(engine, folder):
        if time.monotonic() > deadline:
            raise NotSealed(seconds=int(_PATIENCE_SECONDS))
        engine.queues.wake("automation", "seal")
        time.sleep(0.05)


def _is_sealed(engine: Engine, folder: TrailFolder) -> bool:
    published = folder.load_published()
    if published is None or not folder.policy().is_satisfied_by(published[0]):
        return False
    return waiting_since(engine.store, published[1].size) is None


@contextmanager
def _witnesses(place: Path, log_key: str) -> Iterator[str]:
    """Both witnesses run inside the block; their lines of a policy."""
    with ExitStack() as running:
        yield "".join(running.enter_context(_witness(place / name, name, log_key)) for name in _NAMES)


@contextmanager
def _witness(folder: Path, name: str, log_key: str) -> Iterator[str]:
    vkey = make_witness(folder, f"{name}.simulated").verifier
    trust(folder, log_key)
    trust(folder, str(own_key(parse_vkey(log_key))))
    words = [sys.executable, "-m", "scripts.cli.main", "witness", "--folder", str(folder)]
    with subprocess.Popen(
        dies_with_parent([*words, "--listen", "127.0.0.1:0", "--json"]),
        env=environment_for_child(),
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            yield f"witness {name} {vkey} {url}\n"
        finally:
            process.terminate()
