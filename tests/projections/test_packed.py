"""What is kept of a slice is read whole or from a key on, and then no more of it than is needed."""

from __future__ import annotations

from itertools import islice

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from projections.row_packs import READ_FIRST, pack_rows, rows_behind, unpack_in_order, unpack_rows


class Row(msgspec.Struct):
    text: str


@given(
    st.dictionaries(st.text(max_size=6), st.builds(Row, text=st.text(max_size=20))),
    st.none() | st.text(max_size=6),
)
def test_what_was_packed_comes_back_from_any_key_on(rows: dict[str, Row], after: str | None) -> None:
    kept = pack_rows(rows)
    assert unpack_rows(kept, Row) == rows
    assert unpack_in_order(kept) is not None
    behind = rows_behind(lambda begin, length: kept[begin : begin + length], Row, after)
    assert list(behind) == sorted((key, row) for key, row in rows.items() if after is None or key > after)


def test_a_page_reads_a_little_of_much() -> None:
    rows = {f"{n:06}": Row(text=f"{n * 7919:x} {n * 104729:x}" * 3) for n in range(20_000)}
    kept, read = pack_rows(rows), list[int]()

    def piece(begin: int, length: int) -> bytes:
        read.append(length)
        return kept[begin : begin + length]

    page = list(islice(rows_behind(piece, Row, "015000"), 30))
    assert [key for key, _ in page] == [f"{n:06}" for n in range(15_001, 15_031)]
    assert sum(read) < len(kept) / 4
    assert read[0] == READ_FIRST
    assert len(list(rows_behind(piece, Row, None))) == 20_000
    assert sum(read) > len(kept), "the control: all of it is read for all rows"


def test_packs_in_another_order_are_told_though_all_rows_are_there() -> None:
    rows = {f"{n:03}": Row(text=str(n)) for n in range(600)}
    kept = pack_rows(rows)
    length = int.from_bytes(kept[:8], "big")
    contents, behind = msgspec.json.decode(kept[8 : 8 + length]), kept[8 + length :]

    def with_contents(changed: object) -> bytes:
        head = msgspec.json.encode(changed)
        return len(head).to_bytes(8, "big") + head + behind

    assert with_contents(contents) == kept, "the control"
    last_is_less = [["000", *contents[0][1:]], *contents[1:]]
    for changed in (contents[::-1], last_is_less, [*contents, contents[-1]]):
        stored = with_contents(changed)
        assert unpack_rows(stored, Row) == rows, "the control: by what they hold they are the same"
        assert unpack_in_order(stored) is None
    read = rows_behind(lambda begin, length: with_contents(last_is_less)[begin : begin + length], Row, "100")
    assert next(read)[0] == "250", "what comes of it: a page that leaves rows out"
