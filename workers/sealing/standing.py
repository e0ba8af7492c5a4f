"""How the trail stands on this machine, for people to look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from store.watched import last_watched, load_entries_after
from workers.engine import Engine
from workers.sealing.folder import TrailFolder
from workers.sealing.nights import night
from workers.sealing.sealer import waiting_since
from workers.sealing.stamping import load_latest
from workers.sealing.watched import WatchedFolder
from workflows.trail.alarms import Alarm as Difference
from workflows.trail.alarms import alarms


class AccessLogStatus(msgspec.Struct, frozen=True):
    """Of the log of readings and refusals. `key`: what its witnesses trust; `unknown_to`: witnesses that do not yet.

    `behind_since`: when the first entry was recorded that is not sealed.
    """

    origin: str
    keys: tuple[str, ...]
    sealed: int
    behind: int
    behind_since: datetime | None
    witnesses: tuple[str, ...]
    quorum: bool | None
    unknown_to: tuple[str, ...]
    alarm: dict[str, str] | None
    disagreements: tuple[dict[str, str], ...]


class TrailStatus(msgspec.Struct, frozen=True):
    """`sealed`: facts in the latest published checkpoint; `behind`: facts after it. `quorum`: None where none is.

    `alarm`: why nothing more is sealed; `disagreements`: witnesses that have seen another log, until a person has looked.
    `differences`: from what was sealed, on record; `compared`: when the whole database was compared with it last.
    `behind_since`: when the first fact was recorded that waits to be sealed, the trail's own left aside.
    """

    origin: str
    keys: tuple[str, ...]
    sealed: int
    behind: int
    behind_since: datetime | None
    root: str | None
    witnesses: tuple[str, ...]
    asked: tuple[str, ...]
    needed: int
    quorum: bool | None
    timestamped: dict[str, Any] | None
    alarm: dict[str, str] | None
    disagreements: tuple[dict[str, str], ...]
    readings: AccessLogStatus
    differences: tuple[Difference, ...]
    compared: datetime | None


def status_of_trail(engine: Engine) -> TrailStatus:
    """Raises NoTrail, and of what is published."""
    folder = TrailFolder(engine.data)
    policy, signed, published = folder.policy(), folder.load_signed(), folder.load_published()
    size = 0 if published is None else published[1].size
    last, alarm = load_latest(folder), folder.alarm()
    return TrailStatus(
        origin=signed.origin,
        keys=tuple(str(key) for key in policy.log_keys),
        sealed=size,
        behind=engine.store.head().position - size,
        behind_since=waiting_since(engine.store, size),
        root=None if published is None else published[1].root.hex(),
        witnesses=() if published is None else tuple(one.name for one in policy.witnesses_on(published[0])),
        asked=tuple(one.name for one in policy.witnesses),
        needed=policy.needed,
        quorum=None if published is None else policy.is_satisfied_by(published[0]),
        timestamped=None if last is None else msgspec.to_builtins(last),
        alarm=None if alarm is None else msgspec.to_builtins(alarm),
        disagreements=tuple(msgspec.to_builtins(one) for one in folder.disagreements()),
        differences=tuple(alarms(engine.store)),
        compared=None if (last_night := night(engine.data)) is None else last_night.ended,
        readings=_status_of_access_log(engine),
    )


def _status_of_access_log(engine: Engine) -> AccessLogStatus:
    folder = WatchedFolder(engine.data)
    policy, published, alarm = folder.policy(), folder.load_published(), folder.alarm()
    size = 0 if published is None else published[1].size
    waiting = load_entries_after(engine.store, size, 1)
    return AccessLogStatus(
        origin=folder.load_signed().origin,
        keys=tuple(str(key) for key in policy.log_keys),
        sealed=size,
        behind=last_watched(engine.store) - size,
        behind_since=waiting[0].at if waiting else None,
        witnesses=() if published is None else tuple(one.name for one in policy.witnesses_on(published[0])),
        quorum=None if published is None else policy.is_satisfied_by(published[0]),
        unknown_to=tuple(sorted(folder.unknown_to())),
        alarm=None if alarm is None else msgspec.to_builtins(alarm),
        disagreements=tuple(msgspec.to_builtins(one) for one in folder.disagreements()),
    )
