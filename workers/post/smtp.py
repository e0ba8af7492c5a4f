"""Mail by SMTP: one connection for many messages, and a precise answer to whether a message may have been taken."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import structlog

from domain.errors import Refusal
from workers.post.cutting import cut_off
from workers.post.outcome import NO_ANSWER, UNREACHABLE, Handed

_TIMEOUT_SECONDS = 15.0  # until something comes
_MOST_SECONDS = 90.0  # for a whole dialogue, which thus ends before its lease does
_MOST_BY_ONE_CONNECTION = 100
_log = structlog.get_logger()


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
    if not host or not _can_be_asked_for(host):
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


class Mailer:
    """One user of a mail server. `sender`: the address in the envelope."""

    def __init__(self, server: Server, sender: str, timeout: float = _TIMEOUT_SECONDS) -> None:
        self._server, self._sender, self._timeout = server, sender, timeout
        self._open: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._open is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._open = None

    def send(self, to: str, mail: bytes) -> Handed:
        """Hand the mail over, within a minute and a half. `unknown` once all of it may have arrived and no answer came."""
        with cut_off(self._socket, _MOST_SECONDS):
            return self._sent_to(to, mail)

    def _socket(self) -> socket.socket | None:
        return None if self._open is None else self._open.sock

    def _sent_to(self, to: str, mail: bytes) -> Handed:
        try:
            smtp = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            _log.error("smtp_login_refused", host=self._server.host, code=error.smtp_code)
            return Handed("deferred", "not_now", error.smtp_code, host_away=True)
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("smtp_unreachable", host=self._server.host, error=str(error))
            return UNREACHABLE
        try:
            handed = self._before_data(smtp, to)
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("smtp_lost", host=self._server.host, error=str(error))
            self._drop()
            return UNREACHABLE
        if handed is not None:
            self._start_anew()
            return handed
        try:
            smtp.send(_stuffed(mail))
            code, _ = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("smtp_silent", host=self._server.host, error=str(error))
            self._drop()
            return NO_ANSWER
        self._sent += 1
        if 200 <= code < 300:
            return Handed("sent", code=code)
        if not 400 <= code < 600:  # that is no answer to a mail
            self._drop()
            return NO_ANSWER
        self._start_anew()
        return _refused(code)

    def _connected(self) -> smtplib.SMTP:
        if self._open is not None and self._sent >= _MOST_BY_ONE_CONNECTION:
            self.close()
        if self._open is None:
            tls, wait = self._server.tls, self._timeout
            self._open = (
                smtplib.SMTP_SSL(timeout=wait, context=ssl.create_default_context())
                if tls
                else smtplib.SMTP(timeout=wait)
            )
            self._sent = 0
            try:
                self._begin(self._open)
            except BaseException:
                self._drop()
                raise
        return self._open

    def _begin(self, smtp: smtplib.SMTP) -> None:
        """Everything that comes once a connection."""
        server = self._server
        smtp._host = server.host  # type: ignore[attr-defined]  # whose the certificate must be; its __init__ would connect
        code, said = smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        smtp.ehlo_or_helo_if_needed()
        offered = smtp.has_extn("starttls")
        if not server.tls and (server.starttls == "required" or (server.starttls == "offered" and offered)):
            # where it is only offered, it is this machine's own server, whose certificate is nobody's
            verified = server.starttls == "required"
            make = ssl.create_default_context if verified else ssl._create_unverified_context
            smtp.starttls(context=make())
            smtp.ehlo_or_helo_if_needed()
        if server.user is not None:
            smtp.login(server.user, server.password or "")

    def _before_data(self, smtp: smtplib.SMTP, to: str) -> Handed | None:
        """Everything before the mail itself; None when the server waits for it."""
        for code, good in ((smtp.mail(self._sender)[0], (250,)), (smtp.rcpt(to)[0], (250, 251))):
            if code not in good:
                return _refused(code)
        code = smtp.docmd("DATA")[0]
        return None if code == 354 else _refused(code)

    def _start_anew(self) -> None:
        if self._open is not None:
            try:
                self._open.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _refused(code: int) -> Handed:
    """What a reply other than yes means: later, or never."""
    if code >= 500:
        return Handed("failed", "refused", code)
    return Handed("deferred", "not_now", code if code > 0 else None, host_away=code == 421)


def _stuffed(mail: bytes) -> bytes:
    """With dots doubled at the beginning of lines, and the end that says so (RFC 5321, 4.5.2)."""
    whole = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"


def _can_be_asked_for(host: str) -> bool:
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
