"""What a small storm left behind that went well, written by hand. The checker's tests spoil one thing each."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from scripts.random_storms.checker.evidence import Checkpoint, Entry, Evidence, Fact, Look, Made, Mail
from scripts.random_storms.checker.seals import leaf, root

MONDAY = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)
PID = 77


class Log:
    """Facts, one after the other."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def add(self, stream: str, kind: str, command: str, **content: Any) -> None:
        at = MONDAY + timedelta(seconds=len(self.facts))
        version = 1 + sum(one.stream == stream for one in self.facts)
        state = json.dumps({"command": command}) + "\n" + json.dumps(content)
        position = len(self.facts) + 1
        self.facts.append(Fact(position, stream, version, kind, at, at, state.encode()))


def well() -> Evidence:
    """A task is proposed and approved, one reminder goes out, and the whole is sealed."""
    log = Log()
    proposed = {"lead": "gto", "title": {"ko": "과제"}}
    log.add("task/2024-01", "task.proposed", "c1", **proposed)
    log.add("task/2024-01", "task.approved", "c2")
    due = {"task": "2024-01", "deadline": "start", "item": None, "due": "2024-03-08", "days": -3}
    due |= {"recipient": "agency/gto", "channel": "mail"}
    log.add("notice/n1", "notice.due", "c3", **due)
    composed = {"recipient": "agency/gto", "notices": ["n1"]}
    log.add("message/m1", "message.composed", "c4", **composed)
    log.add("notice/n1", "notice.composed", "c4", message="m1")
    log.add("message/m1", "message.attempted", "c5", number=1)
    log.add("message/m1", "message.sent", "c6")
    log.add("agency/gto", "agency.registered", "c10", name={"ko": "관광공사"})
    facts, end = log.facts, len(log.facts)
    row = {"lead": "gto", "title_ko": "과제", "progress": 0, "stage": "approved", "changed_position": 2}
    message = {"stage": "sent", "recipient": "agency/gto", "notices": 1, "composed_at": 4}
    sealed = base64.b64encode(root([_hashed(one) for one in facts[:5]])).decode()
    return Evidence(
        facts=facts,
        commands={
            "c1": (1, 1),
            "c2": (2, 2),
            "c3": (3, 3),
            "c4": (4, 5),
            "c5": (6, 6),
            "c6": (7, 7),
            "c10": (8, 8),
        },
        head=end,
        positions=dict.fromkeys(
            ("task_board", "notices", "messages", "agency_register", "trail_entries"), (end, "running")
        ),
        rows={
            "agency_register": {"gto": {"name_ko": "관광공사"}},
            "task_board": {"2024-01": row},
            "notices": {"n1": {**due, "stage": "composed", "message": "m1"}},
            "messages": {"m1": {**message, "state": {"attempts": 1, "number": 1}}},
            "trail_entries": {
                f"{one.position:012}": {
                    "position": one.position,
                    "kind": one.kind,
                    "stream": one.stream,
                    "command": one.envelope["command"],
                }
                for one in facts
            },
        },
        tallies={"programme_summary": {("approved",): 1}},
        ledger=[
            Entry(10.0, PID, "intent", "c1", {}),
            Entry(10.1, PID, "done", "c1", {"first": 1, "last": 1}),
            Entry(10.2, PID, "intent", "c2", {}),
            Entry(10.3, PID, "unknown", "c2", {"error": "OutcomeUnknown"}),
            Entry(10.4, PID, "intent", "c2", {}),
            Entry(10.5, PID, "done", "c2", {"first": 2, "last": 2}),
            Entry(10.6, PID, "intent", "c9", {}),
            Entry(10.7, PID, "refused", "c9", {"error": "StoreBusy"}),
            Entry(10.8, PID, "reading begun", "board", {}),
            Entry(10.9, PID, "reading ended", "board", {}),
        ],
        mails=[Mail(11.0, "m1")],
        checkpoints=[Checkpoint(5, sealed)],
        faults=[Made("kill", "ticker", 10.0, 10.0, {"pids": [5], "lasted": 0.0})],
        looks=[Look(11.0, 11.2, {"trail": "warn"})],
        well={"trail": "warn"},
        after={"trail": "warn"},
        logged=[{"event": "part_restarted", "part": "ticker"}],
        began=9.0,
        rested=3.0,
    )


def _hashed(fact: Fact) -> bytes:
    return sha256(b"\0" + leaf(fact)).digest()
