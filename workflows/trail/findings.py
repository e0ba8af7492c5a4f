"""The findings of the trail: entries that a rule points out, and attempts that were refused; open until examined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from domain.errors import Bilingual, Lang, Refusal
from domain.seoul import local_day
from domain.streams import finding_stream
from projections.inspection.entries import office_of
from projections.inspection.findings import LABELS, REFUSED, RULES, Seen, refusal_of_attempt
from projections.inspection.searching import Filters, narrow, positions_of
from projections.texts import in_words
from store.log import Store
from store.recorded import RecordedFact
from store.refused import RefusedRow
from store.texts import Look
from trail.leaves import Tick
from workflows.calendars import calendars
from workflows.trail.attempts import attempts
from workflows.trail.completeness import Complete, complete_by_facts
from workflows.trail.reading import compare_now, narrate_entries

COUNTED = 1000  # of each rule
_A_PAGE = 200
_NAMED = re.compile(r"(?P<rule>[a-z_]+)-(?P<about>[1-9][0-9]{0,18})")


class NoSuchRule(Refusal):
    ko = "‘{given}’이라는 지적 규칙은 없습니다. 있는 것: {known}."
    en = "There is no rule “{given}” that finds something. There are: {known}."


class NoSuchFinding(Refusal):
    ko = "‘{given}’이라는 지적 사항은 없습니다. `donghaeng trail findings`가 보여 준 이름을 지정하십시오."
    en = "There is no finding “{given}”. Give the name that `donghaeng trail findings` shows."


class Examination(msgspec.Struct, frozen=True):
    """Who looked into a finding and when; `note`: its words, or that they are not there and why."""

    by: str
    at: datetime
    note: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """`finding`: its name; `about`: a position, or an attempt's number; `why`: what the rule saw."""

    finding: str
    rule: str
    about: int
    at: datetime
    who: str | None
    stream: str
    what: str
    why: str
    examined: list[Examination]


class Found(msgspec.Struct, frozen=True):
    """One of them before it is told: an entry or an attempt, and why it is one."""

    rule: str
    about: int
    at: datetime
    what: RecordedFact[Any] | RefusedRow
    why: Bilingual

    @property
    def stream(self) -> str:
        return finding_stream(self.rule, self.about)


class Findings(msgspec.Struct, frozen=True):
    """`counts`: how many there are by rule, COUNTED for so many or more; `complete`: of the trail, not of refusals."""

    findings: list[Finding]
    counts: dict[str, int]
    complete: Complete


def findings(
    store: Store,
    lang: Lang,
    *,
    rules: Sequence[str] = (),
    filters: Filters,
    only_open: bool,
    limit: int,
    tick: Tick = lambda _: None,
) -> Findings:
    """At most so many findings of each rule, or of these, the newest first, among what the filters let through.

    All entries are compared with the facts first. Raises NoSuchRule, NotAllThere, EntriesDiffer.
    """
    if unknown := [rule for rule in rules if rule not in LABELS]:
        raise NoSuchRule(given=unknown[0][:40], known=tuple(LABELS))
    compared = compare_now(store, tick)
    found: list[Found] = []
    counts = {}
    for name in LABELS if not rules else dict.fromkeys(rules):
        some = list(islice(_find(store, name, filters, only_open), max(limit, COUNTED)))
        found += some[:limit]
        counts[name] = len(some)
    told = _describe(store, sorted(found, key=lambda one: one.at, reverse=True), lang)
    return Findings(told, counts, complete_by_facts(store, compared))


def find_finding(store: Store, given: str) -> tuple[str, int]:
    """The rule and what it is about, of a finding that there is. Raises NoSuchFinding."""
    name = _NAMED.fullmatch(given)
    if name is None or name["rule"] not in LABELS:
        raise NoSuchFinding(given=given[:60])
    rule, about = name["rule"], int(name["about"])
    if about > 2**62 or not _is_one(store, rule, about):
        raise NoSuchFinding(given=given)
    return rule, about


