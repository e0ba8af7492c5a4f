"""Signed notes and their keys, as C2SP signed-note, tlog-cosignature and Go's sumdb/note have them. Ed25519 only."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from trail.bilingual import Bilingual
from trail.errors import BadNote

LOG, COSIGNATURE = 1, 4  # the algorithm's byte in a key
MOST_BYTES = 1_000_000
_SIGNATURE = re.compile(r"— (?P<name>\S+) (?P<signed>[A-Za-z0-9+/]+={0,2})")
_NAME = re.compile(r"[^\s+]{1,255}")


class Signature(msgspec.Struct, frozen=True):
    """One line under a note. `line`: as it stands there, with its newline; `at`: seconds since 1970, of a cosignature."""

    name: str
    key_id: bytes
    signed: bytes
    line: str

    @property
    def at(self) -> int:
        return int.from_bytes(self.signed[:8], "big")


class Note(msgspec.Struct, frozen=True):
    """`text` ends with a newline."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(one.line for one in self.signatures)

    def with_lines(self, lines: Iterable[Signature]) -> Note:
        """The note with more signatures; one that it has by name and key is not taken again."""
        known = {(one.name, one.key_id) for one in self.signatures}
        return Note(
            self.text, self.signatures + tuple(one for one in lines if (one.name, one.key_id) not in known)
        )

    def renew(self, lines: Iterable[Signature]) -> Note:
        """The note with these signatures in place of those by the same keys, and the others as they were."""
        given = {(one.name, one.key_id): one for one in lines}
        kept = tuple(given.pop((one.name, one.key_id), one) for one in self.signatures)
        return Note(self.text, (*kept, *given.values()))


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with its name. `algorithm`: LOG or COSIGNATURE; `raw`: 32 bytes."""

    name: str
    algorithm: int
    raw: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        """The vkey, e.g. `example.com/log+c8b2…+AQ…`"""
        coded = base64.b64encode(bytes([self.algorithm]) + self.raw).decode()
        return f"{self.name}+{self.key_id.hex()}+{coded}"

    def signature_on(self, note: Note) -> Signature | None:
        """This key's valid signature under the note, if there is one."""
        for one in note.signatures:
            if one.name == self.name and one.key_id == self.key_id and self._fits(note.text, one):
                return one
        return None

    def _fits(self, text: str, signature: Signature) -> bool:
        signed, message = signature.signed, text.encode()
        if self.algorithm == COSIGNATURE:
            if len(signed) != 72 or signature.at >= 1 << 63:
                return False
            signed, message = signed[8:], text_to_cosign(text, signature.at)
        return _verifies(self.raw, signed, message)


# the same signature is asked about by each who judges a note, and a trail has a note every minute
@lru_cache(256)
def _verifies(raw: bytes, signed: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signed, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class SignerKey(msgspec.Struct, frozen=True):
    """A private key with its name; never shown. `raw`: 32 bytes."""

    name: str
    algorithm: int
    raw: bytes

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.raw).public_key()
        return VerifierKey(self.name, self.algorithm, public.public_bytes_raw())

    def __repr__(self) -> str:
        return f"SignerKey({self.name})"

    def encode(self) -> str:
        """As Go's sumdb/note writes it: PRIVATE+KEY+name+hash+key."""
        coded = base64.b64encode(bytes([self.algorithm]) + self.raw).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{coded}"

    def sign(self, text: str, at: int = 0) -> Signature:
        """`at`: seconds since 1970, for a cosignature."""
        cosigning = self.algorithm == COSIGNATURE
        message = text_to_cosign(text, at) if cosigning else text.encode()
        signed = Ed25519PrivateKey.from_private_bytes(self.raw).sign(message)
        stamped = at.to_bytes(8, "big") + signed if cosigning else signed
        key_id = self.verifier.key_id
        coded = base64.b64encode(key_id + stamped).decode()
        return Signature(self.name, key_id, stamped, f"— {self.name} {coded}\n")


