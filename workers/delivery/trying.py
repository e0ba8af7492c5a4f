"""One mail at once, so that whoever sets the mail server up sees that it goes."""

from __future__ import annotations

import msgspec

from domain.errors import Lang, Refusal
from domain.limits import mail_address
from store.log import Store
from trail.particles import resolve_particles
from workers.delivery.channels.mail import mailer_of
from workers.delivery.outcome import DeliveryResult
from workers.mail_server import server_at
from workers.settings import Settings
from workflows.letters import from_header, plain_mail


class NoMailServer(Refusal):
    ko = "메일 서버가 정해지지 않아 시험 메일을 보낼 수 없습니다. DONGHAENG_SMTP_URL을 정하십시오."
    en = "No test mail can be sent, since no mail server is set. Set DONGHAENG_SMTP_URL."


class TestMailNotSent(Refusal):
    """`problem`: as reminders record it; `code`: of the server's reply."""

    __test__ = False  # pytest takes the name for one of its own
    ko = "시험 메일이 나가지 않았습니다: 메일 서버 {server}, {problem}(응답 {code}). `donghaeng doctor`로 메일 서버를 확인하십시오."
    en = "The test mail did not go out: mail server {server}, {problem} (answer {code}). Look at the mail server with `donghaeng doctor`."


class MailTried(msgspec.Struct, frozen=True):
    """`server` took the mail for `to` and answered with `code`."""

    to: str
    server: str
    code: int | None


def try_mail(store: Store, settings: Settings, to: str, lang: Lang) -> MailTried:
    """Raises BadInput, NoMailServer, TestMailNotSent."""
    address = mail_address("--to", to)
    if settings.smtp_url is None:
        raise NoMailServer
    server = server_at(settings.smtp_url.reveal())
    place = f"{server.host}:{server.port}"
    with mailer_of(settings) as mailer:
        done = mailer.send(address, _write(store, settings, address, lang))
    if done.outcome != "sent":
        raise TestMailNotSent(server=place, problem=_problem_of(done, lang), code=done.code or "–")
    return MailTried(address, place, done.code)


def _write(store: Store, settings: Settings, to: str, lang: Lang) -> bytes:
    if lang == "ko":
        subject = "[동행] 시험 메일"
        text = resolve_particles(
            f"동행의 메일 발송을 확인하는 시험 메일입니다.\n\n이 메일이 보이면 기한 알림도 {to}(으)로 갈 수 있습니다. 답하실 일은 없습니다.\n"
        )
    else:
        subject = "[Donghaeng] Test mail"
        text = f"This mail shows that Donghaeng's mail goes out.\n\nWhere you see it, reminders can reach {to} too. Nothing is to be done.\n"
    return plain_mail(from_header(settings.sender), to, subject, text, store.now())


def _problem_of(done: DeliveryResult, lang: Lang) -> str:
    from projections.sentences.reminders import PROBLEMS  # noqa: PLC0415 - sentences take a while to load

    return PROBLEMS[done.problem].say(lang) if done.problem is not None else "–"
