"""Judges funds by a ledger of its own: what each fact could say when it was entered, and that all of it balances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scripts.random_lives.oracle.cases import Fact, Finding, Record, seoul_day
from scripts.random_lives.oracle.life import Life

MAY_BE_MOVED = {"money", "kind", "free_money", "free_kind"}
_LEFT_SIDE = {"money", "kind", "pledges"}  # what there is stands on the left, what it is for on the right


@dataclass
class Book:
    """A fund by some of its facts, in any order: the sums of both sides by account, and what is left of each pledge."""

    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    pledges: Counter[int] = field(default_factory=Counter)

    def holds(self, account: str) -> int:
        more = self.left[account] - self.right[account]
        return more if account.partition(" ")[0] in _LEFT_SIDE else -more

    def accounts(self) -> set[tuple[str, int, int]]:
        names = self.left.keys() | self.right.keys()
        return {(one, self.left[one], self.right[one]) for one in names}

    def _put(self, left: str, right: str, krw: int) -> None:
        self.left[left] += krw
        self.right[right] += krw

    def post(self, fact: Fact) -> None:
        data, of = fact.data, fact.kind.partition(".")[2]
        form, krw = data.get("form", ""), data.get("amount_krw", 0)
        mine = f"allocated_{form} {data.get('beneficiary', '')}"
        match of:
            case "pledged":
                self._put("pledges", "pledged", krw)
                self.pledges[fact.version] += krw
            case "pledge_cancelled":
                self._put("pledged", "pledges", krw)
                self.pledges[data["pledge"]] -= krw
            case "contributed":
                self._put(form, f"free_{form}", krw)
                if data.get("pledge") is not None:
                    part = data.get("of_pledge_krw") or 0
                    self._put("pledged", "pledges", part)
                    self.pledges[data["pledge"]] -= part
            case "allocated":
                self._put(f"free_{form}", mine, krw)
            case "taken_back":  # so that the left side of an allocation is what was used of it
                self._put(f"free_{form}", mine, -krw)
            case "used":
                self._put(mine, form, krw)
            case "transferred":
                for one in data["entries"]:
                    self.left[one["account"]] += one.get("debit_krw") or 0
                    self.right[one["account"]] += one.get("credit_krw") or 0


def keep_book(facts: Iterable[Fact]) -> Book:
    book = Book()
    for fact in facts:
        book.post(fact)
    return book


def judge_funds(life: Life) -> list[Finding]:
    findings = []
    for name, facts in life.streams.items():
        if not name.startswith("fund/"):
            continue
        for number, fact in enumerate(facts):
            day = str(seoul_day(fact.known))
            findings += [
                Finding("fund", name, day, text, fact.position) for text in _judge(life, facts[:number], fact)
            ]
    return findings


def _judge(life: Life, before: list[Fact], fact: Fact) -> Iterator[str]:
    if fact.kind != "fund.opened" and not any(f.kind == "fund.opened" for f in before):
        yield "The fund was not opened."
    if fact.data.get("giver") and not _is_known(life, fact):
        yield f"{fact.data['giver']} gives, whom nobody registered."
    yield from _judge_taken(before, fact)
    yield from _judge_pledge(before, fact)
    match fact.kind:
        case "fund.use_proven":
            yield from _judge_proof(before, fact)
        case "fund.transferred":
            yield from _judge_transfer(before, fact.data["entries"])
    book = keep_book([*before, fact])
    for part in ("money", "kind", "pledge"):
        own = [one for one in book.left | book.right if part in one]
        if sum(book.left[one] for one in own) != sum(book.right[one] for one in own):
            yield f"The ledger does not balance by {part}."


def _is_known(life: Life, fact: Fact) -> bool:
    registered = life.streams.get(f"subject/{fact.data['giver']}", [])
    return any(f.position < fact.position for f in registered)


def source_of(kind: str, form: str, beneficiary: str) -> str | None:
    """The account from which it is taken; None of what takes nothing."""
    if kind.endswith(("allocated", "allocate")):
        return f"free_{form}"
    takes = ("used", "taken_back", "use", "take_back")
    return f"allocated_{form} {beneficiary}" if kind.partition(".")[2] in takes else None


def there(before: Iterable[Fact], account: str, so: object) -> int:
    """What there is to take: no more than is there now, and than was there when it is so."""
    own = list(before)
    then = [f for f in own if f.so <= so]  # type: ignore[operator]
    return min(keep_book(own).holds(account), keep_book(then).holds(account))


def _judge_taken(before: list[Fact], fact: Fact) -> Iterator[str]:
    account = source_of(fact.kind, fact.data.get("form", ""), fact.data.get("beneficiary", ""))
    if account is None:
        return
    held = there(before, account, fact.so) if fact.stated else keep_book(before).holds(account)
    if fact.data["amount_krw"] > held:
        yield f"{fact.data['amount_krw']} was taken of {account}, which held {held}."


def _judge_pledge(before: list[Fact], fact: Fact) -> Iterator[str]:
    number = fact.data.get("pledge")
    if number is None:
        return
    left = keep_book(before).pledges[number]
    promised = next((f for f in before if f.version == number and f.kind == "fund.pledged"), None)
    if promised is None or left <= 0:
        yield f"Nothing is left of pledge {number}."
        return
    if fact.kind == "fund.pledge_cancelled" and fact.data["amount_krw"] != left:
        yield f"{fact.data['amount_krw']} of the pledge was cancelled, of which {left} was left."
    if fact.kind == "fund.contributed":
        if fact.data["giver"] != promised.data["giver"]:
            yield f"{fact.data['giver']} fulfils a pledge of {promised.data['giver']}."
        part = min(left, fact.data["amount_krw"])
        if (fact.data.get("of_pledge_krw") or 0) != part:
            yield f"{part} fulfils the pledge; the fact says {fact.data.get('of_pledge_krw')}."


def _judge_proof(before: list[Fact], fact: Fact) -> Iterator[str]:
    used = next((f for f in before if f.version == fact.data["use"] and f.kind == "fund.used"), None)
    if used is None:
        yield f"What is proved, {fact.data['use']}, is no use."
    elif any(used.data[name] != fact.data[name] for name in ("beneficiary", "form", "amount_krw")):
        yield "The proof says what the use does not."
    if any(f.kind == fact.kind and f.data["use"] == fact.data["use"] for f in before):
        yield "The use was proved before."


def balances(entries: Iterable[Record]) -> bool:
    sums: Counter[str] = Counter()
    for one in entries:
        sums[one["account"].rpartition("_")[2]] += (one.get("debit_krw") or 0) - (one.get("credit_krw") or 0)
    return not any(sums.values())


def _judge_transfer(before: list[Fact], entries: list[Record]) -> Iterator[str]:
    if not balances(entries):
        yield "The transfer does not balance."
    if others := {one["account"] for one in entries} - MAY_BE_MOVED:
        yield f"The transfer moves {', '.join(sorted(others))}."
    book = keep_book(before)
    for one in entries:
        book.left[one["account"]] += one.get("debit_krw") or 0
        book.right[one["account"]] += one.get("credit_krw") or 0
    if short := sorted(one for one in {each["account"] for each in entries} if book.holds(one) < 0):
        yield f"The transfer takes more than there is of {', '.join(short)}."
