"""A file that was cut short, changed or put in another order is refused, wherever that is; each with its control."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from store.backups import header as headers
from store.backups.errors import BackupDamaged, BackupOfNewerFormat, NotABackup, WrongPassphrase
from store.backups.header import Header
from store.backups.sealing import CHUNK, SealedReader, SealedWriter
from tests.store.backups.stores_to_back_up import CHEAP, PASSPHRASE

HEADER = Header(schema="0001", store="0" * 32, head=7, salt=b"s" * 32, cost=CHEAP)
SEALED_CHUNK = CHUNK + 16


def sealed(data: bytes) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, HEADER, PASSPHRASE)
    writer.write(data)
    writer.finish()
    return file.getvalue()


def opened(file: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return b"".join(SealedReader(io.BytesIO(file), "b").chunks(passphrase))


DATA = bytes(range(256)) * 3000  # two full chunks and a third
FILE = sealed(DATA)
BEGIN = len(FILE) - len(DATA) - 3 * 16


def chunks(file: bytes = FILE) -> list[bytes]:
    return [file[at : at + SEALED_CHUNK] for at in range(BEGIN, len(file), SEALED_CHUNK)]


def opened_unchecked(file: bytes) -> bytes:
    """What a reader gets that decrypts in the same way and looks at no tag, number or mark. The control."""
    source = io.BytesIO(file)
    header, lines, check = headers.read_header(source, "b")
    key = headers.unlock_keys(header, lines, check, PASSPHRASE, "b").sealing
    found = b""
    for number, chunk in enumerate(chunks(file)):
        last = number == len(chunks(FILE)) - 1
        nonce = number.to_bytes(11, "big") + bytes([last])
        counter = Cipher(algorithms.AES(key), modes.CTR(nonce + (2).to_bytes(4, "big"))).decryptor()
        found += counter.update(chunk[:-16])
    return found


def test_what_was_sealed_is_opened() -> None:
    assert opened(FILE) == opened_unchecked(FILE) == DATA
    assert len(chunks()) == 3


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_every_size_comes_back(size: int) -> None:
    assert opened(sealed(b"x" * size)) == b"x" * size


def test_nothing_of_what_was_sealed_can_be_read_in_the_file() -> None:
    assert DATA[:64] not in FILE
    assert PASSPHRASE.encode() not in FILE


@given(at=st.integers(0, len(FILE) - 1), change=st.integers(1, 255))
def test_one_byte_changed_anywhere_is_refused(at: int, change: int) -> None:
    with pytest.raises(Refusal):
        opened(FILE[:at] + bytes([FILE[at] ^ change]) + FILE[at + 1 :])


@pytest.mark.parametrize("at", [*range(BEGIN), len(FILE) - 1])
def test_one_byte_changed_in_the_header_or_at_the_end_is_refused(at: int) -> None:
    with pytest.raises(Refusal):
        opened(FILE[:at] + bytes([FILE[at] ^ 1]) + FILE[at + 1 :])


def test_a_reader_that_does_not_check_takes_the_changed_byte() -> None:
    at = BEGIN + 1000
    changed = opened_unchecked(FILE[:at] + bytes([FILE[at] ^ 1]) + FILE[at + 1 :])
    assert len(changed) == len(DATA)
    assert changed != DATA


CUTS = [
    0,
    1,
    BEGIN - 1,
    BEGIN,
    BEGIN + 1,
    BEGIN + 16,
    *(BEGIN + SEALED_CHUNK * n for n in (1, 2)),
    len(FILE) - 1,
]


@pytest.mark.parametrize("size", CUTS)
def test_a_file_cut_short_is_refused(size: int) -> None:
    with pytest.raises((BackupDamaged, NotABackup)):
        opened(FILE[:size])


@given(size=st.integers(0, len(FILE) - 1))
def test_a_file_cut_short_anywhere_is_refused(size: int) -> None:
    with pytest.raises((BackupDamaged, NotABackup)):
        opened(FILE[:size])


def test_without_the_mark_a_file_cut_between_two_chunks_would_be_taken_for_whole() -> None:
    """The control: what is left of the file is sealed without fault."""
    cut = FILE[: BEGIN + 2 * SEALED_CHUNK]
    assert opened_unchecked(cut) == DATA[: 2 * CHUNK]
    taken = SealedReader(io.BytesIO(cut), "b").chunks(PASSPHRASE)
    assert next(taken) == DATA[:CHUNK]
    with pytest.raises(BackupDamaged):
        next(taken)


MIXED: list[tuple[str, Callable[[list[bytes]], list[bytes]]]] = [
    ("two exchanged", lambda c: [c[1], c[0], c[2]]),
    ("one left out", lambda c: [c[0], c[2]]),
    ("one twice", lambda c: [c[0], c[0], c[1], c[2]]),
    ("the last twice", lambda c: [*c, c[2]]),
    ("something behind it", lambda c: [*c, b"x"]),
]


@pytest.mark.parametrize(("what", "mix"), MIXED, ids=[what for what, _ in MIXED])
def test_chunks_in_another_order_are_refused(what: str, mix: Any) -> None:
    with pytest.raises(BackupDamaged):
        opened(FILE[:BEGIN] + b"".join(mix(chunks())))


def test_a_chunk_of_another_file_under_the_same_passphrase_is_refused() -> None:
    other = io.BytesIO()
    writer = SealedWriter(other, Header("0001", "0" * 32, 7, b"t" * 32, CHEAP), PASSPHRASE)
    writer.write(DATA)
    writer.finish()
    theirs = chunks(other.getvalue())
    with pytest.raises(BackupDamaged):
        opened(FILE[:BEGIN] + b"".join([chunks()[0], theirs[1], chunks()[2]]))


def forged(**changes: Any) -> bytes:
    """The file with another header, its sum made anew as anybody can."""
    first, header, sums, rest = FILE.split(b"\n", 3)
    for old, new in changes.values():
        assert old in first + header
        first, header = first.replace(old, new), header.replace(old, new)
    lines = first + b"\n" + header + b"\n"
    return lines + hashlib.sha256(lines).hexdigest().encode() + sums[64:] + b"\n" + rest


def test_a_forged_header_is_refused() -> None:
    assert opened(forged()) == DATA
    with pytest.raises(WrongPassphrase):
        opened(forged(head=(b'"head":7', b'"head":6')))


@pytest.mark.parametrize("cost", [b"-1", b"0", b"21", b"99999", b'"4"'])
def test_a_header_that_asks_for_too_much_is_refused_before_anything_is_tried(cost: bytes) -> None:
    with pytest.raises(BackupDamaged):
        opened(forged(cost=(b'"doublings":4', b'"doublings":' + cost)))


def test_a_newer_format_is_named() -> None:
    with pytest.raises(BackupOfNewerFormat) as refused:
        opened(forged(format=(b"backup 1", b"backup 12")))
    assert "12" in refused.value.say("ko")


@pytest.mark.parametrize(
    "file", [b"", b"\n", b"PK\x03\x04", b"donghaeng backup \n", b"donghaeng backup x\n{}\n"]
)
def test_another_file_is_named(file: bytes) -> None:
    with pytest.raises(NotABackup):
        opened(file)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " ", PASSPHRASE.upper(), "0"])
def test_a_wrong_passphrase_is_named(passphrase: str) -> None:
    with pytest.raises(WrongPassphrase):
        opened(FILE, passphrase)


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    """One keyboard sends 한 as one character, another as three."""
    assert opened(FILE, unicodedata.normalize("NFD", PASSPHRASE)) == DATA


def test_memory_stays_flat() -> None:
    class Endless(io.RawIOBase):
        size = 0

        def write(self, data: Any) -> int:
            Endless.size += len(data)
            return len(data)

    writer = SealedWriter(Endless(), HEADER, PASSPHRASE)  # type: ignore[arg-type]
    tracemalloc.start()
    for _ in range(200):
        writer.write(DATA)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert Endless.size > 200 * len(DATA) - SEALED_CHUNK
    assert most < 5 * len(DATA)
