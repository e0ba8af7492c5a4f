"""The network between one client and PostgreSQL: a proxy that can be slow, swallow everything, or cut what goes through it."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_SLOW_SECONDS = 0.2
_AT_ONCE = 1 << 16


class Wire:
    """`mood`: None, `slow` or `half open`. What was swallowed is gone: who waits for it waits for ever, if it has no limit."""

    def __init__(self, dsn: str) -> None:
        at = conninfo_to_dict(dsn)
        self._server = str(Path(str(at["host"])) / f".s.PGSQL.{at.get('port') or 5432}")
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.dsn = make_conninfo(dsn, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable")
        self.mood: str | None = None
        self._pairs = list[tuple[socket.socket, socket.socket]]()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Every connection is reset."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for one in pair:
                with suppress(OSError):
                    if one.family == socket.AF_INET:  # closed with a reset, not in order
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._server)
                except OSError:
                    client.close()
                    continue
                self._pairs.append((client, server))
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_AT_ONCE):
                if self.mood == "half open":
                    continue
                if self.mood == "slow":
                    time.sleep(_SLOW_SECONDS)
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
