"""A channel's sender as deliveries use it: whatever it raises is one message's, and the others go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from rq.timeouts import BaseTimeoutException

from domain.channels import Channel
from trail.logs import Logger
from workers.delivery.channels.plugin import Parcel, Sender
from workers.delivery.outcome import DeliveryResult
from workflows.letters import Letter

NOT_BEGUN = DeliveryResult("deferred", "worker_lost")
PERHAPS_TOLD = DeliveryResult("unknown", "worker_lost")  # it may have been in the middle of it
T = TypeVar("T")
_log = Logger()


class Plugged:
    """`sender`: by which messages of the channel go."""

    def __init__(self, channel: Channel, sender: Sender) -> None:
        self._channel, self._sender = channel, sender

    def host(self, address: str | None) -> str:
        return try_step(self._channel, "host", lambda: self._sender.host(address), str(self._channel))

    def prepare(
        self, message: str, recipient: str, address: str, letter: Letter
    ) -> Callable[[datetime], DeliveryResult]:
        """The letter as it will go; what is left is handing it over, told when that begins."""
        body = try_step(self._channel, "render", lambda: self._sender.render(letter, address), None)
        if body is None:
            return lambda _: NOT_BEGUN
        parcel = Parcel(message, recipient, address, body)
        return lambda at: try_step(
            self._channel, "deliver", lambda: _outcome(self._sender.deliver(parcel, at)), PERHAPS_TOLD
        )

    def close(self) -> None:
        try_step(self._channel, "close", self._sender.close, None)


def try_step(channel: Channel, step: str, do: Callable[[], T], otherwise: T) -> T:
    """What a channel's step gives, or this where it raises, which is said; a job's own time limit goes on through it."""
    try:
        return do()
    except BaseTimeoutException:
        raise
    except Exception as error:
        _log.exception("channel_raised", channel=str(channel), step=step, error=type(error).__name__)
        return otherwise


def _outcome(handed: object) -> DeliveryResult:
    if not isinstance(handed, DeliveryResult):
        raise TypeError(f"what came of it is a {type(handed).__name__}")
    return handed
