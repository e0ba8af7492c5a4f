"""The page of a pack, as the trail knows it: whoever makes or verifies a pack gives the function that puts events into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from trail.checkpoint import Checkpoint
from trail.note import Note
from trail.pack_asked import Said
from trail.pack_events import Proven
from trail.policy import Policy


class Page(msgspec.Struct, frozen=True):
    """`make`: index.html as text, of the pack's own policy, its checkpoint as note and as read, its events and asked.json;
    the same of the same. `made_by`: which program that is, for asked.json.
    """

    make: Callable[[Policy, Note, Checkpoint, Sequence[Proven], Said], str]
    made_by: str
