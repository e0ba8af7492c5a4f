"""Judges the mails that arrived against the notices that they should carry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes

from scripts.random_lives.oracle.calendars import NotOpenError
from scripts.random_lives.oracle.cases import Fact, Finding, Record, bare, moment, seoul_day
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.notices import Notice, describe, read_notices, should_reach
from scripts.random_lives.oracle.recipients import address_of, city_at

ID = re.compile(r"^[0-9a-f]{32}$")
PAUSES = (1, 5, 15, 60, 180, 360, 720)  # minutes
FAILED = {"message.deferred", "message.failed", "message.unknown"}
A_DAY = 4  # messages that a recipient gets on one day at most


@dataclass(frozen=True)
class Mail:
    at: datetime
    to: str
    ids: list[str]


def judge_mails(life: Life) -> list[Finding]:
    read = [_read(one) for one in life.case.mails]
    mails = [one for one in read if not life.is_lost(one.at)]
    carried: dict[str, list[Mail]] = {}
    for mail in mails:
        for one in mail.ids:
            carried.setdefault(one, []).append(mail)
    notices = {notice_id(one): one for one in read_notices(life)}
    findings = [*_find_unknown(life, mails, notices)]
    messages = _messages(life)
    for name, notice in notices.items():
        texts = _judge_notice(life, notice, carried.get(name, []), messages.get(name, []))
        findings += [_finding(notice, text) for text in texts]
    findings += _judge_lost([one for one in read if life.is_lost(one.at)], carried)
    findings += _judge_pauses(life)
    return findings + _judge_twice(notices, carried) + _judge_number(mails, notices)


def _find_unknown(life: Life, mails: list[Mail], notices: Mapping[str, Notice]) -> Iterator[Finding]:
    """What is reminded of of other streams than tasks, such as meetings, is not judged here."""
    others = {one.name for one in life.facts if one.kind == "notice.due" and one.data.get("about")}
    for mail in mails:
        for one in mail.ids:
            if one not in notices.keys() | others:
                yield Finding("mail", mail.to, _day(mail), f"The mail names the notice {one}, which is none.")


def _judge_notice(life: Life, notice: Notice, found: list[Mail], sent_in: list[list[Fact]]) -> Iterator[str]:
    """`found`: the mails that name it; `sent_in`: the facts of the messages that it was put into."""
    stopped = any(facts[-1].kind != "message.sent" for facts in sent_in)
    yield from _judge(life, notice, found, stopped, sent_in)
    for mail in found:
        yield from _judge_mail(life, notice, mail, sent_in)


def _day(mail: Mail) -> str:
    return seoul_day(mail.at).isoformat()


def _judge_lost(lost: list[Mail], carried: dict[str, list[Mail]]) -> list[Finding]:
    """What was told in the time that a restored store knows nothing of is not told again."""
    return [
        Finding("mail", mail.to, _day(mail), f"The notice {one} went before the restore and after it.")
        for mail in lost
        for one in mail.ids
        if any(again.at > mail.at for again in carried.get(one, []))
    ]


def _judge_pauses(life: Life) -> list[Finding]:
    """Between an attempt that was put off and the next one."""
    findings = []
    for stream, facts in life.streams.items():
        put_off: list[datetime] = []
        for fact in facts if stream.startswith("message/") else []:
            if fact.kind == "message.deferred":
                put_off.append(fact.known)
            elif fact.kind == "message.attempted" and put_off:
                pause = timedelta(minutes=PAUSES[min(len(put_off), len(PAUSES)) - 1])
                if fact.known < put_off[-1] + pause:
                    says = f"It was put off at {put_off[-1].isoformat()} and tried again at {fact.known.isoformat()}."
                    findings.append(
                        Finding("mail", stream, seoul_day(fact.known).isoformat(), says, fact.position)
                    )
    return findings


def _read(record: Record) -> Mail:
    parts = message_from_bytes(record["message"]).walk()
    plain = next((one for one in parts if one.get_content_type() == "text/plain"), None)
    body = plain.get_payload(decode=True) if plain else b""
    text = body.decode() if isinstance(body, bytes) else ""
    ids = [line.strip() for line in text.splitlines() if ID.match(line.strip())]
    return Mail(moment(record["at"]), record["to"].strip("<>").lower(), list(dict.fromkeys(ids)))


def _finding(notice: Notice, text: str) -> Finding:
    about = f"{describe(notice.key)} to {notice.recipient[0]}: {text}"
    return Finding("mail", notice.key[0], notice.day.isoformat(), about, notice.armed.position)


def notice_id(notice: Notice) -> str:
    return bare(notice.armed.stream).replace("-", "")


def _messages(life: Life) -> dict[str, list[list[Fact]]]:
    """The facts of each message that a notice was put into, by the notice's id."""
    found: dict[str, list[list[Fact]]] = {}
    for facts in life.streams.values():
        if facts[0].kind == "message.composed":
            for one in facts[0].data["notices"]:
                found.setdefault(bare(one).replace("-", ""), []).append(facts)
    return found


