"""Turns a programme file into orders whose ids come from their content, so that loading twice changes nothing."""

from __future__ import annotations

import uuid

from msgspec.structs import replace

from store.envelope import Actor, Authn
from workflows.order import Order
from workflows.programme_file import ProgrammeFile, commands


def orders(
    file: ProgrammeFile, store_id: str, who: tuple[Actor, Authn, str | None], reason: str | None
) -> list[Order]:
    """One order a command of the file, in the order they must be given. `who`: actor, how known, by which token."""
    actor, authn, token = who
    made = []
    for command in commands(file):
        made.append(told_apart(Order(command=command, actor=actor, reason=reason), store_id, authn, token))
    return made


def told_apart(order: Order, store_id: str, authn: Authn, token: str | None) -> Order:
    """The order under an id made from its content: the same order again is the same command."""
    identity = uuid.uuid5(uuid.UUID(store_id), order.digest().hex()).hex
    return replace(order, command_id=identity, authn=authn, token=token)
