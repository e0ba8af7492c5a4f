"""Mail by SMTP: one connection for many messages, and a precise answer to whether a message may have been taken."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from typing import Self

import msgspec

from trail.logs import Logger
from workers.delivery.outcome import NO_ANSWER, UNREACHABLE, DeliveryResult
from workers.mail_server import Server
from workers.time_limit import break_off_after

TIMEOUT_SECONDS = 15.0  # until something comes
MOST_SECONDS = 90.0  # for a whole dialogue, which thus ends before its lease does
_MOST_BY_ONE_CONNECTION = 100
_log = Logger()


class Greeting(msgspec.Struct, frozen=True):
    """What a mail server takes of us. `encrypted`: by which version of TLS, None where not at all."""

    encrypted: str | None
    signed_in: bool


class Mailer:
    """One user of a mail server. `sender`: the address in the envelope."""

    def __init__(self, server: Server, sender: str, timeout: float = TIMEOUT_SECONDS) -> None:
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

    def greet(self) -> Greeting:
        """All of a dialogue but a mail: connect, encrypt, sign in. Raises OSError and smtplib.SMTPException."""
        with break_off_after(self._socket, MOST_SECONDS):
            smtp = self._connect()
            encrypted = smtp.sock.version() if isinstance(smtp.sock, ssl.SSLSocket) else None
            code, said = smtp.noop()
        if code != 250:
            raise smtplib.SMTPResponseException(code, said)
        return Greeting(encrypted, signed_in=self._server.user is not None)

    def send(self, to: str, mail: bytes) -> DeliveryResult:
        """Hand the mail over, within a minute and a half. `unknown` once all of it may have arrived and no answer came."""
        with break_off_after(self._socket, MOST_SECONDS):
            return self._send_to(to, mail)

    def _socket(self) -> socket.socket | None:
        return None if self._open is None else self._open.sock

    def _send_to(self, to: str, mail: bytes) -> DeliveryResult:
        try:
            smtp = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            _log.error("smtp_login_refused", host=self._server.host, code=error.smtp_code)
            return DeliveryResult("deferred", "not_now", error.smtp_code, host_away=True)
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
            smtp.send(_stuff_dots(mail))
            code, _ = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("smtp_silent", host=self._server.host, error=str(error))
            self._drop()
            return NO_ANSWER
        self._sent += 1
        if 200 <= code < 300:
            return DeliveryResult("sent", code=code)
        if not 400 <= code < 600:  # that is no answer to a mail
            self._drop()
            return NO_ANSWER
        self._start_anew()
        return _result_of_refusal(code)

    def _connect(self) -> smtplib.SMTP:
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

    def _before_data(self, smtp: smtplib.SMTP, to: str) -> DeliveryResult | None:
        """Everything before the mail itself; None when the server waits for it."""
        for code, good in ((smtp.mail(self._sender)[0], (250,)), (smtp.rcpt(to)[0], (250, 251))):
            if code not in good:
                return _result_of_refusal(code)
        code = smtp.docmd("DATA")[0]
        return None if code == 354 else _result_of_refusal(code)

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


def _result_of_refusal(code: int) -> DeliveryResult:
    """What a reply other than yes means: later, or never."""
    if code >= 500:
        return DeliveryResult("failed", "refused", code)
    return DeliveryResult("deferred", "not_now", code if code > 0 else None, host_away=code == 421)


def _stuff_dots(mail: bytes) -> bytes:
    """With dots doubled at the beginning of lines, and the end that says so (RFC 5321, 4.5.2)."""
    whole = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"
