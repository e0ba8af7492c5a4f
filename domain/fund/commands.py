"""What can be asked of a fund. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.fund.facts import Entry, Form
from domain.limited import FreeText, ItemName, Papers, Subject, Title
from domain.limits import MOST_KRW, check_item_id
from domain.plan_limits import Day
from domain.refusals import validation_error
from domain.roles import PLANNER
from domain.streams import fund_stream


def check_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    for number, one in enumerate(entries):
        check_item_id(one.account, f"[{number}].account")
        for name in ("debit_krw", "credit_krw"):
            if not 0 <= getattr(one, name) <= MOST_KRW:
                raise validation_error("krw", f"[{number}].{name}", max=MOST_KRW)
    return entries


SomeWon = Annotated[int, Field(strict=True, ge=1, le=MOST_KRW)]
Number = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class OnFund(Command):
    """A command about one fund, by the id that the city gave it, e.g. gongik."""

    by = PLANNER
    fund: ItemName

    @property
    def stream(self) -> str:
        return fund_stream(self.fund)


class Open(OnFund):
    """Let there be a fund, or call it otherwise. `title` is given as `name`: a command's own name is its class's."""

    name = "fund.open"
    label = Bilingual("기금 설치", "open the fund")
    title: Title


class Pledge(OnFund):
    name = "fund.pledge"
    label = Bilingual("약정 등록", "enter a pledge")
    giver: Subject
    amount_krw: SomeWon
    due: Day | None = None
    anonymous: bool = False


class CancelPledge(OnFund):
    name = "fund.cancel_pledge"
    label = Bilingual("약정 철회", "cancel a pledge")
    needs_reason = True
    pledge: Number


class Contribute(OnFund):
    """`what`: needed of a gift in kind. `amount_krw`: what it is worth."""

    name = "fund.contribute"
    label = Bilingual("기부 등록", "enter a contribution")
    giver: Subject
    form: Form
    amount_krw: SomeWon
    what: FreeText | None = None
    pledge: Number | None = None
    anonymous: bool = False


class _ForBeneficiary(OnFund):
    beneficiary: ItemName
    form: Form
    amount_krw: SomeWon


class Allocate(_ForBeneficiary):
    """`title`: of a citizens' project, needed when it is named first."""

    name = "fund.allocate"
    label = Bilingual("기금 배분", "allocate")
    title: Title | None = None


class TakeBack(_ForBeneficiary):
    name = "fund.take_back"
    label = Bilingual("배분 회수", "take back what was allocated")
    needs_reason = True


class Use(_ForBeneficiary):
    name = "fund.use"
    label = Bilingual("기금 사용 등록", "enter a use")
    what: FreeText
    proofs: Papers = ()


class Prove(OnFund):
    name = "fund.prove"
    label = Bilingual("사용 증빙 등록", "prove a use")
    use: Number
    evidence: FreeText
    proofs: Papers = ()


class Transfer(OnFund):
    """Put right between accounts what has no command of its own, as when a gift in kind was sold."""

    name = "fund.transfer"
    label = Bilingual("계정 대체", "transfer between accounts")
    needs_reason = True
    entries: Annotated[tuple[Entry, ...], Field(min_length=2, max_length=20), AfterValidator(check_entries)]


FundCommand = Open | Pledge | CancelPledge | Contribute | Allocate | TakeBack | Use | Prove | Transfer
