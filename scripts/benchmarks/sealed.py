"""A store as an inspector finds it: a big history with its texts and command ids, every view up to it, all of it sealed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from domain.trail.commands import OnKeys
from projections.runner import project
from projections.views import VIEWS
from scripts.benchmarks import history
from scripts.benchmarks.beside import put_beside
from scripts.benchmarks.place import Place
from store.envelope import Actor
from workers.engine import Engine, owner_of
from workers.sealing.keeping import begin
from workers.sealing.sealer import seal
from workflows.command_envelope import CommandEnvelope


def fill_and_seal(place: Place, size: int) -> Engine:
    """So many facts with all that lies beside them, in every view, sealed without witnesses, and what the sealing put down in
    every view too.
    """
    made = place.engine()
    engine = replace(made, data=place.file("sealed").with_name(f"sealed-{made.store.id}"))
    _fill_and_seal(engine, size)
    return engine


def copy_sealed(place: Place, size: int) -> Engine:
    """A copy of such a store, which is filled once for all rows of a run that ask for this size."""
    return place.filled_engine(f"sealed_{size}", partial(_fill_and_seal, size=size))


def _fill_and_seal(engine: Engine, size: int) -> None:
    def give(command: OnKeys) -> object:
        return engine.handler.handle(CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli"))

    engine.store.import_facts(history.lines(size))
    with owner_of(engine) as owner:
        put_beside(engine.store, owner)
    up_to_date(engine)
    begin(engine, give, None, new_log=False)
    seal(engine)
    up_to_date(engine)


def up_to_date(engine: Engine) -> None:
    for view in VIEWS.values():
        project(engine.store, view, batch=10_000)
