"""Commands of meetings that are made from what the log says: whose item or decision it is."""

from __future__ import annotations

from domain.meeting.commands import FinishDecision, WithdrawItem
from domain.meeting.state import MEETING, Meeting
from domain.streams import meeting_stream
from store.log import Store
from store.recorded import fold_state


def withdraw_item(store: Store, meeting: str, item: int) -> WithdrawItem:
    """The command, which names whose item it is, so that its agency may give it."""
    state: Meeting = fold_state(MEETING, store.read(meeting_stream(meeting)))
    whose = state.items[item].agency if item in state.items else None
    return WithdrawItem(meeting=meeting, item=item, agency=whose)


def finish_decision(store: Store, meeting: str, decision: int, result: str) -> FinishDecision:
    """The command, which names who carries it out, so that this agency may give it."""
    state: Meeting = fold_state(MEETING, store.read(meeting_stream(meeting)))
    whose = state.decisions[decision].decided.agency if decision in state.decisions else None
    return FinishDecision(meeting=meeting, decision=decision, result=result, agency=whose)
