"""`fund list|show|statement`: what people read of funds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import typer
from rich.console import Console

from domain.errors import Bilingual, Lang
from domain.fund.facts import FORMS
from domain.fund.ledger import ACCOUNTS
from scripts.cli.fund import FundId
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from workflows.queries import fund

_UNNAMED = Bilingual("이름을 밝히지 않음", "asked not to be named")
_KINDS = {"pledge": Bilingual("약정", "pledge"), "contribution": Bilingual("기부", "contribution")}


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_funds(run: Run, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """List the funds with what is free, allocated and promised.

        = 기금과 그 미배분액, 배분액, 약정 미수금을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = fund.list_funds(inquiry)
        columns = (
            Column("기금", "fund"),
            Column("이름", "name", "title"),
            *(Column(ACCOUNTS[one].ko, ACCOUNTS[one].en, "figure") for one in ACCOUNTS),
        )
        rows = [
            (
                one.fund,
                one.name.say(run.lang),
                *(f"{_balances(one).get(account, 0):,}" for account in ACCOUNTS),
            )
            for one in found.funds
        ]
        run.show(found, lambda out: say_table(out, run.lang, columns, rows))

    @command(app, "statement")
    def statement(
        run: Run, fund_id: FundId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Show a fund's statement: every account with both sides, and what is allocated to whom (결산).

        = 기금의 계정별 차변·대변·잔액과 배분 현황을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = fund.show_statement(inquiry, fund_id)
        run.show(found, lambda out: _say_statement(out, run.lang, found))

    @command(app, "show")
    def show(run: Run, fund_id: FundId, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show a fund with its statement, its pledges and gifts, its uses and its history.

        = 기금의 결산, 약정과 기부, 사용과 이력을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = fund.show_fund(inquiry, fund_id)

        def text(out: Console) -> None:
            _say_statement(out, run.lang, found.statement)
            say_lines(out, run.lang, [*_gifts(found, run.lang), *_uses(found, run.lang)])
            history_lines(out, found.history, run.lang)

        run.show(found, text)


def _balances(one: fund.Statement) -> Mapping[str, int]:
    return {each.account: each.balance_krw for each in one.accounts}


def _say_statement(out: Console, lang: Lang, found: fund.Statement) -> None:
    say_lines(out, lang, [f"{found.fund}  {found.name.say(lang)}"])
    columns = (
        Column("계정", "account"),
        Column("차변", "left side", "figure"),
        Column("대변", "right side", "figure"),
        Column("잔액", "balance", "figure"),
    )
    rows = [
        (
            ACCOUNTS[one.account].say(lang),
            f"{one.debit_krw:,}",
            f"{one.credit_krw:,}",
            f"{one.balance_krw:,}",
        )
        for one in found.accounts
    ]
    total = Bilingual("합계", "total").say(lang)
    if rows:
        rows.append((total, f"{found.total_debit_krw:,}", f"{found.total_credit_krw:,}", ""))
    say_table(out, lang, columns, rows)
    if not found.allocations:
        return
    of_allocations = (
        Column("배분 대상", "for"),
        Column("사업명", "name", "title"),
        Column("형태", "form"),
        Column("배분액", "allocated", "figure"),
        Column("사용액", "used", "figure"),
        Column("증빙액", "proved", "figure"),
        Column("잔액", "remaining", "figure"),
    )
    cells = [
        (
            one.beneficiary,
            "" if one.title is None else one.title.say(lang),
            FORMS[one.form].say(lang),
            *(f"{krw:,}" for krw in (one.allocated_krw, one.used_krw, one.proven_krw, one.remaining_krw)),
        )
        for one in found.allocations
    ]
    say_table(out, lang, of_allocations, cells)


def _gifts(found: fund.FundShown, lang: Lang) -> Iterator[str]:
    for one in found.gifts:
        giver = _UNNAMED.say(lang) if one.giver is None else found.people.get(one.giver, one.giver)
        said = f"#{one.number} {one.day} {_KINDS[one.kind].say(lang)}: {giver}, {FORMS[one.form].say(lang)} {one.amount_krw:,}"
        if one.left_krw:
            said += Bilingual(f" (남은 약정 {one.left_krw:,})", f" ({one.left_krw:,} still to come)").say(
                lang
            )
        yield said


def _uses(found: fund.FundShown, lang: Lang) -> Iterator[str]:
    for one in found.uses:
        proven = Bilingual("증빙됨", "proved") if one.proven else Bilingual("증빙 없음", "not proved")
        used = Bilingual("사용", "use").say(lang)
        yield f"#{one.number} {one.day} {used}: {one.beneficiary}, {one.amount_krw:,} ({proven.say(lang)})"
