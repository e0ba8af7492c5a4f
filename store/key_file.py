"""The file of the wrapping keys: outside the database, for its owner's eyes alone, and of one store."""

from __future__ import annotations

import base64
import json
import secrets
import stat
from pathlib import Path

import msgspec

from domain.errors import Refusal
from trail.files import write_safely


class KeyFileMissing(Refusal):
    ko = "개인정보 금고의 키 파일 {path}이(가) 없습니다. 백업에서 되돌리십시오. 없으면 개인정보를 읽을 수 없습니다."
    en = "The vault's key file {path} is missing. Bring it back from a backup; without it no detail can be read."


class KeyFileTooOpen(Refusal):
    ko = "키 파일 {path}을(를) 다른 사람도 읽을 수 있습니다(권한 {mode}). `chmod 600 {path}`을(를) 실행하십시오."
    en = "Others can read the key file {path} (mode {mode}). Run `chmod 600 {path}`."


class KeyFileOfAnotherStore(Refusal):
    ko = "키 파일 {path}은(는) 다른 저장소({theirs})의 것입니다. 이 저장소({ours})의 키 파일을 두십시오."
    en = "The key file {path} is of another store ({theirs}). Put the one of this store ({ours}) there."


class KeyFileBroken(Refusal):
    ko = "키 파일 {path}을(를) 읽을 수 없습니다. 백업에서 되돌리십시오."
    en = "The key file {path} cannot be read. Bring it back from a backup."


class WrappingKey(msgspec.Struct, frozen=True):
    id: str
    key: bytes


class KeyFile(msgspec.Struct, frozen=True):
    """`keys`: the newest first; more than one only while a rotation is under way."""

    path: Path
    store: str
    keys: tuple[WrappingKey, ...]

    def key(self, identity: str) -> WrappingKey | None:
        return next((one for one in self.keys if one.id == identity), None)


def new_key() -> WrappingKey:
    return WrappingKey(secrets.token_hex(8), secrets.token_bytes(32))


def read_keys(path: Path, store: str) -> KeyFile:
    """Raises one of the refusals above."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyFileTooOpen(path=path, mode=f"{mode:04o}")
        content = json.loads(path.read_bytes())
        keys = tuple(WrappingKey(one["id"], base64.b64decode(one["key"])) for one in content["keys"])
        theirs = str(content["store"])
    except FileNotFoundError:
        raise KeyFileMissing(path=path) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise KeyFileBroken(path=path) from None
    if theirs != store:
        raise KeyFileOfAnotherStore(path=path, theirs=theirs, ours=store)
    if not keys or any(len(one.key) != 32 for one in keys):
        raise KeyFileBroken(path=path)
    return KeyFile(path, store, keys)


def write_keys(path: Path, store: str, keys: tuple[WrappingKey, ...]) -> KeyFile:
    """The file, whole or as it was before, on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    listed = [{"id": one.id, "key": base64.b64encode(one.key).decode()} for one in keys]
    write_safely(path, json.dumps({"v": 1, "store": store, "keys": listed}).encode(), 0o600)
    return KeyFile(path, store, keys)
