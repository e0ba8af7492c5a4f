"""What of a message is still due when it is about to go: the last look before the dialogue. How it goes is `sending`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from domain.aggregate import Command
from domain.message.state import Message
from domain.notice.commands import Cancel
from domain.notice.facts import Due, Released
from domain.notice.state import NOTICE, Notice, NoticeStage
from domain.streams import EPOCHS, identity_of, kind_of, notice_stream
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.automation.rungs import Key
from workflows.automation.sources import SOURCES


def is_to_be_tried(message: Message, now: datetime) -> bool:
    """Whether it is still open and its pause, where it was put off, is over."""
    return message.next_try is not None and message.next_try <= now


def find_void(store: Store, notices: Sequence[str]) -> set[str]:
    """Those that are cancelled, or remind of what was done or has moved since."""
    streams = store.load([notice_stream(one) for one in notices]).streams
    known: dict[str, Notice] = {
        identity_of(name): fold_state(NOTICE, facts) for name, facts in streams.items()
    }
    wanted = sorted({one.due.stream for one in known.values() if one.due is not None})
    lives = store.load(wanted).streams
    still: dict[str, set[Key]] = {}
    for kind, source in SOURCES.items():
        still |= source.still_due(store, {name: one for name, one in lives.items() if kind_of(name) == kind})
    return {
        name
        for name, one in known.items()
        if one.due is None
        or one.stage is NoticeStage.CANCELLED
        or (one.due.deadline, one.due.item, one.due.due) not in still[one.due.stream]
    }


def cancel_void(store: Store, notices: Collection[str]) -> list[Command]:
    """The commands that cancel those of them that are not."""
    streams = store.load([notice_stream(one) for one in sorted(notices)]).streams
    return [
        Cancel(notice=identity_of(name), why="moved")
        for name, facts in streams.items()
        if fold_state(NOTICE, facts).stage is not NoticeStage.CANCELLED
    ]


def is_before_restoring(store: Store, facts: Sequence[RecordedFact[Any]], notices: Sequence[str]) -> bool:
    """Whether nothing was said of a message, whose `facts` these are, or of a notice in it, since a person let a restored store
    go on.
    """
    epochs = store.read(EPOCHS)
    if not epochs:
        return False
    if facts[-1].position < epochs[-1].position:
        return True
    if len(facts) > 1:  # it was tried since, or a person had it tried
        return False
    streams = store.load([notice_stream(one) for one in notices]).streams
    return any(
        max(one.position for one in told if one.kind in (Due.kind, Released.kind)) < epochs[-1].position
        for told in streams.values()
    )
