"""What agencies are called: now, and what each was called on a day that is told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.agency.facts import Merged, Registered, Renamed
from domain.errors import Lang
from domain.stamps import Stamp
from domain.streams import identity_of
from domain.values import LocalText
from store.recorded import RecordedFact


class AgencyNames(dict[str, LocalText]):
    """Present names by id. With the names before them, and which agency answers for one that was merged."""

    def __init__(self, facts: Iterable[RecordedFact[Any]] = ()) -> None:
        super().__init__()
        self._since: dict[str, list[tuple[Stamp, LocalText]]] = {}
        self._into: dict[str, str] = {}
        for one in facts:
            self.add(one)

    def add(self, recorded: RecordedFact[Any]) -> None:
        """The same with an agency's next fact; what names nobody changes nothing."""
        agency, fact = identity_of(recorded.stream), recorded.fact
        if isinstance(fact, Merged):
            self._into[agency] = fact.into
        if isinstance(fact, Registered | Renamed):
            known = self._since.setdefault(agency, [])
            known.append(((recorded.effective_at, recorded.version), fact.name))
            known.sort(key=lambda one: one[0])
            self[agency] = known[-1][1]

    def name_on(self, agency: str, at: datetime) -> LocalText:
        """What it was called at that moment; before it had any name, by its first."""
        known = self._since[agency]
        return next((name for (since, _), name in reversed(known) if since <= at), known[0][1])

    def answering(self, agency: str) -> str:
        """The agency that answers for it now."""
        seen = {agency}
        while (into := self._into.get(agency)) is not None and into not in seen and into in self:
            seen.add(into)
            agency = into
        return agency


def say_name(names: Mapping[str, LocalText], agency: str, at: datetime, lang: Lang) -> str:
    """As it was called at that moment; with today's name beside it, its own or that of who answers for it, where that differs."""
    if agency not in names:
        return agency
    if not isinstance(names, AgencyNames):
        return names[agency].say(lang)
    then, now = names.name_on(agency, at).say(lang), names[names.answering(agency)].say(lang)
    if then == now:
        return then
    return f"{then}(현 {now})" if lang == "ko" else f"{then} (now {now})"
