"""By which channels reminders go: one line a channel, stored by its name for ever. How each is sent: `workers/delivery/channels/`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Self

from domain import limits
from domain.errors import Bilingual

Check = Callable[[str, str], str]  # takes an address and the field it stands in; raises what pydantic reports


class Channel(StrEnum):
    """A name, its label, what its address is, the check of an address, and which detail of a person is their address.

    Without a `detail` it leads to an agency's own system and not to people: such a system is told beside its people,
    and any attempt may have told it, since a program may act on what it answered with an error.
    """

    label: Bilingual
    asks: Bilingual
    detail: str | None
    _check: Check

    def __new__(
        cls, name: str, label: Bilingual, asks: Bilingual, check: Check, detail: str | None = None
    ) -> Self:
        one = str.__new__(cls, name)
        one._value_ = name
        one.label, one.asks, one._check, one.detail = label, asks, check, detail
        return one

    def check(self, address: str, at: str = "") -> str:
        """The address, which is one in form. `at`: the field it stands in. Raises ValueError, as the limits do."""
        return self._check(address, at)

    MAIL = (
        "mail",
        Bilingual("메일", "mail"),
        Bilingual("기관의 메일 주소.", "The agency's mail address."),
        limits.check_mail_address,
        "mail",
    )
    WEBHOOK = (
        "webhook",
        Bilingual("웹훅", "webhook"),
        Bilingual("기관의 시스템이 알림을 받는 주소.", "Where its own system takes reminders."),
        limits.check_webhook_url,
    )


PERSONAL = tuple(one for one in Channel if one.detail is not None)
SYSTEMS = tuple(one for one in Channel if one.detail is None)
OF_OFFICES = Channel.MAIL  # the city's offices say a mail address and nothing else
