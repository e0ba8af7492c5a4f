"""Refused attempts that the trail's filters let through. They are no facts, and the filters mean the same of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.streams import identity_of, kind_of
from projections.inspection.entries import EntryRow
from projections.inspection.refolding import refold_entry
from projections.inspection.searching import Filters
from store.envelope import spell_actor
from store.log import Store
from store.recorded import RecordedFact
from store.refused import RefusedRow, load_refused

_ALL = 1_000_000

Who = tuple[str | None, str | None, str | None]  # role, ROLE@AGENCY, person


def attempts(store: Store, filters: Filters) -> list[RefusedRow]:
    """The newest first. An attempt made no fact: it is of no kind, by no rule's cause, and holds no free text.

    `recorded_…` and `effective_…` are both held against when it was known: it states no other time.
    """
    if filters.kinds or filters.rules or filters.cause or filters.text:
        return []
    starts = [one for one in (filters.recorded_from, filters.effective_from) if one is not None]
    ends = [one for one in (filters.recorded_until, filters.effective_until) if one is not None]
    rows = load_refused(store, since=max(starts, default=None), until=min(ends, default=None), most=_ALL)
    rows = [row for row in rows if _by(row, filters)]
    if filters.task is None and filters.agency is None and filters.year is None:
        return rows
    return [row for row, entry in zip(rows, _whose(store, rows), strict=True) if _about(row, entry, filters)]


def _by(row: RefusedRow, filters: Filters) -> bool:
    """Whether it was made by whom, and for whom, is asked for."""
    (role, who, subject), (behalf_role, behalf, behalf_subject) = _who(row)
    return all(
        (
            not filters.by_people or role != "system",
            not filters.for_another or row.on_behalf_of is not None,
            not filters.unnamed or subject is None,
            filters.role in (None, role),
            filters.actor in (None, who),
            filters.subject in (None, subject),
            filters.behalf_role in (None, behalf_role),
            filters.behalf in (None, behalf),
            filters.behalf_subject in (None, behalf_subject),
            filters.command in (None, row.command_id),
        )
    )


def _who(row: RefusedRow) -> tuple[Who, Who]:
    """Who tried, and on whose behalf."""
    return _parts(None if row.actor is None else spell_actor(row.actor)), _parts(row.on_behalf_of)


def _parts(written: str | None) -> Who:
    if written is None:
        return None, None, None
    who, _, subject = written.partition(":")
    return who.partition("@")[0], who, subject or None


def _about(row: RefusedRow, entry: EntryRow | None, filters: Filters) -> bool:
    kind, identity = kind_of(row.stream), identity_of(row.stream)
    task = identity if kind == "task" else None if entry is None else entry.task
    named = {who.partition("@")[2] for _, who, _ in _who(row) if who is not None}
    whose = {identity} if kind == "agency" else set() if entry is None else {entry.agency, *entry.others}
    if filters.year is not None and not (task or "").startswith(f"{filters.year}-"):
        return False
    return filters.task in (None, task) and (filters.agency is None or filters.agency in named | whose)


def _whose(store: Store, rows: Sequence[RefusedRow]) -> list[EntryRow | None]:
    """Whose matter the attempt's stream was at that moment; None where it had no fact yet."""
    names = sorted({row.stream for row in rows if row.stream})
    streams = store.load(names).streams if names else {}
    return [_last(streams.get(row.stream, ()), row.known_at) for row in rows]


def _last(facts: Sequence[RecordedFact[Any]], at: datetime) -> EntryRow | None:
    known = [one for one in facts if one.known_at <= at]
    return refold_entry(known[-1], {known[-1].stream: known}) if known else None
