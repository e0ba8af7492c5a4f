"""The witness on an address, by waitress: bounded in connections, in time and in bytes."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from trail.bilingual import Bilingual
from trail.logs import Logger
from trail.note import SignerKey
from trail.witness.app import MOST_BYTES, Application, application
from trail.witness.errors import BadListen

_SILENT_SECONDS = 10  # between two bytes of a client
_LONGEST_SECONDS = 60  # a connection, however busy it looks
_CONNECTIONS = 500  # at once; what comes beyond displaces the oldest that has not asked anything whole
_log = Logger()


class _Server(TcpWSGIServer):  # type: ignore[misc]
    def readable(self) -> bool:
        """Where all places are taken, the oldest that is still dripping makes room: an honest request is whole at once."""
        if len(self._map) >= self.adj.connection_limit - 1:
            waiting = [
                one for one in self.active_channels.values() if not one.requests and not one.will_close
            ]
            if waiting and not any(one.will_close for one in self.active_channels.values()):
                min(waiting, key=lambda one: one.creation_time).will_close = True
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """Also end who sends a byte now and then; a log that asks often simply connects again."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if not channel.requests and channel.creation_time < now - _LONGEST_SECONDS:
                channel.will_close = True


class _Lines(logging.Handler):
    """What waitress has to say, as log lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            _log.warning("witness_server", words=record.getMessage())


def parts_of(listen: str) -> tuple[str, int]:
    """Host and port of HOST:PORT. Raises BadListen."""
    host, between, port = listen.rpartition(":")
    if not between or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise BadListen(given=listen, problem=Bilingual("HOST:PORT의 형식이 아닙니다", "it is not HOST:PORT"))
    return host.strip("[]"), int(port)


@contextmanager
def listening(folder: Path, key: SignerKey, listen: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The URL of the witness and what serves it until the process is told to end. Raises BadListen."""
    host, port = parts_of(listen)
    try:
        taken = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise BadListen(given=listen, problem=problem) from None
    shown = f"[{host}]" if ":" in host else host
    said, lines = logging.getLogger("waitress"), _Lines()
    said.addHandler(lines)
    said.propagate = False
    server = server_on(taken, application(folder, key))
    try:
        yield f"http://{shown}:{taken.getsockname()[1]}", server.run
    finally:
        server.close()
        said.removeHandler(lines)


def server_on(taken: socket.socket, app: Application, connections: int = _CONNECTIONS) -> _Server:
    """The server on a socket that listens. `connections`: how many at once."""
    bounds = Adjustments(
        sockets=[taken],
        threads=4,
        connection_limit=connections,
        asyncore_use_poll=True,  # select() ends at 1,024 files
        channel_timeout=_SILENT_SECONDS,
        cleanup_interval=5,
        max_request_header_size=16_384,
        max_request_body_size=MOST_BYTES + 1,
        ident=None,
    )
    where = (taken.family, taken.type, taken.proto, taken.getsockname())
    return _Server(app, _sock=taken, adj=bounds, sockinfo=where, bind_socket=False)
