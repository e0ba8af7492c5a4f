"""What somebody typed to look for in the trail, as filters; or a refusal that says how to write it."""

from __future__ import annotations

import difflib
import re
import typing
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from domain.errors import Refusal
from domain.limits import FIRST_YEAR, LAST_YEAR, check_agency_id, check_task_id, free_text
from domain.refusals import bad_input
from domain.register import FACTS
from domain.roles import Role
from domain.seoul import SEOUL, Moment
from projections.inspection.searching import Filters
from workflows.as_of_options import BadMoment, SpanUpsideDown

_ACTOR = re.compile(r"(?P<role>[a-z]+)(@(?P<agency>[a-z][a-z0-9-]{1,30}))?(:(?P<subject>[0-9a-f]{32}))?")
_LAST_POSITION = 2**62
SHORTEST_TEXT = 2


class UnknownKind(Refusal):
    """`near`: kinds that are spelled alike."""

    ko = "‘{given}’이라는 종류의 기록은 없습니다. 비슷한 것: {near}. 모든 종류는 docs/facts.md에 있습니다."
    en = "There is no kind of fact “{given}”. Alike: {near}. All kinds stand in docs/facts.md."


class UnknownWho(Refusal):
    """Neither a role, nor a role at an agency, nor a person's id."""

    ko = "{option}의 ‘{given}’을(를) 알 수 없습니다. 역할({roles}), 역할@기관, 또는 32자리 사람 번호로 지정하십시오."
    en = "{option} “{given}” is not known. Give a role ({roles}), ROLE@AGENCY, or a person's id of 32 hex digits."


class BadPosition(Refusal):
    ko = "{option}의 {given}은(는) 기록 번호가 아닙니다. 1 이상의 정수를 지정하십시오."
    en = "{option} {given} is no position in the log. Give a whole number from 1 on."


class BadYear(Refusal):
    ko = "{option}의 {given}은(는) 사업연도가 아닙니다. {first}부터 {last}까지의 연도를 지정하십시오."
    en = "{option} {given} is no programme's year. Give one from {first} to {last}."


class NotACommandId(Refusal):
    ko = "--command의 ‘{given}’은(는) UUID가 아닙니다. 결과에 표시된 명령 번호를 지정하십시오."
    en = "--command “{given}” is not a UUID. Give the command id that an outcome showed."


class TextTooShort(Refusal):
    ko = "--text ‘{given}’은(는) 너무 짧습니다. 두 글자 이상 입력하십시오."
    en = "--text “{given}” is too short to look for. Give two letters or more."


class Typed(typing.TypedDict, total=False):
    """Filters as they are typed; None where nothing was."""

    task: str | None
    year: int | None
    agency: str | None
    actor: str | None
    on_behalf_of: str | None
    kind: Sequence[str] | None
    rule: Sequence[str] | None
    cause: int | None
    command: str | None
    recorded_from: str | None
    recorded_to: str | None
    effective_from: str | None
    effective_to: str | None
    text: str | None
    people: bool


def filters_from(typed: Typed) -> Filters:
    """Raises BadInput, UnknownKind, UnknownWho, BadMoment, SpanUpsideDown, BadPosition, NotACommandId, TextTooShort."""
    found: dict[str, typing.Any] = {}
    for name, read in _READ.items():
        if (value := typed.get(name)) is not None:
            found[name] = read(value)
    if kinds := typed.get("kind"):
        found["kinds"] = tuple(dict.fromkeys(map(_kind, kinds)))
    if rules := typed.get("rule"):
        found["rules"] = tuple(dict.fromkeys(rules))
    found |= _who("--actor", typed.get("actor"), "role", "actor", "subject")
    found |= _who("--on-behalf-of", typed.get("on_behalf_of"), "behalf_role", "behalf", "behalf_subject")
    found |= _span("recorded", typed.get("recorded_from"), typed.get("recorded_to"))
    found |= _span("effective", typed.get("effective_from"), typed.get("effective_to"))
    return Filters(by_people=bool(typed.get("people")), **found)


def position(option: str, given: int) -> int:
    if not 1 <= given <= _LAST_POSITION:
        raise BadPosition(option=option, given=given)
    return given


def _year(option: str, given: int) -> int:
    if not FIRST_YEAR <= given <= LAST_YEAR:
        raise BadYear(option=option, given=given, first=FIRST_YEAR, last=LAST_YEAR)
    return given


def moment(option: str, given: str, *, end: bool = False) -> datetime:
    """A day or a time in Seoul. `end`: a day is meant to its end, so that it is the next midnight."""
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"):
        try:
            at = datetime.strptime(given, form).replace(tzinfo=SEOUL)
            return at + timedelta(days=1) if end and form == "%Y-%m-%d" else at
        except (ValueError, OverflowError):
            continue
    raise BadMoment(option=option, given=given[:40])


def _check(check: Callable[[str], str], option: str, given: str) -> str:
    try:
        return check(given)
    except ValueError as error:
        raise bad_input(error, option) from None


def _kind(given: str) -> str:
    if given not in FACTS:
        raise UnknownKind(given=given[:60], near=tuple(difflib.get_close_matches(given, FACTS, 5, 0.4)))
    return given


def _command(given: str) -> str:
    try:
        return uuid.UUID(given).hex
    except ValueError:
        raise NotACommandId(given=given[:60]) from None


def _text(given: str) -> str:
    text = free_text("--text", given)
    if len(text) < SHORTEST_TEXT:
        raise TextTooShort(given=text)
    return text


def _who(option: str, given: str | None, role: str, actor: str, subject: str) -> dict[str, str]:
    """The fields that are asked for by a role, a role at an agency, a person, or both of the last."""
    if given is None:
        return {}
    if re.fullmatch(r"[0-9a-f]{32}", given):
        return {subject: given}
    found = _ACTOR.fullmatch(given)
    roles = typing.get_args(Role)
    if found is None or found["role"] not in roles:
        raise UnknownWho(option=option, given=given[:60], roles=roles)
    asked = (
        {role: found["role"]} if found["agency"] is None else {actor: f"{found['role']}@{found['agency']}"}
    )
    return asked | ({} if found["subject"] is None else {subject: found["subject"]})


def _span(name: str, since: str | None, until: str | None) -> dict[str, datetime]:
    found = {}
    if since is not None:
        found[f"{name}_from"] = moment(f"--{name}-from", since)
    if until is not None:
        found[f"{name}_until"] = moment(f"--{name}-to", until, end=True)
    if len(found) == 2 and found[f"{name}_from"] >= found[f"{name}_until"]:
        raise SpanUpsideDown(since=Moment(found[f"{name}_from"]), until=Moment(found[f"{name}_until"]))
    return found


_READ: Mapping[str, Callable[[typing.Any], object]] = {
    "year": partial(_year, "--year"),
    "task": partial(_check, check_task_id, "--task"),
    "agency": partial(_check, check_agency_id, "--agency"),
    "command": _command,
    "cause": partial(position, "--cause"),
    "text": _text,
}
