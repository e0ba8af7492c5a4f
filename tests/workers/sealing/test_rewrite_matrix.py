"""The rewrite matrix: what an operator with database, key and code can do, what of it is caught, by what, and what is not.

The table stands in docs/trust.md, word for word.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import psycopg
import pytest
import time_machine

from domain.trail.commands import RecordMap
from projections.runner import project
from projections.trail.entries import TRAIL_ENTRIES
from projections.trail.note import parse_note
from projections.trail.policy import Policy
from projections.trail.sources import Folder
from projections.trail.verdict import Verdict
from projections.trail.verifying import Own, verify_trail
from store.errors import TwoTimes
from store.log import Store
from tests.conftest import top
from tests.workers.sealing import operator_of_the_tests as op
from tests.workers.sealing.authority_of_the_tests import Authority as Tsa
from tests.workers.sealing.desks_of_the_tests import Desk, desks, engine_with, register
from tests.workers.sealing.operator_of_the_tests import Operator, Row, Rows
from workers.sealing.comparing import compare_nightly
from workers.sealing.errors import StoreRestored
from workers.sealing.folder import TrailFolder
from workers.sealing.keys import read_keys
from workers.sealing.sealer import seal
from workers.sealing.stamping import Authority, stamp_daily
from workers.witness.evidence import kept_evidence
from workflows.door import Door
from workflows.order import Order
from workflows.trail_alarms import alarms
from workflows.trail_completeness import verify_entries
from workflows.trail_verifying import verify_store

KEPT, MIDDLE, SEALED = (
    6,
    12,
    16,
)  # facts under the checkpoint that the inspector kept, the next, and the last one
BEFORE, AFTER, TAIL = 3, 9, 19  # a fact before the kept checkpoint, one after it, one that is not sealed yet
COLUMNS = (
    "database only",
    "nothing kept",
    "an old checkpoint kept",
    "2 of 3 witnesses",
    "2 of 3, one the operator's",
    "3 of 4, one the operator's",
)
NIGHT = "nightly check"  # the operator's own system looks, without anybody asking
Cells = dict[str, str]


class World(NamedTuple):
    """An honest log, sealed nine, six and three days ago, and what is needed to write another."""

    store: Store
    rows: Rows
    trail: Path
    policy: Policy
    kept: bytes
    at: list[Desk]
    operator: Operator
    tsa: Tsa
    tmp: Path

    @property
    def alone(self) -> str:
        """A policy on paper that names the log's key and no witness."""
        return "".join(f"log {key}\n" for key in self.policy.log_keys) + "quorum none\n"

    def owns(self) -> dict[str, Own]:
        """What each onlooker has on paper, or kept."""
        three = self.policy.text.replace("group q 3 a b c d", "group q 2 a b c")
        assert three != self.policy.text
        witnesses, pem = (three, three, self.policy.text), self.tsa.certificate
        owns = [Own(policy=self.alone), Own(policy=self.alone), Own(policy=self.alone, since=self.kept)]
        owns += [Own(policy=policy, certificates=pem) for policy in witnesses]
        return dict(zip(COLUMNS, owns, strict=True))


@pytest.fixture
def world(store: Store, owner_dsn: str, tmp_path: Path, tsa: Tsa) -> Iterator[World]:
    with desks(tmp_path / "witnesses", "abcd") as at:
        engine = engine_with(store, tmp_path / "data", at, 3)
        trail = engine.data / "trail"
        for day, names in ((9, "abcd"), (6, "efgh"), (3, "ij")):
            lived(engine, owner_dsn, datetime.now(UTC) - timedelta(days=day), names, seals=True)
            remembered(at, day)
        (engine.data / "root.pem").write_bytes(tsa.certificate)
        stamp_daily(engine, Authority(tsa.url, engine.data / "root.pem"))
        for name in "kl":
            register(engine, name * 3)
        rows = store.rows_after(0, 100)
        assert [row[op.KIND][:5] for row in rows] == [
            "trail", *["agenc"] * 4, *["trail"] * 2, *["agenc"] * 4, *["trail"] * 2, "agenc", "agenc", *["trail"] * 3, "agenc", "agenc"]  # fmt: skip
        kept = (trail / "checkpoints" / str(KEPT)).read_bytes()
        folder = TrailFolder(engine.data)
        operator = Operator(owner_dsn, folder.signed().origin, read_keys(engine.data), tsa)
        shutil.copytree(engine.data, tmp_path / "as-it-was")
        yield World(store, rows, trail, folder.policy(), kept, at, operator, tsa, tmp_path)


