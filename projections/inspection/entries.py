"""The entries of the trail: a row a fact, to be looked up by who, on whose behalf, what, by which rule and why.

Beside them a row a stream that several facts share, which says whose matter it is; it has no position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.agency import facts as of_agencies
from domain.message import facts as of_messages
from domain.notice import facts as of_notices
from domain.programme import facts as of_programmes
from domain.register import FACTS
from domain.streams import identity_of, kind_of
from domain.task import facts as of_tasks
from domain.task.state import Task, evolve
from domain.token import facts as of_tokens
from projections.view import View
from store.envelope import Actor
from store.recorded import RecordedFact, text_ids

_SHARED = ("task", "notice", "message", "token")
_WHOSE = (
    of_tasks.Proposed,
    of_tasks.ProposalRequested,
    of_tasks.Revised,
    of_tasks.HandedOver,
    of_tasks.PartnerAdded,
    of_tasks.PartnerReleased,
)
_WHOSE_STAMPS = ("lead", "partners")
_TOLD = "(texts <> '{}')"
_IDENTITY = re.compile(r"[0-9a-f]{32}")


class EntryRow(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """`task`, `agency`: what and whose it is about, at that moment; `others`: agencies that take part or are named.

    `actor`, `behalf`: "role" or "role@agency"; `subject`, `behalf_subject`: the persons. `cause`: the position of the
    fact that made a rule act; `due`: the stream, or fact of it as "stream#version", that did. `dated`: the effective time where one is stated. `texts`: ids of free texts.
    `whose`: in a task's row, who leads it and takes part, with since when.
    """

    stream: str
    task: str | None = None
    agency: str | None = None
    others: tuple[str, ...] = ()
    position: int | None = None
    kind: str | None = None
    role: str | None = None
    actor: str | None = None
    subject: str | None = None
    behalf: str | None = None
    behalf_subject: str | None = None
    rule: str | None = None
    cause: int | None = None
    due: str | None = None
    command: str | None = None
    dated: datetime | None = None
    texts: tuple[str, ...] = ()
    whose: Task | None = None


def office_of(actor: Actor) -> str:
    """An actor without the person, e.g. "officer@gto"."""
    return actor.role if actor.agency is None else f"{actor.role}@{actor.agency}"


def about(row: EntryRow | None, recorded: RecordedFact[Any]) -> EntryRow:
    """Whose matter a stream is after the fact."""
    if row is None:
        task = identity_of(recorded.stream) if kind_of(recorded.stream) == "task" else None
        row = EntryRow(recorded.stream, task=task)
    say = _SAYING_WHOSE.get(type(recorded.fact))  # most facts say nothing
    return row if say is None else say(row, recorded)


def _apply_lead(row: EntryRow, recorded: RecordedFact[Any]) -> EntryRow:
    known = Task() if row.whose is None else row.whose
    task = evolve(known, recorded.fact, recorded.effective_at, recorded.version)
    stamps = {key: one for key, one in task.stamps.items() if key.partition(" ")[0] in _WHOSE_STAMPS}
    whose = Task(lead=task.lead, partners=task.partners, stamps=stamps)
    return replace(row, agency=task.lead, others=task.partners, whose=whose)


def _apply_recipient(row: EntryRow, recorded: RecordedFact[Any]) -> EntryRow:
    recipient: str = recorded.fact.recipient
    return replace(row, agency=recipient.removeprefix("agency/")) if recipient.startswith("agency/") else row


_SAYING_WHOSE: Mapping[type, Callable[[EntryRow, RecordedFact[Any]], EntryRow]] = {
    **dict.fromkeys(_WHOSE, _apply_lead),
    of_notices.Due: lambda row, one: replace(row, task=one.fact.task, agency=one.fact.agency),
    of_messages.Composed: _apply_recipient,
    of_tokens.Issued: lambda row, one: replace(row, agency=one.fact.agency),
}
# agencies that only this fact names, by what the stream was before it
_NAMING: Mapping[type, Callable[[EntryRow | None, Any], tuple[str | None, ...]]] = {
    of_tasks.HandedOver: lambda before, fact: (None if before is None else before.agency, fact.lead),
    of_tasks.PartnerAdded: lambda before, fact: (fact.partner,),
    of_tasks.PartnerReleased: lambda before, fact: (fact.partner,),
    of_agencies.Merged: lambda before, fact: (fact.into,),
    of_agencies.Transferred: lambda before, fact: (fact.to,),
}


def entry(before: EntryRow | None, after: EntryRow, recorded: RecordedFact[Any]) -> EntryRow:
    """The fact's own row. `before`, `after`: whose matter the stream was and is."""
    envelope = recorded.envelope
    actor, behalf, cause = envelope.actor, envelope.on_behalf_of, envelope.cause
    agency, naming = after.agency or actor.agency, _NAMING.get(type(recorded.fact))
    others: tuple[str, ...] = ()
    if after.others or naming is not None or behalf is not None:
        named = () if naming is None else naming(before, recorded.fact)
        others = _but(
            agency, (*after.others, *named, actor.agency, None if behalf is None else behalf.agency)
        )
    elif actor.agency is not None and actor.agency != agency:
        others = (actor.agency,)
    return EntryRow(
        stream=recorded.stream,
        task=after.task,
        agency=agency,
        others=others,
        position=recorded.position,
        kind=recorded.kind,
        role=actor.role,
        actor=office_of(actor),
        subject=actor.subject,
        behalf=None if behalf is None else office_of(behalf),
        behalf_subject=None if behalf is None else behalf.subject,
        rule=None if cause is None else cause.rule,
        cause=None if cause is None else cause.fact,
        due=None if cause is None else cause.due,
        command=envelope.command,
        dated=envelope.effective_at,
        # an id that is none refers to no text
        texts=tuple([one for one in text_ids(recorded) if _IDENTITY.fullmatch(one)]),
    )


