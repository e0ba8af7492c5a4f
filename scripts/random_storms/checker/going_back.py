"""A failover to a standby that had not all, or a WAL that ends too early: what that lost is lost, but nobody builds on the loss before a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scripts.random_storms.checker.evidence import Entry, Evidence, Finding, Made

LOSING = ("lose tail", "wal")
_DECIDED = "store.epoch_begun"


def check_going_back(evidence: Evidence) -> Iterator[Finding]:
    for fault in _losses(evidence):
        lost = any(_is_lost(one, fault) for one in evidence.ledger)
        # what was not acknowledged may be lost and not missed: then there is nothing to accept, which is refused
        if fault.more.get("code") not in ((0,) if lost else (0, 1)):
            yield Finding("not accepted", f"`epoch accept` ended with {fault.more.get('code')}")
        if lost:
            yield from _find_built_on(evidence, fault)


def _find_built_on(evidence: Evidence, fault: Made) -> Iterator[Finding]:
    """What was done on what was left before a person decided."""
    kept = fault.more["kept"]
    if [one.kind for one in evidence.facts[kept : kept + 1]] not in ([], [_DECIDED]):
        yield Finding("built on a loss", f"fact {kept + 1} is not the one that says that a person decided")
    for one in evidence.ledger:
        early = fault.more["promoted"] <= one.t < fault.more["accepted"]
        if early and one.what == "done" and one.more["last"] > kept:
            yield Finding("built on a loss", f"{one.id} was acknowledged before a person decided")


def without_lost(evidence: Evidence) -> Evidence:
    """What was acknowledged, sent or sealed of what a failover lost is held against nobody."""
    for fault in _losses(evidence):
        kept, promoted = fault.more["kept"], fault.more["promoted"]
        attempted = {one.stream for one in evidence.facts[:kept] if one.kind == "message.attempted"}
        evidence = replace(
            evidence,
            ledger=[
                one._replace(what="unknown", more={"error": "lost"}) if _is_lost(one, fault) else one
                for one in evidence.ledger
            ],
            mails=[
                one for one in evidence.mails if one.t >= promoted or f"message/{one.message}" in attempted
            ],
            checkpoints=[one for one in evidence.checkpoints if one.t >= promoted or one.size <= kept],
        )
    return evidence


def _losses(evidence: Evidence) -> list[Made]:
    return [one for one in evidence.faults if one.kind in LOSING and not one.missed]


def _is_lost(one: Entry, fault: Made) -> bool:
    return (
        one.what == "done" and one.t < fault.more["promoted"] and one.more["last"] > int(fault.more["kept"])
    )
