"""Serving over HTTP until SIGINT or SIGTERM; what was begun is finished first. TLS is the proxy's."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from litestar.types import ASGIApp

from web.applications import make_applications
from web.console import Console
from workers.bootstrap import engine
from workers.settings import Settings

STOP_SECONDS = 8  # less than the supervisor waits


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
