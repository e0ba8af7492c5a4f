"""Judges in whose words reminders go: which letter each is said to have, and that the mail says what its template comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from jinja2 import Environment

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.agencies import answering, fold_agencies
from scripts.random_lives.oracle.calendars import Calendars, NotOpenError
from scripts.random_lives.oracle.cases import Fact, Finding, Record, moment, seoul_day
from scripts.random_lives.oracle.definitions import Definition
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.mails import ID, notice_id
from scripts.random_lives.oracle.notices import Notice, describe, read_notices
from scripts.random_lives.oracle.requests import read_list

_WEEKDAYS = "월화수목금토일"
_FINALS = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}  # of digits as they are said
_PAIRS = {"을(를)": ("을", "를"), "(으)로": ("으로", "로")}


Worded = tuple[
    list[Notice], Record, dict[str, Any]
]  # reminders of one deadline, their letter, and its values


def judge_letters(life: Life) -> list[Finding]:
    notices = read_notices(life)
    findings = [_finding(one, text) for one in notices for text in _judge_choice(life, one)]
    by_id = {notice_id(one): one for one in notices}
    for record in life.case.mails:
        if not life.is_lost(moment(record["at"])):
            findings += _judge_mail(life, record, by_id)
    return findings


def _finding(notice: Notice, text: str) -> Finding:
    about = f"{describe(notice.key)} to {notice.recipient[0]}: {text}"
    return Finding("letter", notice.key[0], notice.day.isoformat(), about, notice.armed.position)


def letter_of(definition: Definition | None, kind: str, days: int) -> Record | None:
    """That of the rung; else that of the whole ladder."""
    if definition is None:
        return None
    ladder = next((one.get("ladder") for one in definition.deadlines if one["kind"] == kind), None)
    there = [one for one in definition.letters if one["ladder"] == ladder]
    own = [one for one in there if days in (one.get("days") or ())]
    return next(iter([*own, *(one for one in there if not one.get("days"))]), None)


def _judge_choice(life: Life, notice: Notice) -> Iterator[str]:
    definition = life.definition_of(notice.key[0], notice.armed.position)
    letter = letter_of(definition, notice.key[1], notice.key[4])
    right = f"{definition.name}/{letter['letter']}" if definition and letter else None
    told = notice.armed.data.get("letter")
    if told != right:
        yield f"it is in the words of {told}; by its definition of {right}."


def _judge_mail(life: Life, record: Record, by_id: Mapping[str, Notice]) -> Iterator[Finding]:
    message = message_from_bytes(record["message"])
    body = _bare(_plain(message))
    ids = [line.strip() for line in _plain(message).splitlines() if ID.match(line.strip())]
    said = _group([by_id[one] for one in dict.fromkeys(ids) if one in by_id])
    worded = [(one, letter, _values(life, one)) for one in said if (letter := _find_named(life, one[-1]))]
    for some, letter, values in worded:
        text = _bare(write(letter["text"]["ko"], values))
        if text not in body:
            yield _finding(some[-1], f"the mail should say {text!r}; it says {body[:900]!r}.")
    if worded and len(worded) == len(said):
        yield from _judge_heading(message, worded)


def _judge_heading(message: Message, worded: list[Worded]) -> Iterator[Finding]:
    """The most pressing one, whichever it is, gives the subject and the sender's name."""
    subject = _bare(str(make_header(decode_header(message["Subject"] or ""))))
    sender = _bare(parseaddr(str(make_header(decode_header(message["From"] or ""))))[0])
    right = [
        (_bare(write(letter["subject"]["ko"], values)), _bare((letter.get("sender") or {}).get("ko", "")))
        for _, letter, values in worded
    ]
    if not any(one in subject and by in sender for one, by in right):
        says = f"the mail's subject is {subject!r}, from {sender!r}; by its letters one of {right}."
        yield _finding(worded[0][0][-1], says)


def _group(notices: list[Notice]) -> list[list[Notice]]:
    """Those of one deadline are said once, by the last of their rungs."""
    groups: dict[tuple[Any, ...], list[Notice]] = {}
    for one in notices:
        groups.setdefault(one.key[:4], []).append(one)
    return [sorted(some, key=lambda one: one.key[4]) for some in groups.values()]


def _find_named(life: Life, notice: Notice) -> Record | None:
    """The letter that its fact says, whichever would have been right."""
    told = notice.armed.data.get("letter")
    if not told:
        return None
    name, _, letter = str(told).rpartition("/")
    definition = life.definitions.get(name)
    return next((one for one in definition.letters if one["letter"] == letter), None) if definition else None


