"""Webhooks: an agency's own system, told beside its people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from domain.channels import Channel
from domain.errors import Bilingual
from trail.english import many
from workers.delivery.addresses import addresses_in_use
from workers.delivery.channels.plugin import Parcel, Plugin
from workers.delivery.outcome import DeliveryResult
from workers.delivery.webhook_secrets import secret_of
from workers.finding import Finding
from workers.public_hosts import Networks, check_address
from workers.settings import Settings
from workflows.letters import Letter

if TYPE_CHECKING:
    from workers.engine import Engine


class WebhookSender:
    """`signing_key`: the store's, from which each agency's secret is made; `allowed`: private networks."""

    def __init__(self, signing_key: bytes, allowed: Networks = ()) -> None:
        self._signing_key, self._allowed = signing_key, allowed

    def host(self, address: str | None) -> str:
        return f"{Channel.WEBHOOK} {urlsplit(address or '').hostname}"

    def render(self, letter: Letter, address: str) -> bytes:
        return letter.event()

    def deliver(self, parcel: Parcel, at: datetime) -> DeliveryResult:
        from workers.delivery.webhooks import deliver  # noqa: PLC0415 - only who sends needs HTTP

        secret = secret_of(self._signing_key, parcel.recipient.partition("/")[2])
        return deliver(parcel.address, parcel.message, parcel.body, secret, at, self._allowed)

    def close(self) -> None:
        """Each has a connection of its own."""


def _probe(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Whether the hosts can be reached to which agencies' reminders go; nothing is sent to them."""
    from workers.delivery.webhook_hosts import look_at_hosts  # noqa: PLC0415 - only who asks needs threads and TLS

    wanted = addresses_in_use(engine.store, Channel.WEBHOOK)
    if not wanted:
        return
    faults = look_at_hosts(wanted.values(), settings.allowed_networks)
    for agency, address in wanted.items():
        if (fault := faults.get(address)) is not None:
            yield Finding(
                f"webhook {agency}",
                "warn",
                Bilingual(
                    f"{agency}의 웹훅 서버에 연결할 수 없음: {fault.ko}",
                    f"the webhook's host of {agency} cannot be had: {fault.en}",
                ),
                Bilingual(
                    f"그 기관에 서버를 확인하게 하거나 `donghaeng agency set-contact {agency} --webhook 주소`로 고치십시오.",
                    f"Have the agency look at it, or correct it with `donghaeng agency set-contact {agency} --webhook ADDRESS`.",
                ),
            )
    reached = sum(address not in faults for address in wanted.values())
    if reached:
        yield Finding(
            "webhook hosts",
            "ok",
            Bilingual(
                f"웹훅 서버 {len(wanted)}곳 가운데 {reached}곳에 연결됨",
                f"{reached} of {many(len(wanted), 'webhook')} can be reached",
            ),
        )


PLUGIN = Plugin(
    sender=lambda settings, signing_key: WebhookSender(signing_key, settings.allowed_networks),
    probe=_probe,
    accept=lambda address, settings: check_address(address, settings.allowed_networks),
)
