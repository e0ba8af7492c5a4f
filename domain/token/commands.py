"""What can be asked of tokens."""

from __future__ import annotations

from typing import Literal

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import AgencyName, Sha256, Subject
from domain.plan_limits import Day
from domain.roles import HEAD, PLANNER
from domain.streams import token_stream

# a system's commands name a rule, and a rule is no machine outside
TokenRole = Literal["officer", "head", "planner", "department", "inspector", "citizen"]


class OnToken(Command):
    """A command about one token, by its random id."""

    token: Subject

    @property
    def stream(self) -> str:
        return token_stream(self.token)


class Issue(OnToken):
    """Let a machine act in a role until the end of a day. `secret_sha256`: of a secret that is kept nowhere."""

    name = "token.issue"
    label = Bilingual("토큰 발급", "issue a token")
    by = PLANNER | HEAD
    role: TokenRole
    agency: AgencyName | None = None
    subject: Subject | None = None
    secret_sha256: Sha256
    until: Day


class Revoke(OnToken):
    name = "token.revoke"
    label = Bilingual("토큰 폐기", "revoke the token")
    by = PLANNER | HEAD


TokenCommand = Issue | Revoke
