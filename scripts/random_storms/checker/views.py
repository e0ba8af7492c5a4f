"""Views against a small fold of our own: notices, messages, the task board with its summary, agencies, and the trail's entries.

Of the other views, the two inboxes and the deadlines, it is only heard what the product's own fold makes of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scripts.random_storms.checker.evidence import Evidence, Fact, Finding

Row = dict[str, Any]
_STAGES = {
    "task.proposed": "proposed",
    "task.approved": "approved",
    "task.started": "in_progress",
    "task.rejected": "rejected",
    "task.withdrawn": "withdrawn",
    "task.evaluated": "evaluated",
    "task.discontinued": "discontinued",
    "task.carried_over": "carried_over",
}
_NOTICES = {"notice.released": "due", "notice.composed": "composed", "notice.cancelled": "cancelled"}
_MESSAGES = {
    "message.attempted": "sending",
    "message.sent": "sent",
    "message.deferred": "waiting",
    "message.failed": "failed",
    "message.unknown": "unknown",
    "message.cancelled": "cancelled",
    "message.retried": "waiting",
}


def check_views(evidence: Evidence) -> Iterator[Finding]:
    yield from _hear_of(evidence)
    boards: dict[str, Row] = {}
    for view, (prefix, fold) in _FOLDS.items():
        at, _ = evidence.positions.get(view, (0, ""))
        mine: dict[str, Row] = {}
        for fact in evidence.facts[:at]:
            if fact.stream.startswith(prefix) or fact.kind in _OTHERS.get(view, ()):
                fold(mine, fact)
        yield from _compare(view, mine, evidence.rows.get(view, {}))
        boards = mine if view == "task_board" else boards
    counted = Counter((row["stage"],) for row in boards.values())
    if (told := dict(evidence.tallies.get("programme_summary", {}))) != dict(counted):
        yield Finding("view differs", f"programme_summary counts {told}, the log has {dict(counted)}")
    yield from _entries(evidence)


def _hear_of(evidence: Evidence) -> Iterator[Finding]:
    """What the product says itself, or the server of a table."""
    for view, (position, state) in evidence.positions.items():
        if state == "stopped":
            yield Finding("view stopped", f"{view} at {position}")
    for view, said in evidence.unreadable.items():
        yield Finding("view unreadable", f"{view}: {said}")
    for view, said in evidence.differing.items():
        yield Finding("view differs", f"{view}, by the product's own fold: {said}")


def _compare(view: str, mine: Mapping[str, Row], told: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    for key in sorted(mine.keys() | told.keys()):
        want, row = mine.get(key), told.get(key)
        if want is None or row is None:
            yield Finding("view differs", f"{view} {key}: the log makes {want}, the table has {row}")
            continue
        wrong = {name: (value, _at(row, name)) for name, value in want.items() if _at(row, name) != value}
        if wrong:
            yield Finding("view differs", f"{view} {key}: {wrong} (the log's, the table's)")


def _at(row: Mapping[str, Any], path: str) -> Any:
    found: Any = row
    for name in path.split("."):
        found = None if found is None else found.get(name)
    return found


def _task(rows: dict[str, Row], fact: Fact) -> None:
    """The stage, who leads it, how far it is (the load corrects nothing and enters nothing late), and the last fact."""
    key, content = fact.stream.removeprefix("task/"), fact.content
    if fact.kind == "programme.task_added":
        rows[content["task"]] = {
            "lead": content["lead"],
            "title_ko": content["title"]["ko"],
            "stage": "listed",
            "changed_position": fact.position,
        }
        return
    if fact.kind == "task.proposed":
        rows[key] = {"lead": content["lead"], "title_ko": content["title"]["ko"], "progress": 0}
    if (row := rows.get(key)) is None:
        return
    row["stage"] = _STAGES.get(fact.kind, row.get("stage"))
    if fact.kind == "task.progress_reported":
        row["progress"] = content["percent"]
    row["changed_position"] = fact.position


def _notice(rows: dict[str, Row], fact: Fact) -> None:
    key, content = fact.stream.removeprefix("notice/"), fact.content
    if fact.kind == "notice.due":
        copied = ("task", "about", "deadline", "recipient", "channel", "due")
        rows[key] = {name: content.get(name) for name in copied} | {
            "stage": "held" if content.get("held") else "due",
            "message": None,
        }
        return
    if (row := rows.get(key)) is None:
        return  # there is a hole in the log, which is told
    row["stage"] = _NOTICES.get(fact.kind, row["stage"])
    if fact.kind == "notice.composed":
        row["message"] = content["message"]


def _message(rows: dict[str, Row], fact: Fact) -> None:
    key, content = fact.stream.removeprefix("message/"), fact.content
    if fact.kind == "message.composed":
        rows[key] = {
            "stage": "waiting",
            "recipient": content["recipient"],
            "notices": len(content["notices"]),
            "composed_at": fact.position,
        }
        return
    if (row := rows.get(key)) is None:
        return
    row["stage"] = _MESSAGES[fact.kind]
    if fact.kind == "message.attempted":
        row["state.attempts"] = row.get("state.attempts", 0) + 1
        row["state.number"] = content["number"]


def _agency(rows: dict[str, Row], fact: Fact) -> None:
    key, content = fact.stream.removeprefix("agency/"), fact.content
    if fact.kind in ("agency.registered", "agency.renamed"):
        rows[key] = {"name_ko": content["name"]["ko"]}


_FOLDS: Mapping[str, tuple[str, Callable[[dict[str, Row], Fact], None]]] = {
    "task_board": ("task/", _task),
    "notices": ("notice/", _notice),
    "messages": ("message/", _message),
    "agency_register": ("agency/", _agency),
}
# the kinds of facts of other streams that a view folds
_OTHERS: Mapping[str, tuple[str, ...]] = {"task_board": ("programme.task_added",)}


def _entries(evidence: Evidence) -> Iterator[Finding]:
    """The trail's entries have a row for each fact up to their position, and none for others."""
    at, _ = evidence.positions.get("trail_entries", (0, ""))
    told = {
        (row["position"], row["kind"], row["stream"], row["command"])
        for row in evidence.rows.get("trail_entries", {}).values()
        if row.get("position") is not None
    }
    mine = {(one.position, one.kind, one.stream, one.envelope["command"]) for one in evidence.facts[:at]}
    for one in sorted(mine ^ told)[:3]:
        yield Finding("view differs", f"trail_entries: {one} is {'missing' if one in mine else 'in no log'}")
