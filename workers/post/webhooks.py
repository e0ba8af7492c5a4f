"""Webhooks by Standard Webhooks: signed, the same id on every attempt, to public hosts alone unless allowed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import structlog
from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from domain.errors import Refusal
from workers.post.cutting import cut_off
from workers.post.outcome import NO_ANSWER, UNREACHABLE, Handed

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 10.0  # until something comes
_MOST_SECONDS = 20.0  # until all of the answer's head has come
_LATER = (408, 425, 429)
_GONE = 410
_LONGEST_ASKED = timedelta(days=1)  # lest a mistyped date hold reminders up until nobody needs them
_SECONDS = re.compile("[0-9]{1,18}", re.ASCII)
_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network(
    "2000::/3"
)  # RFC 4291: whatever is public and IPv6, and nothing that the rest may be some day
_TEREDO = IPv6Network("2001::/32")
_log = structlog.get_logger()

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
Resolve = Callable[[str, int], list[str]]


class HostNotPublic(Refusal):
    """`host` is in a private network, or on this machine."""

    ko = "웹훅 주소의 서버 {host}({address})은(는) 공개된 서버가 아니어서 받을 수 없습니다. 사내 서버라면 DONGHAENG_WEBHOOK_ALLOW에 그 대역을 적으십시오."
    en = "The webhook's host {host} ({address}) is not a public one, so it is refused. For one of your own, put its network into DONGHAENG_WEBHOOK_ALLOW."


class HostUnknown(Refusal):
    ko = "웹훅 주소의 서버 {host}을(를) 찾을 수 없습니다. 이름을 확인하십시오."
    en = "The webhook's host {host} cannot be found. Check its name."


class NotEncrypted(Refusal):
    ko = "공개된 서버로는 https로만 보냅니다. 주소를 https://로 적으십시오."
    en = "To a public host nothing is sent but by https. Write the address with https://."


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(url: str, allowed: Networks = (), resolve: Resolve = resolved) -> str:
    """The one address to which this URL may be sent. Raises HostNotPublic, HostUnknown, NotEncrypted."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = [ip_address(one.partition("%")[0]) for one in resolve(host, port)]
    except (OSError, ValueError):
        found = []
    if not found or not host:
        raise HostUnknown(host=host)
    for one in found:  # all of them: whoever names a public one beside a private one is up to something
        ours = _is_allowed(one, allowed)
        if not ours and not _is_public(one):
            raise HostNotPublic(host=host, address=str(_real(one)))
        if not ours and parts.scheme != "https":
            raise NotEncrypted
    return str(found[0])


def _is_allowed(address: Address, allowed: Networks) -> bool:
    real = _real(address)
    return any(real.version == network.version and real in network for network in allowed)


def _is_public(address: Address) -> bool:
    """By what it is, not by what is known to be private: of IPv6 what stands for public unicast alone."""
    real = _real(address)
    if isinstance(real, IPv6Address) and (real not in _UNICAST or real in _TEREDO):
        return False
    return real.is_global and not real.is_multicast


def _real(address: Address) -> Address:
    """The IPv4 address to which this one leads, if it does: mapped, by 6to4 or by NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def secret_of(signing_key: bytes, agency: str) -> str:
    """With which an agency's webhooks are signed, as `whsec_…`."""
    derived = hmac.new(signing_key, f"webhook {agency}".encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(derived).decode()}"


def deliver(
    url: str,
    identity: str,
    body: bytes,
    secret: str,
    at: datetime,
    allowed: Networks = (),
    resolve: Resolve = resolved,
) -> Handed:
    """Post it. The name is resolved once, no redirect is followed, and of the answer only the head is read.

    `at`: now, by the database: receivers refuse what is signed with a time that is minutes off, as a host's own may be.
    """
    try:
        address = checked(url, allowed, resolve)
    except HostUnknown:
        return UNREACHABLE
    except NotEncrypted:
        return Handed("failed", "bad_address")
    except HostNotPublic:
        return Handed("failed", "not_public")
    parts = urlsplit(url)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "donghaeng",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, at, body.decode()),
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, address, parts.hostname or "", parts.port)
    try:
        connection.connect()
    except (HTTPError, OSError) as error:
        _log.warning("webhook_unreachable", host=parts.hostname, error=str(error))
        return UNREACHABLE
    if not _leads_to(connection, address):
        connection.close()
        return Handed("failed", "not_public")
    try:
        with cut_off(lambda: connection.sock, _MOST_SECONDS) as over:
            connection.timeout = _READ_SECONDS
            connection.request("POST", target, body=body, headers=headers, preload_content=False)
            response = connection.getresponse()
        if over.is_set():  # what was read until then may look like a whole head
            raise TimeoutError
        response.close()  # what it had to say, it has said with its status
    except (HTTPError, HTTPException, OSError) as error:
        _log.warning("webhook_silent", host=parts.hostname, error=str(error))
        return NO_ANSWER
    finally:
        connection.close()
    return _answered(response.status, response.headers.get("Retry-After"), at)


def _connection(scheme: str, address: str, host: str, port: int | None) -> HTTPConnection:
    """To that very address; the certificate must be the name's."""
    if scheme == "https":
        return HTTPSConnection(
            address, port or 443, timeout=_CONNECT_SECONDS, server_hostname=host, assert_hostname=host
        )
    return HTTPConnection(address, port or 80, timeout=_CONNECT_SECONDS)


def _leads_to(connection: HTTPConnection, address: str) -> bool:
    """Whether the very socket that is used ends at the address that was judged."""
    return ip_address(connection.sock.getpeername()[0].partition("%")[0]) == ip_address(address)


def _answered(status: int, retry_after: str | None, at: datetime) -> Handed:
    if 200 <= status < 300:
        return Handed("sent", code=status)
    if 300 <= status < 400:
        return Handed("failed", "redirected", status)
    if status >= 500 or status in _LATER:
        return Handed("deferred", "not_now", status, after=asked_pause(retry_after, at))
    return Handed("failed", "refused", status, gone=status == _GONE)


def asked_pause(retry_after: str | None, at: datetime) -> timedelta | None:
    """For how long a `Retry-After` asks to be left alone, at most a day: seconds, or a date after `at`.

    None where it asks for nothing, or for what cannot be read.
    """
    told = (retry_after or "").strip()
    if _SECONDS.fullmatch(told):
        pause = timedelta(seconds=min(int(told), int(_LONGEST_ASKED.total_seconds())))
    else:
        try:
            until = parsedate_to_datetime(told)
        except (TypeError, ValueError, OverflowError):
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        pause = min(until - at, _LONGEST_ASKED)
    return pause if pause > timedelta() else None
