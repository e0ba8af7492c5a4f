"""What people do in meetings: the commands that a step comes to, given what there is by now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.agency.commands import Rename
from domain.meeting import commands as meeting
from domain.meeting.facts import Attendee, Decided, Objected, Vote
from domain.streams import agency_stream, meeting_stream
from domain.values import LocalText
from scripts.random_lives.knowing import PLANNER, Given, Knowing, NothingMeant
from scripts.random_lives.life import Step
from store.envelope import Actor
from workflows.lookups import answering

_WORDING = LocalText(ko="추진상황 점검")


def _call(know: Knowing, step: Step) -> Given:
    values = step.values
    return (
        meeting.Call(
            meeting=values["meeting"],
            year=values["year"],
            title=LocalText(ko="기관장 회의"),
            on=date.fromisoformat(values["on"]),
            venue=LocalText(ko="시청"),
            format="briefing",
            invited=tuple(map(agency_stream, values["invited"])),
        ),
        PLANNER,
    )


def _item(know: Knowing, step: Step) -> Given:
    agency = step.values.get("agency")
    by = PLANNER if agency is None else _of(know, agency)
    title = LocalText(ko=f"안건 {step.values['number']}")
    return meeting.AddItem(meeting=step.values["meeting"], title=title, agency=agency), by


def _of(know: Knowing, agency: str) -> Actor:
    return Actor(role="officer", agency=answering(know.store, agency))


def _open(know: Knowing, step: Step) -> Given:
    present = tuple(Attendee(agency_stream(one)) for one in step.values["came"])
    chairs = tuple(map(agency_stream, step.values["chairs"]))
    return meeting.Open(meeting=step.values["meeting"], chairs=chairs, present=present), PLANNER


def _decide(know: Knowing, step: Step) -> Given:
    values = step.values
    given: dict[str, Any] = {}
    if "until" in values:
        given["due"] = date.fromisoformat(values["until"])
    if "votes" in values:
        given["vote"] = Vote(*values["votes"])
    if "rename" in values:
        rename = Rename(
            agency=values["rename"], name=LocalText(ko=f"{values['rename']} 새 이름 {values['pick']}")
        )
        fields = json.dumps(rename.model_dump(mode="json", by_alias=True), ensure_ascii=False)
        given["commands"] = (meeting.GivenCommand(Rename.name, fields),)
    return (
        meeting.Decide(
            meeting=values["meeting"],
            wording=_WORDING,
            item=values.get("item"),
            agency=values.get("agency"),
            **given,
        ),
        PLANNER,
    )


def _vote_down(know: Knowing, step: Step) -> Given:
    votes = Vote(*step.values["votes"])
    return meeting.VoteDown(meeting=step.values["meeting"], wording=_WORDING, vote=votes), PLANNER


def _find(know: Knowing, step: Step, kind: type, which: int) -> Any:
    found = [
        one for one in know.store.read(meeting_stream(step.values["meeting"])) if isinstance(one.fact, kind)
    ]
    if len(found) < which:
        raise NothingMeant
    return found[-which]


def _finish(know: Knowing, step: Step) -> Given:
    """By who carries it out; `other`: by another agency."""
    decided: Decided = _find(know, step, Decided, step.values["which"]).fact
    agency = step.values.get("other") or decided.agency
    by = PLANNER if agency is None else _of(know, agency)
    return (
        meeting.FinishDecision(
            meeting=step.values["meeting"], decision=decided.decision, result="이행함", agency=agency
        ),
        by,
    )


def _object(know: Knowing, step: Step) -> Given:
    agency = step.values["agency"]
    return meeting.Object(meeting=step.values["meeting"], text="이의", agency=agency), _of(know, agency)


def _settle(know: Knowing, step: Step) -> Given:
    number = _find(know, step, Objected, 1).version
    return (
        meeting.SettleObjection(meeting=step.values["meeting"], objection=number, upheld=True, text="고침"),
        PLANNER,
    )


def _plain(kind: type[meeting.OnMeeting]) -> Callable[[Knowing, Step], Given]:
    return lambda know, step: (kind(meeting=step.values["meeting"]), PLANNER)


ACTS_OF_MEETINGS: Mapping[str, Callable[[Knowing, Step], Given]] = {
    "meeting_call": _call,
    "meeting_item": _item,
    "meeting_withdraw": lambda know, step: (
        meeting.WithdrawItem(meeting=step.values["meeting"], item=step.values["item"]),
        PLANNER,
    ),
    "meeting_open": _open,
    "meeting_decide": _decide,
    "meeting_vote_down": _vote_down,
    "meeting_close": _plain(meeting.Close),
    "meeting_circulate": _plain(meeting.CirculateMinutes),
    "meeting_object": _object,
    "meeting_settle": _settle,
    "meeting_confirm": _plain(meeting.ConfirmMinutes),
    "meeting_done": _finish,
}
