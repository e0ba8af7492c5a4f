"""What people read of the machine on which the store is worked on: its jobs, and how far it has acted on the log.

As in `workflows.queries`, a query authorises before it looks. No client of Redis is loaded before jobs are asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workers.delivery.webhook_secrets import secret_of
from workers.restore_guard import StoreState, state_of_store
from workflows.queries.inquiry import Inquiry

if TYPE_CHECKING:
    from workers.engine import Engine
    from workers.job_list import JobList
    from workers.sealing.standing import TrailStatus as TrailStanding


def list_jobs(inquiry: Inquiry, engine: Engine) -> JobList:
    """Raises RedisAway, RedisRefuses."""
    inquiry.authorise("jobs")
    from workers.job_list import JobList, list_jobs  # noqa: PLC0415 - RQ and Redis's client take a tenth of a second

    return JobList(list_jobs(engine.queues))


def show_epoch(inquiry: Inquiry, data: Path) -> StoreState:
    """Whether the store was restored, and how far the machine with this data folder has acted on it."""
    inquiry.authorise("epoch.show")
    return state_of_store(inquiry.store, data)


def show_trail(inquiry: Inquiry, engine: Engine) -> TrailStanding:
    """How far the log is sealed on this machine, by whom, and what is wrong with it. Raises NoTrail."""
    inquiry.authorise("trail")
    from workers.sealing.standing import status_of_trail  # noqa: PLC0415 - ciphers take a tenth of a second to load

    return status_of_trail(engine)


class SecretShown(msgspec.Struct, frozen=True):
    """With which an agency's webhooks are signed, by Standard Webhooks."""

    agency: str
    secret: str


def webhook_secret(inquiry: Inquiry, agency: str) -> SecretShown:
    inquiry.authorise("agency.secret", (agency,))
    return SecretShown(agency, secret_of(inquiry.store.signing_key, agency))
