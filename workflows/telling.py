"""Histories of streams in sentences: who shows only rows of views loads none of the sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec.structs import replace

from domain.errors import Lang
from domain.streams import agency_stream
from domain.task.facts import StepTaken
from domain.values import LocalText
from projections.agency_names import AgencyNames
from projections.history import history
from projections.history_line import Line
from projections.slices import AsOf, of_stream
from store.log import Store
from store.recorded import RecordedFact
from workflows.lookups import agency_facts, agency_names
from workflows.titles import item_names

NamesOf = Callable[[Sequence[str]], Mapping[str, str]]


def history_of(
    store: Store, stream: str, lang: Lang, at: AsOf | None = None, people: NamesOf = lambda _: {}
) -> list[Line]:
    """The stream's facts as sentences, oldest first; empty when there is no such stream. `at`: of a slice of the log.

    `people`: as of an agency's history.
    """
    facts = of_stream(store.read(stream), at)
    named = people([one for told in facts for one in persons_in(told.fact)])
    return lines_of(store, facts, lang, agency_names(store, at), named)


def lines_of(
    store: Store,
    facts: Sequence[RecordedFact[Any]],
    lang: Lang,
    names: Mapping[str, LocalText],
    people: Mapping[str, str] = {},
) -> list[Line]:
    """The same of a stream that is read already. `names`: the agencies', which are many to fold; `people`: persons', by id."""
    return history(facts, store.texts_of(facts), names, lang, people=people, items=item_names(store))


def agency_history(
    store: Store, agency: str, lang: Lang, at: AsOf | None = None, people: NamesOf = lambda _: {}
) -> list[Line]:
    """The agency's facts as sentences, with those of others that gave it something; empty when there is no such agency.

    `people`: the names of persons by id, of those whom the reader may see by name.
    """
    streams = agency_facts(store, at)
    own = agency_stream(agency)
    if own not in streams:
        return []
    facts = sorted(
        (
            one
            for stream, told in streams.items()
            for one in told
            if stream == own or agency in (getattr(one.fact, "into", None), getattr(one.fact, "to", None))
        ),
        key=lambda one: (
            one.position if at is None or at.effective is None else (one.effective_at, one.position)
        ),
    )
    names = AgencyNames(chain.from_iterable(streams.values()))
    persons = [one for told in facts for one in persons_in(told.fact)]
    lines = history(facts, store.texts_of(facts), names, lang, people=people(persons))
    return [
        line if one.stream == own else replace(line, sentence=f"[{one.stream}] {line.sentence}")
        for one, line in zip(facts, lines, strict=True)
    ]


def persons_in(fact: Any) -> list[str]:
    """The persons whom the fact names, by id."""
    named = (
        getattr(fact, field, None)
        for field in ("subject", "absent", "substitute", "holder", "delegate", "giver")
    )
    filled = fact.form if isinstance(fact, StepTaken) else ()
    came = (who for one in getattr(fact, "present", ()) for who in (one.subject, one.stands_in_for))
    seats = (one.partition("/") for one in getattr(fact, "invited", ()))
    invited = (which for kind, _, which in seats if kind == "subject")
    filled_in = (each.value for each in filled if each.type == "person")
    return [one for one in (*named, *filled_in, *came, *invited) if one]
