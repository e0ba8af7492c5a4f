"""The statements of the funds: accounts with both sides, what was given and pledged, what was allocated, used and proved.

Who gave is not told. A report on a store without funds has no such section.
"""

from __future__ import annotations

from domain.errors import Bilingual
from domain.fund.facts import FORMS
from domain.fund.ledger import ACCOUNTS, account_of
from domain.fund.state import balance_of
from domain.values import LocalText
from projections.report.document import Section, Table, Text
from projections.report.money_traced import FundTraced
from projections.report.report_data import ReportData, both, cell, column

_SAID = Text(
    Bilingual(
        "복식부기로 기록하며 차변과 대변의 합계는 같음. 기부자는 이 보고서에 밝히지 않음.",
        "Kept in double entry: both sides come to the same. Who gave is not told in this report.",
    ),
    role="remark",
)
_GIVEN = {
    "money": Bilingual("현금 기부", "Contributions in money"),
    "kind": Bilingual("현물 기부", "Contributions in kind"),
    "pledged": Bilingual("약정", "Pledges"),
}


def funds(m: ReportData) -> tuple[Section, ...]:
    """A part a fund, where there is one."""
    found = sorted(m.gathered.funds.items())
    if not found:
        return ()
    parts = tuple(_fund(fund, one) for fund, one in found)
    return (Section("funds", Bilingual("공익 기금", "Funds for the public good"), parts=parts),)


def _fund(fund: str, one: FundTraced) -> Section:
    named = one.rows.get(f"{fund} ")
    name = Bilingual(fund, fund)
    if named is not None and named.title_ko is not None:
        name = both(LocalText(ko=named.title_ko, en=named.title_en))
    tables = (_statement(fund, name, one), _tell_gifts(fund, name, one), *_allocations(fund, name, one))
    return Section(f"funds.{fund}", name, (*tables, _SAID))


def _statement(fund: str, name: Bilingual, one: FundTraced) -> Table:
    rows, all_facts, sums = [], list[int](), [0, 0]
    for account, label in ACCOUNTS.items():
        its = [(key, row) for key, row in one.rows.items() if account_of(row.account) == account]
        if not its:
            continue
        facts = [position for key, _ in its for position in one.facts[key]]
        debit, credit = (sum(getattr(row, side) for _, row in its) for side in ("debit_krw", "credit_krw"))
        all_facts, sums = all_facts + facts, [sums[0] + debit, sums[1] + credit]
        of = f"fund.{fund}.{account}"
        rows.append(
            (
                cell(label),
                cell(debit, facts, f"{of}.debit"),
                cell(credit, facts, f"{of}.credit"),
                cell(balance_of(account, debit, credit), facts, f"{of}.balance"),
            )
        )
    total = (
        cell(Bilingual("합계", "Total")),
        cell(sums[0], all_facts, f"fund.{fund}.debit"),
        cell(sums[1], all_facts, f"fund.{fund}.credit"),
        cell(Bilingual("", "")),
    )
    return Table(
        f"funds.{fund}.statement",
        Bilingual(f"{name.ko}: 결산", f"{name.en}: statement"),
        (
            column("account", "계정", "Account", weight=3),
            column("debit", "차변(원)", "Left side (KRW)", "krw", 3),
            column("credit", "대변(원)", "Right side (KRW)", "krw", 3),
            column("balance", "잔액(원)", "Balance (KRW)", "krw", 3),
        ),
        tuple(rows),
        (total,),
    )


def _tell_gifts(fund: str, name: Bilingual, one: FundTraced) -> Table:
    rows = []
    for kind, label in _GIVEN.items():
        if kind in one.given:
            krw, facts = one.given[kind]
            of = f"fund.{fund}.given.{kind}"
            rows.append((cell(label), cell(len(facts), facts, f"{of}.count"), cell(krw, facts, of)))
    return Table(
        f"funds.{fund}.given",
        Bilingual(f"{name.ko}: 기부와 약정", f"{name.en}: contributions and pledges"),
        (
            column("kind", "구분", "Kind", weight=3),
            column("count", "건수", "Number", "int"),
            column("amount", "금액(원)", "Amount (KRW)", "krw", 3),
        ),
        tuple(rows),
    )


def _allocations(fund: str, name: Bilingual, one: FundTraced) -> tuple[Table, ...]:
    rows = []
    for key, row in sorted(one.rows.items()):
        account, _, beneficiary = row.account.partition(" ")
        if not account.startswith("allocated_"):
            continue
        form = account.removeprefix("allocated_")
        facts, of = one.facts[key], f"fund.{fund}.{beneficiary}.{form}"
        said = Bilingual(beneficiary, beneficiary)
        if row.title_ko is not None:
            said = both(LocalText(ko=row.title_ko, en=row.title_en))
        rows.append(
            (
                cell(said),
                cell(FORMS[form]),  # type: ignore[index]
                cell(row.credit_krw, facts, f"{of}.allocated"),
                cell(row.debit_krw, facts, f"{of}.used"),
                cell(row.proven_krw, facts, f"{of}.proved"),
                cell(row.balance, facts, f"{of}.remaining"),
            )
        )
    if not rows:
        return ()
    return (
        Table(
            f"funds.{fund}.allocations",
            Bilingual(f"{name.ko}: 배분과 사용", f"{name.en}: allocations and uses"),
            (
                column("for", "배분 대상", "For", weight=3),
                column("form", "형태", "Form", weight=2),
                column("allocated", "배분액(원)", "Allocated (KRW)", "krw", 3),
                column("used", "사용액(원)", "Used (KRW)", "krw", 3),
                column("proved", "증빙액(원)", "Proved (KRW)", "krw", 3),
                column("remaining", "잔액(원)", "Remaining (KRW)", "krw", 3),
            ),
            tuple(rows),
        ),
    )
