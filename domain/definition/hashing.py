"""The text of a definition's content and its hash, as a fact has them."""

from __future__ import annotations

import hashlib
from typing import Protocol

from domain.definition.refusals import ContentNotAsHashed


class Hashed(Protocol):
    """What holds a content and its hash."""

    @property
    def content(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def sha256_of(content: str) -> str:
    """Of the text's UTF-8 bytes, 64 hex digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def check_hash(identity: str, held: Hashed) -> None:
    """What is held is what it says that it holds. Raises ContentNotAsHashed."""
    found = sha256_of(held.content)
    if found != held.sha256:
        raise ContentNotAsHashed(definition=identity, said=held.sha256, found=found)
