"""The facts that a person has let a view pass over."""

from __future__ import annotations

from domain.streams import view_stream
from domain.view.state import VIEW, Skips
from projections.view import View
from store.log import Store
from store.recorded import fold_state


def load_skips(store: Store, view: View) -> frozenset[int]:
    """The positions of facts that the view may pass over where it cannot fold them.

    A program that can fold such a fact folds it: what was skipped comes back with a rebuild.
    """
    skips: Skips = fold_state(VIEW, store.read(view_stream(view.name)))
    return skips.positions
