"""What whoever seals puts into the log: by rule, because of the facts that were sealed."""

from __future__ import annotations

import uuid

from domain.aggregate import Command
from workers.engine import Engine
from workflows.command_envelope import Outcome
from workflows.ruling import by_rule


def record(engine: Engine, command: Command, rule: str, size: int) -> Outcome:
    """`size`: how many facts it is about; the last of them is its cause. Raises what the command is refused for."""
    # another one each time: a second timestamp of the same size is no repetition
    envelope = by_rule(engine.store.id, command, rule=rule, version="1", about=size, named=uuid.uuid4().hex)
    return engine.handler.handle(envelope)