def lived(engine: Any, owner_dsn: str, day: datetime, names: str, *, seals: bool) -> None:
    """What happened on a day of the past: the database's clock is put back afterwards, the witnesses' for that while."""
    for name in names:
        register(engine, name * 3, "조례에 따름")
    put_back(owner_dsn, day)
    if seals:
        door, engine.door = engine.door, CountedThen(engine.door, owner_dsn, day + timedelta(minutes=1))
        with time_machine.travel(day + timedelta(minutes=2), tick=True):
            assert seal(engine).quorum
        engine.door = door
        put_back(owner_dsn, day + timedelta(minutes=3))


class CountedThen:
    """A door through which the count of the streams, which is sealed at once, comes into the log as of that time."""

    def __init__(self, door: Any, owner_dsn: str, at: datetime) -> None:
        self._door, self._dsn, self._at = door, owner_dsn, at

    def handle(self, order: Order) -> Any:
        outcome = self._door.handle(order)
        if isinstance(order.command, RecordMap):
            put_back(self._dsn, self._at)
        return outcome


def put_back(owner_dsn: str, day: datetime) -> None:
    """What was recorded just now was recorded then, a second after each other."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE donghaeng.facts SET recorded_at = %(day)s + position * interval '1 s', "
            "known_at = %(day)s + position * interval '1 s' WHERE recorded_at > now() - interval '1 day'",
            {"day": day},
        )
        connection.execute(
            "UPDATE donghaeng.commands c SET recorded_at = f.recorded_at, known_at = f.known_at "
            "FROM donghaeng.facts f WHERE f.position = c.first_position"
        )


def remembered(at: Sequence[Desk], day: int) -> None:
    """How each witness stood then."""
    for desk in at:
        shutil.copytree(desk.folder, desk.folder.with_name(f"{desk.name}-{day}"))


def as_it_stood(at: Sequence[Desk], days: Sequence[int] = (3, 3, 3, 3)) -> None:
    for desk, day in zip(at, days, strict=True):
        shutil.rmtree(desk.folder)
        shutil.copytree(desk.folder.with_name(f"{desk.name}-{day}"), desk.folder)


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
]


def careless(rows: Rows) -> Sequence[Row]:
    """Back-dated without a look at its neighbours."""
    row = rows[AFTER - 1]
    early = op.changed(row, recorded=row[op.RECORDED] - timedelta(days=5))
    return [*rows[: AFTER - 1], early, *rows[AFTER:]]


# -- who looks, and what comes of it ----------------------------------------------------------------------------------


def looked_at(world: World, folder: Path, own: Own, *, entries: bool = False) -> str:
    """By what it is caught, or that it is not: by the very functions of `donghaeng trail verify --store`."""
    verdict = Verdict()
    with verdict.checking("trail"):
        trail = verify_trail(Folder(folder), own, verdict, lambda _: None)
        if not any(item.where.startswith("tile") for item in verdict.failures):
            with Store.open(
                psycopg.conninfo.make_conninfo(world.operator.dsn, user="donghaeng_app")
            ) as store:
                verify_store(store, trail, verdict, lambda _: None)
                if entries and not verdict.failures:
                    verify_entries(store, None, verdict, lambda _: None)
    if verdict.good:
        return "not caught"
    return "**caught**: " + ", ".join(dict.fromkeys(map(by_what, verdict.failures)))


def nightly(world: World) -> str:
    """What the operator's own system finds at night in the database as it is, with the genuine trail; by the very job."""
    data = world.tmp / "night"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(world.tmp / "as-it-was", data)
    with Store.open(psycopg.conninfo.make_conninfo(world.operator.dsn, user="donghaeng_app")) as store:
        engine: Any = SimpleNamespace(
            store=store, door=Door(store, wake=lambda: None), data=data, owner_dsn=world.operator.dsn
        )
        try:
            while compare_nightly(engine):
                pass
        except StoreRestored:
            return "**caught**: taken for a restored store"
        found = [BY_WHAT.get(one.what, BY_PART[one.part]) for one in alarms(store)]
    return "**caught**: " + ", ".join(dict.fromkeys(found)) if found else "not caught"


