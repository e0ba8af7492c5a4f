"""The address of the mail server as it is set; what speaks SMTP to it is in `workers/delivery/smtp.py`."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from domain.errors import Refusal


class BadSmtpUrl(Refusal):
    """The setting cannot be used; what stands in it is not repeated, since it may hold a password."""

    ko = "DONGHAENG_SMTP_URL을 읽을 수 없습니다. smtp://[사용자:암호@]서버[:포트] 또는 smtps://… 형식으로 적으십시오."
    en = "DONGHAENG_SMTP_URL cannot be read. Write smtp://[user:password@]host[:port], or smtps://…."


class Server(msgspec.Struct, frozen=True):
    """Where mail is handed in. `tls`: from the beginning; `starttls`: must be offered, may be, or is not asked for."""

    host: str
    port: int
    tls: bool
    starttls: Literal["required", "offered", "no"]
    user: str | None = None
    password: str | None = None


def server_at(url: str) -> Server:
    """`smtp://[user:password@]host[:port][?starttls=required|offered|no]`, or `smtps://…`. Raises BadSmtpUrl.

    By default STARTTLS is required, except on this machine itself where it is used when offered.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        given = parse_qs(parts.query, strict_parsing=bool(parts.query)).get("starttls", [""])[0]
    except ValueError:
        raise BadSmtpUrl from None
    host, user, password = parts.hostname, parts.username, parts.password
    # a # or / that stands in a password as it is ends the address in the middle of it
    rest = parts.path not in ("", "/") or parts.fragment
    if parts.scheme not in ("smtp", "smtps") or rest or given not in ("", "required", "offered", "no"):
        raise BadSmtpUrl
    if not host or not can_be_asked_for(host):
        raise BadSmtpUrl
    user, password = (None if one is None else unquote(one) for one in (user, password))
    if not f"{user}{password}".isascii():  # which is all that smtplib can sign in with
        raise BadSmtpUrl
    tls = parts.scheme == "smtps"
    return Server(
        host=host,
        port=port or (465 if tls else 587 if user is not None else 25),
        tls=tls,
        starttls=given or ("offered" if _is_loopback(host) else "required"),  # type: ignore[arg-type]
        user=user,
        password=password,
    )


def can_be_asked_for(host: str) -> bool:
    """Whether it has the form of a name or an address."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
