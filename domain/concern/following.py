"""What a concern may be linked to: something that is there, and of concerns only a later one.

A concern follows only from one that was raised before it, so that none can follow from itself in a circle, however long: no
other stream has to be walked for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.aggregate import DecisionContext
from domain.concern import commands as c
from domain.concern import refusals as refused
from domain.concern.facts import stream_followed
from domain.concern.state import Concern
from domain.streams import identity_of, kind_of, version_of
from domain.task.stages import Stage

_IS_THERE: Mapping[str, Callable[[Any, str], bool]] = {
    "task": lambda task, which: task.stage is not Stage.UNKNOWN,
    "meeting": lambda meeting, number: int(number) in meeting.decisions,
    "definition": lambda versions, identity: version_of(identity) in versions.adopted,
    "concern": lambda concern, which: concern.raised is not None,
}


def check_there(command: c.OnConcern, what: str, context: DecisionContext) -> None:
    """Refuse what nobody proposed, decided, adopted or raised."""
    stream, _, number = what.partition("#")
    state = context.others[stream_followed(what)]
    if not _IS_THERE[kind_of(stream)](state, number or identity_of(stream)):
        raise refused.NothingThere(concern=command.concern, what=what)


def check_follows(command: c.Link, concern: Concern, context: DecisionContext) -> None:
    """Refuse a concern that was not raised after this one."""
    if kind_of(command.follow_up) != "concern":
        return
    later: Concern = context.others[command.follow_up]
    assert concern.raised_at is not None, "its stage was checked"
    assert later.raised_at is not None, "it is there"
    if later.raised_at <= concern.raised_at:
        raise refused.ConcernsInCircle(concern=command.concern, what=command.follow_up)
