"""The vault: names, mail and phone of persons, each person's sealed under a key of their own.

The key is wrapped by one of the key file. With a person's key gone, nothing of them can be read again anywhere.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Refusal
from store.connecting import Connection
from store.details import DetailsRead
from store.key_file import KeyFile, new_key, read_keys, write_keys

VAULT_ROLE = "donghaeng_vault"
_NONCE = 12
_READ = """
    SELECT k.subject, d.field, d.sealed, k.wrapped, k.wrapped_by
    FROM donghaeng.subject_keys k LEFT JOIN donghaeng.subject_details d USING (subject)
    WHERE %s::uuid[] IS NULL OR k.subject = ANY(%s) ORDER BY k.subject, d.field"""


class Sealed(Refusal):
    """`subject`: whose details no key of the file opens."""

    ko = "{subject}의 개인정보를 열 키가 키 파일에 없습니다. 키 파일을 백업에서 되돌리십시오."
    en = "No key of the key file opens the details of {subject}. Bring the key file back from a backup."


class NotInVault(Refusal):
    """Erased between the decision and the writing."""

    ko = "{subject}의 개인정보는 그 사이 파기되어 바꿀 수 없습니다. 새로 등록하십시오."
    en = "The details of {subject} were erased meanwhile and cannot be changed. Register the person anew."


class DetailsChanged(Refusal):
    """`fields`: what does not open under the person's own key, so that it was not sealed for them."""

    ko = "{subject}의 개인정보({fields})가 이 사람의 것으로 봉인된 값이 아닙니다: 저장소에서 바뀌었습니다. `donghaeng subject change`로 다시 적거나, 백업에서 되찾으십시오."
    en = "The details of {subject} ({fields}) are not what was sealed for this person: they were changed in the store. Enter them again with `donghaeng subject change`, or find them in a backup."


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
                    (uuid.UUID(subject), self._wrap(keys, subject, key), keys.keys[0].id),
                )
            for field, value in details.items():
                connection.execute(
                    "INSERT INTO donghaeng.subject_details VALUES (%s, %s, %s) "
                    "ON CONFLICT (subject, field) DO UPDATE SET sealed = excluded.sealed",
                    (uuid.UUID(subject), field, _seal(key, value.encode(), self._about(subject, field))),
                )

    def details(self, subject: str) -> dict[str, str]:
        """What is known of the person; nothing where they were never put in or were erased. Raises DetailsChanged."""
        found = self.read(subject)
        if found.changed:
            raise DetailsChanged(subject=subject, fields=found.changed)
        return found.details

    def read(self, subject: str) -> DetailsRead:
        """What lies there of the person, and what of it was changed. Raises Sealed and the key file's refusals."""
        return self.read_all((subject,)).get(subject, DetailsRead({}))

    def read_all(self, subjects: Sequence[str] | None = None) -> dict[str, DetailsRead]:
        """The same of these persons, or of all, by id, of whom there is anything, were it only a key."""
        wanted = None if subjects is None else [uuid.UUID(one) for one in subjects]
        with self._connect() as connection:
            rows: Any = connection.execute(_READ, (wanted, wanted)).fetchall()
            keys = self._keys(connection) if rows else None
        found: dict[str, DetailsRead] = {}
        for subject, group in groupby(rows, lambda row: row[0].hex):
            assert keys is not None
            found[subject] = self._open(keys, subject, list(group))
        return found

    def _open(self, keys: KeyFile, subject: str, rows: Sequence[Any]) -> DetailsRead:
        _, _, _, wrapped, by = rows[0]
        sealed = {field: value for _, field, value, _, _ in rows if field is not None}
        try:
            key = self._unwrap(keys, subject, wrapped, by)
        except DetailsChanged:
            return DetailsRead({}, ("key",))
        details, changed = dict[str, str](), list[str]()
        for field, value in sealed.items():
            try:
                details[field] = _open(key, value, self._about(subject, field)).decode()
            except (InvalidTag, ValueError):
                changed.append(field)
        return DetailsRead(details, tuple(changed))

    def find_by_name(self, name: str) -> list[str]:
        """The persons of this name, by id; every person's name is opened for it.

        Raises DetailsChanged where there is nobody, and one whose name does not open.
        """
        wanted = normalize("NFC", name.strip())
        everybody = self.read_all()
        found = [
            subject
            for subject, one in everybody.items()
            if normalize("NFC", one.details.get("name", "").strip()) == wanted
        ]
        if not found:
            for subject, one in everybody.items():
                if {"name", "key"} & set(one.changed):
                    raise DetailsChanged(subject=subject, fields=one.changed)
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
                        (self._wrap(both, subject, key), both.keys[0].id, identity),
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
        return None if row is None else self._unwrap(keys, subject, *row)

    def _unwrap(self, keys: KeyFile, subject: str, wrapped: bytes, by: str) -> bytes:
        wrapping = keys.key(by)
        if wrapping is None:
            raise Sealed(subject=subject)
        try:
            return _open(wrapping.key, wrapped, self._about(subject, "key"))
        except (InvalidTag, ValueError):
            raise DetailsChanged(subject=subject, fields=("key",)) from None

    def _wrap(self, keys: KeyFile, subject: str, key: bytes) -> bytes:
        return _seal(keys.keys[0].key, key, self._about(subject, "key"))

    def _about(self, subject: str, field: str) -> bytes:
        """What a sealed value is bound to, so that it opens in no other place."""
        return f"{self._store}/{subject}/{field}".encode()


def _seal(key: bytes, value: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, about)


def _open(key: bytes, sealed: bytes, about: bytes) -> bytes:
    return AESGCM(key).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), about)
