"""Judges what people were refused of money, funds and meetings: each refusal says what is so by the oracle's own ledgers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from scripts.random_lives.oracle.cases import Fact, Finding, Record, day_of, moment, seoul_day
from scripts.random_lives.oracle.funds import MAY_BE_MOVED, balances, keep_book, source_of, there
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.meetings import seats, suffices, when_decided
from scripts.random_lives.oracle.money import POSTED, At

_ENTERED = {"money.commit": "committed", "money.spend": "spent", "money.set_budget": "budget"}


class Asked:
    """What was asked for in vain, and the facts of its stream at that moment."""

    def __init__(self, life: Life, refused: Record) -> None:
        self.given, self.command = refused["given"], refused["command"]
        self.at: datetime = moment(refused["at"])
        self.so = moment(refused["effective_at"]) if refused.get("effective_at") else None
        self.day = seoul_day(self.at)
        self._position = refused["position"] + 1
        room, _, _ = self.command.partition(".")
        self.name = str(self.given.get("task") or self.given.get("fund") or self.given.get("meeting"))
        told = life.streams.get(f"{room}/{self.name}", [])
        self.before = [f for f in told if f.position < self._position]
        self.life = life

    @property
    def money(self) -> At:
        return At(self.life, self.name, self._position, self.day, self.before)

    @property
    def entry(self) -> tuple[Fact, int] | None:
        return self.money.sheet.entries.get(self.given["number"])

    @property
    def month(self) -> str:
        if "month" in self.given:
            return str(self.given["month"])
        return str(self.entry[0].data["month"]) if self.entry else ""


def judge_refusals_of_money(life: Life) -> list[Finding]:
    findings = []
    for one in life.case.refused:
        is_so = _IS_SO.get(one["name"])
        if is_so is not None and one["command"].partition(".")[0] in ("money", "fund", "meeting"):
            asked = Asked(life, one)
            if not is_so(asked):
                text = f"It was refused as {one['name']}, which is not so."
                findings.append(Finding("refusal", asked.name, str(asked.day), text, one["position"]))
    return findings


def _is_beyond(asked: Asked) -> bool:
    money, given = asked.money, asked.given
    if asked.command == "money.correct":
        assert asked.entry is not None
        entry, krw = asked.entry
        return (
            money.refuses and money.over_with(entry.data, POSTED[entry.kind], given["amount_krw"] - krw) > 0
        )
    return money.refuses and money.over_with(given, _ENTERED[asked.command], given["amount_krw"]) > 0


def _is_more_than_left(asked: Asked) -> bool:
    data, more = asked.given, asked.given["amount_krw"]
    if asked.command == "money.correct":
        assert asked.entry is not None
        data, more = asked.entry[0].data, more - asked.entry[1]
    year = int(str(data.get("year") or data["month"])[:4])
    return bool(more > asked.money.sheet.line(data["funding"], year).left)


def _is_not_there(asked: Asked) -> bool:
    given = asked.given
    if asked.command == "fund.transfer":
        book = keep_book(asked.before)
        for one in given["entries"]:
            book.left[one["account"]] += one.get("debit_krw") or 0
            book.right[one["account"]] += one.get("credit_krw") or 0
        return any(book.holds(one) < 0 for one in {each["account"] for each in given["entries"]})
    account = source_of(asked.command, given["form"], given["beneficiary"])
    assert account is not None
    book = keep_book(asked.before)
    held = book.holds(account) if asked.so is None else there(asked.before, account, asked.so)
    return bool(given["amount_krw"] > held)


def _is_short_of_members(asked: Asked) -> bool:
    members, came = seats(asked.before)
    return len(came) < suffices(asked.before[0].data["terms"]["quorum"], len(members))


def _has_majority(asked: Asked) -> bool:
    _, came = seats(asked.before)
    needed = suffices(asked.before[0].data["terms"]["majority"], len(came))
    return bool(asked.given["vote"]["votes_for"] >= needed)


def _items(asked: Asked, kind: str) -> set[Any]:
    return {f.data["item"] for f in asked.before if f.kind == kind}


def _open_objections(asked: Asked) -> bool:
    settled = {f.data["objection"] for f in asked.before if f.kind == "meeting.objection_settled"}
    return any(f.kind == "meeting.objected" and f.version not in settled for f in asked.before)


def _may_still_object(asked: Asked) -> bool:
    until = [f.data["object_until"] for f in asked.before if f.kind == "meeting.minutes_circulated"]
    return bool(until) and asked.day <= day_of(until[-1])


_IS_SO: Mapping[str, Callable[[Asked], bool]] = {
    "MoneyBeforeApproval": lambda asked: not asked.money.is_approved,
    "TakesNoPart": lambda asked: asked.given["agency"] not in asked.money.takes_part,
    "MonthToCome": lambda asked: asked.month > f"{asked.day:%Y-%m}",
    "MonthClosed": lambda asked: asked.day > asked.money.closes(asked.month),
    "MonthStillOpen": lambda asked: asked.day <= asked.money.closes(asked.month),
    "BeyondBudget": _is_beyond,
    "MoreThanRemains": _is_more_than_left,
    "NoSuchEntry": lambda asked: asked.entry is None,
    "NotYourEntry": lambda asked: (
        asked.entry is not None and asked.entry[0].data["agency"] != asked.given["agency"]
    ),
    "EntrySaysSo": lambda asked: asked.entry is not None and asked.entry[1] == asked.given["amount_krw"],
    "NotThere": _is_not_there,
    "NoSuchPledge": lambda asked: keep_book(asked.before).pledges[asked.given["pledge"]] <= 0,
    "TransferUnbalanced": lambda asked: not balances(asked.given["entries"]),
    "AccountNotTransferable": lambda asked: bool(
        {one["account"] for one in asked.given["entries"]} - MAY_BE_MOVED
    ),
    "NoSuchUse": lambda asked: (
        not any(f.kind == "fund.used" and f.version == asked.given["use"] for f in asked.before)
    ),
    "UseProvenBefore": lambda asked: any(f.data.get("use") == asked.given["use"] for f in asked.before),
    "QuorumAbsent": _is_short_of_members,
    "NoMajority": lambda asked: not _has_majority(asked),
    "MajorityFound": _has_majority,
    "NoSuchItem": lambda asked: asked.given["item"] not in _items(asked, "meeting.item_added"),
    "ItemIsWithdrawn": lambda asked: asked.given["item"] in _items(asked, "meeting.item_withdrawn"),
    "NobodyCarriesOut": lambda asked: not asked.given.get("due") and not asked.given.get("commands"),
    "DoneBeforeDecided": lambda asked: (
        asked.so is not None and asked.so < when_decided(asked.before, asked.given["decision"])
    ),
    "ObjectionsOpen": _open_objections,
    "ObjectionsMayCome": _may_still_object,
}
