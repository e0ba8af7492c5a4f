"""Asking a store: who asks, of when, in which language. The command line, pages and the API ask in the same way.

A query is one function. It finds what is asked for, lets the inquiry authorise it by the data that it found, which also
records it, looks only then at what the slice holds, and gives a typed document. What prints it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta

from domain.errors import Lang
from domain.roles import AGENCY_ROLES
from domain.seoul import local_day
from projections.slices import AsOf, AsOfMoments
from store.log import Store
from workflows.as_of_options import parse_as_of
from workflows.read_access import About, Reader, authorise_and_record, may_read
from workflows.read_access import act as allow

Named = Callable[[Collection[str]], Mapping[str, str]]


class Inquiry:
    """`reader`: who asks, and from where; `purpose`: what for; `as_of`, `effective`: of when, as they were typed.

    `named`: how persons are called, by id, of those whose names can be read.
    """

    def __init__(
        self,
        store: Store,
        reader: Reader,
        lang: Lang,
        *,
        purpose: str | None = None,
        as_of: str | None = None,
        effective: str | None = None,
        named: Named = lambda _: {},
    ) -> None:
        self.store, self.reader, self.lang = store, reader, lang
        self.purpose, self._typed = purpose, (as_of, effective)
        self.sliced: tuple[AsOfMoments, AsOf] | None = None
        self._named = named

    def authorise(
        self,
        reading: str,
        agencies: Collection[str | None] = (),
        *,
        tasks: Collection[str | None] = (),
        subjects: Collection[str] = (),
        exported: bool = False,
    ) -> AsOf | None:
        """Refuse who may not read this, and record who does; then where to cut the log, None for all of it.

        `agencies`: whose it is; `tasks`, `subjects`: which tasks and persons, by their ids. Raises as
        `workflows.read_access.authorise_and_record`, and BadMoment, NotYet, NothingKnownThen.
        """
        about = About(
            reading=reading,
            agencies=agencies,
            tasks=[one for one in tasks if one],
            subjects=list(subjects),
        )
        authorise_and_record(self.store, self.reader, about, self.purpose, exported=exported)
        self.sliced = parse_as_of(self.store, *self._typed)
        return self.sliced_at

    def names_of(self, subjects: Collection[str], agencies: Collection[str | None] = ()) -> Mapping[str, str]:
        """The names of these persons by id, which is recorded; of none where the reader may not see them, who reads on by ids.

        `agencies`: whose people they are.
        """
        if not subjects or not self.permits("subject.names", agencies):
            return {}
        about = About(reading="subject.names", agencies=agencies, subjects=list(dict.fromkeys(subjects)))
        names = self._named(about.subjects)
        if names:
            authorise_and_record(self.store, self.reader, about, self.purpose)
        return names

    def reads_beside(
        self, reading: str, agencies: Collection[str | None] = (), *, tasks: Collection[str | None] = ()
    ) -> bool:
        """Whether the reader is told this too, beside what was asked for; who may not reads on without it, and is not refused.

        Recorded as a reading of its own. Ask where there is something to tell.
        """
        if not self.permits(reading, agencies):
            return False
        about = About(reading=reading, agencies=agencies, tasks=[one for one in tasks if one])
        authorise_and_record(self.store, self.reader, about, self.purpose)
        return True

    def permits(self, reading: str, agencies: Collection[str | None] = ()) -> bool:
        """Whether the reader may read it: asked of what is only to be looked up for who may."""
        return may_read(self.store, self.reader, reading, agencies)

    def may_act(self, act: str) -> None:
        """Refuse who may not do this beside the log, and record who does, before anything is done. Raises as `authorise`."""
        allow(self.store, self.reader, act, self.purpose)

    @property
    def sliced_at(self) -> AsOf | None:
        """Where the log is cut, once it is authorised."""
        return None if self.sliced is None else self.sliced[1]

    @property
    def today(self) -> date:
        """The last day (Seoul) of the slice that is shown, or else the store's own."""
        moments = () if self.sliced is None else (self.sliced[0].as_of, self.sliced[0].effective)
        given = [one for one in moments if one is not None]
        return local_day(min(given) - timedelta.resolution if given else self.store.now())

    @property
    def own_agency(self) -> str | None:
        """The agency of who asks as one of an agency's own people."""
        actor = self.reader.actor
        return actor.agency if actor is not None and actor.role in AGENCY_ROLES else None
