"""Free texts are found by any part of them, whether they are in the index yet or not; redacted ones are not found."""

from __future__ import annotations

import unicodedata
import uuid

import psycopg
import pytest

from projections import marks
from store.functions import other_functions
from store.log import Store
from store.recorded import NewText
from store.searching import index_texts, texts_with, those_with
from tests.store.fact_batches import batch

TEXTS = (
    "예산 근거를 보완할 것",
    "보완 요청: 예산",
    "Half of it is done, ÄRGER aside",
    "한",
    "",
    "조합형: " + "\u1112\u1161\u11ab\u1100\u116e\u11a8",  # 한국, letter by letter
    "100% _sure\\ 'quoted'",
)
PARTS = (
    "예산",
    "근거를 보",
    "보완",
    "보완할",
    "half OF",
    "Ärger",
    "한국",
    "100%",
    "% _",
    "\\ '",
    "없는 말",
    "산예",
)


@pytest.fixture
def texts(store: Store) -> dict[str, str]:
    """The texts' ids, by text."""
    found = {body: uuid.uuid4().hex for body in TEXTS}
    new = tuple(NewText(identity, b"salt", body) for body, identity in found.items())
    store.append(batch(texts=new))
    return found


def holding(texts: dict[str, str], part: str) -> set[str]:
    """What is to be found, by Python: composed letters, A to Z small."""

    def compared(text: str) -> str:
        composed = unicodedata.normalize("NFC", text)
        return "".join(one.lower() if one.isascii() else one for one in composed)

    return {identity for body, identity in texts.items() if compared(part) in compared(body)}


def indexed(store: Store) -> int:
    with store.connection() as connection:
        row = connection.execute("SELECT count(*) FROM donghaeng.texts WHERE indexed").fetchone()
    assert row is not None
    return int(row[0])


def test_texts_are_found_by_any_part_before_and_after_they_are_indexed(
    store: Store, texts: dict[str, str]
) -> None:
    for expected in (0, len(TEXTS)):
        assert indexed(store) == expected
        for part in PARTS:
            with store.connection() as connection:
                for by_index in (True, False):
                    found = texts_with(connection, part, 100, by_index=by_index)
                    assert set(found) == holding(texts, part), part
                assert those_with(connection, part, list(texts.values())) == holding(texts, part), part
        assert index_texts(store) == (len(TEXTS) - expected, False)


def test_indexing_goes_on_where_it_stopped_one_text_at_a_time_if_it_must(
    store: Store, texts: dict[str, str]
) -> None:
    done = [index_texts(store, most=1) for _ in TEXTS]
    assert sum(count for count, _ in done) == len(TEXTS)
    assert done[0][1]
    assert not done[-1][1]
    assert index_texts(store) == (0, False)


def test_a_redacted_text_is_not_found_and_not_in_the_index(
    store: Store, owner_dsn: str, texts: dict[str, str]
) -> None:
    index_texts(store)
    gone = texts[TEXTS[0]]
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE donghaeng.texts SET body = NULL, salt = NULL WHERE id = %s", (gone,))
    with store.connection() as connection:
        assert texts_with(connection, "예산", 100) == [texts[TEXTS[1]]]
        assert those_with(connection, "예산", [gone]) == set()
    assert index_texts(store) == (0, False)


def test_the_application_can_index_a_text_and_not_change_it(store: Store, texts: dict[str, str]) -> None:
    with store.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE donghaeng.texts SET indexed = true")


def test_the_index_is_used(store: Store, texts: dict[str, str]) -> None:
    index_texts(store)
    with store.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT id FROM donghaeng.texts t WHERE t.indexed AND t.body IS NOT NULL "
            "AND donghaeng.bigrams(t.body) @> donghaeng.bigrams('예산')"
        ).fetchall()
    assert "texts_by_bigrams" in str(plan)


def function(owner_dsn: str, name: str, signature: str, body: str) -> None:
    """Another function in the place of the database's own, as one who owns it can put there."""
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(
            f"CREATE OR REPLACE FUNCTION donghaeng.{name}{signature} LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
            f"AS $${body}$$".encode()
        )


def bodies(store: Store, name: str) -> str:
    with store.connection() as connection:
        row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def others(store: Store) -> list[str]:
    with store.connection() as connection:
        return other_functions(connection, marks.statements())[1]


def test_an_index_that_was_made_by_another_function_hides_a_text_and_not_from_who_looks_at_every_text(
    store: Store, owner_dsn: str, texts: dict[str, str]
) -> None:
    """Put back afterwards, the function looks as it did: so what must not be missed is not looked up in the index."""
    own = bodies(store, "bigrams")
    function(owner_dsn, "bigrams", "(body text) RETURNS bigint[]", "SELECT '{}'::bigint[]")
    assert others(store) == ["bigrams"]
    index_texts(store)
    function(owner_dsn, "bigrams", "(body text) RETURNS bigint[]", own)
    assert others(store) == []
    with store.connection() as connection:
        assert texts_with(connection, "예산", 100) == [], "the control: hidden"
        assert set(texts_with(connection, "예산", 100, by_index=False)) == holding(texts, "예산")


def test_a_function_that_was_changed_or_slipped_in_is_named(
    store: Store, owner_dsn: str, texts: dict[str, str]
) -> None:
    assert others(store) == [], "the control: nobody has touched them"
    own = bodies(store, "searchable")
    function(owner_dsn, "searchable", "(body text) RETURNS text", "SELECT replace(body, '근거', '')")
    with store.connection() as connection:
        assert texts_with(connection, "예산 근", 100, by_index=False) == [], "hidden from everybody"
    assert others(store) == ["searchable"]
    function(owner_dsn, "searchable", "(body text) RETURNS text", own)
    function(owner_dsn, "searchable", "(body varchar) RETURNS text", "SELECT ''")
    assert others(store) == ["searchable"]
