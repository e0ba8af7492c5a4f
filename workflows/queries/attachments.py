"""Files attached to a task, a meeting, a fund: all of them, one, and its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, BinaryIO

import msgspec
from msgspec.structs import replace

from domain.errors import Refusal
from domain.seoul import SEOUL
from domain.streams import identity_of, kind_of, task_stream
from domain.values import Attachment, FilledField, LocalText
from projections.slices import AsOf, of_stream
from projections.texts import ATTACHMENT_PROBLEMS
from store.attachments import read_attachment
from store.connecting import Connection
from store.recorded import RecordedFact, find_values
from store.texts import TextRead, TextState
from store.whole_log import as_of_now
from workflows.beginnings import LEAST, BeginsSeveral
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import NoSuchTask, whose_task

Keep = Callable[[str], AbstractContextManager[BinaryIO]]


class NoSuchAttachment(Refusal):
    """`given`: what was typed."""

    ko = "{about}에는 ‘{given}’에 해당하는 첨부가 없습니다. `donghaeng attachment list {about}`로 확인하십시오."
    en = "{about} has no attachment “{given}”. See them with `donghaeng attachment list {about}`."


class NothingAttachedTo(Refusal):
    """Files are attached to no such thing. `known`: kinds of streams."""

    ko = "‘{about}’에는 첨부가 없습니다. 과제번호를 적거나, 다음 가운데 하나로 시작하는 이름을 적으십시오({known})."
    en = "Nothing is attached to “{about}”. Name a task, or what begins with one of {known}, e.g. meeting/heads-2024-1."


class NoSuchStream(Refusal):
    ko = "‘{about}’에 대한 기록이 없습니다. 이름을 확인하십시오."
    en = "There is nothing of “{about}”. Look whether its name is right."


class AttachmentRedacted(Refusal):
    """`fact`: by which it was taken away."""

    ko = "첨부 {name}은(는) {fact}번 기록으로 비공개 처리되어 내용이 없습니다. `donghaeng attachment list {about}`로 확인하십시오."
    en = "The attachment {name} was redacted by fact {fact}, and its bytes are gone. See `donghaeng attachment list {about}`."


class AttachmentNotAsCommitted(Refusal):
    """The bytes are gone or changed, and no fact says why."""

    ko = "첨부 {name}: {problem}. 저장하지 않았습니다. `donghaeng trail verify --store`로 확인하고 백업에서 되찾으십시오."
    en = "The attachment {name} {problem}. Nothing was saved. Look with `donghaeng trail verify --store`, and find it again in a backup."


class AttachmentShown(msgspec.Struct, frozen=True):
    """`attachment`: the id of the text that says its digest, by which it is redacted; `media`: its media type; `size`: in bytes.

    `number`: in its history, of the fact with which it came, `at` when; `field`, `label`: of the form that asked for
    it. `state`: what became of it, `redacted`: the position of the fact that took it away. `sha256`: of its bytes, as
    committed.
    """

    attachment: str
    name: str
    media: str
    size: int
    number: int
    at: datetime
    field: str | None
    label: LocalText | None
    state: TextState
    redacted: int | None = None
    sha256: str | None = None


_Facts = Sequence[RecordedFact[Any]]
_Found = tuple[AttachmentShown, Attachment]


class AttachmentList(msgspec.Struct, frozen=True):
    """`about`: the task by its number, else the stream."""

    about: str
    attachments: list[AttachmentShown]


def list_attachments(inquiry: Inquiry, about: str) -> AttachmentList:
    """The task's, in the order in which they came; each is compared with its commitment. Raises NoSuchTask."""
    found = _find_all(inquiry, about)
    with as_of_now(inquiry.store) as connection:
        return AttachmentList(about, [_look_at(connection, *one)[0] for one in found])


def show_attachment(inquiry: Inquiry, about: str, given: str) -> AttachmentShown:
    """One of them. `given`: its name, its id or the beginning of that. Raises NoSuchTask, NoSuchAttachment, BeginsSeveral."""
    one = _choose(_find_all(inquiry, about), about, given)
    with as_of_now(inquiry.store) as connection:
        return _look_at(connection, *one)[0]


