"""The rewrite matrix: what an operator with database, key and code can do, what of it is caught, by what, and what is not.

The table stands in docs/trust.md, word for word.
"""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from projections.agency_register import AGENCY_REGISTER
from projections.inspection.entries import TRAIL_ENTRIES
from store.connecting import connect
from store.errors import TwoTimes
from store.log import Store
from tests.conftest import top
from tests.workers.sealing import rewriting_operator as op
from tests.workers.sealing.onlookers_of_the_matrix import (
    NOT_CAUGHT,
    as_the_application,
    looked_at,
    nightly,
    pack,
    search,
)
from tests.workers.sealing.rewriting_operator import Operator, Row, Rows
from tests.workers.sealing.timestamp_authority import Authority as Tsa
from tests.workers.sealing.witnessed_trails import Desk, register
from tests.workers.sealing.world_of_the_matrix import (
    COLUMNS,
    World,
    altered,
    as_it_stood,
    fold_anew,
    lived_in,
)
from trail.note import LOG, new_key, parse_note
from trail.verifying import Own
from trail.witness.evidence import load_evidence
from workflows.command_handler import CommandHandler
from workflows.trail.completeness import compare_entries

MIDDLE, SEALED = 12, 16  # facts under the second and the last checkpoint
BEFORE, AFTER, TAIL = 3, 9, 19  # a fact before the kept checkpoint, one after it, one that is not sealed yet
SEARCH, PACK, NIGHT = "search", "pack", "nightly check"  # what the operator's own system says
OWN = (SEARCH, PACK, NIGHT)
Cells = dict[str, str]


@pytest.fixture
def world(store: Store, owner_dsn: str, tmp_path: Path, tsa: Tsa) -> Iterator[World]:
    with lived_in(store, owner_dsn, tmp_path, tsa) as found:
        yield found


# -- what is done -----------------------------------------------------------------------------------------------------


class Attack(NamedTuple):
    """`where`: in the reader's words; `change`: the rows that the operator would rather have."""

    what: str
    where: str
    change: Callable[[Rows], Sequence[Row]]


PLACES = {
    BEFORE: "sealed, before the kept checkpoint",
    AFTER: "sealed, after it",
    TAIL: "not sealed yet",
}


def changing(
    what: str, change: Callable[[Rows, int], Sequence[Row]], places: Sequence[int] = (*PLACES,)
) -> list[Attack]:
    return [Attack(what, PLACES[at], lambda rows, at=at: change(rows, at)) for at in places]


AHEAD = "date facts ahead, as with a clock that runs ahead"
ATTACKS = [
    Attack("nothing: the control", "", list),
    *changing("edit a fact", op.edit),
    *changing("delete a fact", op.delete),
    *changing("reorder two facts", op.reorder),
    *changing("insert a fact", op.insert),
    *changing("truncate: cut off the end", op.truncate),
    *changing("roll back and go on otherwise", op.roll_back),
    *changing("back-date a fact, as far as the order of times allows", op.back_date, (BEFORE, AFTER)),
    *changing("back-date a fact, as far as the order of times allows", op.back_date_end, (TAIL,)),
    *changing("set the date at which a fact was known", op.set_date),
    *changing(AHEAD, op.date_ahead, (AFTER, TAIL)),
]


def careless(rows: Rows) -> Sequence[Row]:
    """Back-dated without a look at its neighbours."""
    row = rows[AFTER - 1]
    early = op.changed(row, recorded=row[op.RECORDED] - timedelta(days=5))
    return [*rows[: AFTER - 1], early, *rows[AFTER:]]


# -- where it is done, and what comes of it ---------------------------------------------------------------------------


def own_system(world: World) -> Cells:
    """What readings and the nightly check say by themselves, where the operator has made the entries fit."""
    fold_anew(world)
    return told_by(world, world.store)


def told_by(world: World, store: Store) -> Cells:
    return {SEARCH: search(store), PACK: pack(world, store), NIGHT: nightly(world, store)}


def columns(
    world: World,
    change: Callable[[Rows], Sequence[Row]],
    *,
    fits: bool = True,
    uncounted: int = 0,
    days: Sequence[int] = (3, 3, 3, 3),
) -> Cells:
    """What each onlooker sees after the change. `fits`: seals in the log are made to fit, and counts of the
    streams but for the fact `uncounted`; `days`: see `as_it_stood`.
    """
    owns, folder = world.owns(), world.tmp / "rewritten"
    rows = op.numbered(change(world.rows))
    world.operator.overwrite(rows)
    cells = {COLUMNS[0]: looked_at(world, world.store, world.trail, owns[COLUMNS[0]])} | own_system(world)
    fitting = world.operator.fitting(rows, world.rows, uncounted) if fits else rows
    world.operator.overwrite(fitting)
    note = world.operator.rebuilt(folder, fitting, world.trail)
    cells |= {name: looked_at(world, world.store, folder, owns[name]) for name in COLUMNS[1:3]}
    for own, names in (((), COLUMNS[3:4]), (world.at[2:3], COLUMNS[4:])):
        as_it_stood(world.at, days)
        asked_alone([desk for desk in world.at if desk not in own], world)
        world.operator.cosigned(folder, note, world.policy, [desk.key for desk in own])
        cells |= {name: looked_at(world, world.store, folder, owns[name]) for name in names}
    return cells


