"""Serving over HTTP until SIGINT or SIGTERM; what was begun is finished first. TLS is the proxy's."""

from __future__ import annotations

import ipaddress
import os
import socket
from importlib.metadata import version
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from litestar.types import ASGIApp

from domain.errors import Refusal
from web.applications import make_applications
from web.console import Console
from workers.bootstrap import engine
from workers.settings import Settings

STOP_SECONDS = 8  # less than the supervisor waits


class CannotListen(Refusal):
    """Nothing can listen there: it is no address of this machine, or the port is taken."""

    ko = "‘{given}’에서 들을 수 없습니다: {problem}. 다른 --address나 --port를 지정하십시오."
    en = "It cannot listen on “{given}”: {problem}. Give another --address or --port."


def check_free(address: str, port: int) -> None:
    """Whether it can listen there. Raises CannotListen, before any process is started that would be again and again."""
    try:
        family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
        socket.create_server((address, port), family=family).close()
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise CannotListen(given=f"{address[:60]}:{port}", problem=problem) from None


def serve(settings: Settings, address: str, port: int) -> None:
    """One process that serves, and one that keeps it; the settings go to it by environment."""
    os.environ.update(settings.environment())
    Granian(
        f"{make_server.__module__}:{make_server.__name__}",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        log_access=False,
    ).serve()


def make_server() -> ASGIApp:
    """The applications over an engine that lives as long as the server."""
    settings = Settings()
    held: dict[str, Any] = {}

    async def serve_scope(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await held["applications"](scope, receive, send)
            return
        await receive()
        with engine(settings, machine=machine) as built:
            held["applications"] = make_applications(Console(built, settings))
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    return serve_scope


def machine() -> str:
    """What lies beside the facts that are entered here: the program. From which address somebody works the log of readings says."""
    return f"program=donghaeng {version('donghaeng')} (web)"
