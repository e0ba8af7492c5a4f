"""`token …`: tokens by which machines act."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from domain.seoul import local_day
from domain.token import commands as token
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.tables import Column, say_table
from workflows.reading import tokens_known
from workflows.tokens import new_secret, sha256_of, written

Days = Annotated[int, typer.Option(min=0, help="How many days it holds; 0 is until midnight in Seoul.")]


def add(app: typer.Typer) -> None:
    @command(app, "create")
    def create(
        run: Run,
        role: Annotated[str, typer.Option(help="officer, head, planner, department, inspector or citizen.")],
        agency: Annotated[str | None, typer.Option(help="The agency it acts for.")] = None,
        subject: Annotated[
            str | None, typer.Option(metavar="ID", help="The person who answers for it, by the vault's id.")
        ] = None,
        days: Days = 90,
    ) -> None:
        """Issue a token and print it, once. Put it into DONGHAENG_TOKEN of the machine."""
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
            text = written(engine.store.id, identity, secret)

        def say(out: Console) -> None:
            out.print(text, soft_wrap=True, markup=False)
            run.err.print(
                run.words(
                    f"토큰 {identity}: {until}까지. 다시 볼 수 없습니다.",
                    f"Token {identity}, until {until}. It is not shown again.",
                )
            )

        run.show({"token": text, "id": identity, "until": until}, say)

    @command(app, "list")
    def list_tokens(run: Run, as_of: AsOf = None, effective: Effective = None) -> None:
        """List the tokens: whom they stand for, until when, whether revoked."""
        with run.engine() as engine:
            run.may_read(engine, "token.list")
            known = tokens_known(engine.store, run.slice(engine.store, as_of, effective))
        rows = [
            {"id": identity, "role": one.role, "agency": one.agency, "subject": one.subject}
            | {"until": one.until, "revoked": one.revoked}
            for identity, one in known.items()
        ]

        def say(out: Console) -> None:
            columns = (
                Column("id", "id"),
                Column("역할", "role"),
                Column("기관", "agency"),
                Column("까지", "until"),
                Column("", ""),
            )
            gone = run.words("폐기", "revoked")
            shown = (
                (identity, one.role, one.agency or "", str(one.until), gone if one.revoked else "")
                for identity, one in known.items()
            )
            say_table(out, run.lang, columns, shown)

        run.show({"tokens": rows}, say)

    @command(app, "revoke")
    def revoke(
        run: Run,
        token_id: Annotated[str, typer.Argument(metavar="ID", help="The token's id, from the list.")],
    ) -> None:
        """Revoke a token; it opens nothing from then on."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: token.Revoke(token=token_id)))
