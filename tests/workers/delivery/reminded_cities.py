"""A city whose agencies are to be reminded, posts that send to them, and mail servers that behave badly."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from psycopg import conninfo

from domain.agency import commands as a
from domain.channels import Channel
from domain.definition.commands import Adopt
from domain.lifecycle.content import content_of
from domain.lifecycle.model import Definition
from domain.message.state import MESSAGE, Message
from domain.programme.commands import AddTask, Open, SetContact
from domain.programme.facts import Area
from domain.streams import message_stream, notice_stream
from domain.task import commands as t
from domain.values import LocalText, Plan
from projections.agency_register import AGENCY_REGISTER
from projections.deadlines import DEADLINES
from projections.meetings import MEETINGS
from projections.notices import MESSAGES, NOTICES
from projections.rebuilding.rebuild import rebuild_view
from projections.runner import project
from projections.view import View
from store.connecting import OWNER_ROLE, connect
from store.envelope import Actor
from store.log import Store
from store.recorded import fold_state
from store.vault import VAULT_ROLE, Vault
from workers.bootstrap import JOBS
from workers.delivery.channels.mail import MailSender
from workers.delivery.channels.webhook import WebhookSender
from workers.delivery.sending import Delivery
from workers.delivery.sink import Sink
from workers.delivery.smtp import Mailer
from workers.engine import Engine
from workers.mail_server import server_at
from workers.public_hosts import Networks
from workers.queues import Queues
from workers.sweeping import sweep
from workflows.automation.reacting import Memory
from workflows.automation.reminders import next_reminding
from workflows.calendars import opening
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

TOP = Path(__file__).parents[3]
PLANNER = Actor(role="planner")
NAME = LocalText(ko="이름", en="name")
# Monday 3 June 2024; its first rung, 14 business days before, is Monday 13 May
PLAN = Plan(start=date(2024, 6, 3), end=date(2024, 11, 29), budget_krw=1)
FIRST_RUNG = (2024, 5, 13, 0, 30)  # 9:30 in Seoul
SENDER = "donghaeng@city.example"
VIEWS = (DEADLINES, NOTICES, MESSAGES, AGENCY_REGISTER, MEETINGS)


class City:
    """A simulated store with its command handler, its vault and a ticker's sweep. `fold_at_once`: without a worker for views."""

    def __init__(
        self,
        store: Store,
        dsn: str,
        data: Path,
        redis: dict[str, Any] | None = None,
        *,
        fold_at_once: bool = True,
    ) -> None:
        self.store, self.dsn, self.data, self.redis = store, dsn, data, redis
        self.vault_dsn = conninfo.make_conninfo(dsn, user="donghaeng_vault")
        self.vault = Vault(
            lambda: connect(self.vault_dsn, role=VAULT_ROLE), store.id, data / "keys" / "vault.json"
        )
        self.handler = CommandHandler(store, self.fold if fold_at_once else lambda: None)
        nowhere = {"unix_socket_path": str(data / "no-valkey.sock")}
        self.queues = Queues(redis or nowhere, store.id, store.signing_key, JOBS)
        self.engine = Engine(store, lambda: self.queues, lambda: self.handler, data, self.vault_dsn)
        self.memory = Memory()

    def fold(self) -> None:
        for view in VIEWS:
            project(self.store, view)

    def rebuild(self, view: View) -> None:
        """Fold the view anew beside the one in use and put it in its place, whatever differs."""
        owner = conninfo.make_conninfo(self.dsn, user="donghaeng_owner")
        with closing(connect(owner, OWNER_ROLE)) as connection:
            rebuild_view(self.store, connection, view, lambda certificate, command_id: None, accept=True)

    def give(self, *commands: Any, actor: Actor = PLANNER) -> None:
        self.handler.handle_all(
            [CommandEnvelope(command=one, actor=actor, via="cli", reason="사유") for one in commands]
        )

    def begin(
        self, agencies: int = 1, tasks: int = 1, plan: Plan = PLAN, by: Definition | None = None
    ) -> list[str]:
        """On 7 March 2024: so many agencies with a mailbox, and as many approved tasks of each; the tasks.

        `by`: the definition by which the year goes, adopted on that day.
        """
        self.store.move_clock(datetime(2024, 3, 7, 3, tzinfo=UTC))
        named = [f"a{number:03d}" for number in range(agencies)]
        listed = {f"2024-{number + 1:03d}": named[number % agencies] for number in range(agencies * tasks)}
        self.give(
            opening(2024),
            opening(2025),
            *(() if by is None else (Adopt(definition=by.name, content=content_of(by)),)),
            Open(
                year=2024,
                name=NAME,
                city=NAME,
                areas=(Area(id="culture", name=NAME),),
                definition=None if by is None else by.identity,
            ),
            SetContact(year=2024, office="planner", address="planner@city.example"),
            *(a.Register(agency=one, name=NAME) for one in named),
            *(a.SetContact(agency=one, channel="mail", address=f"{one}@agency.example") for one in named),
            *(
                AddTask(year=2024, task=task, area="culture", lead=lead, title=NAME)
                for task, lead in listed.items()
            ),
        )
        self.handler.handle_all(
            [
                CommandEnvelope(command=command, actor=actor, via="cli")
                for task, lead in listed.items()
                for command, actor in (
                    (
                        t.Propose(task=task, title=NAME, area="culture", lead=lead, plan=plan),
                        Actor(role="officer", agency=lead),
                    ),
                    (t.Approve(task=task), PLANNER),
                )
            ]
        )
        self.at(2024, 3, 8)
        return list(listed)

    def at(self, *moment: int) -> int:
        """Move the clock, and sweep until nothing is left to do; how much was done."""
        self.store.move_clock(datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type,misc]
        return self.sweep()

    def sweep(self) -> int:
        self.fold()
        done = 0
        while count := sweep(self.engine, self.memory):
            done += count
            self.fold()
        return done

    def post(
        self, url: str, *, lease: float = 30.0, timeout: float = 5.0, allowed: Networks = ()
    ) -> Delivery:
        return Delivery(
            self.engine,
            self.vault,
            {
                Channel.MAIL: MailSender(Mailer(server_at(url), SENDER, timeout), SENDER),
                Channel.WEBHOOK: WebhookSender(self.store.signing_key, allowed),
            },
            lease=lease,
        )

    def count(self, kind: str) -> int:
        """How many facts of this kind there are."""
        with self.store.connection() as connection:
            row: Any = connection.execute(
                "SELECT count(*) FROM donghaeng.facts WHERE kind = %s", (kind,)
            ).fetchone()
        return int(row[0])

    def streams(self, kind: str) -> list[str]:
        """The ids of all notices or messages, in the order in which they came."""
        seen = [one.stream for chunk in self.store.replay() for one in chunk]
        return [name.partition("/")[2] for name in dict.fromkeys(seen) if name.startswith(f"{kind}/")]

    @property
    def messages(self) -> list[str]:
        return self.streams("message")

    @property
    def notices(self) -> list[str]:
        return self.streams("notice")

    def kinds(self, message: str | None = None) -> list[str]:
        """What happened to the message (the only one there is), without "message."."""
        (one,) = self.messages if message is None else (message,)
        return [fact.kind.partition(".")[2] for fact in self.store.read(message_stream(one))]

    def notice_kinds(self, notice: str) -> list[str]:
        return [fact.kind.partition(".")[2] for fact in self.store.read(notice_stream(notice))]

    def message(self, name: str | None = None) -> Message:
        (one,) = self.messages if name is None else (name,)
        state: Message = fold_state(MESSAGE, self.store.read(message_stream(one)))
        return state

    def lapse(self) -> None:
        """The time of every lease is over."""
        with self.store.connection() as connection:
            connection.execute("UPDATE donghaeng.leases SET until = clock_timestamp()")

    def until_tried(self) -> datetime:
        """Move the clock on to when the message may be tried again."""
        at = next_reminding(self.store)
        assert at is not None
        self.store.move_clock(at)
        return at