def _but(agency: str | None, named: tuple[str | None, ...]) -> tuple[str, ...]:
    """Those named, each once, without this one."""
    return tuple([one for one in dict.fromkeys(named) if one is not None and one != agency])


def _alone(recorded: RecordedFact[Any]) -> EntryRow:
    """Whose matter a fact is whose stream says nothing about its next one."""
    kind, identity = kind_of(recorded.stream), identity_of(recorded.stream)
    if kind == "audit" and "-" in identity:  # of a task, and not of a year
        return EntryRow(recorded.stream, task=identity)
    if kind == "money":  # of the task; and of the agency whose entry it is
        return EntryRow(recorded.stream, task=identity, agency=getattr(recorded.fact, "agency", None))
    if isinstance(recorded.fact, of_programmes.TaskAdded | of_programmes.TaskChanged):
        return EntryRow(recorded.stream, task=recorded.fact.task, agency=recorded.fact.lead)
    return EntryRow(recorded.stream, agency=identity if kind == "agency" else None)


def is_shared(stream: str) -> bool:
    """Whether a stream's earlier facts say whose matter its later ones are."""
    return kind_of(stream) in _SHARED


def _keys(recorded: RecordedFact[Any]) -> tuple[str, ...]:
    shared = is_shared(recorded.stream)
    return (str(recorded.position), recorded.stream) if shared else (str(recorded.position),)


class _Entries(View):
    def fold_under(self, keys: Sequence[str], rows: dict[str, Any], recorded: RecordedFact[Any]) -> None:
        """The fact's own row, and the stream's."""
        key = keys[0]
        if len(keys) == 1:
            alone = _alone(recorded)
            rows[key] = entry(None, alone, recorded)
            return
        before = rows.get(recorded.stream)
        after = self.evolve(before, recorded)
        made = entry(before, after, recorded)
        rows[recorded.stream], rows[key] = after, made


TRAIL_ENTRIES = _Entries(
    name="trail_entries",
    version=2,
    row=EntryRow,
    columns={
        "position": "bigint",
        "task": "text",
        "agency": "text",
        "others": "text[]",
        "kind": "text",
        "role": "text",
        "actor": "text",
        "subject": "text",
        "behalf": "text",
        "behalf_subject": "text",
        "rule": "text",
        "cause": "bigint",
        "due": "text",
        "command": "text",
        "dated": "timestamptz",
        "texts": "text[]",
    },
    kinds=frozenset(FACTS),
    keys=_keys,
    evolve=about,
    reading="trail",
    # What stands behind the position is what else is asked for together with what stands before it: rows that are not
    # meant are passed over within the index, without a look at their pages.
    indexes={
        "position": "(position DESC)",
        **{
            name: f"({name}, position DESC{more}) WHERE position IS NOT NULL"
            for name, more in {
                "task": "",
                "agency": ", kind, role, rule, dated",
                "kind": ", role, rule",
                "role": f", kind, rule, {_TOLD}",
                "actor": f", kind, rule, {_TOLD}",
            }.items()
        },
        **{
            name: f"({name}, position DESC{more}) WHERE {name} IS NOT NULL"
            for name, more in {
                "subject": ", kind, dated",
                "behalf": ", kind, role",
                "behalf_subject": ", kind, dated",
                "rule": f", kind, role, {_TOLD}",
                "cause": "",
                "due": "",
                "dated": "",
            }.items()
        },
        "late": "(position DESC, dated, kind, role, agency) WHERE dated IS NOT NULL",
        "on_behalf": "(position DESC) WHERE behalf IS NOT NULL",
        "command": "USING hash (command)",
        "others": "USING gin (others) WHERE others <> '{}'",
        "told": "(position DESC, role, kind, agency) WHERE texts <> '{}'",
        "texts": "USING gin (texts) WHERE texts <> '{}'",
    },
    fill_factor=100,
    by_stream=True,
    marked=True,
)
