"""Mail by SMTP against a real server: encryption, signing in, what the URL may say, and bytes that arrive as written."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.workers.delivery.reminded_cities import SENDER, Rude, certificate, server_context
from workers.delivery import smtp
from workers.delivery.outcome import UNREACHABLE, DeliveryResult
from workers.delivery.sink import Sink, _end_dialogues, mail_sink
from workers.delivery.smtp import Mailer
from workers.mail_server import BadSmtpUrl, server_at

SENT = DeliveryResult("sent", code=250)
TO = "office@gto.example"
MAIL = b"Subject: one\r\n\r\nbody\r\n"
PASSWORD = "s3cret-Pa55"


class Watching(Sink):
    """`encrypted`: for each mail, whether it came by TLS."""

    def __init__(self) -> None:
        super().__init__()
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return await super().handle_DATA(server, session, envelope)


def signed_in(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"city", PASSWORD.encode())
    return AuthResult(success=good, handled=good or False)


@pytest.fixture
def papers(tmp_path: Path) -> tuple[Path, Path]:
    return certificate(tmp_path)


@pytest.fixture
def trusted(papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(papers[0]))
    return papers


@contextmanager
def tls_sink(context: ssl.SSLContext) -> Iterator[Watching]:
    """Encrypted from the first byte on."""
    sink, loop = Watching(), asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(sink, hostname="localhost", loop=loop), "127.0.0.1", 0, ssl=context)
    )
    sink.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_end_dialogues())
        loop.close()


def send(url: str, mail: bytes = MAIL, to: str = TO) -> DeliveryResult:
    with Mailer(server_at(url), SENDER, timeout=5) as mailer:
        return mailer.send(to, mail)


def test_starttls_is_used_where_it_is_offered_though_nobody_knows_this_machines_certificate(
    papers: tuple[Path, Path],
) -> None:
    with mail_sink(Watching(), tls_context=server_context(papers)) as sink:
        assert isinstance(sink, Watching)
        assert send(sink.url) == SENT
        assert sink.encrypted == [True]
        assert send(f"{sink.url}?starttls=no") == SENT
        assert sink.encrypted == [True, False]


def test_where_it_is_required_the_certificate_must_be_known(trusted: tuple[Path, Path]) -> None:
    with mail_sink(Watching(), tls_context=server_context(trusted)) as sink:
        assert isinstance(sink, Watching)
        url = f"smtp://localhost:{sink.port}?starttls=required"
        assert send(url) == SENT
        assert sink.encrypted == [True]


def test_to_a_certificate_that_nobody_knows_nothing_is_sent(papers: tuple[Path, Path]) -> None:
    with mail_sink(tls_context=server_context(papers)) as sink:
        assert send(f"{sink.url}?starttls=required") == UNREACHABLE
        assert sink.mails == []


def test_nor_to_one_of_another_host(
    tmp_path: Path, papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other[0]))
    with mail_sink(tls_context=server_context(other)) as sink:
        assert send(f"smtp://localhost:{sink.port}?starttls=required") == UNREACHABLE
        assert sink.mails == []


def test_nor_unencrypted_to_a_server_that_does_not_offer_what_is_required() -> None:
    with mail_sink() as sink:
        assert send(f"{sink.url}?starttls=required") == UNREACHABLE
        assert sink.mails == []


def test_encrypted_from_the_beginning(trusted: tuple[Path, Path]) -> None:
    with tls_sink(server_context(trusted)) as sink:
        assert send(f"smtps://localhost:{sink.port}") == SENT
        assert sink.encrypted == [True]


def test_nor_so_to_a_certificate_that_nobody_knows(papers: tuple[Path, Path]) -> None:
    with tls_sink(server_context(papers)) as sink:
        assert send(f"smtps://localhost:{sink.port}") == UNREACHABLE
        assert sink.mails == []


def test_who_signs_in_with_the_right_password_sends_and_with_a_wrong_one_is_put_off(
    papers: tuple[Path, Path],
) -> None:
    options: dict[str, Any] = {
        "authenticator": signed_in,
        "auth_required": True,
        "tls_context": server_context(papers),
    }
    with mail_sink(**options) as sink, capture_logs() as lines:
        assert send(f"smtp://city:{PASSWORD}@127.0.0.1:{sink.port}") == SENT
        refused = send(f"smtp://city:wr0ng-{PASSWORD}@127.0.0.1:{sink.port}")
        assert refused == DeliveryResult("deferred", "not_now", 535, host_away=True)
        assert send(sink.url) == DeliveryResult("failed", "refused", 530)
        assert len(sink.mails) == 1
    assert "smtp_login_refused" in [line["event"] for line in lines]
    assert PASSWORD not in str(lines)


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "starttls", "user", "password"),
    [
        ("smtp://mail.example", "mail.example", 25, False, "required", None, None),
        ("smtp://mail.example:2525", "mail.example", 2525, False, "required", None, None),
        ("smtp://u:p@mail.example", "mail.example", 587, False, "required", "u", "p"),
        ("smtps://mail.example", "mail.example", 465, True, "required", None, None),
        ("smtp://localhost", "localhost", 25, False, "offered", None, None),
        ("smtp://127.0.0.1", "127.0.0.1", 25, False, "offered", None, None),
        ("smtp://[::1]:25", "::1", 25, False, "offered", None, None),
        ("smtp://mail.example?starttls=no", "mail.example", 25, False, "no", None, None),
        ("smtp://a%40b:p%3A%2F%40%23@mail.example", "mail.example", 587, False, "required", "a@b", "p:/@#"),
    ],
)
def test_what_a_url_says(
    url: str, host: str, port: int, tls: bool, starttls: str, user: str | None, password: str | None
) -> None:
    found = server_at(url)
    assert (found.host, found.port, found.tls, found.starttls) == (host, port, tls, starttls)
    assert (found.user, found.password) == (user, password)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://city:{}@mail.example",
        "smtp://",
        "smtp://city:{}@",
        "smtp://city:{}@mail.example:99999",
        "smtp://city:{}@mail.example:port",
        "smtp://city:{}@[::1",
        "smtp://city:{}@mail.example?starttls=perhaps",
        "smtp://city:{}@mail.example?starttls",
        "smtp://city:12#{}@mail.example",
        "smtp://city:12/{}@mail.example",
        "smtp://city:{}@mail.example/inbox",
        "smtp://city:비밀{}@mail.example",
        "smtp://city:%EB%B9%84{}@mail.example",
        "smtp://city:{}@mail..example",
        "smtp://city:{}@" + "a" * 70 + ".example",
    ],
)
def test_a_url_that_cannot_be_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadSmtpUrl) as refused:
        server_at(url.format(PASSWORD))
    for told in (refused.value.say("ko"), refused.value.say("en"), repr(refused.value)):
        assert PASSWORD not in told
        assert "city" not in told
    assert refused.value.__cause__ is None


@given(
    st.lists(
        st.one_of(
            st.sampled_from([b"", b".", b"..", b"...", b".a", b" .", b"..b.", b"QUIT", b"."]),
            st.binary(max_size=40).map(lambda one: one.replace(b"\r", b"").replace(b"\n", b"")),
        ),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dots_at_the_beginning_of_lines_arrive_as_written(lines: list[bytes]) -> None:
    mail = b"Subject: dots\r\n\r\n" + b"".join(line + b"\r\n" for line in lines)
    assert arrived(mail) == mail


_sink: list[tuple[Sink, Mailer]] = []


@pytest.fixture(autouse=True, scope="module")
def one_server() -> Iterator[None]:
    """One server and one connection for all of hypothesis's mails."""
    with mail_sink() as sink, Mailer(server_at(sink.url), SENDER) as mailer:
        _sink[:] = [(sink, mailer)]
        yield


