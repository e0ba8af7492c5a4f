"""What can happen to a fund for the public good (공익 기금). The kinds and fields are stored for ever; amounts are whole won.

A pledge, gift or use is named by its number in the stream. For whom: a task's number, or the id of a citizens' project.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from domain.errors import Bilingual
from domain.fact import Fact, Names
from domain.streams import find_task_stream
from domain.values import Attachment, LocalText, TextRef, Value

Form = Literal["money", "kind"]
FORMS: Mapping[Form, Bilingual] = {
    "money": Bilingual("현금", "money"),
    "kind": Bilingual("현물", "in kind"),
}


class Opened(Fact, frozen=True):
    """The fund is there from now on."""

    kind = "fund.opened"
    name: LocalText


class Pledged(Fact, frozen=True):
    """약정: somebody, by the random id of the vault, promised to give. `anonymous`: asks not to be named."""

    kind = "fund.pledged"
    giver: str
    amount_krw: int
    due: date | None = None
    anonymous: bool = False


class PledgeCancelled(Fact, frozen=True):
    """What was left of a pledge, by its number, will not be given."""

    kind = "fund.pledge_cancelled"
    pledge: int
    amount_krw: int


class Contributed(Fact, frozen=True):
    """기부: somebody gave, in money or kind. `what`: of a gift in kind, what it is; `pledge`: which it fulfils, `of_pledge_krw` of it."""

    kind = "fund.contributed"
    giver: str
    form: Form
    amount_krw: int
    what: TextRef | None = None
    pledge: int | None = None
    of_pledge_krw: int = 0
    anonymous: bool = False


class Allocated(Fact, frozen=True):
    """배분: so much is for a task or a citizens' project. `title`: of a project, what it is called."""

    kind = "fund.allocated"
    follows: ClassVar[Names] = {"beneficiary": find_task_stream}
    beneficiary: str
    form: Form
    amount_krw: int
    title: LocalText | None = None


class TakenBack(Fact, frozen=True):
    """배분 회수: what was not used of it is free again."""

    kind = "fund.taken_back"
    beneficiary: str
    form: Form
    amount_krw: int


class Used(Fact, frozen=True):
    """사용: so much of what was allocated went out, and `what` for. `proofs`: the files that show it."""

    kind = "fund.used"
    schema_version: ClassVar[int] = 2
    follows: ClassVar[Names] = {"beneficiary": find_task_stream}
    beneficiary: str
    form: Form
    amount_krw: int
    what: TextRef
    proofs: tuple[Attachment, ...] = ()


class UseProven(Fact, frozen=True):
    """증빙: a use, by its number, was proved. `beneficiary`, `form`, `amount_krw`: as the use says them;
    `proofs`: the files that show it.
    """

    kind = "fund.use_proven"
    schema_version: ClassVar[int] = 2
    use: int
    beneficiary: str
    form: Form
    amount_krw: int
    evidence: TextRef
    proofs: tuple[Attachment, ...] = ()


class Entry(Value, frozen=True):
    """A line of a transfer: what it adds to an account's debits (차변) or credits (대변), in won."""

    account: str
    debit_krw: int = 0
    credit_krw: int = 0


class Transferred(Fact, frozen=True):
    """대체: amounts went from account to account, as many debits as credits."""

    kind = "fund.transferred"
    entries: tuple[Entry, ...]


FundFact = (
    Opened | Pledged | PledgeCancelled | Contributed | Allocated | TakenBack | Used | UseProven | Transferred
)
