"""The fund's ledger in double entry: which accounts there are, and what each fact adds to them. All of it balances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.errors import Bilingual
from domain.fund import facts as f
from domain.fund.facts import Entry, Form

# assets stand on the left (차변), what they are for on the right (대변)
ACCOUNTS: Mapping[str, Bilingual] = {
    "money": Bilingual("현금", "money"),
    "kind": Bilingual("현물", "in kind"),
    "pledges": Bilingual("약정 미수금", "pledges to be paid"),
    "pledged": Bilingual("약정액", "pledged"),
    "free_money": Bilingual("미배분 기금(현금)", "free (money)"),
    "free_kind": Bilingual("미배분 기금(현물)", "free (in kind)"),
    "allocated_money": Bilingual("배분액(현금)", "allocated (money)"),
    "allocated_kind": Bilingual("배분액(현물)", "allocated (in kind)"),
}
ASSETS = frozenset({"money", "kind", "pledges"})
TRANSFERABLE = ("money", "kind", "free_money", "free_kind")  # all else has a fact of its own


def allocation(form: Form, beneficiary: str) -> str:
    """The account of what is allocated to a task or project, e.g. "allocated_money 2024-07"."""
    return f"allocated_{form} {beneficiary}"


def account_of(account: str) -> str:
    """Of which kind an account is, e.g. "allocated_money"."""
    return account.partition(" ")[0]


def form_of(account: str) -> str:
    """Which part of the ledger, balanced by itself, an account belongs to: money, kind or pledges."""
    kind = account_of(account)
    return "pledges" if kind in ("pledges", "pledged") else kind.rpartition("_")[2]


def entries_of(fact: Any) -> tuple[Entry, ...]:
    """What a fact adds to the accounts. What is taken back is taken off what was allocated, so that debits there are uses alone."""
    match fact:
        case f.Pledged():
            return _move("pledges", "pledged", fact.amount_krw)
        case f.PledgeCancelled():
            return _move("pledged", "pledges", fact.amount_krw)
        case f.Contributed():
            given = _move(fact.form, f"free_{fact.form}", fact.amount_krw)
            return given + (_move("pledged", "pledges", fact.of_pledge_krw) if fact.of_pledge_krw else ())
        case f.Allocated():
            return _move(f"free_{fact.form}", allocation(fact.form, fact.beneficiary), fact.amount_krw)
        case f.TakenBack():
            return _move(f"free_{fact.form}", allocation(fact.form, fact.beneficiary), -fact.amount_krw)
        case f.Used():
            return _move(allocation(fact.form, fact.beneficiary), fact.form, fact.amount_krw)
        case f.Transferred():
            entries: tuple[Entry, ...] = fact.entries
            return entries
    return ()


def sums_of(entries: Iterable[Entry]) -> Mapping[str, tuple[int, int]]:
    """Debits and credits by the part of the ledger that is to balance by itself."""
    sums: dict[str, tuple[int, int]] = {}
    for one in entries:
        left, right = sums.get(form_of(one.account), (0, 0))
        sums[form_of(one.account)] = (left + one.debit_krw, right + one.credit_krw)
    return sums


def _move(debit: str, credit: str, krw: int) -> tuple[Entry, Entry]:
    return (Entry(debit, debit_krw=krw), Entry(credit, credit_krw=krw))
