"""For whom an agency's people act: it and those merged into it, and for nobody once it is no more."""

from __future__ import annotations

from collections.abc import Collection

from domain.agency.state import Agency
from domain.errors import Bilingual
from domain.roles import AGENCY_ROLES
from store.envelope import Actor
from store.log import Store
from workflows.lookups import answering
from workflows.permissions import AgencyMergedInto, AgencyNoMore


def check_is_there(store: Store, actor: Actor, agency: Agency, what: Bilingual) -> None:
    """Refuse somebody of an agency that was merged or closed, and say which answers now. `agency`: theirs, as it is."""
    if actor.agency is None or actor.role not in AGENCY_ROLES:
        return
    if agency.successor is not None:
        raise AgencyMergedInto(agency=actor.agency, successor=answering(store, actor.agency), what=what)
    if agency.closed:
        raise AgencyNoMore(agency=actor.agency, what=what)


def whose_now(store: Store, agencies: Collection[str | None]) -> tuple[str, ...]:
    """Those agencies, and those that answer for them."""
    named = [one for one in agencies if one]
    return tuple(dict.fromkeys([*named, *(answering(store, one) for one in named)]))
