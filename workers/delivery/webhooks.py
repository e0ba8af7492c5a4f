"""Webhooks by Standard Webhooks: signed, the same id on every attempt, to public hosts alone unless allowed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from trail.logs import Logger
from workers.delivery.outcome import NO_ANSWER, UNREACHABLE, DeliveryResult
from workers.http_client import LedElsewhere, NoAddress, NoReply, TimeLimits, post
from workers.public_hosts import (
    HostNotPublic,
    HostUnknown,
    Networks,
    NotEncrypted,
    Resolve,
    check_address,
    resolve_host,
)

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0  # until something comes
MOST_SECONDS = 20.0  # from asking for the name until all of the answer's head has come
_LATER = (408, 425, 429)
_GONE = 410
_LONGEST_ASKED = timedelta(days=1)  # lest a mistyped date hold reminders up until nobody needs them
_SECONDS = re.compile("[0-9]{1,18}", re.ASCII)
_log = Logger()


def deliver(
    url: str,
    identity: str,
    body: bytes,
    secret: str,
    at: datetime,
    allowed: Networks = (),
    resolve: Resolve = resolve_host,
) -> DeliveryResult:
    """Post it. The name is resolved once, no redirect is followed, and of the answer only the head is read.

    `at`: now, by the database: receivers refuse what is signed with a time that is minutes off, as a host's own may be.
    """
    signed = {
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, at, body.decode()),
    }
    try:
        reply = post(
            url,
            body,
            "application/json",
            seconds=TimeLimits(MOST_SECONDS, CONNECT_SECONDS, READ_SECONDS),
            most=None,  # what it had to say, it has said with its status
            headers=signed,
            judge=lambda asked: check_address(asked, allowed, resolve),
        )
    except HostUnknown:
        return UNREACHABLE
    except (NoAddress, NotEncrypted):
        return DeliveryResult("failed", "bad_address")
    except (HostNotPublic, LedElsewhere):
        return DeliveryResult("failed", "not_public")
    except NoReply as error:
        name = "webhook_silent" if error.begun else "webhook_unreachable"
        _log.warning(name, host=urlsplit(url).hostname, error=error.problem)
        return NO_ANSWER if error.begun else UNREACHABLE
    return _result_of(reply.status, reply.retry_after, at)


def _result_of(status: int, retry_after: str | None, at: datetime) -> DeliveryResult:
    if 200 <= status < 300:
        return DeliveryResult("sent", code=status)
    if 300 <= status < 400:
        return DeliveryResult("failed", "redirected", status)
    if status >= 500 or status in _LATER:
        return DeliveryResult("deferred", "not_now", status, after=parse_retry_after(retry_after, at))
    return DeliveryResult("failed", "refused", status, gone=status == _GONE)


def parse_retry_after(retry_after: str | None, at: datetime) -> timedelta | None:
    """For how long a `Retry-After` asks to be left alone, at most a day: seconds, or a date after `at`.

    None where it asks for nothing, or for what cannot be read.
    """
    told = (retry_after or "").strip()
    if _SECONDS.fullmatch(told):
        pause = timedelta(seconds=min(int(told), int(_LONGEST_ASKED.total_seconds())))
    else:
        try:
            until = parsedate_to_datetime(told)
        except (TypeError, ValueError, OverflowError):
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        pause = min(until - at, _LONGEST_ASKED)
    return pause if pause > timedelta() else None