BY_WHAT = {"two_times": "two times of a fact", "kind_of_store": "kind of store"}
BY_PART = {
    "facts": "database against leaves",
    "beside": "texts and commands against facts",
    "entries": "entries against facts",
}


def by_what(item: Any) -> str:
    if item.where == "checkpoint" and "quorum" in item.said.en:
        return "no quorum"
    if item.where == "--since":
        return "the kept checkpoint"
    if item.where == "store":
        return "database against leaves"
    if item.where.startswith("maps/"):
        return "a count of the streams in the log"
    if item.where == "times":
        return "two times of a fact" if item.said.en.startswith("event") else "kind of store"
    if item.where in ("texts", "commands", "entries"):
        return f"{item.where} against facts"
    if "back-dated" in item.said.en and item.where.startswith("tile"):
        return "order of times"
    if re.fullmatch(r"event \d+", item.where) and "rewritten" in item.said.en:
        return "an older seal in the log"
    if "back-dated" in item.said.en:
        return "time of an older seal"
    raise AssertionError(f"{item.where}: {item.said.en}")


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
    cells = {COLUMNS[0]: looked_at(world, world.trail, owns[COLUMNS[0]]), NIGHT: nightly(world)}
    fitting = world.operator.fitting(rows, world.rows, uncounted) if fits else rows
    world.operator.overwrite(fitting)
    note = world.operator.rebuilt(folder, fitting, world.trail)
    cells |= {name: looked_at(world, folder, owns[name]) for name in COLUMNS[1:3]}
    for own, names in (((), COLUMNS[3:4]), (world.at[2:3], COLUMNS[4:])):
        as_it_stood(world.at, days)
        asked_alone([desk for desk in world.at if desk not in own], world)
        world.operator.cosigned(folder, note, world.policy, [desk.key for desk in own])
        cells |= {name: looked_at(world, folder, owns[name]) for name in names}
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
    cells = {COLUMNS[0]: looked_at(world, world.trail, owns[COLUMNS[0]]), NIGHT: nightly(world)}
    world.operator.overwrite(rows)
    world.operator.rebuilt(folder, rows, world.trail)
    shutil.copy(world.trail / "checkpoints" / str(MIDDLE), folder / "checkpoint")
    return cells | {name: looked_at(world, folder, owns[name]) for name in COLUMNS[1:]}


def split(world: World) -> Cells:
    """Two inspectors are shown logs that go on otherwise after the last checkpoint; caught where one of them sees it."""
    owns, views = world.owns(), [world.tmp / "one", world.tmp / "other"]
    pasts = [list(world.rows), op.edit(world.rows, TAIL)]
    notes = [world.operator.rebuilt(view, rows, world.trail) for view, rows in zip(views, pasts, strict=True)]

    def seen(own: Own) -> str:
        came = []
        for folder, rows in zip(views, pasts, strict=True):
            world.operator.overwrite(rows)  # each is shown a database too
            came.append(looked_at(world, folder, own))
        return max(came, key=lambda one: one.startswith("**"))

    cells = {COLUMNS[0]: "–", NIGHT: "–"} | {name: seen(owns[name]) for name in COLUMNS[1:3]}
    as_it_stood(world.at)
    asked_alone(world.at, world)
    for folder, note in zip(views, notes, strict=True):
        world.operator.cosigned(folder, note, world.policy)
    cells[COLUMNS[3]] = seen(owns[COLUMNS[3]])
    assert all(kept_evidence(desk.folder) for desk in world.at), "both heads, each signed by the log"
    as_it_stood(world.at)
    one, other, operators, fourth = world.at
    for folder, note, asked in zip(views, notes, ((one, fourth), (other,)), strict=True):
        asked_alone(asked, world)
        world.operator.cosigned(folder, note, world.policy, (operators.key,))
    cells |= {name: seen(owns[name]) for name in COLUMNS[4:]}
    heads = [parse_note((folder / "checkpoint").read_bytes(), "head") for folder in views]
    sizes, roots = zip(*(head.text.split("\n")[1:3] for head in heads), strict=True)
    assert all(world.policy.log_keys[0].signed(head) for head in heads)
    assert sizes[0] == sizes[1]
    assert roots[0] != roots[1], "laid side by side, the two heads prove it"
    return cells


