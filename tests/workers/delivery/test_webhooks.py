"""Webhooks on a real server of this machine: signed, to the host that was checked, and never held up by its answer."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from domain.agency.commands import SetContact
from tests.workers.delivery.reminded_cities import FIRST_RUNG, City
from workers import http_client
from workers.delivery import webhooks
from workers.delivery.outcome import UNREACHABLE, DeliveryResult
from workers.delivery.sink import mail_sink
from workers.delivery.webhook_secrets import secret_of
from workers.delivery.webhooks import deliver
from workers.public_hosts import HostNotPublic, HostUnknown, NotEncrypted, check_address

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
SECRET = secret_of(b"0" * 32, "gto")
ID = "6" * 32
BODY = json.dumps({"type": "notice.due", "제목": "알림"}, ensure_ascii=False).encode()


class Receiver:
    """`answers`: what is said to each request in turn, the last one for ever. `got`: headers and body of each."""

    def __init__(self, *answers: int | tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(
                    (self.path, {name.lower(): one for name, one in self.headers.items()}, body)
                )
                answer = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook?from=donghaeng"


@contextmanager
def receiver(*answers: int | tuple[int, dict[str, str]]) -> Iterator[Receiver]:
    made = Receiver(*answers)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers each connection in its own way; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    one, _ = listening.accept()
                except OSError:
                    return
                with one, suppress(OSError):
                    talk(one)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            thread.join()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little patience."""
    monkeypatch.setattr(webhooks, "READ_SECONDS", 0.5)
    monkeypatch.setattr(webhooks, "MOST_SECONDS", 1.0)


def send(url: str, **more: Any) -> DeliveryResult:
    return deliver(url, ID, BODY, SECRET, datetime.now(UTC), **({"allowed": LOOPBACK} | more))


def test_the_standards_own_library_verifies_what_arrives_and_nothing_else() -> None:
    with receiver(200) as hook:
        assert send(hook.url) == DeliveryResult("sent", code=200)
    ((path, headers, body),) = hook.got
    assert path == "/hook?from=donghaeng"
    assert body == BODY
    assert headers["host"] == f"127.0.0.1:{hook.port}"
    assert headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(body.decode(), headers) == json.loads(BODY)
    for spoiled in (
        lambda: Webhook(secret_of(b"0" * 32, "gtc")).verify(body.decode(), headers),
        lambda: Webhook(SECRET).verify(body.decode().replace("알림", "올림"), headers),
        lambda: Webhook(SECRET).verify(body.decode(), headers | {"webhook-id": "7" * 32}),
        lambda: Webhook(SECRET).verify(body.decode(), headers | {"webhook-timestamp": "1"}),
    ):
        with pytest.raises(WebhookVerificationError):
            spoiled()


def test_each_agency_has_a_secret_of_its_own_that_does_not_change() -> None:
    assert secret_of(b"0" * 32, "gto") == SECRET
    assert len({secret_of(key, agency) for key in (b"0" * 32, b"1" * 32) for agency in ("gto", "gtc")}) == 4


def reminded_by_webhook(city: City, url: str) -> None:
    """The agency has a webhook and no mailbox, and its first reminder waits; the planner has one by mail."""
    city.begin()
    city.give(
        SetContact(agency="a000", channel="mail"),
        SetContact(agency="a000", channel="webhook", address=url),
    )
    city.at(*FIRST_RUNG)


