"""`token …`: tokens by which machines act."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from domain.aggregate import Command
from domain.seoul import local_day
from domain.token import commands as token
from scripts.cli import values
from scripts.cli.documents import TokenCreated
from scripts.cli.giving import gives
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_table
from workflows.beginnings import SUBJECT, TOKEN
from workflows.queries import tokens
from workflows.tokens import format_token, new_secret, sha256_of

Days = Annotated[
    int,
    typer.Option(
        min=0,
        help="How many days it holds; 0 is until midnight in Seoul. "
        "= 유효한 날 수. 0은 서울 시각 자정까지입니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "create")
    def create(
        run: Run,
        role: Annotated[
            str,
            typer.Option(
                help="officer, head, planner, department, inspector or citizen. "
                "= officer, head, planner, department, inspector, citizen 가운데 하나."
            ),
        ],
        agency: Annotated[
            str | None,
            typer.Option(parser=values.AgencyWord, help="The agency it acts for. = 대신하는 기관."),
        ] = None,
        subject: Annotated[
            str | None,
            typer.Option(
                metavar="ID",
                help="The person who answers for it, by the vault's id or its beginning. "
                "= 책임지는 사람. 금고의 식별자나 그 앞부분으로 적습니다.",
            ),
            SUBJECT,
        ] = None,
        days: Days = 90,
    ) -> None:
        """Issue a token and print it, once. Put it into DONGHAENG_TOKEN of the machine.

        = 토큰을 발급하고 한 번만 출력합니다. 쓰는 컴퓨터의 DONGHAENG_TOKEN에 넣으십시오.
        """
        identity, secret = uuid.uuid4().hex, new_secret()
        with run.engine() as engine:
            until = local_day(engine.store.now()) + timedelta(days=days)

            def make() -> token.Issue:
                return token.Issue(
                    token=identity,
                    role=role,  # type: ignore[arg-type]
                    agency=agency,
                    subject=subject,
                    secret_sha256=sha256_of(secret),
                    until=until,
                )

            run.give(engine, make)
            text = format_token(engine.store.id, identity, secret)

        def say(out: Console) -> None:
            out.print(text, soft_wrap=True, markup=False)
            run.err.print(
                run.words(
                    f"토큰 {identity}: {until}까지. 다시 볼 수 없습니다.",
                    f"Token {identity}, until {until}. It is not shown again.",
                )
            )

        run.show(TokenCreated(text, identity, until), say)

    @command(app, "list")
    def list_tokens(run: Run, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """List the tokens: whom they stand for, until when, whether revoked.

        = 토큰이 누구를 뜻하고 언제까지 유효한지, 폐기되었는지 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = tokens.list_tokens(inquiry)

        def say(out: Console) -> None:
            columns = (
                Column("id", "id"),
                Column("역할", "role"),
                Column("기관", "agency"),
                Column("사람", "person", "text"),
                Column("만료일", "until"),
                Column("", ""),
            )
            gone = run.words("폐기", "revoked")
            shown = (
                (
                    one.id,
                    one.role,
                    one.agency or "",
                    one.person or one.subject or "",
                    str(one.until),
                    gone if one.revoked else "",
                )
                for one in found.tokens
            )
            say_table(out, run.lang, columns, shown)

        run.show(found, say)

    @gives(app, "revoke", also=())
    def revoke(
        token_id: Annotated[
            str,
            typer.Argument(
                metavar="ID",
                help="The token's id, from the list, or its beginning. "
                "= 목록에 나오는 토큰의 식별자나 그 앞부분.",
            ),
            TOKEN,
        ],
    ) -> Command:
        """Revoke a token; it opens nothing from then on.

        = 토큰을 폐기합니다. 그때부터 쓸 수 없습니다.
        """
        return token.Revoke(token=token_id)
