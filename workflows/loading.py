"""Turns a programme file into orders whose ids come from their content, so that loading twice changes nothing."""

from __future__ import annotations

import uuid

from store.envelope import Actor
from workflows.order import Order
from workflows.programme_file import ProgrammeFile, commands


def orders(file: ProgrammeFile, store_id: str, actor: Actor, reason: str | None) -> list[Order]:
    """One order a command of the file, in the order they must be given."""
    made = []
    for command in commands(file):
        order = Order(command=command, actor=actor, reason=reason)
        identity = uuid.uuid5(uuid.UUID(store_id), order.digest().hex()).hex
        made.append(Order(command=command, actor=actor, reason=reason, command_id=identity))
    return made
