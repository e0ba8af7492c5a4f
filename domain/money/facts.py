"""What can happen to the money of a task. The kinds and fields are stored for ever; amounts are whole won (KRW)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from domain.errors import Bilingual
from domain.fact import Fact

Funding = Literal["city", "agency", "national", "donated"]
FUNDINGS: Mapping[Funding, Bilingual] = {
    "city": Bilingual("시비", "the city"),
    "agency": Bilingual("기관 부담", "the agency"),
    "national": Bilingual("국비", "the state"),
    "donated": Bilingual("기부금", "donations"),
}
Posting = Literal["committed", "spent", "returned"]  # 원인행위, 집행, 반납
POSTINGS: Mapping[Posting, Bilingual] = {
    "committed": Bilingual("원인행위", "commitment"),
    "spent": Bilingual("집행", "spending"),
    "returned": Bilingual("반납", "return"),
}


class BudgetSet(Fact, frozen=True):
    """So much of a source of funds is for a year, in place of what was before. `over_krw`: by how much what was committed or spent goes
    beyond it, where the definition lets it; `definition`: which does.
    """

    kind = "money.budget_set"
    funding: Funding
    year: int
    amount_krw: int
    over_krw: int = 0
    definition: str = ""


class Committed(Fact, frozen=True):
    """원인행위: an agency bound itself to pay. `month`: to which it counts, e.g. 2024-05, whenever it was entered; else as above."""

    kind = "money.committed"
    agency: str
    funding: Funding
    month: str
    amount_krw: int
    over_krw: int = 0
    definition: str = ""


class Spent(Fact, frozen=True):
    """집행: an agency paid; else as above."""

    kind = "money.spent"
    agency: str
    funding: Funding
    month: str
    amount_krw: int
    over_krw: int = 0
    definition: str = ""


class Returned(Fact, frozen=True):
    """반납: what was left went back to where it came from."""

    kind = "money.returned"
    agency: str
    funding: Funding
    month: str
    amount_krw: int


class CarriedOut(Fact, frozen=True):
    """이월: what is left of a year goes to the next one."""

    kind = "money.carried_out"
    funding: Funding
    year: int
    amount_krw: int


class CarriedIn(Fact, frozen=True):
    """이월: what was left of the year before."""

    kind = "money.carried_in"
    funding: Funding
    year: int
    amount_krw: int


class Corrected(Fact, frozen=True):
    """What an earlier entry of the stream, by its `number`, should have said: `amount_krw` in place of `was_krw`."""

    kind = "money.corrected"
    number: int
    posting: Posting
    funding: Funding
    month: str
    amount_krw: int
    was_krw: int
    over_krw: int = 0
    definition: str = ""


class MonthReopened(Fact, frozen=True):
    """A month that was closed takes entries again, `until` the end of that day in Seoul."""

    kind = "money.month_reopened"
    month: str
    until: date


Entry = Committed | Spent | Returned
ENTRIES: Mapping[type[Fact], Posting] = {Committed: "committed", Spent: "spent", Returned: "returned"}
MoneyFact = BudgetSet | Entry | CarriedOut | CarriedIn | Corrected | MonthReopened
