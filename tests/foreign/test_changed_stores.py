"""Two verifiers that share no code judge some hundred stores that were changed: rows against the trail."""

from __future__ import annotations

import base64
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from domain.task.facts import ProgressReported
from domain.text.facts import Redacted
from domain.trail.facts import Mapped as MappedFact
from domain.trail.facts import Sealed as SealedFact
from store.envelope import text_of
from store.log import Store
from store.recorded import Batch, NewFact, NewText
from tests.foreign.judging import Go, Judged, Memory, files_in, judging
from tests.foreign.tools import go_verifier
from tests.sealed_trails import SealedTrail
from tests.store.fact_batches import envelope, put
from tests.texts_by_hand import reference
from trail.leaf import leaf_of
from trail.leaf_comparison import Comparing
from trail.stream_count_facts import Recounted, file_of
from trail.streams import count_streams
from trail.tree import leaf_hash
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail
from workflows.trail import verifying as trail_verifying
from workflows.trail.beside import BesidePart
from workflows.trail.verifying import verify_store

STORES = 220
_TABLES = ("facts", "texts", "commands")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return go_verifier(tmp_path_factory.mktemp("go"))


class Sealed:
    """A store of some facts with texts, sealed, that is changed and put back as it was."""

    def __init__(self, store: Store, owner: str, trail: SealedTrail) -> None:
        self.store = store
        self.trail = files_in(trail.folder)
        self.own = Own(policy=trail.policy())
        self._owner = psycopg.connect(owner, autocommit=True)
        self._owner.execute("SET session_replication_role = replica")
        for table in _TABLES:
            self._owner.execute(f"CREATE TABLE public.kept_{table} AS TABLE donghaeng.{table}".encode())

    def close(self) -> None:
        self._owner.close()

    def change(self, *statements: str) -> None:
        with self._owner.transaction():
            for statement in statements:
                self._owner.execute(statement.encode())

    def put_back(self) -> None:
        with self._owner.transaction():
            for table in _TABLES:
                self._owner.execute(f"DELETE FROM donghaeng.{table}".encode())
                self._owner.execute(
                    f"INSERT INTO donghaeng.{table} SELECT * FROM public.kept_{table}".encode()
                )

    def ours(self, trail: dict[str, bytes]) -> Judged:
        """What `trail verify --store` says, but for the views: nobody exports them."""
        verdict = Verdict()
        with verdict.checking("all"):
            found = verify_trail(Memory(trail), self.own, verdict, lambda _: None)
            verify_store(self.store, found, verdict, lambda _: None)
        return Judged(verdict.good, [f"{one.where}: {one.said.en}" for one in verdict.failures])

    def rows(self) -> dict[str, Any]:
        """The database's rows as they would be exported: of facts all columns, of what lies beside them as well."""
        ask = self._owner.execute
        [(identity, begun, simulated)] = ask(
            "SELECT id, created_at, simulated FROM donghaeng.store"
        ).fetchall()
        return {
            "Store": identity.hex,
            "Begun": _instant(begun),
            "Simulated": simulated,
            "Facts": [
                {"Position": position, "Stream": stream, "Version": version, "Kind": kind,
                 "RecordedAt": _instant(recorded), "KnownAt": _instant(known), "State": _coded(state)}
                for position, stream, version, kind, recorded, known, state in ask(
                    "SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts")
            ],
            "Texts": [
                {"ID": one.hex, "Salt": _coded(salt), "Body": body}
                for one, salt, body in ask("SELECT id, salt, body FROM donghaeng.texts")
            ],
            "Commands": [
                {"ID": one.hex, "First": first, "Last": last, "RecordedAt": _instant(recorded), "KnownAt": _instant(known)}
                for one, first, last, recorded, known in ask(
                    "SELECT id, first_position, last_position, recorded_at, known_at FROM donghaeng.commands")
            ],
        }  # fmt: skip


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _coded(given: bytes | None) -> str | None:
    return None if given is None else base64.b64encode(given).decode()


Change = Callable[[Random, int], tuple[str, ...]]
_FACT = "UPDATE donghaeng.facts SET {0} WHERE position = {1}"


def _column(random: Random, size: int) -> tuple[str, ...]:
    """A sealed fact's content, stream, version, kind or one of its times, by a little or by much."""
    by = random.choice(("1 microsecond", "1 second", "1 day", "1 year"))
    sets = random.choice((
        "state = state || '\\x20'::bytea",
        "state = replace(encode(state, 'escape'), '\"percent\":', '\"percent\":1')::bytea",
        "state = replace(encode(state, 'escape'), 'officer', 'planner')::bytea",
        "state = 'nonsense'",
        "state = '\\xfffe0ab9'::bytea",
        "stream = 'task/2024-77'",
        "version = version + 100",
        "kind = 'task.approved'",
        f"recorded_at = recorded_at - interval '{by}', known_at = known_at - interval '{by}'",
        f"recorded_at = recorded_at + interval '{by}'",
        f"known_at = known_at - interval '{by}'",
    ))  # fmt: skip
    return (_FACT.format(sets, random.randint(1, size)),)


