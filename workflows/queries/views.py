"""What people read of views: how far each has come, its rows, what became of them, and what was found of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from domain.errors import Refusal
from domain.streams import identity_of
from domain.view.commands import SkipFact
from domain.view.facts import NotCompared
from projections.labels import Areas
from projections.positions import Position
from projections.reading import all_rows
from projections.row_changes import RowChange, find_changes
from projections.view import View
from projections.views import VIEWS, positions
from store.log import Store
from workflows.as_of_options import SliceRead, parse_as_of_pair, slice_read
from workflows.lookups import area_names, certificates_of
from workflows.queries.inquiry import Inquiry


class NoSuchView(Refusal):
    """`known`: the views there are."""

    ko = "조회 화면 ‘{view}’은(는) 없습니다. 있는 것: {known}."
    en = "There is no view “{view}”. There are: {known}."


class NoSuchRow(Refusal):
    """`near`: keys that are spelled alike, or else the first ones."""

    ko = "{view} 조회 화면에 ‘{key}’ 행이 없습니다(전체 {count}행). 있는 것: {near}."
    en = "The view {view} has no row “{key}” (rows in all: {count}). There are: {near}."


class NotStopped(Refusal):
    """Only the fact in front of which a view stands still can be skipped."""

    ko = "{view} 조회 화면은 멈춰 있지 않으므로 건너뛸 것이 없습니다."
    en = "The view {view} has not stopped: there is nothing to skip."


class ViewList(msgspec.Struct, frozen=True):
    """How far each view has come, by name."""

    views: Mapping[str, Position]


class ViewRows(msgspec.Struct, frozen=True):
    """`rows`: of the view's own type, by key, in order; `areas`: the names of the areas, by year and id."""

    view: str
    rows: Mapping[str, Any]
    areas: Mapping[int, Areas]


class ViewChanged(msgspec.Struct, frozen=True):
    """The rows that differ between two slices of the log; `areas`: as above."""

    view: str
    early: SliceRead = msgspec.field(name="from")
    late: SliceRead = msgspec.field(name="to")
    rows: list[RowChange]
    areas: Mapping[int, Areas]


class CertificateRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a verification or a rebuild found; see the facts `view.verified` and `view.rebuilt`, which alone has the last three.

    `kind`: which of them; `fact`: its position; `position`: up to where the rows were folded.
    """

    view: str
    kind: str
    fact: int
    known_at: datetime
    version: int
    position: int
    rows: int
    rows_sha256: str
    code_sha256: str
    milliseconds: int
    differences: int
    explained: int
    before: int | UnsetType | None = UNSET
    accepted: int | UnsetType = UNSET
    not_compared: tuple[NotCompared, ...] | UnsetType = UNSET


class CertificateList(msgspec.Struct, frozen=True):
    """The newest last."""

    certificates: list[CertificateRead]


def list_views(inquiry: Inquiry) -> ViewList:
    inquiry.authorise("views")
    return ViewList(positions(inquiry.store))


def may_verify(inquiry: Inquiry) -> None:
    """Before a view is compared with the log: who may see how far views have come may have it compared."""
    inquiry.authorise("views")


def show_rows(inquiry: Inquiry, name: str, key: str | None = None) -> ViewRows:
    """All rows of a view, or one. Raises NoSuchView, NoSuchRow."""
    view = find_view(name)
    found = all_rows(inquiry.store, view, inquiry.authorise(view.reading, tasks=(key,)))
    if key is not None and key not in found:
        raise NoSuchRow(view=name, key=key[:60], count=len(found), near=_near(key, found))
    wanted = {one: found[one] for one in sorted(found) if key in (None, one)}
    return ViewRows(name, wanted, area_names(inquiry.store, _years(wanted.values())))


def diff_rows(inquiry: Inquiry, name: str, since: str, to: str, *, effective: bool = False) -> ViewChanged:
    """What became of a view's rows between two moments, as they were typed; `effective`: as corrected since.

    Raises NoSuchView, BadMoment, NotYet, SpanUpsideDown, NothingKnownThen.
    """
    view = find_view(name)
    inquiry.authorise(view.reading)
    early, late, begin, end = parse_as_of_pair(inquiry.store, since, to, effective=effective)
    found = find_changes(inquiry.store, view, begin, end)
    areas = area_names(inquiry.store, _years(row.after or row.before for row in found))
    return ViewChanged(name, slice_read(early, begin), slice_read(late, end), found, areas)


def list_certificates(inquiry: Inquiry, name: str | None = None) -> CertificateList:
    """What verifications and rebuilds found, of one view or of all. Raises NoSuchView."""
    names = [find_view(name).name] if name else list(VIEWS)
    facts = certificates_of(inquiry.store, names, inquiry.authorise("views"))
    return CertificateList(
        [
            CertificateRead(
                view=identity_of(one.stream),
                kind=one.kind,
                fact=one.position,
                known_at=one.known_at,
                **msgspec.structs.asdict(one.fact),
            )
            for one in facts
        ]
    )


def skipping(store: Store, name: str) -> SkipFact:
    """The command that lets a view pass over the fact in front of which it stopped. Raises NotStopped."""
    at = positions(store)[find_view(name).name].error_position
    if at is None:
        raise NotStopped(view=name)
    return SkipFact(view=name, position=at)


def find_view(name: str) -> View:
    """Raises NoSuchView."""
    if name not in VIEWS:
        raise NoSuchView(view=name, known=tuple(VIEWS))
    return VIEWS[name]


def _near(key: str, found: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(key, found, 5) or sorted(found)[:5]) or ("–",)


def _years(rows: Iterable[Any]) -> set[int]:
    return {row.year for row in rows if hasattr(row, "area")}
