"""`web`: the console and the API over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from scripts.cli.run import Run, command
from trail.logs import log_to_stderr

PORT = 8600


def add(app: typer.Typer) -> None:
    @command(app, by_token=False)
    def web(
        run: Run,
        port: Annotated[
            int,
            typer.Option(min=1, max=65535, help="Where it listens. = 듣는 포트."),
        ] = PORT,
        address: Annotated[
            str,
            typer.Option(
                help="On which address; beyond this machine only behind a proxy with TLS. "
                "= 듣는 주소. 이 컴퓨터 밖으로는 TLS를 맡는 프록시 뒤에서만 엽니다."
            ),
        ] = "127.0.0.1",
    ) -> None:
        from web.serving import check_free, serve  # noqa: PLC0415 - with the server and all pages

        log_to_stderr(run.settings.log, run.settings.log_level)
        check_free(address, port)
        with run.engine():
            pass  # what is wrong with the store is said here, and not by a child that is started again and again
        run.err.print(
            run.words(
                f"업무 화면: http://localhost:{port} (끝내려면 Ctrl-C)",
                f"The console: http://localhost:{port} (Ctrl-C to stop)",
            )
        )
        serve(run.settings, address, port)
