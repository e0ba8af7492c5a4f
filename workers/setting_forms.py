"""The forms of settings: how each is written, and what is not so. Nothing here asks a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

import msgspec

from domain.errors import Bilingual
from domain.limits import check_mail_address
from workers.mail_server import BadSmtpUrl, can_be_asked_for, server_at

LONGEST_SENDER_NAME = 60
_NAMED = re.compile(r'\s*(?:"(?P<quoted>[^"<>\r\n]*)"|(?P<name>[^"<>\r\n]*?))\s*<(?P<address>[^<>\s]+)>\s*')


@dataclass(frozen=True)
class Form:
    """`says`: how it is written, with an example; `check`: raises ValueError for what is not so."""

    says: Bilingual
    check: Callable[[str], object]


class MailFrom(msgspec.Struct, frozen=True):
    """The sender as people read it, and the address; no `name` where only that was given."""

    address: str
    name: str = ""


def parse_sender(text: str) -> MailFrom:
    """`ADDRESS`, `NAME <ADDRESS>` or `"NAME" <ADDRESS>`. Raises ValueError."""
    named = _NAMED.fullmatch(text)
    found = MailFrom(text) if named is None else MailFrom(named["address"], _name_in(named))
    try:
        check_mail_address(found.address)
    except ValueError:
        raise ValueError(text) from None
    return found


def _name_in(named: re.Match[str]) -> str:
    name = (named["quoted"] if named["quoted"] is not None else named["name"]).strip()
    if len(name) > LONGEST_SENDER_NAME or not name.isprintable():
        raise ValueError(name)
    return name


def parse_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks with commas between them. Raises ValueError."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def check_http_url(text: str) -> None:
    """http:// or https:// with a host that can be asked for and a port that there is. Raises ValueError."""
    parts = urlsplit(text)
    sound = parts.scheme in ("http", "https") and parts.hostname and can_be_asked_for(parts.hostname)
    # the port is looked at first: urlsplit reads it, and refuses one past 65535, only when it is asked for
    if parts.port == 0 or not sound or re.search(r"[\s<>]", text):
        raise ValueError(text)


def _check_console(text: str) -> None:
    check_http_url(text)
    parts = urlsplit(text)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(text)


def dsn_of(url: str) -> str:
    """libpq's connection string for the address of a database. Raises ValueError."""
    import psycopg  # noqa: PLC0415 - it takes long to load, and few settings need it
    from psycopg import conninfo  # noqa: PLC0415

    try:
        dsn = conninfo.make_conninfo(url)
        ports = str(conninfo.conninfo_to_dict(dsn).get("port", ""))
    except psycopg.Error:
        raise ValueError from None
    if not all(port == "" or (port.isdecimal() and 0 < int(port) < 65536) for port in ports.split(",")):
        raise ValueError
    return dsn


def _check_redis(text: str) -> None:
    parts = urlsplit(text)
    by_socket = parts.scheme == "unix" and parts.path
    if not (by_socket or (parts.scheme in ("redis", "rediss") and parts.hostname)) or parts.port == 0:
        raise ValueError
    if not by_socket and not (path := parts.path.strip("/")).isdecimal() and path:
        raise ValueError


def _check_smtp(text: str) -> None:
    try:
        server_at(text)
    except BadSmtpUrl:
        raise ValueError from None


def _check_refusing(text: str) -> None:
    if not re.fullmatch(r"(mailto:|https://)[^\s<>]+", text):
        raise ValueError(text)


def _one_of(*known: str) -> Form:
    def check(text: str) -> None:
        if text not in known:
            raise ValueError(text)

    return Form(Bilingual(" 또는 ".join(known), " or ".join(known)), check)


def whole_number(least: int, most: int) -> Form:
    def check(text: str) -> None:
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise ValueError(text)

    return Form(
        Bilingual(f"{least} 이상 {most} 이하의 정수", f"a whole number from {least} to {most}"), check
    )


def _any_path(text: str) -> None:
    if "\0" in text:
        raise ValueError


DATABASE = Form(
    Bilingual(
        "postgresql://[사용자[:비밀번호]@]서버[:포트]/이름. 비밀번호의 특수 문자는 %로 적습니다",
        "postgresql://[user[:password]@]host[:port]/name; special signs in a password are percent-encoded",
    ),
    dsn_of,
)
REDIS = Form(
    Bilingual(
        "redis://[사용자:비밀번호@]서버[:포트][/번호], TLS이면 rediss://…, 소켓이면 unix://경로",
        "redis://[user:password@]host[:port][/number], with TLS rediss://…, by socket unix://path",
    ),
    _check_redis,
)
SMTP = Form(
    Bilingual(
        "smtp://[사용자:비밀번호@]서버[:포트][?starttls=required|offered|no] 또는 smtps://…",
        "smtp://[user:password@]host[:port][?starttls=required|offered|no], or smtps://…",
    ),
    _check_smtp,
)
SENDER = Form(
    Bilingual(
        "주소, 또는 이름 <주소>. 예: 동행 <donghaeng@city.example>",
        "ADDRESS, or NAME <ADDRESS>, e.g. Donghaeng <donghaeng@city.example>",
    ),
    parse_sender,
)
REFUSING = Form(
    Bilingual("mailto:주소 또는 https://주소", "mailto:ADDRESS or https://ADDRESS"), _check_refusing
)
NETWORKS = Form(
    Bilingual(
        "쉼표로 나눈 대역. 예: 10.0.0.0/8,192.168.7.0/24",
        "networks with commas between them, e.g. 10.0.0.0/8,192.168.7.0/24",
    ),
    parse_networks,
)
HTTP = Form(
    Bilingual("http://서버[:포트]/경로 또는 https://…", "http://host[:port]/path, or https://…"),
    check_http_url,
)
CONSOLE = Form(
    Bilingual(
        "https://서버[:포트][/경로], 물음표와 # 없이",
        "https://host[:port][/path], without a query or a fragment",
    ),
    _check_console,
)
PATH = Form(Bilingual("경로", "a path"), _any_path)
TOKEN = Form(Bilingual("`donghaeng token issue`가 준 글자", "what `donghaeng token issue` gave"), str)
LOG_FORM = _one_of("console", "json")
LOG_LEVEL = _one_of("debug", "info", "warning", "error")
