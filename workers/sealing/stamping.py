"""A timestamp a day over the published checkpoint, by an authority that is not ours."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from domain.errors import DonghaengError
from domain.seoul import local_day
from domain.trail.commands import RecordTimestamp
from trail.json_bytes import json_in
from trail.logs import Logger
from workers.engine import Engine
from workers.sealing.folder import TrailFolder
from workers.sealing.recording import record
from workers.sealing.timestamps import stamp
from workers.sealing.watched import WatchedFolder

_log = Logger()
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class Authority(msgspec.Struct, frozen=True):
    """`certificates`: a PEM file of those that its tokens are checked against."""

    url: str
    certificates: Path


class LatestStamp(msgspec.Struct, frozen=True):
    """`day`: in Seoul, by our own clock."""

    day: date
    size: int
    at: datetime


def load_latest(folder: TrailFolder) -> LatestStamp | None:
    """The latest timestamp."""
    return json_in(folder.path / "timestamps" / "latest", LatestStamp)


def stamp_daily(engine: Engine, authority: Authority, *, now_too: bool = False) -> LatestStamp | None:
    """Have the published checkpoint timestamped, unless that was done today; None where there was nothing to do.

    Safe to run twice: who holds the folder does it, and a second token does no harm. An authority that is away is
    asked again at the next run. Raises what `stamp` raises. `now_too`: also where it was done today.
    """
    folder = TrailFolder(engine.data)
    with folder.alone():
        found = _stamp(folder, authority, now_too, lambda command: _record(engine, command))
        # that of readings and refusals has no facts of its own
        _stamp(WatchedFolder(engine.data), authority, now_too, lambda _: None)
    return found


def _stamp(
    folder: TrailFolder, authority: Authority, now_too: bool, recorded: Callable[[RecordTimestamp], object]
) -> LatestStamp | None:
    """Of one log. `recorded`: called before it is remembered that this was done today."""
    today = local_day(datetime.now(UTC))
    published, last = folder.load_published(), load_latest(folder)
    if published is None or (last is not None and last.day >= today and not now_too):
        return None
    note, checkpoint = published
    given = str(note).encode()
    certificates = authority.certificates.read_bytes()
    token = stamp(authority.url, given, certificates)
    place = f"timestamps/{checkpoint.size}"
    folder.write(f"{place}.note", given)
    folder.write(f"{place}.tsr", token.der)
    folder.write("tsa.pem", _with_earlier(folder, certificates))
    recorded(
        RecordTimestamp(
            day=today,
            size=checkpoint.size,
            note=given.decode(),
            token=base64.b64encode(token.der).decode(),
            at=token.at,
        )
    )
    found = LatestStamp(today, checkpoint.size, token.at)
    folder.write("timestamps/latest", msgspec.json.encode(found))
    _log.info("trail_timestamped", log=checkpoint.origin, size=checkpoint.size, at=token.at.isoformat())
    return found


def _record(engine: Engine, command: RecordTimestamp) -> None:
    record(engine, command, "trail.timestamp", command.size)


def _with_earlier(folder: TrailFolder, certificates: bytes) -> bytes:
    """The certificates with those that earlier tokens need: another authority takes nobody's word back."""
    path = folder.path / "tsa.pem"
    earlier = path.read_bytes() if path.exists() else b""
    blocks = _CERTIFICATE.findall(earlier) + _CERTIFICATE.findall(certificates)
    return b"\n".join(dict.fromkeys(blocks)) + b"\n"


def try_stamping(engine: Engine, authority: Authority) -> LatestStamp | None:
    """The same for a job: what goes wrong is told, and tried again at the next run."""
    try:
        return stamp_daily(engine, authority)
    except (DonghaengError, OSError) as error:
        said = error.say("en") if isinstance(error, DonghaengError) else str(error)
        _log.warning("trail_not_timestamped", said=said)
        return None
