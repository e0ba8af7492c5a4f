"""The one place from which refusals go into their log, after the fact: nothing fails because of it."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from domain.errors import Refusal
from store.envelope import Via
from store.log import Store
from store.refused import Refused, record_refused
from workflows.order import Order
from workflows.tokens import claimed

_log = structlog.get_logger()
UNRECORDED = "refusal_not_recorded"


def refused_order(order: Order, refusal: Refusal) -> Refused:
    """A refused command: ids and names alone, none of what was typed."""
    return Refused(
        actor=order.actor,
        on_behalf_of=order.on_behalf_of,
        via=order.via,
        authn=order.authn,
        token=order.token,
        command=order.command.name,
        stream=order.command.stream,
        command_id=order.command_id,
        refusal=refusal.name,
    )


def refused_token(token: str, refusal: Refusal, via: Via = "cli") -> Refused:
    """A token that opens nothing: whose it is said to be is not known, and its secret is kept nowhere."""
    return Refused(
        what="token",
        actor=None,
        via=via,
        authn="token",
        token=claimed(token),
        command="token",
        refusal=refusal.name,
    )


def put_down(store: Store, refused: Sequence[Refused]) -> bool:
    """Record what was refused; whether it could be. Never raises: where it cannot be, an alarm says so.

    What a rule is refused is recorded once for each command id and refusal, since the ticker tries again each minute.
    """
    if not refused:
        return True
    try:
        record_refused(store, refused)
    except Exception as error:  # the refusal itself must reach whoever asked, whatever is wrong here
        _log.error(
            UNRECORDED,
            error=str(error),
            refusals=[
                {"command": one.command, "command_id": one.command_id, "refusal": one.refusal}
                for one in refused
            ],
        )
        return False
    return True
