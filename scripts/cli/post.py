"""`post test`: whether mail goes out and arrives."""

from __future__ import annotations

from typing import Annotated

import typer

from scripts.cli.run import Run, command


def add(group: typer.Typer) -> None:
    @command(group, "test")
    def test(
        run: Run,
        to: Annotated[
            str, typer.Option("--to", metavar="ADDRESS", help="To whom the mail goes. = 메일을 받는 주소.")
        ],
    ) -> None:
        """Send one mail at once by the mail server that is set, and say what the server answered (시험 발송).

        = 설정된 메일 서버로 메일 한 통을 바로 보내고, 서버의 응답을 보여 줍니다.
        """
        from workers.delivery.trying import try_mail  # noqa: PLC0415 - only who sends needs SMTP

        with run.engine() as engine:
            run.may_act(engine.store, "post.test")
            found = try_mail(engine.store, run.settings, to, run.lang)
        run.show(
            found,
            lambda out: out.print(
                run.words(
                    f"시험 메일을 {found.server}이(가) 받았습니다(응답 {found.code}). {found.to}의 받은 편지함에서 확인하십시오.",
                    f"{found.server} took the test mail (answer {found.code}). Look for it in the inbox of {found.to}.",
                ),
                soft_wrap=True,
                markup=False,
                highlight=False,
            ),
        )
