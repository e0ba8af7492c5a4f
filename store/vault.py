"""The vault: names, mail and phone of persons, each person's sealed under a key of their own.

The key is wrapped by one of the key file. With a person's key gone, nothing of them can be read again anywhere.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Refusal
from store.connecting import Connection
from store.key_file import KeyFile, new_key, read_keys, write_keys

VAULT_ROLE = "donghaeng_vault"
_NONCE = 12


class Sealed(Refusal):
    """`subject`: whose details no key of the file opens."""

    ko = "{subject}의 개인정보를 열 키가 키 파일에 없습니다. 키 파일을 백업에서 되돌리십시오."
    en = "No key of the key file opens the details of {subject}. Bring the key file back from a backup."


class NotInVault(Refusal):
    """Erased between the decision and the writing."""

    ko = "{subject}의 개인정보는 그 사이 파기되어 바꿀 수 없습니다. 새로 등록하십시오."
    en = "The details of {subject} were erased meanwhile and cannot be changed. Register the person anew."


class Vault:
    """`connect` makes a connection as the vault's role. `path`: of the key file, made with the first person."""

    def __init__(self, connect: Callable[[], Connection], store: str, path: Path) -> None:
        self._connect, self._store, self._path = connect, uuid.UUID(store).hex, path

    def put(self, subject: str, details: Mapping[str, str], *, known: bool = False) -> None:
        """Seal these details; others of the person stay. `known`: only under the key that is there.

        Raises NotInVault where it is not there any more, and the key file's refusals.
        """
        with self._connect() as connection, connection.transaction():
            keys = self._keys(connection)
            key = self._key_of(connection, keys, subject)
            if key is None:
                if known:
                    raise NotInVault(subject=subject)
                key = secrets.token_bytes(32)
                connection.execute(
                    "INSERT INTO donghaeng.subject_keys VALUES (%s, %s, %s)",
                    (uuid.UUID(subject), self._wrapped(keys, subject, key), keys.keys[0].id),
                )
            for field, value in details.items():
                connection.execute(
                    "INSERT INTO donghaeng.subject_details VALUES (%s, %s, %s) "
                    "ON CONFLICT (subject, field) DO UPDATE SET sealed = excluded.sealed",
                    (uuid.UUID(subject), field, _seal(key, value.encode(), self._about(subject, field))),
                )

    def details(self, subject: str) -> dict[str, str]:
        """What is known of the person; nothing where they were never put in or were erased."""
        with self._connect() as connection:
            rows: Any = connection.execute(
                "SELECT field, sealed FROM donghaeng.subject_details WHERE subject = %s ORDER BY field",
                (uuid.UUID(subject),),
            ).fetchall()
            if not rows:
                return {}
            key = self._key_of(connection, self._keys(connection), subject)
        if key is None:
            return {}
        return {field: _open(key, sealed, self._about(subject, field)).decode() for field, sealed in rows}

    def named(self, name: str) -> list[str]:
        """The persons of this name, by id; every person's name is opened for it."""
        wanted = normalize("NFC", name.strip())
        with self._connect() as connection:
            rows: Any = connection.execute(
                "SELECT d.subject, d.sealed, k.wrapped, k.wrapped_by FROM donghaeng.subject_details d "
                "JOIN donghaeng.subject_keys k USING (subject) WHERE d.field = 'name' ORDER BY d.subject"
            ).fetchall()
            keys = self._keys(connection) if rows else None
        found = []
        for identity, sealed, *wrapped in rows:
            assert keys is not None
            key = self._unwrapped(keys, identity.hex, *wrapped)
            known = _open(key, sealed, self._about(identity.hex, "name")).decode()
            if normalize("NFC", known.strip()) == wanted:
                found.append(identity.hex)
        return found

    def rotate(self) -> int:
        """Wrap every person's key anew under a new wrapping key; how many. Killed anywhere, all can still be opened."""
        with self._connect() as connection:
            before = self._keys(connection)
            # both stand in the file until no key needs the old one any more
            both = write_keys(self._path, self._store, (new_key(), *before.keys))
            with connection.transaction():
                rows: Any = connection.execute(
                    "SELECT subject FROM donghaeng.subject_keys WHERE wrapped_by <> %s FOR UPDATE",
                    (both.keys[0].id,),
                ).fetchall()
                for (identity,) in rows:
                    subject = identity.hex
                    key = self._key_of(connection, both, subject)
                    assert key is not None
                    connection.execute(
                        "UPDATE donghaeng.subject_keys SET wrapped = %s, wrapped_by = %s WHERE subject = %s",
                        (self._wrapped(both, subject, key), both.keys[0].id, identity),
                    )
        write_keys(self._path, self._store, both.keys[:1])
        return len(rows)

    def _keys(self, connection: Connection) -> KeyFile:
        """The key file; made only where no key was ever wrapped, for a new one would open nothing."""
        if not self._path.exists():
            row: Any = connection.execute("SELECT count(*) FROM donghaeng.subject_keys").fetchone()
            if row[0] == 0:
                return write_keys(self._path, self._store, (new_key(),))
        return read_keys(self._path, self._store)

    def _key_of(self, connection: Connection, keys: KeyFile, subject: str) -> bytes | None:
        row: Any = connection.execute(
            "SELECT wrapped, wrapped_by FROM donghaeng.subject_keys WHERE subject = %s", (uuid.UUID(subject),)
        ).fetchone()
        return None if row is None else self._unwrapped(keys, subject, *row)

    def _unwrapped(self, keys: KeyFile, subject: str, wrapped: bytes, by: str) -> bytes:
        wrapping = keys.key(by)
        if wrapping is None:
            raise Sealed(subject=subject)
        try:
            return _open(wrapping.key, wrapped, self._about(subject, "key"))
        except InvalidTag:
            raise Sealed(subject=subject) from None

    def _wrapped(self, keys: KeyFile, subject: str, key: bytes) -> bytes:
        return _seal(keys.keys[0].key, key, self._about(subject, "key"))

    def _about(self, subject: str, field: str) -> bytes:
        """What a sealed value is bound to, so that it opens in no other place."""
        return f"{self._store}/{subject}/{field}".encode()


def _seal(key: bytes, value: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, about)


def _open(key: bytes, sealed: bytes, about: bytes) -> bytes:
    return AESGCM(key).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), about)