def _order(random: Random, size: int) -> tuple[str, ...]:
    """Removed, cut off, two in each other's place, one slipped in, one closed up."""
    a, b = random.sample(range(1, size + 1), 2)
    up = (
        f"UPDATE donghaeng.facts SET position = position + 1000 WHERE position > {a}",
        "UPDATE donghaeng.facts SET position = position - 999 WHERE position > 1000",
    )
    down = (
        f"DELETE FROM donghaeng.facts WHERE position = {a}",
        f"UPDATE donghaeng.facts SET position = position + 1000 WHERE position > {a}",
        "UPDATE donghaeng.facts SET position = position - 1001 WHERE position > 1000",
    )
    columns = "stream, version, kind, state, recorded_at, known_at"
    added = f"INSERT INTO donghaeng.facts (position, {columns}) SELECT {{0}}, 'task/2024-99', 1, kind, state, recorded_at, known_at FROM donghaeng.facts WHERE position = {a}"  # fmt: skip
    return random.choice((
        (f"DELETE FROM donghaeng.facts WHERE position = {a}",),
        (f"DELETE FROM donghaeng.facts WHERE position > {a}",),
        (_FACT.format("position = 1000", a), _FACT.format(f"position = {a}", b), _FACT.format(f"position = {b}", 1000)),
        (*up, added.format(a + 1)),
        down,
        (added.format(size + 3),),  # behind what is sealed; its command has no row for it
    ))  # fmt: skip


def _one(table: str, order: str, random: Random) -> str:
    return f"SELECT id FROM donghaeng.{table} ORDER BY {order} OFFSET {random.randrange(4)} LIMIT 1"


def _text(random: Random, size: int) -> tuple[str, ...]:
    one = _one("texts", "body", random)
    return random.choice((
        (f"UPDATE donghaeng.texts SET body = 'forged' WHERE id = ({one})",),
        (f"UPDATE donghaeng.texts SET body = body || ' ' WHERE id = ({one})",),
        (f"UPDATE donghaeng.texts SET salt = '\\x00'::bytea WHERE id = ({one})",),
        (f"UPDATE donghaeng.texts SET salt = NULL, body = NULL WHERE id = ({one})",),
        (f"DELETE FROM donghaeng.texts WHERE id = ({one})",),
        ("INSERT INTO donghaeng.texts (id, salt, body) VALUES (gen_random_uuid(), 'salt', 'added')",),
        ("UPDATE donghaeng.texts SET salt = '\\x01'::bytea, body = 'is back' WHERE body IS NULL",),
        (f"UPDATE donghaeng.texts SET id = gen_random_uuid() WHERE id = ({one})",),
    ))  # fmt: skip


def _command(random: Random, size: int) -> tuple[str, ...]:
    one = f"(SELECT id FROM donghaeng.commands ORDER BY first_position OFFSET {random.randrange(12)} LIMIT 1)"
    return random.choice((
        (f"DELETE FROM donghaeng.commands WHERE id = {one}",),
        (f"UPDATE donghaeng.commands SET id = gen_random_uuid() WHERE id = {one}",),
        (f"UPDATE donghaeng.commands SET last_position = last_position + 1 WHERE id = {one}",),
        (f"UPDATE donghaeng.commands SET first_position = first_position + 100, last_position = last_position + 100 WHERE id = {one}",),
        (f"UPDATE donghaeng.commands SET recorded_at = recorded_at - interval '1 day' WHERE id = {one}",),
        (f"UPDATE donghaeng.commands SET known_at = known_at + interval '1 second' WHERE id = {one}",),
    ))  # fmt: skip


def _not_sealed(random: Random, size: int) -> tuple[str, ...]:
    """A fact behind what is sealed is known at another time than it is recorded, and its command's row says the same."""
    known = f"known_at = known_at - interval '{random.choice(('1 microsecond', '1 week'))}'"
    return (
        _FACT.format(known, size + 1),
        f"UPDATE donghaeng.commands SET {known} WHERE last_position = {size + 1}",
    )


def _nothing(random: Random, size: int) -> tuple[str, ...]:
    return ()


CHANGES: tuple[Change, ...] = (_column, _column, _order, _text, _text, _command, _not_sealed, _nothing)


def changed_trail(random: Random, trail: dict[str, bytes]) -> dict[str, bytes]:
    """A file of the trail's folder with a flipped bit, cut, gone, or another's content."""
    found = dict(trail)
    name = random.choice(sorted(one for one in found if one != "policy"))
    content = bytearray(found[name])
    match random.randrange(4):
        case 0 | 1:
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
            found[name] = bytes(content)
        case 2:
            found[name] = bytes(content[: random.randrange(len(content))])
        case _:
            del found[name]
    return found


