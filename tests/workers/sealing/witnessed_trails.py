"""A store's trail with three witnesses at work, each at an address at which it can be away or have seen another log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from domain.agency.commands import Register
from domain.values import LocalText
from projections.inspection.watched import own_key
from store.envelope import Actor
from store.log import Store
from tests.workers.sealing.forked_logs import served
from trail.checkpoint import Checkpoint
from trail.policy import Policy
from trail.witness.app import application
from trail.witness.state import key_of, make_witness, trust
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import begin, set_policy
from workers.sealing.keys import read_keys
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

PLANNER = Actor(role="planner")


class Desk:
    """A witness's address. `away`: it answers 503; `folder`: what the witness there has seen."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.away, self.url = name, folder, False, ""
        self.key = make_witness(folder, f"witness.example/{name}")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if self.away:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"back soon\n"]
        return application(self.folder, key_of(self.folder))(environ, start)


@contextmanager
def desks(folder: Path, names: str = "abc") -> Iterator[list[Desk]]:
    with ExitStack() as stack:
        made = [Desk(name, folder / name) for name in names]
        for desk in made:
            desk.url = stack.enter_context(served(desk))
        yield made


def engine_with(store: Store, data: Path, at: Sequence[Desk], needed: int = 2) -> Any:
    """A store whose trail has begun, and whose policy asks these witnesses for so many cosignatures."""
    built = SimpleNamespace(
        store=store, handler=CommandHandler(store, wake=lambda: None), data=data, seal_standbys=0
    )
    begin(built, giving(built), None, new_log=False)  # type: ignore[arg-type]
    put_in_force(built, at, needed)
    return built


def put_in_force(engine: Any, at: Sequence[Desk], needed: int) -> Policy:
    keys = read_keys(engine.data)
    for desk in at:
        trust(desk.folder, str(keys[0].verifier))
        trust(desk.folder, str(own_key(keys[0].verifier)))
    names = " ".join(desk.name for desk in at)
    lines = [f"witness {desk.name} {desk.key.verifier} {desk.url}" for desk in at]
    quorum = [f"group q {needed} {names}", "quorum q"] if at else ["quorum none"]
    text = "\n".join([*lines, *quorum, ""])
    return set_policy(TrailFolder(engine.data), text, keys)


def giving(engine: Any, reason: str | None = None) -> Callable[[Any], object]:
    return lambda command: engine.handler.handle(
        CommandEnvelope(command=command, actor=PLANNER, via="cli", reason=reason)
    )


def register(engine: Any, agency: str, reason: str | None = None) -> None:
    giving(engine, reason)(Register(agency=agency, name=LocalText(ko="광주관광공사")))


def facts_of(engine: Any, kind: str) -> list[Any]:
    return [one.fact for facts in engine.store.replay() for one in facts if one.kind == kind]


def published(engine: Any) -> Checkpoint:
    found = TrailFolder(engine.data).load_published()
    assert found is not None
    return found[1]