def new_key(name: str, algorithm: int = LOG) -> SignerKey:
    """Raises BadNote where the name cannot be a key's."""
    if not _NAME.fullmatch(name):
        raise BadNote(
            where=name[:60], problem=Bilingual("키의 이름으로 쓸 수 없습니다", "it cannot be a key's name")
        )
    return SignerKey(name, algorithm, Ed25519PrivateKey.generate().private_bytes_raw())


def text_to_cosign(text: str, at: int) -> bytes:
    """What a cosignature/v1 signs."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def parse_vkey(written: str, where: str = "vkey") -> VerifierKey:
    """Raises BadNote."""
    name, algorithm, raw, key_id = _key(written.split("+", 2), where)
    key = VerifierKey(name, algorithm, raw)
    if key.key_id.hex() != key_id:
        raise BadNote(
            where=where,
            problem=Bilingual("키 번호가 키와 맞지 않습니다", "the key's id is not that of the key"),
        )
    return key


def parse_private(written: str, where: str) -> SignerKey:
    """Raises BadNote."""
    if not written.startswith("PRIVATE+KEY+"):
        raise BadNote(where=where, problem=Bilingual("비밀키가 아닙니다", "it is no private key"))
    name, algorithm, raw, key_id = _key(written[12:].strip().split("+", 2), where)
    key = SignerKey(name, algorithm, raw)
    if key.verifier.key_id.hex() != key_id:
        raise BadNote(
            where=where,
            problem=Bilingual("키 번호가 키와 맞지 않습니다", "the key's id is not that of the key"),
        )
    return key


def parse_note(given: bytes, where: str) -> Note:
    """Raises BadNote. Nothing is verified here."""
    try:
        text = given.decode()
    except UnicodeDecodeError:
        raise _format_error(where) from None
    body, between, lines = text.rpartition("\n\n")
    if not between or len(given) > MOST_BYTES or any(ord(c) < 0x20 and c != "\n" for c in text):
        raise _format_error(where)
    return Note(body + "\n", signature_lines(lines, where))


def signature_lines(lines: str, where: str) -> tuple[Signature, ...]:
    """One or more lines, each ending with a newline. Raises BadNote."""
    if not lines.endswith("\n") or len(lines) > MOST_BYTES:
        raise _format_error(where)
    return tuple(_signature(line, where) for line in lines[:-1].split("\n"))


def verify_note(note: Note, keys: Sequence[VerifierKey], where: str) -> Note:
    """The note, if at least one of the keys signed it. Raises BadNote."""
    if not any(key.signature_on(note) for key in keys):
        signers = ", ".join(sorted({one.name for one in note.signatures}))[:200]
        problem = Bilingual(
            f"믿는 키로 된 서명이 없습니다(서명한 이름: {signers})",
            f"none of the trusted keys signed it (signed by: {signers})",
        )
        raise BadNote(where=where, problem=problem)
    return note


def decode_base64(coded: str) -> bytes:
    """Strict base64; the one spelling only. Raises ValueError."""
    raw = base64.b64decode(coded, validate=True)
    if base64.b64encode(raw).decode() != coded:
        raise ValueError(coded)
    return raw


def _signature(line: str, where: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    try:
        raw = decode_base64(found["signed"]) if found else b""
    except ValueError:
        raw = b""
    if found is None or len(raw) < 5 or not _NAME.fullmatch(found["name"]):
        raise _format_error(where)
    return Signature(found["name"], raw[:4], raw[4:], line + "\n")


def _key(parts: Sequence[str], where: str) -> tuple[str, int, bytes, str]:
    try:
        name, key_id, coded = parts
        raw = decode_base64(coded)
    except (ValueError, binascii.Error):
        raise BadNote(
            where=where, problem=Bilingual("키의 형식이 아닙니다", "it has not the form of a key")
        ) from None
    if not _NAME.fullmatch(name) or len(raw) != 33 or raw[0] not in (LOG, COSIGNATURE):
        raise BadNote(where=where, problem=Bilingual("Ed25519 키가 아닙니다", "it is no Ed25519 key"))
    return name, raw[0], raw[1:], key_id


def _format_error(where: str) -> BadNote:
    return BadNote(
        where=where, problem=Bilingual("서명된 글의 형식이 아닙니다", "it has not the form of a signed note")
    )