def ids_of(mails: Sequence[tuple[tuple[str, ...], bytes]]) -> Counter[str]:
    """How often each Message-ID came."""
    return Counter(str(message_from_bytes(mail)["Message-ID"]) for _, mail in mails)


def side_by_side(*work: Callable[[], Any]) -> None:
    """All of it at once in threads; raises the first fault."""
    faults: list[BaseException] = []
    ready = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> None:
        try:
            ready.wait()
            one()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


@contextmanager
def folding(city: City) -> Iterator[None]:
    """A worker for the views, during the block."""
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            city.fold()
            done.wait(0.005)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        city.fold()


class Answering(Sink):
    """Takes what it is given, once it has said each of `replies` in place of a yes to it."""

    def __init__(self, *replies: str, at: str = "DATA") -> None:
        super().__init__()
        self.replies, self.at = list(replies), at

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.at == "RCPT" and self.replies:
            return self.replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.at == "DATA" and self.replies:
            return self.replies.pop(0)
        return await super().handle_DATA(server, session, envelope)


class Holding(Sink):
    """Keeps the mail and says so, or not, only when told to. `got`: a mail is there."""

    def __init__(self) -> None:
        super().__init__()
        self.got, self.go_on = threading.Event(), threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        self.got.set()
        while not self.go_on.is_set():
            await asyncio.sleep(0.01)
        return said