def differing(
    sealed: Sealed, go: Go, seed: int, many: int, enough: int = 20
) -> tuple[list[str], Counter[bool]]:
    """What the two do not agree on, so much of it as is `enough`, and how many are good and how many not."""
    random, found, count = Random(seed), list[str](), Counter[bool]()
    size = int(sealed.trail["checkpoint"].split(b"\n")[1])
    for number in range(many):
        if len(found) >= enough:
            break
        change = random.choice(CHANGES)
        statements = change(random, size)
        trail = changed_trail(random, sealed.trail) if random.random() < 0.2 else sealed.trail
        sealed.change(*statements)
        mine, its = sealed.ours(trail), go.store(sealed.rows(), trail, sealed.own)
        sealed.put_back()
        count[mine.ok] += 1
        if mine.ok != its.ok:
            said = f"ours {mine.ok} {mine.wrong[:2]}, Go {its.ok} {its.wrong[:2]}"
            found.append(f"{number} {change.__name__} {statements}: {said}")
    return found, count


@pytest.fixture
def sealed(store: Store, owner_dsn: str, tmp_path: Path) -> Iterator[Sealed]:
    """Forty facts of three tasks, with texts of which one is redacted, and a seal among them; two more are not sealed."""
    trail = SealedTrail(tmp_path / "trail", f"donghaeng/{store.id}")
    texts = [NewText(uuid.uuid4().hex, bytes([number] * 16), f"text {number}") for number in range(5)]
    for number, text in enumerate(texts):
        identity = uuid.uuid4().hex
        said = envelope(identity, reason=text_of(reference(text)))
        facts = [
            NewFact("task/2024-07", 2 * number + at, said, ProgressReported(percent=at)) for at in (1, 2)
        ]
        store.append(Batch(identity, b"d" * 32, tuple(facts), (text,)))
    note = trail.seal(store)
    identity = uuid.uuid4().hex
    seal = SealedFact(size=trail.size, root="0" * 64, note=str(note), witnesses=("w0", "w1"), quorum=True)
    store.append(Batch(identity, b"s" * 32, (NewFact("trail/2024-03-07", 1, envelope(identity), seal),)))
    identity = uuid.uuid4().hex
    store.append(
        Batch(identity, b"r" * 32, (NewFact(f"text/{texts[2].id}", 1, envelope(identity), Redacted()),))
    )
    for number in range(28):
        put(store, f"task/2024-0{number % 3 + 1}", number // 3 + 1, percent=number)
        if number == 9:
            _counted(store, trail, 1)
    _counted(store, trail, 2)
    trail.seal(store)
    put(store, "task/2024-01", 11, count=2)
    kept = Sealed(store, owner_dsn, trail)
    yield kept
    kept.close()


def _counted(store: Store, trail: SealedTrail, version: int) -> None:
    """The count of the streams, in the log and beside the tiles."""
    rows = store.rows_after(0, 1000)
    streams = count_streams((row[1], leaf_hash(leaf_of(row))) for row in rows)
    root = base64.b64encode(streams.root()).decode()
    said = MappedFact(origin=trail.log.name, size=len(rows), streams=streams.count, root=root)
    identity = uuid.uuid4().hex
    fact = NewFact("trail/2024-03-08", version, envelope(identity), said)
    store.append(Batch(identity, b"m" * 32, (fact,)))
    [row] = store.rows_after(len(rows), 1)
    place = trail.folder / file_of(row[0])
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(row[6])


@pytest.fixture
def go(built: Path) -> Iterator[Go]:
    with judging(built) as running:
        yield running


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_hundred_changed_stores_are_judged_alike(sealed: Sealed, go: Go) -> None:
    found, count = differing(sealed, go, 14, STORES)
    assert found == []
    assert count.total() == STORES
    assert min(count[True], count[False]) > STORES // 12


@pytest.mark.parametrize("without", ["facts", "texts", "commands", "maps", "two times"])
def test_go_with_a_check_left_out_is_found_out(sealed: Sealed, built: Path, without: str) -> None:
    """The control."""
    with judging(built, without) as broken:
        assert differing(sealed, broken, 3, 400, 1)[0] != []


@pytest.mark.parametrize("without", ["facts", "texts", "maps", "times"])
def test_ours_with_a_check_left_out_is_found_out(
    sealed: Sealed, go: Go, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    """The control of the other side."""
    if without == "facts":
        monkeypatch.setattr(Comparing, "bundle", lambda *given: None)
    elif without == "times":
        monkeypatch.setattr(trail_verifying, "_check_clock", lambda *given: None)
    elif without == "maps":
        monkeypatch.setattr(Recounted, "check", lambda *given: None)
    else:
        monkeypatch.setattr(BesidePart, "say", lambda *given: None)
    assert differing(sealed, go, 3, 400, 1)[0] != []


def test_a_store_that_says_that_it_is_simulated_is_not_that_of_its_log(sealed: Sealed, go: Go) -> None:
    rows = sealed.rows()
    assert (sealed.ours(sealed.trail).ok, go.store(rows, sealed.trail, sealed.own).ok) == (True, True)
    sealed.store.simulated = True
    mine, its = sealed.ours(sealed.trail), go.store(rows | {"Simulated": True}, sealed.trail, sealed.own)
    assert (mine.ok, its.ok) == (False, False)
    assert its.wrong == ["times the database says that its store is simulated, and the log is of a real one"]
