"""What a channel brings along, so that nothing else has to ask which one it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from domain.errors import Bilingual
from workers.delivery.outcome import DeliveryResult
from workers.environment import FromEnvironment
from workers.finding import Finding
from workers.settings import Settings
from workflows.letters import Letter

if TYPE_CHECKING:
    from workers.engine import Engine


class Parcel(msgspec.Struct, frozen=True):
    """One message on its way. `message`: its id, the same at every attempt; `recipient`: e.g. `agency/gto`."""

    message: str
    recipient: str
    address: str
    body: bytes


class Sender(Protocol):
    """By what one worker sends on a channel; built once.

    What one raises all the same (workers.delivery.channel_steps): a message that was not rendered is put off, of one that was
    being delivered nobody knows the outcome, and the others go on.
    """

    def host(self, address: str | None) -> str:
        """What is left alone for a while when it is away; the channel's name where all goes through one server."""
        ...

    def render(self, letter: Letter, address: str) -> bytes:
        """The same bytes at every attempt."""
        ...

    def deliver(self, parcel: Parcel, at: datetime) -> DeliveryResult:
        """Hand it over, within 90 seconds; never raises for what the other side does. `at`: now, by the database."""
        ...

    def close(self) -> None:
        """Nothing more is sent for now."""
        ...


class Lack(msgspec.Struct, frozen=True):
    """What stands in its way on this machine: `because`, for “it waits: …”, and what to do about it."""

    because: Bilingual
    remedy: Bilingual


@dataclass(frozen=True)
class Plugin:
    """One channel. `sender`: for the settings and the store's signing key, where nothing is lacking.

    `lacks`: why its messages wait on this machine, if they do. `accept`: a look at an address before it is set, beyond
    its form; raises a Refusal. `probe`: what `doctor` finds of it. `settings`: its own, beside those of the program.
    """

    sender: Callable[[Settings, bytes], Sender]
    lacks: Callable[[Settings], Lack | None] = lambda _: None
    accept: Callable[[str, Settings], object] = lambda *_: None
    probe: Callable[[Settings, Engine], Iterable[Finding]] = lambda *_: ()
    settings: type[FromEnvironment] | None = None
