"""The mail server of a storm: puts down each mail that it takes, before it says so, and can be told to misbehave."""

from __future__ import annotations

import json
import os
import time
from email import message_from_bytes
from pathlib import Path
from typing import Any

from workers.delivery.sink import Sink


class NotingSink(Sink):
    """`mood`: None; `closed`: it takes none and says so; `silent`: it takes each, and breaks off instead of its 250."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.mood: str | None = None
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mood = self.mood
        if mood == "closed":
            return "451 4.3.2 not now"
        mail = message_from_bytes(bytes(envelope.content))
        line = {"t": time.monotonic(), "message": mail["Message-ID"].strip("<>").partition("@")[0]}
        os.write(self._file, (json.dumps(line) + "\n").encode())
        os.fsync(self._file)
        if mood == "silent":
            server.transport.abort()
        return "250 OK"
