"""Webhooks by Standard Webhooks: signed, the same id on every attempt, to public hosts alone unless allowed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import structlog
from standardwebhooks import Webhook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from domain.errors import Refusal
from workers.post.outcome import NO_ANSWER, UNREACHABLE, Handed

_TIMEOUT = Timeout(connect=5.0, read=10.0, total=20.0)
_MOST_BYTES = 64 * 1024
_LATER = (408, 425, 429)
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
    if not found:
        raise HostUnknown(host=host)
    for one in found:  # all of them: whoever names a public one beside a private one is up to something
        real = (one.ipv4_mapped or one) if isinstance(one, IPv6Address) else one
        ours = any(real.version == network.version and real in network for network in allowed)
        if not ours and (not real.is_global or real.is_multicast):
            raise HostNotPublic(host=host, address=str(real))
        if not ours and parts.scheme != "https":
            raise NotEncrypted
    return str(found[0])


def secret_of(signing_key: bytes, agency: str) -> str:
    """With which an agency's webhooks are signed, as `whsec_…`."""
    derived = hmac.new(signing_key, f"webhook {agency}".encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(derived).decode()}"


def deliver(
    url: str, identity: str, body: bytes, secret: str, allowed: Networks = (), resolve: Resolve = resolved
) -> Handed:
    """Post it. The name is resolved once, no redirect is followed, and little of the answer is read."""
    try:
        address = checked(url, allowed, resolve)
    except HostUnknown:
        return UNREACHABLE
    except NotEncrypted:
        return Handed("failed", "bad_address")
    except HostNotPublic:
        return Handed("failed", "not_public")
    parts = urlsplit(url)
    now = datetime.now(UTC)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "donghaeng",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, now, body.decode()),
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _pool(parts.scheme, address, parts.hostname or "", parts.port) as pool:
        try:
            response = pool.urlopen(
                "POST",
                target,
                body=body,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except (NewConnectionError, ConnectTimeoutError, SSLError) as error:
            _log.warning("webhook_unreachable", host=parts.hostname, error=str(error))
            return UNREACHABLE
        except (HTTPError, OSError) as error:
            _log.warning("webhook_silent", host=parts.hostname, error=str(error))
            return NO_ANSWER
        try:
            response.read(_MOST_BYTES)
        except (HTTPError, OSError):
            pass  # what it had to say, it has said with its status
        finally:
            response.close()
    return _answered(response.status)


def _pool(scheme: str, address: str, host: str, port: int | None) -> HTTPConnectionPool:
    """To that very address; the certificate must be the name's."""
    if scheme == "https":
        return HTTPSConnectionPool(
            address, port or 443, timeout=_TIMEOUT, maxsize=1, server_hostname=host, assert_hostname=host
        )
    return HTTPConnectionPool(address, port or 80, timeout=_TIMEOUT, maxsize=1)


def _answered(status: int) -> Handed:
    if 200 <= status < 300:
        return Handed("sent", code=status)
    if 300 <= status < 400:
        return Handed("failed", "redirected", status)
    if status >= 500 or status in _LATER:
        return Handed("deferred", "not_now", status)
    return Handed("failed", "refused", status)
