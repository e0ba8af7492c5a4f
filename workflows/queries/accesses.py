"""What inspectors read of readings: who read what, and a month of it with what is unusual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
from pydantic_core import PydanticCustomError

from domain.access.commands import MOST_GONE, Prune, SignOff
from domain.access.decider import last_day, prunable_before
from domain.access.facts import Reviewed
from domain.access.state import ACCESS
from domain.limits import bad_input, check_month
from domain.seoul import local_day, midnight
from domain.streams import review_stream
from store.accesses import AccessRow, accesses, accesses_before
from store.envelope import Actor, spell_actor
from store.log import Store
from store.recorded import fold_state
from store.watched import load_gone
from workflows.calendars import calendars
from workflows.queries.access_log import Kept, LogStands, entries_under, look, stands
from workflows.queries.attempts import moments
from workflows.queries.inquiry import Inquiry
from workflows.reviewing import RULES, Review, make_review, reader_of, since


class AccessRead(AccessRow, frozen=True, kw_only=True, omit_defaults=False):
    """`actor`: as --as takes it, None where nobody was named; `reader`: the same, or else the machine's user in parentheses."""

    actor: str | None  # type: ignore[assignment]
    reader: str


class AccessList(msgspec.Struct, frozen=True):
    """The newest first."""

    accesses: list[AccessRead]


class NothingPruned(msgspec.Struct, frozen=True):
    """Nothing was read before that day in Seoul."""

    before: date
    pruned: int = 0


class UnusualRead(msgspec.Struct, frozen=True):
    """What a rule found: a reader on a day in Seoul, by the ids of the readings. `meaning`: the rule in words."""

    rule: str
    meaning: str
    reader: str
    day: date
    accesses: tuple[int, ...]


class SignedOff(msgspec.Struct, frozen=True):
    """`unchanged`: the readings are those that were signed off, unless some were pruned."""

    readings: int
    unusual: int
    unchanged: bool


class MonthReviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A month's readings, the most frequent first: see `workflows.reviewing.Review`. `signed_off`: None until somebody has."""

    month: str
    readings: int
    by_reader: Mapping[str, int]
    by_reading: Mapping[str, int]
    by_agency: Mapping[str, int]
    unusual: list[UnusualRead]
    rows_sha256: str
    signed_off: SignedOff | None
    log: LogStands


def list_accesses(
    inquiry: Inquiry,
    trail_folder: Path,
    *,
    actor: Actor | None = None,
    unnamed: bool = False,
    about: str | None = None,
    first: date | None = None,
    last: date | None = None,
    kept: Kept | None = None,
    most: int = 500,
) -> AccessList:
    """Who read what. `actor`: what it does not name may be anything; `unnamed`: only where nobody was named; `about`: the id
    of a task, an agency or a person; `first`, `last`: days in Seoul, both included; `kept`: only what came after that
    checkpoint, which the log has to go on from. Raises NotTrusted, BadPolicy.
    """
    inquiry.authorise("access")
    begin, end = moments(first, last)
    rows = accesses(
        inquiry.store,
        actor=actor,
        unnamed=unnamed,
        about=about,
        since=begin,
        until=end,
        after=None if kept is None else entries_under(trail_folder, kept()),
        most=most,
    )
    return AccessList([_access(row) for row in rows])


def review_month(inquiry: Inquiry, month: str, trail_folder: Path, kept: Kept | None = None) -> MonthReviewed:
    """A month, e.g. 2024-05, for whoever answers for it. `kept`: a checkpoint that the log has to go on from. Raises BadInput."""
    stream = review_stream(check_month_given(month))
    inquiry.authorise("access")
    store, lang = inquiry.store, inquiry.lang
    found = _review(store, month)
    watched, problem = look(store, trail_folder, kept)
    signed: Reviewed | None = fold_state(ACCESS, store.read(stream)).review
    return MonthReviewed(
        month=found.month,
        readings=found.readings,
        by_reader=dict(found.by_reader),
        by_reading=dict(found.by_reading),
        by_agency=dict(found.by_agency),
        unusual=[
            UnusualRead(one.rule, RULES[one.rule].say(lang), one.reader, one.day, one.accesses)
            for one in found.unusual
        ],
        rows_sha256=found.rows_sha256,
        signed_off=None
        if signed is None
        else SignedOff(signed.readings, signed.unusual, signed.rows_sha256 == found.rows_sha256),
        log=stands(watched, problem, lang),
    )


def signing_off(inquiry: Inquiry, month: str, note: str) -> SignOff:
    """The command that says that a month was reviewed, over its readings as they are now. Raises BadInput."""
    check_month_given(month)
    inquiry.authorise("access")
    found = _review(inquiry.store, month)
    return SignOff(
        month=found.month,
        readings=found.readings,
        unusual=len(found.unusual),
        rows_sha256=found.rows_sha256,
        note=note,
    )


def pruning(store: Store, before: date | None) -> Prune | NothingPruned:
    """The command that takes what was read before a day, by default all that may go, out of the log; if there is any."""
    day = prunable_before(local_day(store.now())) if before is None else before
    count = accesses_before(store, day)
    if not count:
        return NothingPruned(day)
    return Prune(before=day, count=count, gone=tuple(load_gone(store, midnight(day), MOST_GONE)))


def check_month_given(given: str) -> str:
    """Raises BadInput."""
    try:
        return check_month(given)
    except PydanticCustomError as error:
        raise bad_input(error, "MONTH") from None


def _access(row: AccessRow) -> AccessRead:
    actor = None if row.actor is None else spell_actor(row.actor)
    return AccessRead(**msgspec.structs.asdict(row) | {"actor": actor}, reader=reader_of(row))


def _review(store: Store, month: str) -> Review:
    last = last_day(month)
    begin, end = moments(since(month), last)
    return make_review(month, accesses(store, since=begin, until=end), calendars(store, {last.year}))