class Slow(Sink):
    """Takes half a second for each mail."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0.5)
        return await super().handle_DATA(server, session, envelope)


class Rude:
    """A mail server that breaks off, or never comes to the end. `mails`: what came up to the final dot, with the dot."""

    def __init__(self, breaks_off: str, times: int) -> None:
        self.breaks_off, self.times = breaks_off, times
        self.mails: list[bytes] = []
        self.dialogues = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}"
        self.held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Rude:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for one in self.held:
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self._listening.accept()
            except OSError:
                return
            self.dialogues += 1
            rude = self.dialogues <= self.times
            if not self._talk(one, rude) or not self.breaks_off.startswith("hangs"):
                one.close()
            else:
                self.held.append(one)

    def _talk(self, one: socket.socket, rude: bool) -> bool:
        """Whether it ended as it should not."""
        how = self.breaks_off if rude else ""
        if how == "hangs at once":
            return True
        with one.makefile("rwb", buffering=0) as line, suppress(BrokenPipeError, ConnectionResetError):
            if how == "chatters at once":
                _chatter(line, b"220-welcome\r\n")
            line.write(b"220 localhost\r\n")
            while said := line.readline():
                word = said[:4].upper().strip()
                if word == b"DATA" and self._breaks_off(line, how):
                    return True
                line.write(b"221 bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
                if word == b"QUIT":
                    return False
        return False

    def _breaks_off(self, line: Any, how: str) -> bool:
        """Take a mail; whether the dialogue ends here, as it should not."""
        if how in ("before DATA", "hangs before DATA"):
            return True
        line.write(b"354 go on\r\n")
        if how == "in DATA":
            line.read(10)
            return True
        mail = b""
        while not mail.endswith(b"\r\n.\r\n"):
            mail += line.readline()
        self.mails.append(mail)
        if how == "chatters after the dot":
            _chatter(line, b"250-nearly done\r\n")
        if how == "babbles after the dot":
            line.write(b"hello?\r\n")
        return how in ("after the dot", "hangs after the dot", "babbles after the dot")


def _chatter(line: Any, said: bytes) -> None:
    """A line every twentieth of a second, for as long as somebody listens; for some seconds at most."""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        line.write(said)
        time.sleep(0.05)


class Sender:
    """A process that sends what is due, as a worker of the post does; it says where it waits, and goes on when told.

    `waits_at`: "claimed" (as soon as it has its lease), "attempt", "renew", "dialogue", "answered" or "settle": before
    that is done, at first; "" for nowhere.
    """

    def __init__(self, city: City, url: str, waits_at: str = "", *, lease: float = 30.0, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.workers.delivery.sender_program"],
            cwd=TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "DSN": city.dsn,
                "DATA": str(city.data),
                "SMTP": url,
                "WAITS_AT": waits_at,
                "LEASE": str(lease),
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            | more,
        )

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go on\n")
        self.process.stdin.flush()

    def end(self) -> str:
        """What it said last: how many messages it looked at."""
        out, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return out.split()[-1]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()


def certificate(folder: Path, host: str = "localhost") -> tuple[Path, Path]:
    """A certificate that signs itself, for this host and 127.0.0.1, and its key."""
    from cryptography import x509  # noqa: PLC0415 - takes a tenth of a second to load
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{host}.pem", folder / f"{host}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def server_context(paths: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, paths))
    return context
