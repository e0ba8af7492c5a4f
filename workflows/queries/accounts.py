"""What people read of accounts: who is signed in at the console."""

from __future__ import annotations

from datetime import datetime

import msgspec

from store.envelope import spell_actor
from store.sessions import Session, load_sessions
from workflows.queries.inquiry import Inquiry


class SessionRead(msgspec.Struct, frozen=True, kw_only=True):
    """`acts`: as which the person acts, as `--as` takes it; None until chosen. `client`: from which address it began."""

    id: str
    subject: str
    acts: str | None
    authn: str
    client: str | None
    began_at: datetime
    seen_at: datetime


class SessionList(msgspec.Struct, frozen=True):
    sessions: list[SessionRead]


def list_sessions(inquiry: Inquiry) -> SessionList:
    """Who is signed in now, the newest first."""
    inquiry.authorise("account.sessions")
    return SessionList([describe_session(one) for one in load_sessions(inquiry.store)])


def describe_session(session: Session) -> SessionRead:
    return SessionRead(
        id=session.id,
        subject=session.subject,
        acts=None if session.acts is None else spell_actor(session.acts),
        authn=session.authn,
        client=session.client,
        began_at=session.began_at,
        seen_at=session.seen_at,
    )
