"""What whoever seals puts into the log: by rule, because of the facts that were sealed."""

from __future__ import annotations

from domain.aggregate import Command
from store.envelope import Cause
from workers.bootstrap import Engine
from workflows.order import Order, Outcome
from workflows.ruling import SYSTEM


def record(engine: Engine, command: Command, rule: str, size: int) -> Outcome:
    """`size`: how many facts it is about; the last of them is its cause. Raises what the command is refused for."""
    order = Order(
        command=command,
        actor=SYSTEM,
        via="rule",
        authn="system",
        cause=Cause(fact=size, rule=rule, rule_version="1"),
    )
    return engine.door.handle(order)
