"""`money …`: what is budgeted and spent, entered and corrected. What people read of it is `money_reading.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from domain.aggregate import Command
from domain.money import commands as money
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.plan_options import parse_won
from scripts.cli.run import Run
from scripts.cli.values import TaskId
from workers.engine import Engine
from workflows.spending import agency_of_entry

Funding = Annotated[
    Literal["city", "agency", "national", "donated"],
    typer.Option(
        parser=values.choice(city="시비", agency="기관 부담", national="국비", donated="기부금"),
        metavar="FUNDING",
        help="Whose money: city, agency, national (the state's) or donated. "
        "= 재원: 시비 city, 기관 부담 agency, 국비 national, 기부금 donated.",
    ),
]
Month = Annotated[
    str,
    typer.Option(metavar="YYYY-MM", help="The month to which it counts. = 집행한 달. 예: 2024-05"),
]
Year = Annotated[int, typer.Option(help="The budget's year. = 예산의 연도.")]
Amount = Annotated[str, typer.Option(metavar="KRW", help="In won, a whole number. = 금액. 원 단위 정수.")]
Agency = Annotated[
    str | None,
    typer.Option(
        parser=values.AgencyWord,
        help="Whose spending, where it is not one's own or the lead agency's. "
        "= 집행한 기관. 소속 기관이나 주관기관이 아닐 때 적습니다.",
    ),
]


def add(app: typer.Typer) -> None:
    _add_budgets(app)
    _add_entries(app)
    _add_corrections(app)


def _add_budgets(app: typer.Typer) -> None:
    @gives(app, "budget")
    def set_budget(task_id: TaskId, funding: Funding, year: Year, amount: Amount) -> Command:
        """Set what a source of funds gives for a year (예산 편성).

        = 재원별 연도 예산을 편성하거나 바꿉니다.
        """
        krw = parse_won(amount, "--amount")
        return money.SetBudget(task=task_id, funding=funding, year=year, amount_krw=krw)

    @gives(app, "carry-over")
    def carry_over(task_id: TaskId, funding: Funding, year: Year, amount: Amount) -> Command:
        """Let what is left of a year go to the next one (이월).

        = 남은 예산을 다음 연도로 이월합니다.
        """
        krw = parse_won(amount, "--amount")
        return money.CarryOver(task=task_id, funding=funding, year=year, amount_krw=krw)


def _add_entries(app: typer.Typer) -> None:
    @gives(app, "commit")
    def commit(
        run: Run,
        engine: Engine,
        task_id: TaskId,
        funding: Funding,
        month: Month,
        amount: Amount,
        agency: Agency = None,
    ) -> Command:
        """Enter a commitment, as by a contract (원인행위).

        = 계약 등 지출 원인행위를 등록합니다.
        """
        return _enter(money.Commit, run, engine, task_id, funding, month, amount, agency)

    @gives(app, "spend")
    def spend(
        run: Run,
        engine: Engine,
        task_id: TaskId,
        funding: Funding,
        month: Month,
        amount: Amount,
        agency: Agency = None,
    ) -> Command:
        """Enter what was spent in a month (집행).

        = 그 달의 집행액을 등록합니다.
        """
        return _enter(money.Spend, run, engine, task_id, funding, month, amount, agency)

    @gives(app, "return")
    def give_back(
        run: Run,
        engine: Engine,
        task_id: TaskId,
        funding: Funding,
        month: Month,
        amount: Amount,
        agency: Agency = None,
    ) -> Command:
        """Enter what was left and went back to where it came from (반납).

        = 남아서 돌려준 금액을 등록합니다.
        """
        return _enter(money.Return, run, engine, task_id, funding, month, amount, agency)


def _enter(
    kind: type[money.Commit | money.Spend | money.Return],
    run: Run,
    engine: Engine,
    task_id: str,
    funding: Literal["city", "agency", "national", "donated"],
    month: str,
    amount: str,
    agency: str | None,
) -> Command:
    krw, whose = parse_won(amount, "--amount"), agency or _agency_for(run, engine, task_id)
    return kind(task=task_id, agency=whose, funding=funding, month=month, amount_krw=krw)


def _agency_for(run: Run, engine: Engine, task_id: str, number: int | None = None) -> str:
    actor = run.on_behalf(engine.store) or run.giver(engine.store).actor
    return agency_of_entry(engine.store, actor, task_id, number)


def _add_corrections(app: typer.Typer) -> None:
    @gives(app, "correct", also=("ref",))
    def correct(
        run: Run,
        engine: Engine,
        task_id: TaskId,
        number: Annotated[
            int,
            typer.Argument(
                help="The entry's number, as `money show` has it. = `money show`에 나오는 자료의 번호."
            ),
        ],
        amount: Amount,
    ) -> Command:
        """Say what an entry should have said; 0 where it should not be there. Say why with --reason (정정).

        = 등록한 금액을 정정합니다. 없어야 할 자료는 0으로 적고, 사유는 --reason으로 적습니다.
        """
        krw, whose = parse_won(amount, "--amount"), _agency_for(run, engine, task_id, number)
        return money.Correct(task=task_id, agency=whose, number=number, amount_krw=krw)

    @gives(app, "reopen-month", also=("ref",))
    def reopen_month(
        task_id: TaskId,
        month: Annotated[
            str, typer.Argument(metavar="YYYY-MM", help="The closed month. = 마감한 달. 예: 2024-05")
        ],
        until: Annotated[
            datetime,
            typer.Option(formats=["%Y-%m-%d"], help="The last day on which it is open. = 재개의 종료일."),
        ],
    ) -> Command:
        """Let a closed month take entries and corrections again; say why with --reason (월 재개).

        = 마감한 달의 등록과 정정을 다시 허용합니다. 사유는 --reason으로 적습니다.
        """
        return money.ReopenMonth(task=task_id, month=month, until=until.date())
