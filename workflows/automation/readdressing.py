"""Addressing again: a notice that waited, or that reaches nobody, goes to whoever its rung is for now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from domain.aggregate import Command
from domain.notice.commands import Arm, Cancel
from domain.notice.facts import Cancelled, Due
from domain.notice.state import NOTICE, Notice, NoticeStage
from domain.seoul import local_day
from domain.streams import identity_of, kind_of, notice_stream
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.automation.reminders import notice_about, notice_id
from workflows.automation.sources import SOURCES
from workflows.recipients import Directory, Reaches, Recipient


def readdress(
    store: Store, notices: Collection[str], reaches: Reaches, *, only_unreached: bool = False
) -> Mapping[str, list[Command]]:
    """By notice that is for somebody else now: the commands that cancel it and arm it for whoever that is.

    Looked at are those that were armed before today, and those whose recipient cannot be reached; the latter alone with
    `only_unreached`. A person who was told of the same is not told again.
    """
    today = local_day(store.now())
    streams = store.load([notice_stream(one) for one in notices]).streams
    directory = Directory(store, today)
    found: dict[str, list[Command]] = {}
    armed: set[str] = set()
    for stream, facts in streams.items():
        notice: Notice = fold_state(NOTICE, facts)
        due = notice.due
        if due is None or notice.stage is NoticeStage.CANCELLED:
            continue
        waited = not only_unreached and local_day(facts[0].known_at) < today
        if not waited and reaches(due.recipient, due.channel):
            continue
        arms = _arming(store, due, directory, reaches, armed)
        if arms is not None:
            found[identity_of(stream)] = [Cancel(notice=identity_of(stream), why="readdressed"), *arms]
    return found


def _arming(
    store: Store, due: Due, directory: Directory, reaches: Reaches, armed: set[str]
) -> list[Arm] | None:
    """What arms it for whoever it is for now; None where that is nobody else. `armed`: the ids that were used already."""
    source = SOURCES[kind_of(due.stream)]
    found = source.address(store, due, store.read(due.stream), directory)
    if found is None:
        return None
    due = found.due
    to = directory.recipients(found.steps, found.answering, reaches)
    if (due.recipient, due.channel) in {(one.recipient, one.channel) for one in to}:
        return None
    arms = []
    for one in to:
        name = _free_name(store, due, one)
        if name is not None and name not in armed:
            armed.add(name)
            arms.append(
                _arm(
                    name, due, one, found.answering.agency, late=due.on < directory.day and not found.at_once
                )
            )
    return arms


def _free_name(store: Store, due: Due, to: Recipient) -> str | None:
    """The id under which it is armed for them; None where they have it already, or a person did not want it.

    Who had it once and gave it to another, before it went, gets it back under another id.
    """
    about = notice_about(due.stream, due.deadline, due.item, due.due, due.days, to)
    for time in range(100):
        name = notice_id(store, f"{about} again {time}" if time else about)
        facts = store.read(notice_stream(name))
        if not facts:
            return name
        if not _was_given_away(facts):
            return None
    return None


def _was_given_away(facts: Collection[RecordedFact[Any]]) -> bool:
    return any(isinstance(one.fact, Cancelled) and one.fact.why == "readdressed" for one in facts)


def _arm(name: str, due: Due, to: Recipient, agency: str | None, *, late: bool) -> Arm:
    told = msgspec.structs.asdict(due) | msgspec.structs.asdict(to)
    return Arm(**told | {"notice": name, "agency": agency, "late": late, "held": False})
