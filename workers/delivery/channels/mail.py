"""Mail, through the one server that the city hands its mail in at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from smtplib import SMTPAuthenticationError, SMTPException
from typing import TYPE_CHECKING

from domain.channels import Channel
from domain.errors import Bilingual
from workers.delivery.channels.plugin import Lack, Parcel, Plugin
from workers.delivery.outcome import DeliveryResult
from workers.finding import Finding
from workers.mail_server import server_at
from workers.settings import Settings
from workflows.letters import Letter, from_header

if TYPE_CHECKING:
    from workers.delivery.smtp import Mailer
    from workers.engine import Engine

NO_SERVER = Lack(
    Bilingual("메일 서버가 없어", "no mail server is set"),
    Bilingual("DONGHAENG_SMTP_URL을 정하십시오.", "Set DONGHAENG_SMTP_URL."),
)


class MailSender:
    """`sender`: as the letter's head has it; `unsubscribe`: where reminders may be refused; `console`: where tasks are seen."""

    def __init__(
        self, mailer: Mailer, sender: str, unsubscribe: str | None = None, console: str | None = None
    ) -> None:
        self._mailer, self._sender = mailer, sender
        self._unsubscribe, self._console = unsubscribe, console

    def host(self, address: str | None) -> str:
        return Channel.MAIL

    def render(self, letter: Letter, address: str) -> bytes:
        return letter.mail(self._sender, address, self._unsubscribe, self._console)

    def deliver(self, parcel: Parcel, at: datetime) -> DeliveryResult:
        return self._mailer.send(parcel.address, parcel.body)

    def close(self) -> None:
        self._mailer.close()


def mailer_of(settings: Settings) -> Mailer:
    """What speaks to the city's mail server. Raises BadSmtpUrl."""
    from workers.delivery.smtp import Mailer  # noqa: PLC0415 - only who sends needs SMTP

    assert settings.smtp_url is not None
    return Mailer(server_at(settings.smtp_url.reveal()), settings.sender.address)


def _sender(settings: Settings, signing_key: bytes) -> MailSender:
    return MailSender(
        mailer_of(settings), from_header(settings.sender), settings.mail_unsubscribe, settings.console_url
    )


def _probe(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """Whether the mail server takes us: the connection, TLS and the login."""
    if settings.smtp_url is None:
        return
    server = server_at(settings.smtp_url.reveal())
    place = f"{server.host}:{server.port}"
    with mailer_of(settings) as mailer:
        try:
            greeting = mailer.greet()
        except (OSError, SMTPException) as error:
            yield _finding_of_fault(place, error)
            return
    tls = Bilingual("암호화 없음", "without TLS")
    if greeting.encrypted is not None:
        tls = Bilingual(greeting.encrypted, greeting.encrypted)
    login = Bilingual("로그인 없음", "without a login")
    if greeting.signed_in:
        login = Bilingual("로그인 확인", "signed in")
    yield Finding(
        "mail server",
        "ok",
        Bilingual(
            f"메일 서버 {place}에 연결됨({tls.ko}, {login.ko})",
            f"the mail server {place} takes us ({tls.en}, {login.en})",
        ),
    )


def _finding_of_fault(place: str, error: Exception) -> Finding:
    """Nothing of the login is repeated."""
    if isinstance(error, SMTPAuthenticationError):
        return Finding(
            "mail server",
            "wrong",
            Bilingual(
                f"메일 서버 {place}이(가) 로그인을 거절함({error.smtp_code})",
                f"the mail server {place} refused the login ({error.smtp_code})",
            ),
            Bilingual(
                "DONGHAENG_SMTP_URL의 사용자와 비밀번호를 확인하십시오.",
                "Check the user and the password in DONGHAENG_SMTP_URL.",
            ),
        )
    problem = " ".join(str(error).split())[:200] or type(error).__name__
    return Finding(
        "mail server",
        "wrong",
        Bilingual(
            f"메일 서버 {place}에 연결할 수 없음({problem})",
            f"the mail server {place} cannot be had ({problem})",
        ),
        Bilingual(
            "서버와 포트, TLS 인증서, DONGHAENG_SMTP_URL을 확인하고 `donghaeng post test --to 주소`로 시험하십시오.",
            "Check server, port, its TLS certificate and DONGHAENG_SMTP_URL; try with `donghaeng post test --to ADDRESS`.",
        ),
    )


PLUGIN = Plugin(
    sender=_sender,
    lacks=lambda settings: NO_SERVER if settings.smtp_url is None else None,
    probe=_probe,
)
