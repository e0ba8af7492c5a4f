"""One HTTP POST to somebody else's server: bounded in time and in size, no redirect is followed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Event, Thread
from urllib.parse import urlsplit

import msgspec
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError


class Reply(msgspec.Struct, frozen=True):
    """`kind`: the content type, lower case, without parameters."""

    status: int
    kind: str
    body: bytes


class NoReply(Exception):
    """`garbage`: something came and was no answer; else nothing came in time. `problem`: for the log."""

    def __init__(self, problem: str, *, garbage: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.garbage = problem, garbage


def post(url: str, body: bytes, kind: str, *, seconds: float, most: int) -> Reply:
    """Ask, and take an answer of at most `most` bytes within `seconds`, however slow the name or the server is.

    Raises NoReply.
    """
    if seconds <= 0:
        raise NoReply("no time left")
    try:
        connection, target, host = _connection(url, seconds)
    except ValueError as error:
        raise NoReply(f"no address: {error}") from None
    headers = {"Host": host, "Content-Type": kind, "User-Agent": "donghaeng", "Connection": "close"}
    came: SimpleQueue[Reply | NoReply] = SimpleQueue()
    over = Event()

    def ask() -> Reply:
        connection.connect()
        if over.is_set():
            raise NoReply("connected too late")
        connection.request("POST", target, body=body, headers=headers, preload_content=False)
        response = connection.getresponse()
        try:
            read = response.read(most + 1, decode_content=False)
        finally:
            response.close()
        if len(read) > most:
            raise NoReply(f"more than {most} bytes", garbage=True)
        return Reply(
            response.status, response.headers.get("Content-Type", "").split(";")[0].strip().lower(), read
        )

    # a thread of its own: neither a resolver nor a server that sends a byte now and then heeds a socket's timeout
    Thread(target=lambda: came.put(_tried(ask, connection)), daemon=True).start()
    try:
        found = came.get(timeout=seconds)
    except Empty:
        over.set()
        _break_off(connection)
        raise NoReply(f"nothing within {seconds:.0f} s") from None
    if isinstance(found, NoReply):
        raise found
    return found


def _connection(url: str, seconds: float) -> tuple[HTTPConnection, str, str]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(url[:200])
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    return make(parts.hostname, port, timeout=seconds), target, host


def _tried(ask: Callable[[], Reply], connection: HTTPConnection) -> Reply | NoReply:
    try:
        return ask()
    except NoReply as error:
        return error
    except OSError as error:  # also where the server closed without a word
        return NoReply(_reason(error))
    except (HTTPException, ProtocolError, DecodeError) as error:
        return NoReply(_reason(error), garbage=True)
    except (HTTPError, ValueError) as error:
        return NoReply(_reason(error))
    finally:
        connection.close()


def _reason(error: Exception) -> str:
    return str(error).rpartition(": ")[2][:200] or type(error).__name__


def _break_off(connection: HTTPConnection) -> None:
    """The asking thread, which waits for it, ends then and closes it."""
    connected = connection.sock
    if connected is not None:
        with suppress(OSError):
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