def asked_alone(asked: Sequence[Desk], world: World) -> None:
    """The others are not there for anybody."""
    for desk in world.at:
        desk.away = desk not in asked


def older_shown(world: World) -> Cells:
    """The end is cut off, and an older checkpoint, cosigned in its time, is shown as the latest."""
    owns, folder = world.owns(), world.tmp / "older"
    rows = world.rows[:MIDDLE]
    world.operator.overwrite(rows)
    cells = {COLUMNS[0]: looked_at(world, world.store, world.trail, owns[COLUMNS[0]])} | own_system(world)
    world.operator.overwrite(rows)
    world.operator.rebuilt(folder, rows, world.trail)
    shutil.copy(world.trail / "checkpoints" / str(MIDDLE), folder / "checkpoint")
    return cells | {name: looked_at(world, world.store, folder, owns[name]) for name in COLUMNS[1:]}


def split(world: World) -> Cells:
    """Two inspectors are shown logs that go on otherwise after the last checkpoint; caught where one of them sees it."""
    owns, views = world.owns(), [world.tmp / "one", world.tmp / "other"]
    pasts = [list(world.rows), op.edit(world.rows, TAIL)]
    notes = [world.operator.rebuilt(view, rows, world.trail) for view, rows in zip(views, pasts, strict=True)]

    def seen(own: Own) -> str:
        came = []
        for folder, rows in zip(views, pasts, strict=True):
            world.operator.overwrite(rows)  # each is shown a database too
            came.append(looked_at(world, world.store, folder, own))
        return max(came, key=lambda one: one.startswith("**"))

    cells = dict.fromkeys((COLUMNS[0], *OWN), "–") | {name: seen(owns[name]) for name in COLUMNS[1:3]}
    as_it_stood(world.at)
    asked_alone(world.at, world)
    for folder, note in zip(views, notes, strict=True):
        world.operator.cosigned(folder, note, world.policy)
    cells[COLUMNS[3]] = seen(owns[COLUMNS[3]])
    assert all(load_evidence(desk.folder) for desk in world.at), "both heads, each signed by the log"
    as_it_stood(world.at)
    one, other, operators, fourth = world.at
    for folder, note, asked in zip(views, notes, ((one, fourth), (other,)), strict=True):
        asked_alone(asked, world)
        world.operator.cosigned(folder, note, world.policy, (operators.key,))
    cells |= {name: seen(owns[name]) for name in COLUMNS[4:]}
    heads = [parse_note((folder / "checkpoint").read_bytes(), "head") for folder in views]
    sizes, roots = zip(*(head.text.split("\n")[1:3] for head in heads), strict=True)
    assert all(world.policy.log_keys[0].signature_on(head) for head in heads)
    assert sizes[0] == sizes[1]
    assert roots[0] != roots[1], "laid side by side, the two heads prove it"
    return cells


