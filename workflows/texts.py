"""Puts free texts aside before a command is decided: facts hold a salted commitment, never the text."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from msgspec.structs import replace
from pydantic_core import PydanticCustomError

from domain.aggregate import Command
from domain.attachments import describe_file, find_media_type
from domain.refusals import bad_input, validation_error
from domain.values import Attachment, GivenFile, TextRef
from store.attachments import split_content, write_digest
from store.recorded import NewText

C = TypeVar("C", bound=Command)


@cache
def _free_text_fields(command: type[Command]) -> tuple[str, ...]:
    """The fields typed `FreeText | TextRef`, alone, optional or in a tuple."""
    return tuple(name for name, field in command.model_fields.items() if "TextRef" in str(field.annotation))


def externalise_text(body: str) -> tuple[TextRef, NewText]:
    """A reference with a commitment for the fact, and the text with its salt for the table beside it."""
    salt, identity = secrets.token_bytes(16), uuid.uuid4().hex
    commitment = hashlib.sha256(salt + body.encode()).hexdigest()
    return TextRef(id=identity, commitment=commitment), NewText(id=identity, salt=salt, body=body)


def externalise_attachment(name: str, media: str, content: bytes) -> tuple[Attachment, NewText]:
    """What the fact holds of a file, and the text that says its digest, with the file's bytes for the table beside the log."""
    ref, text = externalise_text(write_digest(content, name))
    attachment = Attachment(name=name, media=media, size=len(content), content=ref)
    return attachment, replace(text, pieces=tuple(split_content(content)))


def attach_given(name: str, given: GivenFile, files: Mapping[str, bytes]) -> tuple[Attachment, NewText]:
    """A file that a command names, of those that came with it, by their SHA-256. Raises PydanticCustomError."""
    content = files.get(given.sha256)
    if content is None or describe_file(content) != given:
        raise validation_error("file_not_here")
    return externalise_attachment(name, find_media_type(name, content), content)


@cache
def _paper_fields(command: type[Command]) -> tuple[str, ...]:
    return tuple(name for name, field in command.model_fields.items() if "Paper" in str(field.annotation))


def externalise_papers(command: C, files: Mapping[str, bytes]) -> tuple[C, tuple[NewText, ...]]:
    """The command with what the fact holds in place of its papers, and what goes beside the log. Raises BadInput."""
    texts: list[NewText] = []
    replaced: dict[str, tuple[Attachment, ...]] = {}
    for field in _paper_fields(type(command)):
        made = []
        for number, paper in enumerate(getattr(command, field)):
            try:
                attachment, text = attach_given(paper.name, paper.file, files)
            except PydanticCustomError as error:
                raise bad_input(error, f"{field}[{number}]") from None
            made.append(attachment)
            texts.append(text)
        replaced[field] = tuple(made)
    return (command.model_copy(update=replaced) if replaced else command), tuple(texts)


def write_asked(command: Command) -> tuple[str, tuple[TextRef, ...]]:
    """A command whose texts are aside, as canonical JSON that has “–” for each, and the references in their order."""
    fields, refs = command.model_dump(mode="json", by_alias=True, exclude_none=True), []

    def leave(value: Any) -> Any:
        if isinstance(value, tuple):
            return [leave(item) for item in value]
        refs.append(value)
        return "–"

    for name in _free_text_fields(type(command)):
        if (value := getattr(command, name)) is not None:
            fields[name] = leave(value)
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")), tuple(refs)


def read_asked(kind: type[C], asked: str, refs: Sequence[TextRef]) -> C:
    """The command of what was written so."""
    command, left = kind.model_validate_json(asked), iter(refs)

    def put_back(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(put_back(item) for item in value)
        return value if value is None else next(left)

    names = _free_text_fields(kind)
    return command.model_copy(update={name: put_back(getattr(command, name)) for name in names})


def externalise_texts(command: C) -> tuple[C, tuple[NewText, ...]]:
    """The command with references in place of its free texts, and those texts."""
    texts: list[NewText] = []

    def refer(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(refer(item) for item in value)
        if not isinstance(value, str):
            return value
        ref, text = externalise_text(value)
        texts.append(text)
        return ref

    replaced = {name: refer(getattr(command, name)) for name in _free_text_fields(type(command))}
    return (command.model_copy(update=replaced) if replaced else command), tuple(texts)
