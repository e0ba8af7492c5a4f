"""The tree of RFC 6962 against its definition, and tiles against the tree."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from trail.errors import TileMissing
from trail.growing import grow, tiles_in
from trail.leaf import leaf_of
from trail.tiles import tile_path
from trail.tree import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root_of_inclusion,
    split,
)

LEAVES = [b"leaf %d" % number for number in range(1200)]
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 600, 1000, 1200)


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1, words it."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = split(len(leaves))
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def test_the_root_of_every_size_is_the_one_that_the_definition_gives(tmp_path: Path) -> None:
    size = 0
    for wanted in SIZES:
        size = grow(tmp_path, size, LEAVES[size:wanted])
        assert tiles_in(tmp_path, size).root() == by_definition(LEAVES[:wanted])


def test_every_leaf_is_proved_and_no_proof_fits_another_index(tmp_path: Path) -> None:
    grow(tmp_path, 0, LEAVES[:300])
    for size in (1, 2, 255, 257, 300):
        subtree = (
            tiles_in(tmp_path, 300).subtree if size == 300 else tiles_in(_grown(tmp_path, size), size).subtree
        )
        root = by_definition(LEAVES[:size])
        for index in range(0, size, 7):
            proof, hashed = inclusion_proof(index, size, subtree), leaf_hash(LEAVES[index])
            assert root_of_inclusion(hashed, index, size, proof) == root
            others = {
                root_of_inclusion(hashed, other, size, proof) for other in range(size) if other != index
            }
            assert root not in others
            assert root_of_inclusion(hashed, index, size, [*proof, root]) is None
            assert root_of_inclusion(hashed, size, size, proof) is None


def test_a_tree_is_consistent_with_its_beginnings_and_with_nothing_else(tmp_path: Path) -> None:
    grow(tmp_path, 0, LEAVES)
    for new in (2, 8, 257, 1200):
        subtree = tiles_in(_grown(tmp_path, new), new).subtree
        root = by_definition(LEAVES[:new])
        for old in (size for size in SIZES if size <= new):
            before = by_definition(LEAVES[:old])
            proof = consistency_proof(old, new, subtree)
            assert is_consistent(old, new, proof, before, root)
            assert not is_consistent(old, new, proof, by_definition([*LEAVES[: old - 1], b"another"]), root)
            assert not is_consistent(old, new, proof, before, by_definition(LEAVES[: new - 1]))
            assert not is_consistent(new + 1, new, proof, before, root)


def test_what_was_grown_twice_after_a_crash_is_the_same_tree(tmp_path: Path) -> None:
    grow(tmp_path, 0, LEAVES[:300])
    grow(tmp_path, 300, LEAVES[300:700])  # nobody signed this one
    grow(tmp_path, 300, LEAVES[300:500])
    assert tiles_in(tmp_path, 500).root() == by_definition(LEAVES[:500])


def test_leaves_are_read_from_bundles_and_a_changed_one_is_named(tmp_path: Path) -> None:
    grow(tmp_path, 0, LEAVES[:600])
    assert [leaf for _, leaf in tiles_in(tmp_path, 600).leaves(100, 590)] == LEAVES[100:590]
    bundle = tmp_path / tile_path("entries", 1)
    bundle.write_bytes(bundle.read_bytes().replace(b"leaf 300", b"leaf 3OO"))
    with pytest.raises(TileMissing, match="tile/entries/001"):
        list(tiles_in(tmp_path, 600).leaves())


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (1, 273, 17, "tile/1/273.p/17"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        ("entries", 1000, 1, "tile/entries/x001/000.p/1"),
    ],
)
def test_paths_are_those_of_tlog_tiles(level: int, number: int, width: int, path: str) -> None:
    assert tile_path(level, number, width) == path  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.integers(1, 2**53),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(),
)
def test_a_leaf_is_rfc_8785_json(position: int, stream: str, kind: str, at: datetime, state: bytes) -> None:
    leaf = leaf_of((position, stream, 3, kind, at, at, state))
    assert leaf == rfc8785.dumps(json.loads(leaf))
    assert json.loads(leaf) | {"stream": stream, "topic": kind, "i": position - 1, "v": 1} == json.loads(leaf)


def _grown(folder: Path, size: int) -> Path:
    place = folder / f"of-{size}"
    grow(place, 0, LEAVES[:size])
    return place
