"""A mail server on this machine that keeps what it is given: the other end of a simulated year."""

from __future__ import annotations

import asyncio
import mailbox
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

_ID = re.compile(r"^[0-9a-f]{32}$", re.MULTILINE)


class Sink:
    """`mails`: as they came, each with the addresses it was for."""

    def __init__(self) -> None:
        self.mails: list[tuple[tuple[str, ...], bytes]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"

    def notices(self) -> Counter[str]:
        """How often each notice came, by its id in the text."""
        return Counter(notice for _, mail in self.mails for notice in _notices_in(mail))

    def write(self, path: Path) -> None:
        """All mails as one mbox file, whole or not at all."""
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        box = mailbox.mbox(half)
        for _, mail in self.mails:
            box.add(mail)
        box.close()
        half.replace(path)


def _notices_in(mail: bytes) -> list[str]:
    text = next(part for part in message_from_bytes(mail).walk() if part.get_content_type() == "text/plain")
    body = text.get_payload(decode=True)
    assert isinstance(body, bytes)
    return _ID.findall(body.decode())


@contextmanager
def mail_sink(handler: Sink | None = None, **options: Any) -> Iterator[Sink]:
    """The server, listening on a free port of this machine during the block. `options`: of aiosmtpd's SMTP."""
    sink = handler or Sink()
    loop = asyncio.new_event_loop()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # else each greeting waits forty milliseconds for an acknowledgement
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sink.port = listening.getsockname()[1]

        async def serve() -> asyncio.Server:
            return await loop.create_server(
                lambda: SMTP(sink, hostname="localhost", loop=loop, **options), sock=listening
            )

        server = loop.run_until_complete(serve())
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.run_until_complete(_end_dialogues())
            loop.close()


async def _end_dialogues() -> None:
    """Every dialogue is broken off, and its connection closed."""
    dialogues = asyncio.all_tasks() - {asyncio.current_task()}
    for one in dialogues:
        one.cancel()
    await asyncio.gather(*dialogues, return_exceptions=True)
    await asyncio.sleep(0)  # in which what was closed is let go of