ONE_TEXT = "(SELECT min(id::text)::uuid FROM donghaeng.texts WHERE id NOT IN (SELECT text FROM donghaeng.attachments))"
OLDER = "older.subject = d.subject AND older.field = d.field AND older.sealed <> d.sealed"
BESIDE = {
    "the control": "SELECT",
    "change a text beside its fact": f"UPDATE donghaeng.texts SET body = 'forged' WHERE id = {ONE_TEXT}",
    "take a text away, with no fact that says so": f"DELETE FROM donghaeng.texts WHERE id = {ONE_TEXT}",
    "take a text away, and call the facts older than the store": f"DELETE FROM donghaeng.texts WHERE id = {ONE_TEXT}; UPDATE donghaeng.store SET created_at = now()",
    "put a text where no fact refers to one": "INSERT INTO donghaeng.texts (id, salt, body) VALUES (gen_random_uuid(), 'salt', 'forged')",
    "change the bytes of an attached file (`attachments`)": "UPDATE donghaeng.attachments SET content = content || '\\x00'",
    "take the bytes of an attached file away": "DELETE FROM donghaeng.attachments",
    "put bytes where no fact refers to a file": "INSERT INTO donghaeng.attachments VALUES (gen_random_uuid(), 1, 'forged')",
    "remove a command's id": f"DELETE FROM donghaeng.commands WHERE first_position = {TAIL}",
    "hide a fact from searches (`trail_entries`)": f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = {AFTER}",
    "change what a search shows (`trail_entries`)": f"UPDATE {TRAIL_ENTRIES.table} SET kind = 'agency.closed' WHERE position = {AFTER}",
    "take an agency out of the lists (`agency_register`)": f"DELETE FROM {AGENCY_REGISTER.table} WHERE key = 'fff'",
    "call the store simulated": "UPDATE donghaeng.store SET simulated = true",
    "give the store another id": "UPDATE donghaeng.store SET id = gen_random_uuid()",
    "change who read what (`accesses`)": "UPDATE donghaeng.accesses SET subject = 'x', role = 'planner' WHERE id = 1",
    "take out who read what": "DELETE FROM donghaeng.accesses WHERE id = 1",
    "take it out, and say in that log that it was pruned": (
        "DELETE FROM donghaeng.accesses WHERE id = 1; SELECT donghaeng.say_in_watched('pruned', "
        '\'{"rule":"kept_two_years","before":"2020-01-01","count":1,"up_to":1}\')'
    ),
    "take it out with its entry (`watched`)": "DELETE FROM donghaeng.accesses WHERE id = 1; DELETE FROM donghaeng.watched WHERE position = 1",
    "cut off the end of the log of readings": "DELETE FROM donghaeng.accesses WHERE id = 3; DELETE FROM donghaeng.refused WHERE id = 3; DELETE FROM donghaeng.watched WHERE position > 4",
    "back-date a reading, with its entry": "UPDATE donghaeng.accesses SET at = at - interval '1 day' WHERE id = 2; UPDATE donghaeng.watched w SET at = a.at, row_sha256 = donghaeng.reading_sha256(a) FROM donghaeng.accesses a WHERE a.id = 2 AND w.position = 3",
    "slip a reading in": "INSERT INTO donghaeng.accesses (at, known_at, authn, reading, tasks, agencies, subjects, via, exported) VALUES (now(), now(), 'none', 'trail', '{}', '{}', '{}', 'cli', false)",
    "change a refused attempt (`refused`)": "UPDATE donghaeng.refused SET command = 'task.start' WHERE id = 1",
    "change a person's details (`subject_details`)": "UPDATE donghaeng.subject_details SET sealed = sealed || '\\x00' WHERE field = 'name'",
    "put one person's details in another's place": "UPDATE donghaeng.subject_details d SET sealed = o.sealed FROM donghaeng.subject_details o WHERE o.subject <> d.subject AND o.field = d.field",
    "take a person's details away": "DELETE FROM donghaeng.subject_details WHERE subject = (SELECT min(subject::text)::uuid FROM donghaeng.subject_details)",
    "put an older detail of the same person back": f"UPDATE donghaeng.subject_details d SET sealed = older.sealed FROM public.older WHERE {OLDER}",
    "take a person's key away (`subject_keys`)": "DELETE FROM donghaeng.subject_keys WHERE subject = (SELECT min(subject::text)::uuid FROM donghaeng.subject_keys)",
}
TABLES = (
    "store",
    "accesses",
    "refused",
    "watched",
    "subject_details",
    "subject_keys",
    "compared",
    "attachments",
)

# what says nothing of the past: which work is in hand, what an append is about to hold, which schema it is, who is signed in, and
# up to where the nightly check has looked, which the rows by the application's login are about
ELSEWHERE = {"leases", "incoming", "schema_version", "sign_in_links", "sessions", "compared"}

_KEEP = "CREATE TABLE kept.{0} AS SELECT * FROM donghaeng.{0}"
_PUT_BACK = (
    "DELETE FROM donghaeng.{0}; INSERT INTO donghaeng.{0} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{0}"
)


def beside(world: World, statement: str, user: str = "donghaeng_owner") -> Cells:
    """What each onlooker sees of the genuine trail, after something was done to what lies beside the facts."""
    world.operator.overwrite(world.rows)
    fold_anew(world)
    if user != "donghaeng_owner":  # as after a night: what it may touch is marked as compared
        with connect(world.operator.dsn) as owner:
            compare_entries(world.store, owner)
    altered(world, statement, user)
    with as_the_application(world) as store:
        cells = {
            name: looked_at(world, store, world.trail, own, beside=True) for name, own in world.owns().items()
        } | told_by(world, store)
    altered(world, "; ".join(_PUT_BACK.format(table) for table in TABLES))
    return cells


def another_key(world: World) -> Cells:
    """The trail is signed anew with a key that is not the one on paper."""
    keys, folder = (new_key(world.operator.origin, LOG),), world.tmp / "by another key"
    shutil.copytree(world.trail, folder)
    Operator(world.operator.dsn, world.operator.origin, keys, world.tsa).rebuilt(
        folder, world.rows[: SEALED + 1], world.trail
    )
    cells = {name: looked_at(world, world.store, folder, own) for name, own in world.owns().items()}
    return cells | dict.fromkeys((COLUMNS[0], *OWN), "–")


