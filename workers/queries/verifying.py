"""The database held against its trail, for who may read the trail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from trail.leaves import Tick
from trail.sources import open_sealed_folder
from trail.verdict import Verdict
from trail.verifying import Own
from workers.engine import Engine, owner_if_any
from workers.trail_folder import trail_folder
from workers.views_apart import views_part
from workflows.queries.inquiry import Inquiry
from workflows.trail.beside import BesidePart
from workflows.trail.completeness import EntriesPart
from workflows.trail.functions import verify_functions
from workflows.trail.verifying import verify_all
from workflows.trail.watched import verify_watched
from workflows.vault_against_facts import verify_vault

if TYPE_CHECKING:
    from store.vault import Vault


def verify_store(
    inquiry: Inquiry,
    engine: Engine,
    own: Own,
    verdict: Verdict,
    tick: Tick,
    vault: Callable[[], AbstractContextManager[Vault]],
) -> None:
    """Say in the verdict how the database stands against the trail of the data folder. `own`: what the reader brought.

    What was found is marked for searches where the owner's connection can be had.
    """
    inquiry.authorise("trail")
    with verdict.checking("trail"):
        _verify(engine, own, verdict, tick, vault)


def _verify(
    engine: Engine,
    own: Own,
    verdict: Verdict,
    tick: Tick,
    vault: Callable[[], AbstractContextManager[Vault]],
) -> None:
    store = engine.store
    with owner_if_any(engine) as owner:
        source = open_sealed_folder(trail_folder(engine.data))
        parts = (BesidePart, partial(EntriesPart, store, owner), views_part(engine))
        trail, holds = verify_all(source, own, store, parts, verdict, tick)
    if holds:
        verify_functions(store, verdict)
        with vault() as opened:
            verify_vault(store, opened, verdict)
    with verdict.checking("readings"):
        verify_watched(store, trail, verdict)