def save_attachment(inquiry: Inquiry, about: str, given: str, keep: Keep) -> AttachmentShown:
    """Write one of them down, where its bytes are as committed. `keep`: gives a file by the attachment's name, which is to be
    there only where all went well.

    Raises as `show_attachment`, AttachmentRedacted, AttachmentNotAsCommitted.
    """
    one = _choose(_find_all(inquiry, about), about, given)
    with keep(one[0].name) as file, as_of_now(inquiry.store) as connection:
        shown, found = _look_at(connection, *one, file.write)
        if found.state is TextState.REDACTED:
            raise AttachmentRedacted(name=shown.name, fact=found.fact, about=about)
        if found.state in ATTACHMENT_PROBLEMS:
            raise AttachmentNotAsCommitted(name=shown.name, problem=ATTACHMENT_PROBLEMS[found.state])
    return shown


def _find_all(inquiry: Inquiry, about: str) -> list[_Found]:
    """Once they may be read; what a line asked for and then was carried out is one."""
    stream = about if "/" in about else task_stream(about)
    right = _RIGHTS.get(kind_of(stream))
    if right is None:
        raise NothingAttachedTo(about=about[:60], known=tuple(sorted(_RIGHTS)))
    facts = inquiry.store.read(stream)
    facts = of_stream(facts, right(inquiry, identity_of(stream), facts))
    if not facts:
        raise NoSuchTask(task=about) if kind_of(stream) == "task" else NoSuchStream(about=about[:60])
    return list(_each(facts))


def _read_of_task(inquiry: Inquiry, task: str, facts: _Facts) -> AsOf | None:
    return inquiry.authorise("task.attachments", whose_task(inquiry.store, task, facts), tasks=(task,))


def _read_of_meeting(inquiry: Inquiry, meeting: str, facts: _Facts) -> AsOf | None:
    return inquiry.authorise("meetings", (inquiry.own_agency,))


def _read_of_fund(inquiry: Inquiry, fund: str, facts: _Facts) -> AsOf | None:
    return inquiry.authorise("fund")


# of what has files, by the kind of its stream: who may read the stream may read its files
_RIGHTS: Mapping[str, Callable[[Inquiry, str, _Facts], AsOf | None]] = {
    "task": _read_of_task,
    "meeting": _read_of_meeting,
    "fund": _read_of_fund,
}


def _each(facts: Sequence[RecordedFact[Any]]) -> Iterable[_Found]:
    found: dict[str, _Found] = {}
    for one in facts:
        asked = {
            each.attachment.content.id: each
            for each in find_values(FilledField, one.fact)
            if each.attachment is not None
        }
        for attachment in find_values(Attachment, one.fact):
            found.setdefault(attachment.content.id, _describe(one, attachment, asked))
    return found.values()


def _describe(one: RecordedFact[Any], attachment: Attachment, asked: dict[str, FilledField]) -> _Found:
    by = asked.get(attachment.content.id)
    shown = AttachmentShown(
        attachment=attachment.content.id,
        name=attachment.name,
        media=attachment.media,
        size=attachment.size,
        number=one.version,
        at=one.effective_at.astimezone(SEOUL),
        field=None if by is None else by.field,
        label=None if by is None else by.label,
        state=TextState.MISSING,
    )
    return shown, attachment


def _choose(found: Sequence[_Found], about: str, given: str) -> _Found:
    named = [one for one in found if given in (one[0].name, one[0].attachment)]
    if not named and len(given) >= LEAST:
        named = [one for one in found if one[0].attachment.startswith(given)]
    if not named:
        raise NoSuchAttachment(about=about, given=given[:60])
    if len(named) > 1:
        raise BeginsSeveral(given=given[:60], candidates=tuple(one[0].attachment for one in named))
    return named[0]


def _look_at(
    connection: Connection,
    shown: AttachmentShown,
    attachment: Attachment,
    take: Callable[[bytes], object] = lambda piece: None,
) -> tuple[AttachmentShown, TextRead]:
    found = read_attachment(connection, attachment.content, take)
    sha256 = None if found.body is None else found.body.partition(" ")[0]
    return replace(shown, state=found.state, redacted=found.fact, sha256=sha256), found
