"""How a backup begins: in the clear, so that anyone can see what it is, and bound to all that follows."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from typing import Annotated, BinaryIO

import msgspec
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from store.backups.errors import BackupDamaged, BackupOfNewerFormat, NotABackup, WrongPassphrase
from trail.json_bytes import BROKEN

FORMAT = 1
_MAGIC = b"donghaeng backup "
_LONGEST_LINE = 4096


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess at the passphrase costs, as scrypt counts it: by default 128 MiB and a third of a second.

    `doublings`: of the memory, N = 2 ** doublings.
    """

    doublings: Annotated[int, msgspec.Meta(ge=1, le=20)] = 17
    r: Annotated[int, msgspec.Meta(ge=1, le=16)] = 8
    p: Annotated[int, msgspec.Meta(ge=1, le=4)] = 1


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`schema`: the store's; `store`: its id, hex; `head`: its last position; `salt`: for the passphrase."""

    schema: str
    store: str
    head: Annotated[int, msgspec.Meta(ge=0)]
    salt: Annotated[bytes, msgspec.Meta(min_length=16)]
    cost: Cost = Cost()


class Keys(msgspec.Struct, frozen=True):
    """`sealing`: the key of the chunks; `check`: what the header says of the passphrase; `bound`: to the header."""

    sealing: bytes
    check: str
    bound: bytes


def make_header(header: Header, passphrase: str) -> tuple[bytes, Keys]:
    """The file's first three lines (format, header, its sum with a check of the passphrase), and the keys."""
    lines = _MAGIC + b"%d\n" % FORMAT + msgspec.json.encode(header) + b"\n"
    keys = _keys(lines, header, passphrase)
    return lines + f"{keys.bound.hex()} {keys.check}\n".encode(), keys


def read_header(file: BinaryIO, name: object) -> tuple[Header, bytes, str]:
    """The header, its bytes, and the check; the file stands behind them.

    Raises NotABackup, BackupOfNewerFormat, BackupDamaged. What it says is believed only when chunks open under it.
    """
    first = file.readline(_LONGEST_LINE)
    number = first.removeprefix(_MAGIC).strip()
    if not first.startswith(_MAGIC) or not number.isdigit():
        raise NotABackup(file=name)
    if int(number) > FORMAT:
        raise BackupOfNewerFormat(file=name, found=int(number), known=FORMAT)
    lines = first + file.readline(_LONGEST_LINE)
    sums = file.readline(_LONGEST_LINE)
    if sums[:65] != hashlib.sha256(lines).hexdigest().encode() + b" " or len(sums) != 130:
        raise BackupDamaged(file=name, problem="header")
    try:
        header = msgspec.json.decode(lines[len(first) :], type=Header)
        return header, lines, sums[65:129].decode("ascii")
    except BROKEN:
        raise BackupDamaged(file=name, problem="header") from None


def unlock_keys(header: Header, lines: bytes, check: str, passphrase: str, name: object) -> Keys:
    """The keys. Raises WrongPassphrase."""
    keys = _keys(lines, header, passphrase)
    if not hmac.compare_digest(keys.check.encode(), check.encode()):
        raise WrongPassphrase(file=name)
    return keys


def _keys(lines: bytes, header: Header, passphrase: str) -> Keys:
    cost = header.cost
    scrypt = Scrypt(salt=header.salt, length=64, n=2**cost.doublings, r=cost.r, p=cost.p)
    derived = scrypt.derive(unicodedata.normalize("NFC", passphrase).encode())
    check = hmac.new(derived[32:], lines, hashlib.sha256).hexdigest()
    return Keys(derived[:32], check, hashlib.sha256(lines).digest())
