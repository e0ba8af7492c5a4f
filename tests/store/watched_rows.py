"""One refusal and one reading, as the store takes them."""

from __future__ import annotations

from typing import Any

from store.accesses import Access
from store.envelope import Actor
from store.refused import Refused

PLANNER, OFFICER, SYSTEM = Actor(role="planner"), Actor(role="officer", agency="gto"), Actor(role="system")
COMMAND_ID, SUBJECT = "c" * 32, "1" * 32


def refusal(**changes: Any) -> Refused:
    fields: dict[str, Any] = {
        "actor": OFFICER,
        "via": "cli",
        "authn": "asserted",
        "command": "task.approve",
        "stream": "task/2024-07",
        "command_id": COMMAND_ID,
        "refusal": "NotPermitted",
        "machine": "user=kim; host=desk",
    }
    return Refused(**fields | changes)


def reading(**changes: Any) -> Access:
    fields: dict[str, Any] = {
        "actor": PLANNER,
        "authn": "asserted",
        "via": "cli",
        "reading": "subject.show",
        "subjects": (SUBJECT,),
        "purpose": "연락처 확인",
        "host": "desk",
        "os_user": "kim",
    }
    return Access(**fields | changes)
