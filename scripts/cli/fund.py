"""`fund …`: what is given to a fund for the public good, allocated and used. What people read of it is `fund_reading.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from domain.aggregate import Command
from domain.errors import DonghaengError
from domain.fund import commands as fund
from domain.fund.facts import Entry
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.papers import read_papers
from scripts.cli.plan_options import parse_won
from scripts.cli.run import Run
from workflows.beginnings import SUBJECT

FundId = Annotated[
    str,
    typer.Argument(metavar="FUND", help="The fund's id, e.g. gongik. = 기금의 식별자. 예: gongik"),
]
Giver = Annotated[
    str,
    typer.Option(
        metavar="ID",
        help="Who gives: the id in the vault, or its beginning. = 기부자: 금고에 있는 식별자나 그 앞부분.",
    ),
    SUBJECT,
]
Amount = Annotated[str, typer.Option(metavar="KRW", help="In won, a whole number. = 금액. 원 단위 정수.")]
Form = Annotated[
    Literal["money", "kind"],
    typer.Option(
        parser=values.choice(money="현금", kind="현물"),
        metavar="FORM",
        help="money, or kind, by what it is worth. = 현금 money, 현물 kind(평가액).",
    ),
]
Proof = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE", help="A file that shows it; repeat for each. = 증빙 파일. 여러 개면 되풀이합니다."
    ),
]
Beneficiary = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="TASK|PROJECT",
        help="A task's number, or the id of a citizens' project. = 과제번호나 시민 사업의 식별자.",
    ),
]
Anonymous = Annotated[
    bool,
    typer.Option("--anonymous", help="Who gives asks not to be named. = 이름을 밝히지 않습니다."),
]
Number = Annotated[
    int, typer.Argument(help="Its number, as `fund show` has it. = `fund show`에 나오는 번호.")
]
What = Annotated[
    str | None,
    typer.Option(parser=values.text, help="What it is. = 현물의 내용."),
]
Title = Annotated[str | None, typer.Option(help="The project's name in Korean. = 시민 사업의 한국어 이름.")]
TitleEn = Annotated[str | None, typer.Option(help="The name in English. = 영문 이름.")]


class NotAnEntry(DonghaengError):
    exit_code = 2
    ko = "‘{given}’을(를) 읽을 수 없습니다. 형식: {form}."
    en = "“{given}” cannot be read. Its form: {form}."


def add(app: typer.Typer) -> None:
    _add_gifts(app)
    _add_allocations(app)
    _add_uses(app)


def _add_gifts(app: typer.Typer) -> None:
    @gives(app, "open")
    def open_fund(
        fund_id: FundId,
        name: Annotated[str, typer.Option(help="The name in Korean. = 한국어 이름.")],
        name_en: TitleEn = None,
    ) -> Command:
        """Open a fund for the public good, or call it otherwise (기금 설치).

        = 공익 기금을 설치하거나 이름을 바꿉니다.
        """
        return fund.Open(fund=fund_id, title=LocalText(ko=name, en=name_en))

    @gives(app, "pledge")
    def pledge(
        fund_id: FundId,
        giver: Giver,
        amount: Amount,
        due: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="Until when it is to be given. = 이행 기한."),
        ] = None,
        anonymous: Anonymous = False,
    ) -> Command:
        """Enter that somebody promises to give (약정).

        = 기부 약정을 등록합니다.
        """
        return fund.Pledge(
            fund=fund_id,
            giver=giver,
            amount_krw=parse_won(amount, "--amount"),
            due=due and due.date(),
            anonymous=anonymous,
        )

    @gives(app, "cancel-pledge")
    def cancel_pledge(fund_id: FundId, number: Number) -> Command:
        """Enter that what is left of a pledge will not be given; say why with --reason (약정 철회).

        = 약정의 남은 금액을 철회 처리합니다. 사유는 --reason으로 적습니다.
        """
        return fund.CancelPledge(fund=fund_id, pledge=number)

    @gives(app, "contribute")
    def contribute(
        fund_id: FundId,
        giver: Giver,
        amount: Amount,
        form: Form = "money",
        what: What = None,
        pledge: Annotated[
            int | None, typer.Option(help="The number of the pledge that it fulfils. = 이행하는 약정의 번호.")
        ] = None,
        anonymous: Anonymous = False,
    ) -> Command:
        """Enter what somebody gave, in money or kind (기부).

        = 현금이나 현물 기부를 등록합니다.
        """
        return fund.Contribute(
            fund=fund_id,
            giver=giver,
            form=form,
            amount_krw=parse_won(amount, "--amount"),
            what=what,
            pledge=pledge,
            anonymous=anonymous,
        )


def _add_allocations(app: typer.Typer) -> None:
    @gives(app, "allocate")
    def allocate(
        fund_id: FundId,
        beneficiary: Beneficiary,
        amount: Amount,
        form: Form = "money",
        title: Title = None,
        title_en: TitleEn = None,
    ) -> Command:
        """Allocate what is free to a task or a citizens' project (배분).

        = 미배분 기금을 과제나 시민 사업에 배분합니다.
        """
        return fund.Allocate(
            fund=fund_id,
            beneficiary=beneficiary,
            form=form,
            amount_krw=parse_won(amount, "--amount"),
            title=None if title is None else LocalText(ko=title, en=title_en),
        )

    @gives(app, "take-back")
    def take_back(fund_id: FundId, beneficiary: Beneficiary, amount: Amount, form: Form = "money") -> Command:
        """Take back what was allocated and not used; say why with --reason (배분 회수).

        = 배분하고 쓰지 않은 금액을 회수합니다. 사유는 --reason으로 적습니다.
        """
        krw = parse_won(amount, "--amount")
        return fund.TakeBack(fund=fund_id, beneficiary=beneficiary, form=form, amount_krw=krw)

    @gives(app, "transfer")
    def transfer(
        fund_id: FundId,
        debit: Annotated[
            list[str],
            typer.Option(
                metavar="ACCOUNT=KRW",
                help="Left side (차변); repeat for each. = 차변. 여러 개면 되풀이합니다.",
            ),
        ],
        credit: Annotated[
            list[str],
            typer.Option(
                metavar="ACCOUNT=KRW",
                help="Right side (대변); repeat for each. = 대변. 여러 개면 되풀이합니다.",
            ),
        ],
    ) -> Command:
        """Transfer between accounts what has no command of its own; say why with --reason (계정 대체).

        = 다른 명령으로 할 수 없는 계정 사이의 대체를 등록합니다. 사유는 --reason으로 적습니다.
        """
        left = [Entry(account, debit_krw=krw) for account, krw in map(_entry, debit)]
        right = [Entry(account, credit_krw=krw) for account, krw in map(_entry, credit)]
        return fund.Transfer(fund=fund_id, entries=(*left, *right))


def _entry(given: str) -> tuple[str, int]:
    account, sign, krw = given.partition("=")
    if not sign:
        raise NotAnEntry(given=given[:60], form="money=1000000")
    return account, parse_won(krw, "ACCOUNT=KRW")


def _add_uses(app: typer.Typer) -> None:
    @gives(app, "use")
    def use(
        run: Run,
        fund_id: FundId,
        beneficiary: Beneficiary,
        amount: Amount,
        what: Annotated[str, typer.Option(parser=values.text, help="What it was used for. = 사용 내용.")],
        form: Form = "money",
        proof: Proof = None,
    ) -> Command:
        """Enter what was used of an allocation (사용).

        = 배분된 기금의 사용을 등록합니다.
        """
        krw = parse_won(amount, "--amount")
        return fund.Use(
            fund=fund_id,
            beneficiary=beneficiary,
            form=form,
            amount_krw=krw,
            what=what,
            proofs=read_papers(run, proof),
        )

    @gives(app, "prove")
    def prove(
        run: Run,
        fund_id: FundId,
        number: Number,
        evidence: Annotated[
            str,
            typer.Option(
                parser=values.text, help="By what, e.g. a receipt's number. = 증빙. 예: 영수증 번호."
            ),
        ],
        proof: Proof = None,
    ) -> Command:
        """Enter by what a use is proved (증빙).

        = 사용의 증빙을 등록합니다.
        """
        return fund.Prove(fund=fund_id, use=number, evidence=evidence, proofs=read_papers(run, proof))