def _is_one(store: Store, rule: str, about: int) -> bool:
    if rule == REFUSED:
        return any(one.id == about and refusal_of_attempt(one) for one in attempts(store, Filters()))
    entries = [_with_recorded_time(store, one) for one in store.at([about])]
    return bool(entries) and _whys(store, rule, entries)[0] is not None


def _find(store: Store, rule: str, filters: Filters, only_open: bool) -> Iterator[Found]:
    """What the rule finds, the newest first; what was examined is left out where only the open is asked for."""
    pages = _attempt_pages(store, filters) if rule == REFUSED else _entry_pages(store, rule, filters)
    for page in pages:
        streams = [one.stream for one in page]
        examined = store.load(streams).streams if only_open and streams else {}
        yield from (one for one in page if not examined.get(one.stream))


def _entry_pages(store: Store, rule: str, asked: Filters) -> Iterator[list[Found]]:
    filters = narrow(RULES[rule].among, asked)
    before: int | None = None
    while filters is not None and (
        positions := positions_of(store, filters, before, _A_PAGE, by_index=False)
    ):
        entries = [_with_recorded_time(store, one) for one in store.at(positions)[::-1]]
        yield [
            Found(rule, one.position, one.known_at, one, why)
            for one, why in zip(entries, _whys(store, rule, entries), strict=True)
            if why is not None
        ]
        before = positions[-1]


def _with_recorded_time(store: Store, one: RecordedFact[Any]) -> RecordedFact[Any]:
    """In a store that is not simulated a fact is of the time at which it was recorded, whatever else stands there."""
    if store.simulated or one.known_at == one.recorded_at:
        return one
    return msgspec.structs.replace(one, known_at=one.recorded_at)


def _attempt_pages(store: Store, filters: Filters) -> Iterator[list[Found]]:
    rows = attempts(store, filters)
    for first in range(0, len(rows), _A_PAGE):
        yield [
            Found(REFUSED, row.id, row.known_at, row, why)
            for row in rows[first : first + _A_PAGE]
            if (why := refusal_of_attempt(row)) is not None
        ]


def _whys(store: Store, rule: str, entries: Sequence[RecordedFact[Any]]) -> list[Bilingual | None]:
    """What the rule says of each."""
    finds, looks_back = RULES[rule].finds, RULES[rule].looks_back
    known = calendars(store, {local_day(one.known_at).year for one in entries})
    names = sorted({one.stream for one in entries}) if looks_back else []
    streams = store.load(names).streams if names else {}
    return [finds(one, Seen(known, streams.get(one.stream, ())[: one.version - 1])) for one in entries]


def _describe(store: Store, found: Sequence[Found], lang: Lang) -> list[Finding]:
    entries = [one.what for one in found if isinstance(one.what, RecordedFact)]
    sentences = {one.position: one for one in narrate_entries(store, entries, lang)}
    streams = store.load(list(dict.fromkeys(one.stream for one in found))).streams if found else {}
    texts = store.texts_of([fact for facts in streams.values() for fact in facts])
    return [_finding(one, sentences, streams[one.stream], texts, lang) for one in found]


def _finding(
    one: Found, sentences: Any, facts: Sequence[RecordedFact[Any]], texts: Look, lang: Lang
) -> Finding:
    if isinstance(one.what, RefusedRow):
        who = None if one.what.actor is None else office_of(one.what.actor)
        stream, what = one.what.stream, one.what.command
    else:
        entry = sentences[one.about]
        who, stream, what = entry.actor, entry.stream, entry.sentence
    return Finding(
        finding=f"{one.rule}-{one.about}",
        rule=one.rule,
        about=one.about,
        at=one.at,
        who=who,
        stream=stream,
        what=what,
        why=one.why.say(lang),
        examined=[
            Examination(office_of(fact.envelope.actor), fact.known_at, in_words(texts(fact.fact.note), lang))
            for fact in facts
        ],
    )
