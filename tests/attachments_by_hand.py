"""Attached files for tests, as facts hold them and as they go into a store."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from domain.task.facts import StepTaken
from domain.text.facts import Redacted
from domain.values import Attachment, FilledField, LocalText
from store.log import Store
from store.recorded import Appended, Batch, NewFact, NewText
from tests.store.fact_batches import envelope
from workflows.texts import externalise_attachment

LABEL = LocalText(ko="결과보고서", en="the account of it")
PDF = b"%PDF-1.7\n" + b"0123456789abcdef" * 200_000  # of several pieces


def attach(content: bytes = PDF, name: str = "결과보고서.pdf") -> tuple[Attachment, NewText]:
    return externalise_attachment(name, "application/pdf", content)


def step_with(*attachments: Attachment) -> StepTaken:
    form = tuple(
        FilledField(field=f"file{number}", label=LABEL, type="attachment", attachment=one)
        for number, one in enumerate(attachments)
    )
    place, by = "in_progress", "donghaeng-2024/3"  # as if that had such a step
    return StepTaken(definition=by, step="hand_in", label=LABEL, from_place=place, to_place=place, form=form)


def batch_with(
    text: NewText,
    attachment: Attachment,
    *,
    stream: str = "task/2024-07",
    version: int = 1,
    command_id: str | None = None,
    **more: Any,
) -> Batch:
    identity = command_id or uuid.uuid4().hex
    said = hashlib.sha256(b"".join(text.pieces)).digest()
    fact = NewFact(stream, version, envelope(identity, schema=2), step_with(attachment))
    return Batch(identity, said, (fact,), (text,), **more)


def put_attachment(store: Store, content: bytes = PDF, **more: Any) -> Attachment:
    attachment, text = attach(content)
    store.append(batch_with(text, attachment, **more))
    return attachment


def redact(store: Store, identity: str) -> Appended:
    command = uuid.uuid4().hex
    fact = NewFact(f"text/{identity}", 1, envelope(command), Redacted())
    return store.append(Batch(command, b"", (fact,)))
