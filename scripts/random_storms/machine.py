"""One machine as the product starts it: `donghaeng up` on a data folder in memory, clients, and a mail server.

What is on the disk is judged, so nothing of the servers' own care for it is turned off.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from scripts.random_storms import processes
from scripts.random_storms.client import PAUSE
from scripts.random_storms.controls import CONTROLS
from scripts.random_storms.founding import set_up
from scripts.random_storms.mails import NotingSink
from scripts.random_storms.rig import make_environment
from scripts.random_storms.shim import make_shim
from scripts.random_storms.standby import Standby, follow_primary
from scripts.random_storms.weather import CLIENTS, ON_THE_WIRE, PARTS
from scripts.random_storms.wires import Wire
from scripts.throwaway import in_memory
from workers.bootstrap import migrate_store, open_engine
from workers.delivery.sink import mail_sink
from workers.environment import Secret
from workers.servers import Addresses, running
from workers.servers.clearing import clear
from workers.servers.process import dies_with_parent
from workers.settings import Settings

DISK_BYTES = 700 << 20
_PATIENCE_SECONDS = 60.0
_RESTART_SECONDS = 1.0  # as whoever keeps `up` and gives commands does, be it systemd or a person


class NotUp(Exception):
    """The machine did not come up at all."""


class Machine:
    """`folder`: of what is put down about it; `data`: the product's; `points`: where points are armed."""

    def __init__(
        self,
        folder: Path,
        addresses: Addresses,
        sink: NotingSink,
        wire: Wire,
        standby: Standby | None,
        without: str | None,
    ) -> None:
        self.folder, self.data, self.points = folder, folder / "data", folder / "points"
        self.addresses, self.sink, self.wire, self.standby = addresses, sink, wire, standby
        self._environment = {**os.environ, **make_environment(self.points, without)} | {
            "DONGHAENG_DATA": str(self.data),
            "DONGHAENG_SMTP_URL": sink.url,
            "DONGHAENG_LOG": "json",
            "DONGHAENG_LEAST_FREE_MB": "0",
            "LC_ALL": "C.UTF-8",
        }
        if standby is not None:  # as several machines have it: one address of both
            self._environment |= {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner}
        self._up: subprocess.Popen[bytes] | None = None
        self.clients: dict[int, subprocess.Popen[bytes]] = {}
        self._incarnations = dict.fromkeys(range(CLIENTS), 0)
        self._again: dict[str, float] = {}
        self.seed = 0
        self.leased_until = (
            0.0  # seconds since 1970: until when a process that died may have something under a lease
        )

    @property
    def owner(self) -> str:
        return self._address(self.addresses.owner_dsn)

    @property
    def app(self) -> str:
        return self._address(self.addresses.app_dsn)

    def _address(self, dsn: str | None) -> str:
        assert dsn is not None
        return dsn if self.standby is None else self.standby.both(dsn)

    @property
    def _redis_url(self) -> str:
        assert self.addresses.redis is not None
        return f"unix://{self.addresses.redis['unix_socket_path']}"

    @property
    def settings(self) -> Settings:
        """Of who looks from outside, joining nothing: a keeper that is gone is not started again by being looked at."""
        return Settings(
            data=self.data,
            database_url=Secret(self.app),
            database_owner_url=Secret(self.owner),
            redis_url=Secret(self._redis_url),
            smtp_url=Secret(self.sink.url),
            least_free_mb=0,
        )

    def start_up(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-c", "from scripts.cli.entry import run; run()", "up", "--json"]
        with (self.folder / "up.log").open("ab") as log:
            return subprocess.Popen(
                dies_with_parent(command, "INT"),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def type_command(self, *words: str) -> int:
        """A person types it; the command's exit code."""
        command = [sys.executable, "-P", "-c", "from scripts.cli.entry import run; run()", *words]
        with (self.folder / "clients.log").open("ab") as log:
            return subprocess.run(
                command, env=self._environment, stdout=log, stderr=log, check=False
            ).returncode

    def begin(self) -> None:
        self._up = self.start_up()
        end = time.monotonic() + _PATIENCE_SECONDS
        while any(self.pid(part) is None for part in PARTS) or self._silent_parts():
            if time.monotonic() > end or self._up.poll() is not None:
                raise NotUp((self.folder / "up.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.1)

    def _silent_parts(self) -> bool:
        return sum("part_started" in line for line in self.lines()) < len(PARTS)

    def lines(self) -> list[str]:
        """What `up` and its parts have logged, a JSON document a line."""
        with suppress(FileNotFoundError):
            return (self.folder / "up.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return []

    def pid(self, name: str) -> int | None:
        """Of the process of this name, if it runs."""
        if name.startswith("client "):
            client = self.clients.get(int(name.split()[1]))
            return None if client is None or client.poll() is not None else client.pid
        assert self._up is not None
        return processes.find(name, self.data, self._up.pid)

    def keep(self) -> None:
        """Start again what nobody else does, a second after it ended: `up` itself, and clients."""
        self.keep_up()
        for number in range(CLIENTS):
            client = self.clients.get(number)
            if (client is None or client.poll() is not None) and self._due(
                f"client {number}", first=client is None
            ):
                self._start_client(number)

    def keep_up(self) -> None:
        assert self._up is not None
        if self._up.poll() is not None and self._due("up"):
            self._up = self.start_up()

    def _due(self, name: str, *, first: bool = False) -> bool:
        now = time.monotonic()
        at = self._again.setdefault(name, now if first else now + _RESTART_SECONDS)
        if now < at:
            return False
        del self._again[name]
        return True

    def _start_client(self, number: int) -> None:
        self._incarnations[number] += 1
        words = [str(number), str(self._incarnations[number]), str(self.seed), str(self.folder)]
        environment = dict(self._environment)
        if number == ON_THE_WIRE and self.standby is None:
            environment |= {"DATABASE_URL": self.wire.dsn, "REDIS_URL": self._redis_url}
        with (self.folder / "clients.log").open("ab") as log:
            self.clients[number] = subprocess.Popen(
                dies_with_parent([sys.executable, "-m", "scripts.random_storms.client", *words], "KILL"),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def pause(self) -> None:
        """Clients do nothing more from now on, each after what it is at; when this returns they are at nothing."""
        (self.folder / PAUSE).touch()
        end = time.monotonic() + _PATIENCE_SECONDS
        for number, client in self.clients.items():
            ledger = self.folder / f"client-{number}-{self._incarnations[number]}.ledger"
            while client.poll() is None and not _ends_idle(ledger) and time.monotonic() < end:
                time.sleep(0.05)

    def resume(self) -> None:
        self._again.clear()
        (self.folder / PAUSE).unlink(missing_ok=True)

    def end(self) -> None:
        for client in self.clients.values():
            client.kill()
            client.wait()
        if self._up is not None:
            processes.send(processes.family(self._up.pid), signal.SIGCONT)
            self._up.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._up.wait(20)
            self._up.kill()
            self._up.wait()

    def put(self, file: str, **line: Any) -> None:
        """Put something down about the machine, with the moment."""
        with (self.folder / file).open("a", encoding="utf-8") as out:
            out.write(json.dumps({"t": time.monotonic(), **line}, ensure_ascii=False) + "\n")


def _ends_idle(ledger: Path) -> bool:
    lines = ledger.read_bytes().splitlines() if ledger.exists() else []
    return bool(lines) and b'"what": "idle"' in lines[-1]


@contextmanager
def machine(without: str | None = None, *, standby: bool = False) -> Iterator[Machine]:
    """One that is up, founded and well; gone after the block. `without`: a protection that is taken out; `standby`: with
    a synchronous one.
    """
    control = None if without is None else CONTROLS[without]
    with ExitStack() as held:
        top = held.enter_context(tempfile.TemporaryDirectory(prefix="donghaeng-storm-", dir=in_memory()))
        folder = Path(top).resolve()
        folder.chmod(0o755)
        (folder / "data").mkdir()
        (folder / "points").mkdir()
        make_shim(folder / "points")
        held.enter_context(_disk(folder / "data"))
        held.callback(clear, folder / "data")
        sink = held.enter_context(mail_sink(NotingSink(folder / "mails")))
        assert isinstance(sink, NotingSink)
        with _environment(make_environment(folder / "points", without)):  # the keepers are started from here
            addresses = held.enter_context(running(folder / "data"))
        migrate_store(addresses, simulated=True)
        wire = held.enter_context(Wire(addresses.app_dsn or ""))
        owner_dsn = addresses.owner_dsn or ""
        second = held.enter_context(follow_primary(folder / "data", owner_dsn)) if standby else None
        made = Machine(folder, addresses, sink, wire, second, without)
        if control is not None and control.statement:
            with psycopg.connect(made.owner, autocommit=True) as owner:
                owner.execute(control.statement.encode())
        with open_engine(addresses, folder / "data") as engine:
            set_up(engine)
        try:
            made.begin()
            yield made
        finally:
            made.end()


@contextmanager
def _disk(at: Path) -> Iterator[None]:
    """A file system of the machine's own, which can be filled, where this process may mount one."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0755", "donghaeng-storm", str(at)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(at)], check=False)  # noqa: S607 - wherever it lies here


@contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
