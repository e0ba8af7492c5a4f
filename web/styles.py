"""The console's one stylesheet, under an address that changes with its content, so that it can be kept for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from litestar import Response, get

from web.threads import in_thread


class Styles(NamedTuple):
    content: bytes
    address: str


def _read() -> Styles:
    content = Path(__file__).with_name("static").joinpath("console.css").read_bytes()
    return Styles(content, f"/static/console-{hashlib.sha256(content).hexdigest()[:16]}.css")


STYLES = _read()


@get(STYLES.address)
@in_thread
def stylesheet() -> Response[bytes]:
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(STYLES.content, media_type="text/css", headers=kept)
