"""Looking entries of the trail up: pages of positions, the newest first. What they mean is read from the log itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from projections.damage import name_damage
from projections.inspection.causes import names_of
from projections.inspection.entries import TRAIL_ENTRIES
from projections.query import Query
from store.connecting import Connection
from store.log import Store
from store.searching import texts_with, those_with
from store.stated_times import first_at

_EQUAL = ("task", "role", "actor", "subject", "behalf", "behalf_subject", "command")
_ANY = {"kind": "kinds", "rule": "rules"}  # columns of which any of several values may be asked for
_LAST = 2**62
_FIRST_WALK, _WALK = 1000, 5000  # entries
_FEW = 4000  # texts
_ENTRIES = "{trail_entries} AS entry"
_HELD = f"SELECT * FROM {_ENTRIES} WHERE texts <> '{{{{}}}}' AND texts && %(texts)s"


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What entries have to be like, in all of these; what is None is not asked for.

    `year`: about any task of that year's programme. `agency`: whose matter it is, or that takes part, acts or is named. `actor`, `behalf`: as projections.inspection.entries
    spells them; `behalf_role`: of whatever agency. `cause`: the position of the fact that made a rule act. Times
    from (included) until (excluded), those recorded by the store's clock, which in a simulated store is not the server's. `text`: a part, of two letters or more, of a free text that the fact refers to.
    `kinds`, `rules`: any of these; `stated`: an effective time is; `for_another`: on somebody's behalf; `by_people`: not by rule;
    `unnamed`: no person is named.
    """

    task: str | None = None
    year: int | None = None
    agency: str | None = None
    kinds: tuple[str, ...] | None = None
    role: str | None = None
    actor: str | None = None
    subject: str | None = None
    behalf: str | None = None
    behalf_role: str | None = None
    behalf_subject: str | None = None
    rules: tuple[str, ...] | None = None
    cause: int | None = None
    command: str | None = None
    recorded_from: datetime | None = None
    recorded_until: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    text: str | None = None
    stated: bool = False
    for_another: bool = False
    by_people: bool = False
    unnamed: bool = False

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by name."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value}


_FLAGS = tuple(one.name for one in msgspec.structs.fields(Filters) if one.default is False)


def narrow(among: Filters, asked: Filters) -> Filters | None:
    """What is like both; None where nothing can be. `among` has kinds and yes or no alone, as rules of findings do."""
    kinds = asked.kinds
    if among.kinds is not None:
        kinds = among.kinds if kinds is None else tuple(one for one in among.kinds if one in kinds)
    if kinds == ():
        return None
    flags = {name: getattr(among, name) or getattr(asked, name) for name in _FLAGS}
    return replace(asked, kinds=kinds, **flags)


def positions_of(
    store: Store, filters: Filters, before: int | None, limit: int, *, by_index: bool = True
) -> list[int]:
    """At most `limit` positions below `before` (None: of the whole trail) whose entries are so, the newest first.

    `by_index`: of free texts; else each of them is looked at, for what must not be missed.
    """
    with store.connection() as connection, name_damage(store, [TRAIL_ENTRIES]):
        given = _query_parameters(store, connection, filters, before)
        if filters.text is not None:
            return _with_text(connection, filters, filters.text, given, limit, by_index=by_index)
        return [row[0] for row in _rows(connection, filters, given, limit)]


def matches(store: Store, filters: Filters, most: int) -> int | None:
    """How many entries are so, at most `most`; None where free texts are asked for, which would have to be walked."""
    if filters.text is not None:
        return None
    with store.connection() as connection, name_damage(store, [TRAIL_ENTRIES]):
        given = _query_parameters(store, connection, filters, None)
        query = Query(
            f"SELECT count(*) FROM ({_select(filters, _ENTRIES, 'position')}) AS found", TRAIL_ENTRIES
        )
        row: Any = connection.execute(query.sql, {**given, "limit": most}, prepare=False).fetchone()
        return int(row[0])


def _query_parameters(
    store: Store, connection: Connection, filters: Filters, before: int | None
) -> dict[str, Any]:
    """The values that a query asks for."""
    because = [] if filters.cause is None else store.at([filters.cause])
    low, high = _span(connection, filters.recorded_from, filters.recorded_until)
    given = {
        **_filter_parameters(filters),
        "low": low,
        "high": min(high, _LAST if before is None else before),
        "due": [name for one in because for name in names_of(one)],
    }
    if _has_dates(filters):
        since, until = filters.effective_from, filters.effective_until
        given["first"], given["end"] = _span(connection, since, until)
        given["since"], given["until"] = since or "-infinity", until or "infinity"
    return given


def _with_text(
    connection: Connection, filters: Filters, text: str, given: dict[str, Any], limit: int, *, by_index: bool
) -> list[int]:
    """Those whose free texts hold this part: by the newest themselves, then by the index of texts where that tells.

    A part that stands in many texts stands in enough of the newest; one that stands in few is quickly looked up.
    """
    found, rest, ended = _walk(connection, filters, text, given, limit, _FIRST_WALK)
    if ended or len(found) >= limit:
        return found[:limit]
    holding = texts_with(connection, text, _FEW + 1, by_index=by_index)
    if len(holding) <= _FEW:
        return found + _of_texts(connection, filters, {**rest, "texts": holding}, limit - len(found))
    while not ended and len(found) < limit:
        more, rest, ended = _walk(connection, filters, text, rest, limit, _WALK)
        found += more
    return found[:limit]


