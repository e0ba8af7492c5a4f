"""The tree over the streams: one root whatever the order, a path for every name, there or not, and none for two answers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from trail.errors import NotTrusted
from trail.streams import EMPTY, Stream, Streams, count_streams, extend_chain, key_of, root_of
from trail.streams import Path as StreamPath
from trail.streams_kept import BITS, FOLDER, Kept, file_of, lines_of, load_kept_streams

Facts = Sequence[tuple[str, bytes]]


def facts(count: int, seed: int = 1) -> Facts:
    chance = random.Random(seed)
    names = [f"task/2024-{number:03}" for number in range(max(1, count // 3))]
    return [(chance.choice(names), sha256(str(number).encode()).digest()) for number in range(count)]


def by_the_book(given: Facts) -> bytes:
    """The root by the words of its definition, with nothing of the program but the chain."""
    chains: dict[str, tuple[int, bytes]] = {}
    for name, hashed in given:
        n, chain = chains.get(name, (0, None))
        chains[name] = n + 1, extend_chain(chain, hashed)
    leaves = {
        f"{int.from_bytes(sha256(name.encode()).digest(), 'big'):0256b}": sha256(
            b"\0" + f'{{"chain":"{chain.hex()}","n":{n},"stream":"{name}"}}'.encode()
        ).digest()
        for name, (n, chain) in chains.items()
    }

    def below(prefix: str) -> bytes:
        found = [leaf for key, leaf in leaves.items() if key.startswith(prefix)]
        if len(found) < 2:
            return found[0] if found else bytes(32)
        return sha256(b"\1" + below(prefix + "0") + below(prefix + "1")).digest()

    return below("")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 100, 900])
def test_the_root_is_that_of_the_definition(count: int) -> None:
    given = facts(count)
    for bits in (0, 1, 8, 16):
        streams = Streams(bits)
        for name, hashed in given:
            streams.add(name, hashed)
        assert streams.root() == by_the_book(given)
        assert streams.count == len({name for name, _ in given})


def test_the_root_is_the_same_whenever_it_was_asked_for_on_the_way() -> None:
    given, streams = facts(300), Streams()
    for place, (name, hashed) in enumerate(given, start=1):
        streams.add(name, hashed)
        if place % 7 == 0:
            assert streams.root() == by_the_book(given[:place])


@pytest.mark.parametrize("count", [0, 1, 2, 5, 60, 900])
@pytest.mark.parametrize("bits", [0, 8, 12, 16])
def test_every_name_has_a_path_whether_it_is_there_or_not(count: int, bits: int) -> None:
    given, streams = facts(count), Streams(bits)
    for name, hashed in given:
        streams.add(name, hashed)
    root, there = streams.root(), {name for name, _ in given}
    for name in [*there, *map("agency/{}".format, range(50))]:
        path = streams.path(name)
        own = path.leaf is not None and path.leaf.stream == name
        assert own == (name in there)
        assert root_of(name, path) == root


def test_no_path_says_another_thing_of_a_stream() -> None:
    """Of one root there is one answer for each name: with another count, another chain, or none, it leads elsewhere."""
    streams = count_streams(facts(300))
    root, name = streams.root(), "task/2024-007"
    path = streams.path(name)
    leaf = path.leaf
    assert leaf is not None
    others: list[Stream | None] = [
        None,
        Stream(leaf.chain, leaf.n + 1, name),
        Stream("0" * 64, leaf.n, name),
        streams.path("task/2024-008").leaf,
    ]
    for other in others:
        for depth in range(len(path.siblings) + 1):
            assert root_of(name, StreamPath(other, path.siblings[depth:])) != root
    assert root_of("agency/none", path) != root
    assert root_of(name, StreamPath(leaf, (*path.siblings, EMPTY))) != root
    assert root_of(name, StreamPath(leaf, (b"short",))) is None


def kept(folder: Path, streams: Streams) -> None:
    (folder / FOLDER).mkdir(exist_ok=True)
    streams.root()
    for number in streams.touched:
        (folder / file_of(number)).write_bytes(lines_of(streams.bucket(number)))
    tops = tuple(one.hex() for one in streams.tops())
    (folder / FOLDER / "top").write_bytes(msgspec.json.encode(Kept(9, "", streams.count, tops)))


def read(folder: Path, name: str) -> bytes | None:
    return (folder / name).read_bytes() if (folder / name).is_file() else None


def test_a_count_goes_on_from_where_it_was_kept(tmp_path: Path) -> None:
    given, first = facts(900), Streams(BITS)
    for name, hashed in given[:500]:
        first.add(name, hashed)
    kept(tmp_path, first)
    found = load_kept_streams(lambda name: read(tmp_path, name))
    assert found is not None
    streams = found.streams()
    for name, hashed in given[500:]:
        streams.add(name, hashed)
    assert streams.root() == by_the_book(given)
    assert streams.count == len({name for name, _ in given})
    assert root_of("task/2024-007", streams.path("task/2024-007")) == streams.root()


def test_a_file_that_does_not_fit_is_not_gone_on_from(tmp_path: Path) -> None:
    streams = count_streams(facts(900))
    first = Streams(BITS)
    for name, hashed in facts(900):
        first.add(name, hashed)
    kept(tmp_path, first)
    file = tmp_path / file_of(int.from_bytes(key_of("task/2024-007")[:2], "big") >> (16 - BITS))
    for content in (b"", b"no JSON", file.read_bytes().replace(b'"n":', b'"n":1')):
        file.write_bytes(content)
        found = load_kept_streams(lambda name: read(tmp_path, name))
        assert found is not None
        with pytest.raises(NotTrusted):
            found.streams().path("task/2024-007")
    assert streams.root() == first.root()
    (tmp_path / FOLDER / "top").write_bytes(b"{}")
    assert load_kept_streams(lambda name: read(tmp_path, name)) is None