def clock_set(world: World) -> Cells:
    """The row of the clock is set back, so that what is recorded next would be known on another day."""
    world.operator.overwrite(world.rows)
    altered(
        world,
        "UPDATE donghaeng.head SET clock = now() - interval '1 day', known_at = now() - interval '1 day'",
    )
    engine: Any = SimpleNamespace(handler=CommandHandler(world.store, wake=lambda: None))
    try:
        register(engine, "mmm")
    except TwoTimes:
        came = "**caught**: nothing is recorded"
    else:
        came = NOT_CAUGHT
    altered(world, "UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at")
    return dict.fromkeys((*COLUMNS, NIGHT), came) | dict.fromkeys((SEARCH, PACK), "–")


# -- the table --------------------------------------------------------------------------------------------------------


def rows_of(world: World) -> list[tuple[str, str, Cells]]:
    control, *found = [(one.what, one.where, columns(world, one.change)) for one in ATTACKS]
    assert set(control[2].values()) == {NOT_CAUGHT, "not told"}, "what nobody has touched verifies"

    def more(what: str, at: int, change: Callable[[Rows], Sequence[Row]], **given: Any) -> None:
        found.append((what, PLACES[at], columns(world, change, **given)))

    more("back-date a fact further than that", AFTER, careless)
    more("edit, but leave the older seals in the log", BEFORE, lambda rows: op.edit(rows, BEFORE), fits=False)
    more(
        "leave a fact out of the counts of the streams, for packs without it",
        AFTER,
        lambda rows: op.miscount(rows, AFTER),
        uncounted=AFTER,
    )
    more("back-date, but leave the timestamp in the log", TAIL, op.back_date_stamp, fits=False)
    more(
        "edit what an honest witness, away that day, has not seen",
        AFTER,
        lambda rows: op.edit(rows, SEALED - 1),
        days=(3, 6, 3, 3),
    )
    altered(world, "CREATE SCHEMA kept; " + "; ".join(_KEEP.format(table) for table in TABLES))
    control, *others = [(what, "beside the log", beside(world, one)) for what, one in BESIDE.items()]
    assert set(control[2].values()) == {NOT_CAUGHT, "not told"}
    found += others
    hidden = "hide a fact from searches (`trail_entries`)"
    found.append(
        (
            f"{hidden}, by the application's login",
            "beside the log",
            beside(world, BESIDE[hidden], "donghaeng_app"),
        )
    )
    found.append(("sign the trail with another key", "the trail's folder", another_key(world)))
    found.append(("set the row of the store's clock back", PLACES[TAIL], clock_set(world)))
    found.append(("truncate, and show an older cosigned checkpoint", PLACES[AFTER], older_shown(world)))
    found.append(("split view: two inspectors, two logs", PLACES[TAIL], split(world)))
    return found


def table(rows: Sequence[tuple[str, str, Cells]]) -> str:
    names = (*COLUMNS, *OWN)
    head = ("what the operator does", "where", *names)
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join((what, where, *(cells[name] for name in names))) for what, where, cells in rows]
    return "".join(f"| {line} |\n" for line in lines)


def test_something_is_done_to_every_table(store: Store) -> None:
    with store.connection() as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'donghaeng'").fetchall()
    tables = {name for (name,) in rows} - ELSEWHERE
    done = " ".join((*BESIDE.values(), inspect.getsource(clock_set), inspect.getsource(op)))
    assert {name for name in tables if f"donghaeng.{name}" not in done} == set()


def test_the_table_in_the_documentation_is_what_is_caught_and_what_is_not(world: World) -> None:
    rows = rows_of(world)
    made = table(rows)
    page = (top() / "docs" / "trust.md").read_text(encoding="utf-8")
    assert made in page, f"put this into docs/trust.md:\n\n{made}"
    whole = {attack.what for attack in ATTACKS}
    for what, where, cells in rows:
        caught = [cells[name].startswith("**caught**") for name in COLUMNS]
        at_night = cells[NIGHT].startswith("**caught**")
        if what == "set the date at which a fact was known":
            assert all((*caught, at_night)), (what, where)
        elif what in whole and where in (PLACES[BEFORE], PLACES[AFTER]):
            assert caught == [True, False, where == PLACES[BEFORE], True, True, True], (what, where)
            assert at_night, (what, where)
        elif what in whole and what != AHEAD:
            assert not any(caught), (what, where)
        elif where == "beside the log":
            assert all(caught) is (what != "put an older detail of the same person back"), what
            assert at_night or "person" in what, what
        if what in whole and where != PLACES[TAIL]:
            assert cells[PACK].startswith("**refused**"), what