def _of_texts(connection: Connection, filters: Filters, given: dict[str, Any], limit: int) -> list[int]:
    """Those that refer to any of the given texts."""
    if not given["texts"]:
        return []
    with connection.transaction():
        # these few entries come first: the planner would rather walk back through all of them
        connection.execute("SET LOCAL enable_seqscan = off")
        return [row[0] for row in _rows(connection, filters, given, limit, _HELD)]


def _walk(
    connection: Connection, filters: Filters, text: str, given: dict[str, Any], limit: int, steps: int
) -> tuple[list[int], dict[str, Any], bool]:
    """Those among the next so many entries that have texts; where to go on, and whether there is nothing more."""
    rows = _rows(connection, filters, given, steps)
    holding = those_with(connection, text, [one for _, texts in rows for one in texts])
    found = [position for position, texts in rows if not holding.isdisjoint(texts)]
    return found, {**given, "high": rows[-1][0] if rows else 0}, len(rows) < steps


def _rows(
    connection: Connection, filters: Filters, given: dict[str, Any], limit: int, held: str | None = None
) -> list[tuple[int, list[str]]]:
    """Positions and texts' ids, the newest first. `held`: the entries to look among, as a query."""
    text = (
        _select(filters, _ENTRIES)
        if held is None
        else f"WITH held AS MATERIALIZED ({held}) {_select(filters, 'held')}"
    )
    query = Query(text, TRAIL_ENTRIES)
    rows: Any = connection.execute(query.sql, {**given, "limit": limit}, prepare=False).fetchall()
    return rows  # type: ignore[no-any-return]


def _has_dates(filters: Filters) -> bool:
    return filters.effective_from is not None or filters.effective_until is not None


def _filter_parameters(filters: Filters) -> dict[str, Any]:
    asked = {name: value for name, value in msgspec.structs.asdict(filters).items() if value is not None}
    if filters.year is not None:
        asked["year"] = str(filters.year)
    for column, name in _ANY.items():
        if (values := asked.get(name)) is not None:
            asked |= {name: list(values)} | {f"{column}_{n}": value for n, value in enumerate(values)}
    return asked


def count_by(store: Store, filters: Filters, *columns: str) -> list[Any]:
    """How many entries are so for each value of these columns, the most first: values, count, first and last position.

    Of the filters only those by who, what and which task or rule are looked at.
    """
    listed = ", ".join(columns)
    any_of = [
        f"{column} = ANY(%({name})s)" for column, name in _ANY.items() if getattr(filters, name) is not None
    ]
    conditions = " AND ".join(["position IS NOT NULL", *_alike(filters), *any_of])
    query = Query(
        f"SELECT {listed}, count(*), min(position), max(position) FROM {_ENTRIES} "
        f"WHERE {conditions} GROUP BY {listed} ORDER BY count(*) DESC, {listed}",
        TRAIL_ENTRIES,
    )
    with store.connection() as connection, name_damage(store, [TRAIL_ENTRIES]):
        rows: Any = connection.execute(query.sql, _filter_parameters(filters), prepare=False).fetchall()
    return list(rows)


def _alike(filters: Filters) -> list[str]:
    """Conditions on single values of an entry."""
    asked = [f"{name} = %({name})s" for name in _EQUAL if getattr(filters, name) is not None]
    if filters.year is not None:
        asked.append("task LIKE %(year)s || '-%%'")
    if filters.actor is not None:
        # what follows from it, said because more of the indexes hold the role
        asked.append("role = split_part(%(actor)s, '@', 1)")
    if filters.behalf_role is not None:
        asked.append("(behalf = %(behalf_role)s OR behalf LIKE %(behalf_role)s || '@%%')")
    if filters.stated:
        asked.append("dated IS NOT NULL")
    if filters.for_another:
        asked.append("behalf IS NOT NULL")
    if filters.by_people:
        asked.append("role <> 'system'")
    if filters.unnamed:
        asked.append("subject IS NULL")
    return asked


def _select(filters: Filters, table: str, what: str = "position, texts") -> str:
    """A branch for each way in which an entry may be meant, each read along an index of its own from the newest; as a Query has it."""
    common = ["position >= %(low)s", "position < %(high)s", *_alike(filters)]
    if filters.text is not None:
        common.append("texts <> '{{}}'")
    branches = [common]
    for ways in _ways(filters):
        branches = [[*branch, one] for branch in branches for one in ways]
    selects = [
        f"(SELECT {what} FROM {table} WHERE {' AND '.join(branch)} ORDER BY position DESC LIMIT %(limit)s)"
        for branch in branches
    ]
    return f"SELECT {what} FROM ({' UNION '.join(selects)}) AS found ORDER BY position DESC LIMIT %(limit)s"


def _ways(filters: Filters) -> Iterator[list[str]]:
    """Of each thing that may be so in several ways: the conditions, of which any is enough."""
    for column, name in _ANY.items():
        if (values := getattr(filters, name)) is not None:
            yield [f"{column} = %({column}_{n})s" for n in range(len(values))]
    if filters.cause is not None:
        yield ["cause = %(cause)s", "due = ANY(%(due)s)"]
    if filters.agency is not None:
        yield ["agency = %(agency)s", "(others <> '{{}}' AND others @> ARRAY[%(agency)s::text])"]
    if _has_dates(filters):
        # what states no time of its own took effect when it became known, and that never goes back
        yield [
            "(dated IS NULL AND position >= %(first)s AND position < %(end)s)",
            "(dated >= %(since)s AND dated < %(until)s)",
        ]


def _span(connection: Connection, since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """The first position at or after `since`, and the first at or after `until`."""
    first = 1 if since is None else first_at(connection, since)
    return first, _LAST if until is None else first_at(connection, until)
