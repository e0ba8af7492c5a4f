"""Bytes sealed under a passphrase, chunk by chunk: AES-256-GCM with the chunk's number and a mark on the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.backups import header as headers
from store.backups.errors import BackupDamaged
from store.backups.header import Header

CHUNK = 256 * 1024
_TAG = 16


class SealedWriter:
    """Takes bytes and writes sealed chunks. Without `finish` the file has no last chunk and is refused on reading."""

    def __init__(self, file: BinaryIO, header: Header, passphrase: str) -> None:
        lines, keys = headers.make_header(header, passphrase)
        self._file, self._bound = file, keys.bound
        self._seal = AESGCM(keys.sealing).encrypt
        self._waiting = bytearray()
        self._number = 0
        file.write(lines)

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > CHUNK:  # a full one may still turn out to be the last
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> None:
        """Write the last chunk, marked as such."""
        self._chunk(bytes(self._waiting), last=True)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._seal(_nonce(self._number, last=last), data, self._bound))
        self._number += 1


class SealedReader:
    """Gives back what a SealedWriter took, each chunk only after it was found to be as it was written.

    Raises NotABackup, BackupOfNewerFormat, BackupDamaged at once; WrongPassphrase, BackupDamaged on reading.
    """

    def __init__(self, file: BinaryIO, name: object) -> None:
        self._file, self._name = file, name
        self.header, self._lines, self._check = headers.read_header(file, name)

    def chunks(self, passphrase: str) -> Iterator[bytes]:
        """The sealed bytes in order; ends only behind the chunk that was marked as the last."""
        keys = headers.unlock_keys(self.header, self._lines, self._check, passphrase, self._name)
        unseal = AESGCM(keys.sealing).decrypt
        number, sealed = 0, self._file.read(CHUNK + _TAG)
        while True:
            following = self._file.read(CHUNK + _TAG)
            last = not following
            try:
                data = unseal(_nonce(number, last=last), sealed, keys.bound)
            except InvalidTag:
                raise BackupDamaged(file=self._name, problem=f"chunk {number + 1}") from None
            yield data
            if last:
                return
            number, sealed = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    """Never twice under one key: the key is of this file alone."""
    return number.to_bytes(11, "big") + bytes([last])