def _judge(
    life: Life, notice: Notice, found: list[Mail], pending: bool, put_into: list[list[Fact]]
) -> list[str]:
    if notice.recipient[1] == "webhook":
        return []
    if len(found) > 1:
        return [f"it is in {len(found)} mails; it should be in one."]
    if found or notice.cancelled or notice.held or pending or not put_into:
        return []  # whether it was put into a message in time is judged there
    if seoul_day(put_into[-1][0].known) == seoul_day(life.until):
        return []
    return ["it was put into a message, was not cancelled, and is in no mail."]


def _judge_mail(life: Life, notice: Notice, mail: Mail, sent_in: list[list[Fact]]) -> list[str]:
    position, texts = _position(life, mail, sent_in), []
    address = address_of(city_at(life, position, mail.at), notice.recipient[0])
    if address is None or address.lower() != mail.to:
        texts.append(f"the mail went to {mail.to}; the address is {address}.")
    # one of which an attempt failed may arrive on any later business day
    put_off = any(fact.kind in FAILED for facts in sent_in for fact in facts)
    if not _right_day(life, notice, mail, sent_in, put_off):
        texts.append(f"the mail arrived on {seoul_day(mail.at)}, which is not its day.")
    if notice.cancelled and notice.cancelled.known < mail.at:
        texts.append("the notice was cancelled before the mail arrived.")
    if notice.key[1:4] not in life.open_deadlines(notice.key[0], position):
        texts.append(f"the mail at {mail.at.isoformat()} tells of what was done or had moved by then.")
    later = seoul_day(mail.at) > notice.day
    if later and notice.recipient not in should_reach(life, notice.key, position, mail.at):
        texts.append("the mail waited until another day, and its recipient is responsible no more.")
    return texts


def _position(life: Life, mail: Mail, sent_in: list[list[Fact]]) -> int:
    """Behind the attempt by which the mail went: of one moment, what was recorded after it was not known to it."""
    attempts = [
        fact.position
        for facts in sent_in
        for fact in facts
        if fact.kind == "message.attempted" and fact.known == mail.at
    ]
    return attempts[-1] if attempts else life.position_at(mail.at)


def _right_day(life: Life, notice: Notice, mail: Mail, sent_in: list[list[Fact]], put_off: bool) -> bool:
    """On the day on which its message was put together; or on a later business day, where nothing was sent by then."""
    day = seoul_day(mail.at)
    together = [facts[0].known for facts in sent_in if facts[0].known <= mail.at]
    since = max(together, default=notice.armed.known)
    if day <= seoul_day(since):
        return day == seoul_day(since)
    try:
        business = life.calendars.before(life.position_at(mail.at)).is_business_day(day)
    except NotOpenError:
        return False
    rested = any(begin < mail.at and end > since for begin, end in life.away)
    return business and (put_off or rested)


def _judge_twice(notices: dict[str, Notice], carried: dict[str, list[Mail]]) -> list[Finding]:
    told: set[tuple[object, ...]] = set()
    findings = []
    for name, found in carried.items():
        notice = notices.get(name)
        for mail in found if notice else []:
            assert notice is not None
            what = (*notice.key, notice.recipient[0])
            if what in told:
                findings.append(_finding(notice, f"{mail.to} is told the same twice."))
            told.add(what)
    return findings


def _judge_number(mails: list[Mail], notices: dict[str, Notice]) -> list[Finding]:
    """Counted by recipient: two offices may have one mailbox."""
    numbers: Counter[tuple[str, str]] = Counter()
    for mail in mails:
        whom = {notices[one].recipient[0] for one in mail.ids if one in notices}
        numbers.update((recipient, seoul_day(mail.at).isoformat()) for recipient in whom)
    return [
        Finding("mail", whom, day, f"{whom} got {number} messages on one day; {A_DAY} is the most.")
        for (whom, day), number in numbers.items()
        if number > A_DAY
    ]
