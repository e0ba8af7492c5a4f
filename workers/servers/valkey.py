"""Our own Valkey (or Redis): a wake-up channel on a Unix socket, nothing in it that may not be lost."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from workers.servers.errors import DidNotStart, FolderFull
from workers.servers.place import forget_socket_folder, socket_folder
from workers.servers.process import alone, kill_server, start_server
from workers.servers.programs import valkey_program
from workers.servers.user import ourselves

_SOCKET = "valkey.sock"
START_SECONDS = 30.0
STOP_SECONDS = 30.0


class ValkeyServer:
    """`start` returns when it answers PING."""

    def __init__(self, data: Path, log: Path) -> None:
        self._program = valkey_program()
        self._user = ourselves()
        self._place = self._user.own(data / "redis")
        self._socket = socket_folder(self._user, self._place, _SOCKET) / _SOCKET
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The socket's path."""
        return str(self._socket)

    def start(self) -> None:
        """Raises FolderFull, StillRunning, DidNotStart."""
        socket_folder(self._user, self._place, _SOCKET)
        with alone(self._place) as lock:
            self._socket.unlink(missing_ok=True)
            self._run_server(lock)

    def _run_server(self, lock: int) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._place),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        command = [self._program, *(part for name, value in options.items() for part in (f"--{name}", value))]
        self.process, self._log_begins = start_server(command, "TERM", self._log, lock, cwd="/")
        self._until_ready()

    stopping = False  # it never waits for its clients

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        forget_socket_folder(self._socket.parent, self._place)

    def _until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return
            time.sleep(0.01)
        words = kill_server(self.process, self._log, self._log_begins)
        if os.strerror(errno.ENOSPC) in words:
            raise FolderFull(path=self._place)
        lines = [line for line in words.splitlines() if line.strip()] or ["–"]
        raise DidNotStart(program="Valkey", problem=lines[-1][-300:], log=self._log)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.settimeout(1)
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
