"""To which hosts something may be sent whose address others said: public ones, and networks that were allowed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from domain.errors import Refusal

_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network(
    "2000::/3"
)  # RFC 4291: whatever is public and IPv6, and nothing that the rest may be some day
_TEREDO = IPv6Network("2001::/32")

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


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def check_address(url: str, allowed: Networks = (), resolve: Resolve = resolve_host) -> str:
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