BESIDE = {
    "the control": "SELECT",
    "change a text beside its fact": "UPDATE donghaeng.texts SET body = 'forged' WHERE id = (SELECT min(id::text)::uuid FROM donghaeng.texts)",
    "take a text away, with no fact that says so": "DELETE FROM donghaeng.texts WHERE id = (SELECT min(id::text)::uuid FROM donghaeng.texts)",
    "put a text where no fact refers to one": "INSERT INTO donghaeng.texts (id, salt, body) VALUES (gen_random_uuid(), 'salt', 'forged')",
    "remove a command's id": f"DELETE FROM donghaeng.commands WHERE first_position = {TAIL}",
    "hide a fact from searches (`trail_entries`)": f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = {AFTER}",
    "call the store simulated": "UPDATE donghaeng.store SET simulated = true",
}


def beside(world: World, statement: str) -> Cells:
    """What each onlooker sees of the genuine trail, after something was done to what lies beside the facts."""
    world.operator.overwrite(world.rows)
    fold_anew(world)
    altered(world, statement)
    cells = {name: looked_at(world, world.trail, own, entries=True) for name, own in world.owns().items()}
    cells |= {NIGHT: nightly(world)}
    altered(world, "UPDATE donghaeng.store SET simulated = false")
    return cells


def fold_anew(world: World) -> None:
    """The entries as the runner makes them of these facts."""
    altered(world, f"DELETE FROM {TRAIL_ENTRIES.table}")
    altered(world, "UPDATE views.positions SET position = 0 WHERE view = 'trail_entries'")
    project(world.store, TRAIL_ENTRIES)


def altered(world: World, statement: str) -> None:
    with psycopg.connect(world.operator.dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())


def clock_set(world: World) -> Cells:
    """The row of the clock is set back, so that what is recorded next would be known on another day."""
    world.operator.overwrite(world.rows)
    altered(
        world,
        "UPDATE donghaeng.head SET clock = now() - interval '1 day', known_at = now() - interval '1 day'",
    )
    engine: Any = SimpleNamespace(door=Door(world.store, wake=lambda: None))
    try:
        register(engine, "mmm")
    except TwoTimes:
        came = "**caught**: nothing is recorded"
    else:
        came = "not caught"
    altered(world, "UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at")
    return dict.fromkeys((*COLUMNS, NIGHT), came)


# -- the table --------------------------------------------------------------------------------------------------------


def rows_of(world: World) -> list[tuple[str, str, Cells]]:
    control, *found = [(one.what, one.where, columns(world, one.change)) for one in ATTACKS]
    assert set(control[2].values()) == {"not caught"}, "what nobody has touched verifies"

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
    control, *others = [(what, "beside the log", beside(world, one)) for what, one in BESIDE.items()]
    assert set(control[2].values()) == {"not caught"}
    found += others
    found.append(("set the row of the store's clock back", PLACES[TAIL], clock_set(world)))
    found.append(("truncate, and show an older cosigned checkpoint", PLACES[AFTER], older_shown(world)))
    found.append(("split view: two inspectors, two logs", PLACES[TAIL], split(world)))
    return found


def table(rows: Sequence[tuple[str, str, Cells]]) -> str:
    names = (*COLUMNS, NIGHT)
    head = ("what the operator does", "where", *names)
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join((what, where, *(cells[name] for name in names))) for what, where, cells in rows]
    return "".join(f"| {line} |\n" for line in lines)


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
        elif what in whole:
            assert not any(caught), (what, where)
