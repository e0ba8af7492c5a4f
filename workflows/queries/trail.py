"""What inspectors read of the trail: searches, one fact in full, what somebody did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from projections.inspection.searching import Filters
from workflows.queries.inquiry import Inquiry
from workflows.queries.whom import find_by_name
from workflows.trail.actors import Acted, is_name, summarise_actor
from workflows.trail.filters import Typed, filters_from, position
from workflows.trail.reading import Page, compare_now, page
from workflows.trail.showing import EntryShown, describe_entry

if TYPE_CHECKING:
    from trail.leaves import Tick


def may_read_trail(inquiry: Inquiry, filters: Filters, *, exported: bool = False) -> None:
    """The record says which agency's or task's entries were asked for."""
    agencies = () if filters.agency is None else (filters.agency,)
    tasks = () if filters.task is None else (filters.task,)
    inquiry.authorise("trail", agencies, tasks=tasks, exported=exported)


def search_trail(
    inquiry: Inquiry,
    filters: Filters,
    *,
    before: int | None = None,
    limit: int = 50,
    compare: bool = False,
    tick: Tick = lambda _: None,
) -> Page:
    """A page of entries, the newest first. `before`: only those below this position; `compare`: all with their facts first.

    Raises BadPosition, EntriesDiffer, NotAllThere.
    """
    if before is not None:
        position("--before", before)
    may_read_trail(inquiry, filters)
    store = inquiry.store
    compared = compare_now(store, tick) if compare else None
    return page(
        store, filters, inquiry.lang, before=before, limit=limit, compared=compared, named=inquiry.names_of
    )


def show_entry(inquiry: Inquiry, event: int, trail_folder: Path) -> EntryShown:
    """The fact at a position in full. `trail_folder`: where its proof is. Raises BadPosition, NoSuchEntry."""
    position("EVENT", event)
    inquiry.authorise("trail")
    return describe_entry(inquiry.store, event, inquiry.lang, trail_folder)


def show_actor(
    inquiry: Inquiry,
    name: str,
    ids_of: Callable[[str], list[str]],
    *,
    before: int | None = None,
    limit: int = 50,
) -> Acted:
    """What ROLE, ROLE@AGENCY, a person's id or a person of that name did, and on whose behalf. `ids_of`: a name's persons.

    Raises BadPosition, UnknownWho, NobodyCalledSo, SeveralCalledSo, NoSuchActor.
    """
    if before is not None:
        position("--before", before)
    who = find_by_name(name, ids_of(name), inquiry) if is_name(name) else name
    subject = filters_from(Typed(actor=who)).subject
    inquiry.authorise("trail", subjects=() if subject is None else (subject,))
    return summarise_actor(
        inquiry.store, who, inquiry.lang, before=before, limit=limit, named=inquiry.names_of
    )
