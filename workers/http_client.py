"""One HTTP POST to somebody else's server: bounded in time and in size, no redirect is followed.

Webhooks, timestamps and witnesses are asked by it. Who asks says how long, how much, and whether the address is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.client import HTTPException
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from urllib.parse import SplitResult, urlsplit

import msgspec
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError

from domain.errors import Refusal
from workers.time_limit import break_off

Judge = Callable[[str], str]  # the one address to which a URL may be sent; raises what it may not be sent for


class Reply(msgspec.Struct, frozen=True):
    """`kind`: the content type, lower case, without parameters; `retry_after`: as it came."""

    status: int
    kind: str
    body: bytes
    retry_after: str | None = None


class NoReply(Exception):
    """`garbage`: something came and was no answer; else nothing came in time. `problem`: for the log.

    `begun`: the server may have all that it was to be told.
    """

    def __init__(self, problem: str, *, garbage: bool = False, begun: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.garbage, self.begun = problem, garbage, begun


class NoAddress(NoReply):
    """What was given is no address to which anything could ever go: to try again is in vain."""


class LedElsewhere(NoReply):
    """The socket does not end at the address that was judged; nothing was written to it."""


class TimeLimits(msgspec.Struct, frozen=True):
    """Seconds: `whole` for all of it, looking the name up too; `connect` and `step`, a single wait, where they are less."""

    whole: float
    connect: float | None = None
    step: float | None = None


def post(
    url: str,
    body: bytes,
    kind: str,
    *,
    seconds: float | TimeLimits,
    most: int | None,
    headers: Mapping[str, str] | None = None,
    judge: Judge | None = None,
) -> Reply:
    """Ask, and take an answer of at most `most` bytes in time, however slow the name or the server is.

    `most`: None where nothing but the head is read. `judge`: asked once for the address that is connected to, where
    others said the URL. Raises NoReply, NoAddress among it, and the judge's refusals.
    """
    limits = seconds if isinstance(seconds, TimeLimits) else TimeLimits(seconds)
    if limits.whole <= 0:
        raise NoReply("no time left")
    asking = _Asking(url, limits, judge)
    sent = {"Host": asking.host, "Content-Type": kind, "User-Agent": "donghaeng", "Connection": "close"}
    sent |= headers or {}
    came: SimpleQueue[Reply | NoReply | Refusal] = SimpleQueue()
    # a thread of its own: neither a resolver nor a server that sends a byte now and then heeds a socket's timeout
    Thread(target=lambda: came.put(asking.attempt(body, sent, most)), daemon=True).start()
    try:
        found = came.get(timeout=limits.whole)
    except Empty:
        raise NoReply(f"nothing within {limits.whole:.0f} s", begun=asking.give_up()) from None
    if not isinstance(found, Reply):
        raise found
    return found


class _Asking:
    """One question on its way. It is begun or given up, never both: who waits must know whether it may have arrived."""

    def __init__(self, url: str, limits: TimeLimits, judge: Judge | None) -> None:
        try:
            self._parts = urlsplit(url)
            self._port = self._parts.port
            if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
                raise ValueError(url[:200])
            self._parts.hostname.encode("idna")  # which no resolver takes where this does not
        except ValueError as error:
            raise NoAddress(f"no address: {error}") from None
        self.host = self._parts.netloc.rpartition("@")[2]
        self._url, self._limits, self._judge = url, limits, judge
        self._connection: HTTPConnection | None = None
        self._either, self._begun, self._over = Lock(), False, False

    def give_up(self) -> bool:
        """The time is over; whether it had begun."""
        with self._either:
            self._over = True
        if self._connection is not None:
            break_off(self._connection.sock)
        return self._begun

    def attempt(self, body: bytes, headers: Mapping[str, str], most: int | None) -> Reply | NoReply | Refusal:
        try:
            return self._ask(body, headers, most)
        except (NoReply, Refusal) as error:
            return error
        except OSError as error:  # also where the server closed without a word, which is an HTTPException too
            return NoReply(_reason(error), begun=self._begun)
        except (HTTPException, ProtocolError, DecodeError) as error:
            return NoReply(_reason(error), garbage=True, begun=self._begun)
        except (HTTPError, ValueError) as error:
            return NoReply(_reason(error), begun=self._begun)
        finally:
            if self._connection is not None:
                self._connection.close()

    def _ask(self, body: bytes, headers: Mapping[str, str], most: int | None) -> Reply:
        judged = None if self._judge is None else self._judge(self._url)
        if self._over:
            raise NoReply("its name was found too late")
        limits = self._limits
        connection = _connection(self._parts, self._port, judged, limits.connect or limits.whole)
        self._connection = connection
        connection.connect()
        if judged is not None and not _leads_to(connection, judged):
            raise LedElsewhere("it leads elsewhere")
        connection.timeout = limits.step or limits.whole
        with self._either:
            if self._over:
                raise NoReply("connected too late")
            self._begun = True
        target = (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")
        connection.request("POST", target, body=body, headers=headers, preload_content=False)
        response = connection.getresponse()
        try:
            read = b"" if most is None else response.read(most + 1, decode_content=False)
        finally:
            response.close()
        if most is not None and len(read) > most:
            raise NoReply(f"more than {most} bytes", garbage=True, begun=True)
        kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        return Reply(response.status, kind, read, response.headers.get("Retry-After"))


def _connection(parts: SplitResult, port: int | None, judged: str | None, seconds: float) -> HTTPConnection:
    """To the very address that was judged, or to the name; the certificate must be the name's."""
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(
            judged or host, port or 443, timeout=seconds, server_hostname=host, assert_hostname=host
        )
    return HTTPConnection(judged or host, port or 80, timeout=seconds)


def _leads_to(connection: HTTPConnection, address: str) -> bool:
    """Whether the very socket that is used ends at the address that was judged."""
    return ip_address(connection.sock.getpeername()[0].partition("%")[0]) == ip_address(address)


def _reason(error: Exception) -> str:
    return str(error).rpartition(": ")[2][:200] or type(error).__name__
