"""A real proxy between client and server that cuts the connection at the worst moment."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Cut = Literal["before the request arrives", "after the commit, before the reply", "after the commit, silence"]


class CuttingProxy:
    """Forwards a TCP port of its own to the server's Unix socket. `cuts`: how many requests are still cut.

    A request is one that holds `mark`. `on_cut` is called at each cut, before the client notices.
    """

    def __init__(self, dsn: str, cut: Cut, mark: bytes, on_cut: Callable[[], None] = lambda: None) -> None:
        at = conninfo_to_dict(dsn)
        self._server = str(Path(str(at["host"])) / f".s.PGSQL.{at.get('port') or 5432}")
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.dsn = make_conninfo(dsn, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable")
        self.cut, self.mark, self.on_cut, self.cuts, self.connections = cut, mark, on_cut, 1, 0
        self._over = threading.Event()
        self._sockets = list[socket.socket]()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            _end(one)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                self._sockets += (client, server)
                try:
                    server.connect(self._server)
                except OSError:
                    _end(client)
                    continue
                self.connections += 1
                silenced = threading.Event()
                for work in (self._ask, self._reply):
                    self._threads.append(threading.Thread(target=work, args=(client, server, silenced)))
                    self._threads[-1].start()

    def _ask(self, client: socket.socket, server: socket.socket, silenced: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 20):
                if self.mark in data and self.cuts > 0:
                    self.cuts -= 1
                    if self.cut == "before the request arrives":
                        self.on_cut()
                        break
                    silenced.set()
                server.sendall(data)
        _end(server)
        _end(client)

    def _reply(self, client: socket.socket, server: socket.socket, silenced: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 20):
                if silenced.is_set():  # the server has answered, so it has committed
                    self.on_cut()
                    if self.cut == "after the commit, silence":
                        self._over.wait()
                    break
                client.sendall(data)
        _end(client)
        _end(server)


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