def test_the_id_is_the_same_on_every_attempt_and_so_is_the_body(bare: City) -> None:
    with receiver(503, 429, 200) as hook, mail_sink() as sink:
        bare.begin()
        bare.give(SetContact(agency="a000", channel="webhook", address=hook.url))
        bare.at(*FIRST_RUNG)
        post = bare.post(sink.url, allowed=LOOPBACK)
        post.send_due()
        for _ in range(2):
            bare.until_tried()
            post.send_due()
    by_channel = {bare.message(one).composed.channel: one for one in bare.messages}  # type: ignore[union-attr]
    name = by_channel["webhook"]
    assert bare.kinds(name) == ["composed", *["attempted", "deferred"] * 2, "attempted", "sent"]
    assert bare.kinds(by_channel["mail"])[-1] == "sent"
    assert {headers["webhook-id"] for _, headers, _ in hook.got} == {name}
    assert len({body for *_, body in hook.got}) == 1
    assert (
        len({headers["webhook-timestamp"] + headers["webhook-signature"] for _, headers, _ in hook.got}) > 0
    )
    _, headers, body = hook.got[-1]
    told = Webhook(secret_of(bare.store.signing_key, "a000")).verify(body.decode(), headers)
    assert told["type"] == "notice.due"
    assert told["data"]["deadlines"][0]["task"] == "2024-001"


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1), timedelta(1), timedelta(-1)])
def test_a_host_whose_clock_is_wrong_signs_with_the_databases_time(
    bare: City, off: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: with its own time, the receiver would refuse it as forged."""
    own = webhooks.deliver
    with receiver(200) as hook, time_machine.travel(datetime.now(UTC) + off, tick=True):
        reminded_by_webhook(bare, hook.url)
        bare.post("smtp://127.0.0.1:1", allowed=LOOPBACK).send_due()
        monkeypatch.setattr(
            webhooks, "deliver", lambda *words: own(*words[:4], datetime.now(UTC), *words[5:])
        )
        bare.at(2024, 5, 23, 0, 30)
        bare.post("smtp://127.0.0.1:1", allowed=LOOPBACK).send_due()
    (_, headers, body), (_, wrong_headers, wrong_body) = hook.got
    key = Webhook(secret_of(bare.store.signing_key, "a000"))
    key.verify(body.decode(), headers)
    with pytest.raises(WebhookVerificationError):
        key.verify(wrong_body.decode(), wrong_headers)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, DeliveryResult("sent", code=200)),
        (204, DeliveryResult("sent", code=204)),
        (400, DeliveryResult("failed", "refused", 400)),
        (404, DeliveryResult("failed", "refused", 404)),
        (410, DeliveryResult("failed", "refused", 410, gone=True)),
        (408, DeliveryResult("deferred", "not_now", 408)),
        (425, DeliveryResult("deferred", "not_now", 425)),
        (429, DeliveryResult("deferred", "not_now", 429)),
        (500, DeliveryResult("deferred", "not_now", 500)),
        (503, DeliveryResult("deferred", "not_now", 503)),
    ],
)
def test_what_an_answer_means(status: int, outcome: DeliveryResult) -> None:
    with receiver(status) as hook:
        assert send(hook.url) == outcome


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with receiver(200) as secret_place, receiver((status, {"Location": secret_place.url})) as hook:
        assert send(hook.url) == DeliveryResult("failed", "redirected", status)
        assert len(hook.got) == 1
        assert secret_place.got == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::]:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
    ],
)
def test_this_machine_is_not_written_to_however_it_is_spelt(url: str) -> None:
    with receiver(200) as hook:
        handed = send(url.format(port=hook.port), allowed=())
        assert handed in (DeliveryResult("failed", "not_public"), webhooks.UNREACHABLE)
        assert hook.got == []


def test_were_it_allowed_it_would_be_written_to() -> None:
    """The control: the same addresses, which do lead here."""
    with receiver(200) as hook:
        for host in ("127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"):
            assert send(f"http://{host}:{hook.port}/") == DeliveryResult("sent", code=200)
        assert len(hook.got) == 4


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "127.0.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "ff0e::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2002:a00:1::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "fec0::1",
        "::ffff:0:127.0.0.1",
        "2001:0:7f00:1::1",
        "2001:db8::1",
        "100::1",
        "4000::1",
    ],
)
def test_a_name_that_leads_into_a_private_network_is_refused_even_beside_a_public_one(address: str) -> None:
    for found in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        with pytest.raises(HostNotPublic) as refused:
            check_address("https://hooks.example/", resolve=lambda *_, found=found: found)
        assert "hooks.example" in refused.value.say("ko")
        assert "DONGHAENG_WEBHOOK_ALLOW" in refused.value.say("en")


def test_public_hosts_are_taken_by_https_alone() -> None:
    for address in ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"):
        assert check_address("https://hooks.example/", resolve=lambda *_, one=address: [one])
        with pytest.raises(NotEncrypted):
            check_address("http://hooks.example/", resolve=lambda *_, one=address: [one])
    handed = send("http://hooks.example/", resolve=lambda *_: ["8.8.8.8"])
    assert handed == DeliveryResult("failed", "bad_address")


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "127.0.0.1:x", f"{'a' * 64}.example"])
def test_what_can_never_be_reached_is_not_tried_again(host: str) -> None:
    assert send(f"https://{host}/") == DeliveryResult("failed", "bad_address")
    assert send("https://127.0.0.1:1/") == UNREACHABLE, "the control: who is away is"


def test_only_the_networks_that_were_allowed_are() -> None:
    ours = (ip_network("10.1.0.0/16"),)
    assert check_address("http://ours.example/", ours, lambda *_: ["10.1.2.3"]) == "10.1.2.3"
    assert check_address("http://ours.example/", ours, lambda *_: ["::ffff:10.1.2.3"])
    with pytest.raises(HostNotPublic):
        check_address("http://ours.example/", ours, lambda *_: ["10.2.0.1"])
    with pytest.raises(HostNotPublic):
        check_address("http://ours.example/", ours, lambda *_: ["10.1.2.3", "192.168.0.1"])


def test_a_name_that_nobody_knows_is_tried_again_later() -> None:
    def unknown(*_: object) -> list[str]:
        raise OSError("no such host")

    assert send("https://nowhere.example/", resolve=unknown) == webhooks.UNREACHABLE
    assert send("https://nowhere.example/", resolve=lambda *_: []) == webhooks.UNREACHABLE
    with pytest.raises(HostUnknown):
        check_address("https://nowhere.example/", resolve=lambda *_: ["nonsense"])


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://8.8.8.8/", "gopher://8.8.8.8/", "https:///path", ""]
)
def test_nothing_but_http_is_spoken(url: str) -> None:
    handed = send(url, resolve=lambda *_: ["8.8.8.8"])
    assert handed.outcome in ("failed", "deferred")
    assert handed != DeliveryResult("sent", code=200)


def test_the_name_is_resolved_once_so_that_it_cannot_lead_elsewhere_the_second_time() -> None:
    """DNS rebinding: the second answer would be this machine."""
    asked: list[tuple[str, int]] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with receiver(200) as hook:
        assert send(f"http://hooks.example:{hook.port}/", resolve=rebinding) == DeliveryResult(
            "sent", code=200
        )
    assert asked == [("hooks.example", hook.port)]
    assert hook.got[0][1]["host"] == f"hooks.example:{hook.port}"


def test_if_the_name_were_connected_to_the_second_answer_would_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: checked is a public address, connected is by name, which leads here."""
    found = iter(["8.8.8.8"])
    monkeypatch.setattr(webhooks, "check_address", lambda url, *_: next(found) and "localhost")
    monkeypatch.setattr(http_client, "_leads_to", lambda *_: True)
    with receiver(200) as hook:
        assert send(f"http://localhost:{hook.port}/", allowed=()) == DeliveryResult("sent", code=200)


@pytest.mark.usefixtures("quick")
def test_a_socket_that_leads_elsewhere_than_was_judged_is_not_written_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever stands between: it is the socket's own other end that is held against the judged address."""
    made = http_client._connection
    with receiver(200) as hook:
        monkeypatch.setattr(
            http_client,
            "_connection",
            lambda parts, port, judged, seconds: made(parts, port, "127.0.0.1", seconds),
        )
        elsewhere = send(f"http://hooks.example:{hook.port}/", resolve=lambda *_: ["127.0.0.2"])
        assert elsewhere == DeliveryResult("failed", "not_public")
        assert not hook.got
        assert send(f"http://hooks.example:{hook.port}/", resolve=lambda *_: ["127.0.0.1"]).outcome == "sent"


def test_a_server_that_says_nothing_leaves_the_outcome_unknown() -> None:
    with talking(lambda one: time.sleep(1.5)) as url:
        assert send(url) == webhooks.NO_ANSWER


def test_a_server_that_closes_without_an_answer_leaves_the_outcome_unknown() -> None:
    with talking(lambda one: one.recv(65536) and None) as url:
        assert send(url) == webhooks.NO_ANSWER


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/") == webhooks.UNREACHABLE


def trickled(head: bytes, drop: bytes, seconds: float = 8) -> Callable[[socket.socket], None]:
    """A server that never comes to an end, a little every tenth of a second; it gives up after some seconds."""

    def talk(one: socket.socket) -> None:
        one.recv(65536)
        one.sendall(head)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            one.sendall(drop)
            time.sleep(0.1)

    return talk


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("head", "drop", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x", DeliveryResult("sent", code=200)),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\nx\r\n",
            DeliveryResult("sent", code=200),
        ),
        (
            b"HTTP/1.1 500 No\r\nContent-Length: 99999999\r\n\r\n",
            b"x",
            DeliveryResult("deferred", "not_now", 500),
        ),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n", webhooks.NO_ANSWER),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", webhooks.NO_ANSWER),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", webhooks.NO_ANSWER),
    ],
)
def test_an_answer_without_end_holds_nobody_up(head: bytes, drop: bytes, outcome: DeliveryResult) -> None:
    began = time.monotonic()
    with talking(trickled(head, drop)) as url:
        assert send(url) == outcome
        assert time.monotonic() - began < 6, "the server would have gone on for 8 seconds"


@pytest.mark.usefixtures("quick")
def test_without_an_end_of_its_own_it_would_be_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: as long as something comes, no single reading takes too long."""
    monkeypatch.setattr(webhooks, "MOST_SECONDS", 60.0)
    done: list[DeliveryResult] = []
    with talking(trickled(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", seconds=2.5)) as url:
        waiting = threading.Thread(target=lambda: done.append(send(url)))
        waiting.start()
        waiting.join(1.8)
        assert done == []
        waiting.join(30)
    assert len(done) == 1


@pytest.mark.usefixtures("quick")
def test_a_huge_answer_is_not_read_to_its_end() -> None:
    sent = [0]

    def flood(one: socket.socket) -> None:
        one.recv(65536)
        one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        for _ in range(1000):
            sent[0] += one.send(b"x" * 1_000_000)

    with talking(flood) as url:
        assert send(url) == DeliveryResult("sent", code=200)
    assert sent[0] < 100_000_000
