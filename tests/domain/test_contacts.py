"""Addresses that agencies and offices may have: what SMTP and HTTP could be misled by is refused by name."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.agency.commands import SetContact
from domain.errors import BadInput
from domain.limits import mail_address
from domain.programme import commands as programme
from domain.refusals import bad_input

GOOD_MAIL = (
    "office@gto.example",
    "a@b",
    "first.last+tag@sub.domain.example",
    "o'brien@gto.example",
    "a" * 64 + "@gto.example",
    "x@" + ".".join(["a" * 60] * 4),
)
BAD_MAIL = (
    "",
    "office",
    "@gto.example",
    "office@",
    "office@gto.example\r\nBcc: everybody@gto.example",
    "office@gto.example\n",
    "off\rice@gto.example",
    "office@gto.example\r\nRCPT TO:<x@y.example>",
    "office@gto.example\0",
    "off ice@gto.example",
    "office@gto example",
    "<office@gto.example>",
    "office@gto.example>",
    "a@b.example,c@d.example",
    "Office <office@gto.example>",
    '"quoted"@gto.example',
    "담당자@gto.example",
    "office@관광공사.example",
    "office@gto..example",
    ".office@gto.example",
    "office.@gto.example",
    "of..fice@gto.example",
    "office@-gto.example",
    "office@[127.0.0.1]",
    "office@gto.example;rm",
    "a" * 65 + "@gto.example",
    "a" * 300 + "@gto.example",
    "x@" + "a" * 300,
    "office@" + ".".join(["a" * 60] * 5),
    "office\u2028@gto.example",
    "office\u202e@gto.example",
    "offıce@gto.example",
)
GOOD_URL = (
    "https://hooks.gto.example/donghaeng",
    "https://hooks.gto.example:8443/a?b=c&d=%20",
    "http://10.0.0.1/hook",
    "https://[2001:db8::1]/hook",
)
BAD_URL = (
    "",
    "hooks.gto.example",
    "//hooks.gto.example/",
    "file:///etc/passwd",
    "ftp://hooks.gto.example/",
    "gopher://127.0.0.1:25/_HELO",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://",
    "https:///path",
    "https://user@hooks.gto.example/",
    "https://user:secret@hooks.gto.example/",
    "https://hooks.gto.example/#part",
    "https://hooks.gto.example:0/",
    "https://hooks.gto.example:99999/",
    "https://hooks.gto.example:port/",
    "https://[::1/",
    "https://hooks.gto.example/\r\nX-Injected: yes",
    "https://hooks.gto.example/\n",
    "https://hooks.gto.example/ path",
    "https://hooks.gto.example\\@127.0.0.1/",
    "https://hooks.gto.example\t/",
    "https://관광공사.example/",
    "https://hooks.gto.example/" + "a" * 500,
    "https://hooks.gto.example/\0",
)


def refused(channel: str, address: str) -> BadInput:
    with pytest.raises(ValidationError) as caught:
        SetContact.model_validate({"agency": "gto", "channel": channel, "address": address})
    found = bad_input(caught.value)
    for told in (found.say("ko"), found.say("en")):
        assert "address" in told
        assert "{" not in told
        assert "\n" not in told
        assert "\r" not in told
    return found


@pytest.mark.parametrize("address", GOOD_MAIL)
def test_addresses_that_smtp_takes_everywhere(address: str) -> None:
    assert SetContact(agency="gto", channel="mail", address=address).address == address
    assert mail_address("mail", address) == address


@pytest.mark.parametrize("address", BAD_MAIL)
def test_addresses_that_are_refused_wherever_they_are_typed(address: str) -> None:
    refused("mail", address)
    with pytest.raises(BadInput):
        mail_address("mail", address)
    with pytest.raises(ValidationError):
        programme.SetContact(year=2024, office="planner", address=address)


@pytest.mark.parametrize("url", GOOD_URL)
def test_urls_that_may_be_a_webhooks(url: str) -> None:
    assert SetContact(agency="gto", channel="webhook", address=url).address == url


@pytest.mark.parametrize("url", BAD_URL)
def test_urls_that_are_refused(url: str) -> None:
    refused("webhook", url)


def test_neither_is_taken_for_the_other_and_none_is_none() -> None:
    refused("mail", GOOD_URL[0])
    refused("webhook", GOOD_MAIL[0])
    assert SetContact(agency="gto", channel="mail").address is None
    with pytest.raises(ValidationError):
        SetContact.model_validate({"agency": "gto", "channel": "sms", "address": "010-1234-5678"})


def test_what_is_refused_is_not_repeated_in_full() -> None:
    told = refused("webhook", "https://user:s3cret@hooks.gto.example/").say("en")
    assert "s3cret" not in told
