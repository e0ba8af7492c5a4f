"""Servers that cannot be had, each said by name and without a password."""

from __future__ import annotations

import socket
import struct
import threading
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from store.errors import NotUnicode, StoreTooOld, StoreUnreachable
from store.log import Store
from store.migrate import migrate
from store.recorded import NewText
from tests.store.fact_batches import put
from tests.texts_by_hand import reference

SECRET = "very-secret-word"


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">i", len(body) + 4) + body


@pytest.fixture
def old_server() -> Iterator[str]:
    """Something that greets like PostgreSQL 14.2 and knows no more than that."""
    listener = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        client, _ = listener.accept()
        with client:
            client.recv(4096)
            client.sendall(
                _message(b"R", struct.pack(">i", 0))
                + _message(b"S", b"server_version\0" + b"14.2\0")
                + _message(b"S", b"client_encoding\0UTF8\0")
                + _message(b"Z", b"I")
            )
            client.recv(4096)

    thread = threading.Thread(target=greet)
    thread.start()
    yield f"host=127.0.0.1 port={listener.getsockname()[1]} user=x dbname=x sslmode=disable gssencmode=disable"
    thread.join()
    listener.close()


def test_a_server_that_is_too_old_is_refused(old_server: str) -> None:
    with pytest.raises(StoreTooOld, match="14"):
        Store.open(old_server)


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://gwangju:{SECRET}@127.0.0.1:1/donghaeng",
        f"postgresql://gwangju:{SECRET}@no-such-host.invalid/donghaeng",
        f"host=/no/such/folder user=gwangju password={SECRET}",
        f"host=127.0.0.1 port=eleven password={SECRET}",
        f"postgresql://gwangju:{SECRET}@[127.0.0.1/donghaeng",
        f"mysql://gwangju:{SECRET}@127.0.0.1/donghaeng",
        f"{SECRET}",
        f"host=127.0.0.1 pasword={SECRET}",
        f"host=127.0.0.1 port=1 password={SECRET} nonsense=1",
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(address: str) -> None:
    with pytest.raises(StoreUnreachable) as caught:
        Store.open(address)
    for words in (caught.value.say("ko"), caught.value.say("en"), repr(caught.value)):
        assert SECRET not in words
    assert caught.value.exit_code == 3
    assert caught.value.__cause__ is None


def test_an_encoding_in_the_environment_does_not_spoil_what_is_written(
    store: Store, app_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = NewText(uuid.uuid4().hex, b"salt", "동행 😀")
    monkeypatch.setenv("PGCLIENTENCODING", "EUC_KR")
    with psycopg.connect(app_dsn) as naive:  # the control
        assert naive.info.encoding == "euc_kr"
    with Store.open(app_dsn) as other:
        put(other, "task/동행", texts=(text,))
        assert len(other.read("task/동행")) == 1
    assert store.text(reference(text)).body == text.body


@pytest.mark.parametrize("encoding", ["EUC_KR", "LATIN1", "SQL_ASCII"])
def test_a_database_that_is_not_in_unicode_is_refused(cluster: str, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    dsn = make_conninfo(cluster, dbname=name)
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        for refused in (migrate, Store.open):
            with pytest.raises(NotUnicode, match=encoding):
                refused(dsn)
        connection.execute(f"DROP DATABASE {name}")


def test_a_database_that_does_not_exist_is_said(owner_dsn: str) -> None:
    with pytest.raises(StoreUnreachable, match="nowhere"):
        Store.open(f"{owner_dsn} dbname=nowhere")