def arrived(mail: bytes) -> bytes:
    sink, mailer = _sink[0]
    assert mailer.send(TO, mail) == SENT
    return sink.mails[-1][1]


def test_without_doubling_a_dot_alone_would_end_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what comes after it is taken for commands."""
    mail = b"Subject: dots\r\n\r\nfirst\r\n.\r\nsecond\r\n"
    assert arrived(mail) == mail
    monkeypatch.setattr(smtp, "_stuff_dots", lambda given: given + b".\r\n")
    sink, mailer = _sink[0]
    mailer.send(TO, mail)
    mailer.close()
    assert sink.mails[-1][1] == b"Subject: dots\r\n\r\nfirst\r\n"


def test_one_connection_is_for_many_mails_and_not_for_ever() -> None:
    with Rude("", times=0) as server, Mailer(server_at(server.url), SENDER) as mailer:
        for _ in range(3):
            assert mailer.send(TO, MAIL) == SENT
        assert server.dialogues == 1
        mailer.close()
        assert mailer.send(TO, MAIL) == SENT
        assert server.dialogues == 2
        mailer._sent = smtp._MOST_BY_ONE_CONNECTION
        assert mailer.send(TO, MAIL) == SENT
    assert server.dialogues == 3


def test_a_connection_that_the_server_closed_meanwhile_costs_an_attempt_and_no_doubt() -> None:
    with Rude("before DATA", times=1) as server, Mailer(server_at(server.url), SENDER) as mailer:
        assert mailer.send(TO, MAIL) == UNREACHABLE
        assert mailer.send(TO, MAIL) == SENT
    assert len(server.mails) == 1
