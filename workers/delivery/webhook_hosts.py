"""A look at the hosts of webhooks: the name, the address, the connection and TLS; nothing is sent to them."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from domain.errors import Bilingual, Refusal
from workers.public_hosts import Networks, check_address

SECONDS = 10.0
_STEP = 5.0


def look_at_hosts(
    addresses: Iterable[str], allowed: Networks = (), seconds: float = SECONDS
) -> dict[str, Bilingual]:
    """What stands in the way, by address, where something does. All are asked side by side, within `seconds`."""
    wanted = list(dict.fromkeys(addresses))
    came: SimpleQueue[tuple[str, Bilingual | None]] = SimpleQueue()
    for one in wanted:  # daemons: a resolver heeds no timeout, and nobody waits for it at the end
        Thread(target=lambda url=one: came.put((url, _fault_of(url, allowed))), daemon=True).start()
    silent = Bilingual("제시간에 응답이 없음", "no answer in time")
    found: dict[str, Bilingual | None] = dict.fromkeys(wanted, silent)
    end = time.monotonic() + seconds
    for _ in wanted:
        try:
            url, fault = came.get(timeout=max(end - time.monotonic(), 0.001))
        except Empty:
            break
        found[url] = fault
    return {url: fault for url, fault in found.items() if fault is not None}


def _fault_of(url: str, allowed: Networks) -> Bilingual | None:
    try:
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        address = check_address(url, allowed)
        with closing(socket.create_connection((address, parts.port or (443 if tls else 80)), _STEP)) as plain:
            if tls:
                context = ssl.create_default_context()
                context.wrap_socket(plain, server_hostname=parts.hostname).close()
    except Refusal as refusal:
        return Bilingual(refusal.say("ko"), refusal.say("en"))
    except (OSError, ValueError) as error:  # ssl's errors are OSErrors
        said = " ".join(str(error).split())[:200] or type(error).__name__
        return Bilingual(said, said)
    return None