def _plain(message: Message) -> str:
    parts = [one for one in message.walk() if one.get_content_type() == "text/plain"]
    body = parts[0].get_payload(decode=True) if parts else b""
    return body.decode() if isinstance(body, bytes) else ""


def _bare(text: str) -> str:
    """Without spaces: where lines are broken is no matter."""
    return re.sub(r"\s", "", text)


# What a template comes to


def write(template: str, values: Mapping[str, Any]) -> str:
    """Particles left open behind a value are settled by its last sound."""
    environment = Environment(autoescape=False, finalize=lambda one: f"{one}\x00")  # noqa: S701 - plain text
    return _settle(environment.from_string(template).render(values)).replace("\x00", "")


def _settle(text: str) -> str:
    for pair, (closed, opened) in _PAIRS.items():
        text = re.sub(
            f"(.)([)’]?\x00’?){re.escape(pair)}",
            lambda found, pair=pair, closed=closed, opened=opened: (  # type: ignore[misc]
                found[1] + found[2] + (closed if _takes_first(found[1], pair) else opened)
            ),
            text,
        )
    return text


def _takes_first(letter: str, pair: str) -> bool:
    final = _FINALS.get(letter, "")
    if "가" <= letter <= "힣":
        number = (ord(letter) - ord("가")) % 28
        final = "" if not number else "ㄹ" if number == 8 else "x"
    return bool(final) and not (pair == "(으)로" and final == "ㄹ")


def _values(life: Life, some: list[Notice]) -> dict[str, Any]:
    """The values of docs/letters.md that lives' templates use, as it was when the message was put together."""
    notice = some[-1]
    put = notice.composed or notice.armed
    at = put.known
    name, kind, _, due, _ = notice.key
    position, day = put.position, seoul_day(at)
    known = [one for one in life.facts if one.position < position]
    calendars = life.calendars.before(position)
    was = next((one.armed.data["was"] for one in reversed(some) if one.armed.data.get("was")), None)
    return {
        **_values_of_task(life, name, kind, known, at),
        "city": _city(life, name),
        "due": _write_day(due),
        "was": _write_day(date.fromisoformat(was)) if was else "",
        "days_left": _business_days(calendars, day, due),
        "days_over": _business_days(calendars, due, day),
        "contact": "" if notice.recipient[0].endswith("/planner") else _contact(known, name, at),
        "is_late": any(one.armed.data.get("late") for one in some),
        "stands_in": any(one.armed.data.get("stands_in_for") for one in some),
    }


def _values_of_task(life: Life, name: str, kind: str, known: list[Fact], at: Any) -> dict[str, Any]:
    position = known[-1].position + 1
    task, listed = life.task_before(name, position), read_list(known)[name]
    lead = task.lead if task.stage else listed["lead"]
    definition = life.definition_of(name, position)
    assert definition is not None, "a deadline follows from one"
    rule = next((one for one in definition.deadlines if one["kind"] == kind), {})
    return {
        "agency": _name_of(known, answering(fold_agencies(known, at), lead), at),
        "task": name,
        "title": shapes.text(task.title if task.stage else listed["title"]),
        "basis": shapes.text(rule.get("basis") or ""),
        "definition": definition.name,
    }


def _city(life: Life, task: str) -> str:
    opened = life.streams[f"programme/{task[:4]}"][0]
    return str(shapes.text(opened.data["city"]))


def _name_of(known: list[Fact], agency: str, at: Any) -> str:
    """What it is called by then: the name that was so last."""
    told = [
        one
        for one in known
        if one.stream == f"agency/{agency}"
        and one.so <= at
        and one.kind in ("agency.registered", "agency.renamed")
    ]
    last = max(told, key=lambda one: (one.so, one.version))
    return str(shapes.text(last.data["name"]))


def _contact(known: list[Fact], task: str, at: Any) -> str:
    told = [
        one
        for one in known
        if one.stream == f"programme/{task[:4]}"
        and one.kind == "programme.contact_set"
        and one.data["office"] == "planner"
        and one.so <= at
    ]
    return str(max(told, key=lambda one: (one.so, one.version)).data.get("address") or "") if told else ""


def _write_day(day: date) -> str:
    return f"{day.year}. {day.month}. {day.day}.({_WEEKDAYS[day.weekday()]})"


def _business_days(calendars: Calendars, after: date, until: date) -> int:
    """How many lie after the one day, up to the other."""
    count, day = 0, after
    try:
        while day < until:
            day += timedelta(days=1)
            count += calendars.is_business_day(day)
    except NotOpenError:
        return -1
    return count
