"""Judges what people were refused of approval lines: each refusal says what is so, and what could be done is not refused."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.random_lives.oracle.cases import Fact, Finding, Record, moment, seoul_day
from scripts.random_lives.oracle.conditions import NotToldError, list_counting
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.lines import line_in
from scripts.random_lives.oracle.open_lines import OpenLine
from scripts.random_lives.oracle.positions import position_at
from scripts.random_lives.oracle.rights import rights_to_sign

_SIGNING = ("task_sign", "task_object")
_OF_SIGNING = {"NoLineOpen", "AnotherLine", "NotYourTurn", "SignedAlready", "LineNotCarriedOut"}


def judge_refusals_of_lines(life: Life) -> list[Finding]:
    findings = []
    for one in life.case.refused:
        texts = list(_judge(life, one)) if one.get("actor") and one["given"].get("task") else []
        day = seoul_day(moment(one["at"])).isoformat()
        findings += [Finding("refusal", one["do"], day, text, one["position"]) for text in texts]
    return findings


def _judge(life: Life, refused: Record) -> Iterator[str]:
    line = life.task_before(refused["given"]["task"], refused["position"] + 1).line
    name = refused["name"]
    if refused["do"] in _SIGNING:
        yield from _judge_signing(life, refused, line)
    if name == "LineOpenAlready" and line is None:
        yield "It was refused since a line is open; none is."
    if name in ("LineVacant", "LineNotTold") and not _is_so(life, refused):
        yield f"It was refused as {name}, which is not so."
    if name == "NotWhoAsked" and line is not None and _same(refused["actor"], line.opened.actor):
        yield "It was refused since somebody else asked; it was the same."


def _judge_signing(life: Life, refused: Record, line: OpenLine | None) -> Iterator[str]:
    right = _right_name(life, refused, line)
    if refused["name"] in _OF_SIGNING or right is not None:
        if refused["name"] != right and not (refused["name"] == "LineNotCarriedOut" and right == "last"):
            yield f"The signature was refused as {refused['name']}; by the line it is {right or 'allowed'}."
    elif right is None:
        yield f"The signature was refused as {refused['name']}, and it was {refused['actor']}'s turn."


def _right_name(life: Life, refused: Record, line: OpenLine | None) -> str | None:
    """Why it is refused, "last" where it may be since it was the last one; None where nothing speaks against it."""
    if line is None:
        return "NoLineOpen"
    given = refused["given"].get("line")
    if given is not None and given != line.number:
        return "AnotherLine"
    fact = _as_fact(refused)
    mine = [one for one in line.asked if rights_to_sign(life, one, fact)]
    if mine:
        last = any(line.is_last(one["entry"]) for one in mine)
        return "last" if last and refused["do"] == "task_sign" else None
    done = [one for one in line.opened.data["signatories"] if one["entry"] in line.signed]
    return "SignedAlready" if any(rights_to_sign(life, one, fact) for one in done) else "NotYourTurn"


def _as_fact(refused: Record) -> Fact:
    """The signature as it would have stood in the log."""
    at = moment(refused["at"])
    stream = f"task/{refused['given']['task']}"
    return Fact(refused["position"] + 1, stream, 0, "", at, at, False, refused["actor"], {}, {})


def _is_so(life: Life, refused: Record) -> bool:
    """Whether the line of what was asked for names a position that nobody holds, or cannot be told."""
    task = refused["given"]["task"]
    definition = life.definition_of(task, refused["position"] + 1)
    own = line_in(definition, refused["command"], refused["given"].get("step"))
    form = {one["field"]: one["value"] for one in refused["given"].get("form") or ()}
    asked = {**refused["given"], "form": form}
    try:
        counting = list_counting(own, life.task_before(task, refused["position"] + 1), asked)
    except NotToldError:
        return bool(refused["name"] == "LineNotTold")
    fact = _as_fact(refused)
    vacant = [
        one
        for one in counting
        if one.get("position") and not position_at(life, one["position"], fact).holders
    ]
    return refused["name"] == "LineVacant" and bool(vacant)


def _same(one: Record, other: Record) -> bool:
    return all(one.get(name) == other.get(name) for name in ("role", "agency", "subject"))
